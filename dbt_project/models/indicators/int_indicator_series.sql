{{ config(schema='intermediate') }}
with

indicators as (

    select * from {{ ref('dim_indicators') }}

),

measures as (

    select * from {{ ref('dim_measures') }}

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
            else 'sum'
        end as combination
    from indicators
    inner join measures as numerators on indicators.numerator_measure = numerators.measure_code
    left join measures as denominators on indicators.denominator_measure = denominators.measure_code

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
        case when combination = 'sum' then whole_measure end as whole_code,
        is_current,
        valid_from,
        valid_to
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
        valid_to
    from indicators_with_sides
    where combination = 'pair'

),

sides_with_fields as (

    select
        sides.*,
        counted.section,
        counted.counted_by,
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
    inner join measures as counted on sides.measure_code = counted.measure_code
    left join measures as denominators on sides.denominator_code = denominators.measure_code
    left join measures as wholes on sides.whole_code = wholes.measure_code

),

-- only figures of persons whose numerator takes everybody are shown by sex and community as well
final as (

    select
        sides_with_fields.*,
        sexes_and_communities.sex,
        sexes_and_communities.community
    from sides_with_fields
    inner join sexes_and_communities
        on (sexes_and_communities.sex = 'all' and sexes_and_communities.community = 'all')
        or (
            sides_with_fields.combination = 'sum'
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

)

select * from final
