{{ config(materialized='incremental', incremental_strategy='places') }}
-- depends_on: {{ ref('stg_reports__engagements') }}
-- depends_on: {{ ref('stg_reports__trainings') }}
-- depends_on: {{ ref('stg_reports__equipment') }}
-- depends_on: {{ ref('stg_reports__services') }}
-- depends_on: {{ ref('stg_reports__household_support') }}
-- depends_on: {{ ref('stg_reports__events') }}
-- depends_on: {{ ref('int_things_kept') }}
-- depends_on: {{ ref('int_submission_sections_versioned') }}
{%- set judged = changes_judged() %}
with

limits as (

    select * from {{ ref('plausible_changes') }}

),

statements as (

    select * from {{ ref('int_statements_numbered') }}

),

{% for section, fields in judged.items() -%}
{{ section }} as (

    {{ statements_in_force(section, fields) }}

),

{{ section }}_summed as (

    select
        place_number,
        period_id,
        period_start,
        period_end,
        max(statement_number) as statement_number,
        max(recorded_from) as recorded_from,
        {%- for field in fields %}
        -- where a row does not state it, the sum is not known
        case when count(*) = count({{ field }}) then cast(sum({{ field }}) as decimal(38, 4)) end as {{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ section }}
    where period_start is not null and period_end is not null
    group by place_number, period_id, period_start, period_end

),

{% endfor -%}
{#- -#}
figures as (

    {% for section, fields in judged.items() -%}
    {%- for field in fields -%}
    select
        '{{ section }}' as section,
        '{{ field }}' as field,
        place_number,
        statement_number,
        period_id,
        period_start,
        period_end,
        {{ field }} as figure,
        recorded_from
    from {{ section }}_summed
    where {{ field }} is not null
    union all
    {% endfor -%}
    {%- endfor %}
    select
        cast(null as varchar) as section,
        cast(null as varchar) as field,
        cast(null as bigint) as place_number,
        cast(null as bigint) as statement_number,
        cast(null as varchar) as period_id,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        cast(null as decimal(38, 4)) as figure,
        cast(null as timestamp) as recorded_from
    where false

),

-- a quarter is compared with the quarter before it that was reported, never with a year
compared as (

    select
        *,
        lag(figure) over in_order as figure_before,
        lag(period_id) over in_order as period_before,
        lag(recorded_from) over in_order as recorded_before
    from figures
    window in_order as (
        partition by section, field, place_number, {{ dbt.datediff('period_start', 'period_end', 'month') }}
        order by period_end, period_start, period_id
    )

),

compared_in_programmes as (

    select
        compared.*,
        statements.submission_id,
        statements.programme_id
    from compared
    inner join statements on compared.statement_number = statements.statement_number
    where compared.figure <> compared.figure_before

),

-- a programme's own limit goes before the one of all
limited as (

    select
        compared_in_programmes.*,
        coalesce(own.factor, every.factor) as factor,
        coalesce(own.at_least, every.at_least) as at_least
    from compared_in_programmes
    left join limits as own
        on
            compared_in_programmes.section = own.section
            and compared_in_programmes.field = own.field
            and compared_in_programmes.programme_id = own.programme_id
    left join limits as every
        on
            compared_in_programmes.section = every.section
            and compared_in_programmes.field = every.field
            and every.programme_id is null

),

final as (

    select
        -- ids
        submission_id,
        section,

        -- strings
        field,
        period_before,

        -- numerics
        figure,
        figure_before,

        -- moments
        greatest(recorded_from, recorded_before) as recorded_from
    from limited
    where
        abs(figure - figure_before) >= at_least
        and greatest(figure, figure_before) >= factor * least(figure, figure_before)

)

select * from final
