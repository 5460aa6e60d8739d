{{ config(materialized='view', schema='intermediate') }}
{%- set told -%}
    {%- for column in ids_of_changes() %}
        {{ column }},
    {%- endfor %}
        is_of_period,
        {%- for column in amounts() + row_counts() %}
        {{ column }}_change,
        {%- endfor %}
{%- endset -%}
{#- read where it is used: a view does not keep that a CTE is to be inlined, and as a whole it is millions of rows -#}
{%- set reported = ref('int_indicator_changes_reported') -%}
with

of_base_periods as (

    select
        {{- told }}
        'base' as span,
        period_id,
        period_start,
        period_end
    from {{ reported }}
    where span in ('any', 'period', 'base', 'point')

),

-- a period that reaches over the end of a year belongs to no year, and shows beside them
of_years as (

    select
        {{- told }}
        'year' as span,
        {{ period_name("'year'", 'period_start') }} as period_id,
        {{ period_first_day("'year'", 'period_start') }} as period_start,
        {{ period_last_day("'year'", period_first_day("'year'", 'period_start')) }} as period_end
    from {{ reported }}
    where
        span = 'year'
        or (span in ('any', 'period') and extract(year from period_start) = extract(year from period_end))

),

to_date as (

    select
        {{- told }}
        'to-date' as span,
        'to-date' as period_id,
        cast(null as date) as period_start,
        cast(null as date) as period_end
    from {{ reported }}
    where span in ('any', 'to-date')

),

final as (

    select * from of_base_periods
    union all
    select * from of_years
    union all
    select * from to_date

)

select * from final
