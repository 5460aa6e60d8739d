{{ config(materialized='view', schema='intermediate') }}
{%- set told -%}
    {%- for column in ids_of_changes() %}
        {{ column }},
    {%- endfor %}
        {%- for column in amounts() + row_counts() %}
        {{ column }}_change,
        {%- endfor %}
        span,
        period_id,
        period_start,
        period_end
{%- endset -%}
with

changes as {{ inlined() }} (

    select
        {{- told }}
    from {{ ref('int_indicator_changes_by_period') }}

),

-- what a report on a longer period says again is taken away
repeated as (

    select
        {{- told }}
    from {{ ref('int_periods_overlapped') }}

),

final as (

    select * from changes
    union all
    select * from repeated

)

select * from final
