{{ config(schema='intermediate') }}
{%- set validity = ['is_current', 'valid_from', 'valid_to'] -%}
{%- set content = [
    'indicator_code', 'definition_version', 'combination', 'side', 'is_share', 'measure_code', 'measure_sex', 'measure_community',
    'denominator_code', 'denominator_sex', 'denominator_community', 'whole_code', 'section', 'counted_by', 'over_periods', 'kind', 'field', 'women_field',
    'roma_field', 'has_qualifier', 'filter_field', 'filter_code', 'denominator_field', 'denominator_women_field', 'denominator_roma_field',
    'denominator_has_qualifier', 'whole_field', 'whole_women_field', 'whole_roma_field', 'sex', 'community',
] -%}
with

indicators_known as (

    select * from {{ ref('int_indicators_defined') }}

),

measures_known as (

    {{ merged_intervals(ref('stg_reference__measures'), [
        'measure_code', 'section', 'field', 'kind', 'counted_by', 'over_periods', 'over_municipalities', 'over_programmes', 'women_field', 'roma_field', 'has_qualifier',
        'filter_field', 'filter_code',
    ]) }}

),

-- from one change of what indicators and measures mean to the next
moments as (

    select recorded_from as moment from indicators_known
    union
    select recorded_to as moment from indicators_known
    where recorded_to is not null
    union
    select recorded_from as moment from measures_known
    union
    select recorded_to as moment from measures_known
    where recorded_to is not null

),

epochs as (

    select
        moment as epoch,
        lead(moment) over (order by moment) as next_epoch
    from moments

),

indicators as (

    select
        indicators_known.*,
        indicators_known.valid_to is null as is_current,
        epochs.epoch,
        epochs.next_epoch
    from indicators_known
    inner join epochs
        on indicators_known.recorded_from <= epochs.epoch and epochs.epoch < coalesce(indicators_known.recorded_to, {{ forever() }})

),

measures as (

    select
        measures_known.*,
        epochs.epoch
    from measures_known
    inner join epochs
        on measures_known.recorded_from <= epochs.epoch and epochs.epoch < coalesce(measures_known.recorded_to, {{ forever() }})

),

sexes_and_communities as (

    select
        'all' as sex,
        'all' as community
    union all
    select
        'female' as sex,
        'all' as community
    union all
    select
        'male' as sex,
        'all' as community
    union all
    select
        'unknown' as sex,
        'all' as community
    union all
    select
        'all' as sex,
        'roma' as community
    union all
    select
        'all' as sex,
        'other' as community
    union all
    select
        'all' as sex,
        'unknown' as community

),

indicators_with_sides as (

    select
        indicators.*,
        numerators.section as numerator_section,
        denominators.section as denominator_section,
        case
            when numerators.over_municipalities = 'distinct' then 'distinct'
            when denominators.section = 'municipalities' then 'population'
            when denominators.section <> numerators.section then 'pair'
            -- observations of two things stand in rows of their own
            when denominators.section = 'observations' and denominators.filter_code <> numerators.filter_code then 'pair'
            when denominators.section is null and numerators.over_programmes = 'distinct' then 'persons'
            else 'sum'
        end as combination
    from indicators
    inner join measures as numerators
        on indicators.numerator_measure = numerators.measure_code and indicators.epoch = numerators.epoch
    left join measures as denominators
        on indicators.denominator_measure = denominators.measure_code and indicators.epoch = denominators.epoch

),

-- sides from one section are summed together, row by row; sides from two are summed apart and paired later
sides as (

    select
        indicator_code,
        definition_version,
        combination,
        case when combination = 'pair' then 'numerator' else 'both' end as side,
        unit = 'share' as is_share,
        numerator_measure as measure_code,
        numerator_sex as measure_sex,
        numerator_community as measure_community,
        case when combination = 'sum' then denominator_measure end as denominator_code,
        case when combination = 'sum' then denominator_sex end as denominator_sex,
        case when combination = 'sum' then denominator_community end as denominator_community,
        case when combination = 'sum' or whole_measure = denominator_measure then whole_measure end as whole_code,
        is_current,
        valid_from,
        valid_to,
        epoch,
        next_epoch
    from indicators_with_sides

    union all

    select
        indicator_code,
        definition_version,
        combination,
        'denominator' as side,
        unit = 'share' as is_share,
        denominator_measure as measure_code,
        denominator_sex as measure_sex,
        denominator_community as measure_community,
        null as denominator_code,
        null as denominator_sex,
        null as denominator_community,
        null as whole_code,
        is_current,
        valid_from,
        valid_to,
        epoch,
        next_epoch
    from indicators_with_sides
    where combination = 'pair'

),

sides_with_fields as (

    select
        sides.*,
        counted.section,
        counted.counted_by,
        counted.over_periods,
        counted.kind,
        counted.field,
        counted.women_field,
        counted.roma_field,
        counted.has_qualifier,
        counted.filter_field,
        counted.filter_code,
        denominators.field as denominator_field,
        denominators.women_field as denominator_women_field,
        denominators.roma_field as denominator_roma_field,
        denominators.has_qualifier as denominator_has_qualifier,
        wholes.field as whole_field,
        wholes.women_field as whole_women_field,
        wholes.roma_field as whole_roma_field
    from sides
    inner join measures as counted on sides.measure_code = counted.measure_code and sides.epoch = counted.epoch
    left join measures as denominators on sides.denominator_code = denominators.measure_code and sides.epoch = denominators.epoch
    left join measures as wholes on sides.whole_code = wholes.measure_code and sides.epoch = wholes.epoch

),

-- only figures of persons whose numerator takes everybody are shown by sex and community as well
shown as (

    select
        sides_with_fields.*,
        sexes_and_communities.sex,
        sexes_and_communities.community,
        sides_with_fields.epoch as recorded_from,
        sides_with_fields.next_epoch as recorded_to
    from sides_with_fields
    inner join sexes_and_communities
        on (sexes_and_communities.sex = 'all' and sexes_and_communities.community = 'all')
        or (
            sides_with_fields.combination in ('sum', 'persons')
            and sides_with_fields.measure_sex = 'all'
            and sides_with_fields.measure_community = 'all'
            and (
                (
                    sexes_and_communities.sex <> 'all'
                    and sides_with_fields.women_field is not null
                    and (sides_with_fields.denominator_code is null or sides_with_fields.denominator_women_field is not null)
                )
                or (
                    sexes_and_communities.community <> 'all'
                    and sides_with_fields.roma_field is not null
                    and (sides_with_fields.denominator_code is null or sides_with_fields.denominator_roma_field is not null)
                )
            )
        )

),

merged as (

    {{ merged_intervals('shown', content + validity) }}

),

-- where only the dates of a definition changed, figures of all other periods stay as they were
final as (

    select
        *,
        row_number() over (
            partition by indicator_code, definition_version, side, sex, community
            order by recorded_from
        ) as turn,
        case
            when lag(recorded_to) over same_content = recorded_from then 'validity_changed'
            else 'definition_changed'
        end as from_cause,
        case
            when lead(recorded_from) over same_content = recorded_to then 'validity_changed'
            else 'definition_changed'
        end as to_cause
    from merged
    window same_content as (
        partition by {{ content | join(', ') }}
        order by recorded_from
    )

)

select * from final
