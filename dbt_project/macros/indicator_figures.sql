{#- What we knew of each series after each moment: the sum of all changes up to it, as an indicator's published figures.

    changes: a relation of changes, each of a series known by `key`: numbers, as running sums over millions of rows by long names take
    minutes. names: what each key stands for, a relation by key, with its columns: together those of a series (indicator_code, definition_version,
    programme_id and period_id among them) and the period's days. place: the municipality of a series, as SQL on alias known. Ends in a select; put it into a CTE.

    value: numerator, or scale × numerator ÷ denominator over what is paired; null where nothing is known, never zero.
    value_low, value_high: the share if none, and if all, of those with unknown outcome counted (design: all numerators ÷ whole, and
    (numerators + whole − max(denominator, numerators)) ÷ whole). A sum is exact if all its rows are, else about if any is or if
    they err on both sides, else at_least or at_most. -#}
{% macro indicator_figures(changes, names, series, place) -%}
    {%- set columns = amounts() + row_counts() -%}
    {%- set key = names.keys() | list -%}
    with

    indicators as (

        select
            indicators.*,
            indicators.denominator_measure is not null as is_ratio,
            indicators.unit = 'share' and denominators.unit <> 'EUR' as is_share_of_cases
        from {{ ref('dim_indicators') }} as indicators
        left join {{ ref('dim_measures') }} as denominators on indicators.denominator_measure = denominators.measure_code

    ),

    targets as (

        select * from {{ ref('targets') }}

    ),

    approvals as (

        select * from {{ ref('stg_reports__approvals') }}
        where approved_to is null

    ),

    moments as (

        select
            {{ key | join(', ') }},
            changed_at,
            {%- for column in columns %}
            sum({{ column }}_change) as {{ column }}_change{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ changes }}
        group by {{ key | join(', ') }}, changed_at
        -- a statement replaced by the same figures changes nothing
        having
            {%- for column in columns %}
            sum({{ column }}_change) <> 0{{ ' or' if not loop.last }}
            {%- endfor %}

    ),

    known_by_key as (

        select
            {{ key | join(', ') }},
            {%- for column in columns %}
            sum({{ column }}_change) over so_far as {{ column }},
            {%- endfor %}
            changed_at as recorded_from,
            lead(changed_at) over in_order as recorded_to
        from moments
        window
            so_far as (
                partition by {{ key | join(', ') }}
                order by changed_at
                rows between unbounded preceding and current row
            ),
            in_order as (partition by {{ key | join(', ') }} order by changed_at)

    ),

    known as (

        select
            {%- for relation, named in names.values() %}
            {%- for column in named %}
            {{ relation }}.{{ column }},
            {%- endfor %}
            {%- endfor %}
            known_by_key.*
        from known_by_key
        {%- for column, (relation, named) in names.items() %}
        inner join {{ relation }} on known_by_key.{{ column }} = {{ relation }}.{{ column }}
        {%- endfor %}
        where known_by_key.reported_rows > 0

    )

    select
        {%- for column in series %}
        known.{{ column }},
        {%- endfor %}
        'all' as age_group,
        'all' as target_group,
        case
            when known.known_rows = 0 then null
            when known.about_rows > 0 or (known.at_least_rows > 0 and known.at_most_rows > 0) then 'about'
            when known.at_least_rows > 0 then 'at_least'
            when known.at_most_rows > 0 then 'at_most'
            else 'exact'
        end as qualifier,
        cast(case
            when known.known_rows = 0 then null
            when indicators.is_ratio then indicators.scale * known.numerator / nullif(known.denominator, 0)
            else known.numerator
        end as double) as value,
        cast(case
            when indicators.whole_measure is null or known.whole = 0 then null
            else least(1, known.numerator_unpaired / known.whole)
        end as double) as value_low,
        cast(case
            when indicators.whole_measure is not null then
                (known.numerator_unpaired + known.whole - greatest(known.denominator, known.numerator_unpaired)) / nullif(known.whole, 0)
        end as double) as value_high,
        case
            when indicators.is_share_of_cases then {{ wilson_interval('low', 'known.numerator', 'known.denominator') }}
        end as interval_low,
        case
            when indicators.is_share_of_cases then {{ wilson_interval('high', 'known.numerator', 'known.denominator') }}
        end as interval_high,
        cast(case when known.known_rows > 0 then known.numerator end as decimal(38, 4)) as numerator,
        cast(case when known.known_rows > 0 and indicators.is_ratio then known.denominator end as decimal(38, 4)) as denominator,
        cast(case
            when known.known_rows > 0 or known.numerator_unpaired <> 0 then known.numerator_unpaired
        end as decimal(38, 4)) as numerator_unpaired,
        cast(case
            when indicators.whole_measure is not null and (known.known_rows > 0 or known.whole <> 0) then known.whole
        end as decimal(38, 4)) as whole,
        cast(case
            when indicators.whole_measure is not null then known.denominator / nullif(known.whole, 0)
        end as double) as known_share,
        cast(targets.baseline as decimal(38, 4)) as baseline,
        cast(targets.target as decimal(38, 4)) as target,
        cast(known.known_rows as bigint) as known_rows,
        cast(known.reported_rows as bigint) as reported_rows,
        known.known_rows = known.reported_rows as is_complete,
        exists(
            select 1 from approvals
            where
                approvals.programme_id = known.programme_id
                and (approvals.municipality_code is null or approvals.municipality_code = {{ place }})
                and (approvals.period_id is null or approvals.period_id = known.period_id)
                and approvals.approved_at >= known.recorded_from
                and (known.recorded_to is null or approvals.approved_at < known.recorded_to)
        ) as is_approved,
        known.period_start,
        known.period_end,
        known.recorded_from,
        known.recorded_to
    from known
    inner join indicators
        on known.indicator_code = indicators.indicator_code
        and known.definition_version = indicators.definition_version
    left join targets
        on known.indicator_code = targets.indicator_code
        and known.programme_id = targets.programme_id
        and known.period_id = coalesce(targets.period_id, 'to-date')
        and coalesce({{ place }}, '') = coalesce(targets.municipality_code, '')
        and known.sex = 'all'
        and known.community = 'all'
{%- endmacro %}


{#- The published columns of a figure, beside the ids of its series. -#}
{% macro figure_columns() -%}
-- strings
        sex,
        community,
        age_group,
        target_group,
        qualifier,

        -- numerics
        value,
        value_low,
        value_high,
        interval_low,
        interval_high,
        numerator,
        denominator,
        numerator_unpaired,
        whole,
        known_share,
        baseline,
        target,
        known_rows,
        reported_rows,

        -- booleans
        is_complete,
        is_approved,

        -- dates and moments
        period_start,
        period_end,
        recorded_from,
        recorded_to
{%- endmacro %}
