{{ config(materialized='table') }}
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

    select * from {{ ref('int_limits_chosen') }}

),

statements as (

    select * from {{ ref('int_statements_numbered') }}

),

places as (

    select distinct
        place_number,
        programme_id
    from {{ ref('int_submissions_numbered') }}

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
        statement_number,
        recorded_from,
        recorded_to,
        {%- for field in fields %}
        -- where a row does not state it, the sum is not known
        case when count(*) = count({{ field }}) then cast(sum({{ field }}) as decimal(38, 4)) end as {{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ section }}
    where period_start is not null and period_end is not null
    group by place_number, period_id, period_start, period_end, statement_number, recorded_from, recorded_to

),

{% endfor -%}
{#- -#}
sums as (

    {% for section, fields in judged.items() -%}
    {%- for field in fields -%}
    select
        '{{ section }}' as section,
        '{{ field }}' as field,
        place_number,
        period_id,
        period_start,
        period_end,
        statement_number,
        {{ field }} as figure,
        recorded_from,
        recorded_to
    from {{ section }}_summed
    union all
    {% endfor -%}
    {%- endfor %}
    select
        cast(null as varchar) as section,
        cast(null as varchar) as field,
        cast(null as bigint) as place_number,
        cast(null as varchar) as period_id,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        cast(null as bigint) as statement_number,
        cast(null as decimal(38, 4)) as figure,
        cast(null as timestamp) as recorded_from,
        cast(null as timestamp) as recorded_to
    where false

),

-- several reports of a period may add to each other, and each comes and goes by itself
moments as (

    select
        section,
        field,
        place_number,
        period_id,
        recorded_from as moment
    from sums

    union

    select
        section,
        field,
        place_number,
        period_id,
        recorded_to as moment
    from sums
    where recorded_to is not null

),

turns as (

    select
        *,
        lead(moment) over (partition by section, field, place_number, period_id order by moment) as next_moment
    from moments

),

figures as (

    select
        turns.section,
        turns.field,
        turns.place_number,
        turns.period_id,
        sums.period_start,
        sums.period_end,
        turns.moment as recorded_from,
        turns.next_moment as recorded_to,
        max(sums.statement_number) as statement_number,
        case when count(*) = count(sums.figure) then cast(sum(sums.figure) as decimal(38, 4)) end as figure
    from turns
    inner join sums
        on
            turns.section = sums.section
            and turns.field = sums.field
            and turns.place_number = sums.place_number
            and turns.period_id = sums.period_id
            and turns.moment >= sums.recorded_from
            and turns.moment < coalesce(sums.recorded_to, {{ forever() }})
    group by
        turns.section, turns.field, turns.place_number, turns.period_id, turns.moment, turns.next_moment,
        sums.period_start, sums.period_end

),

loosest_limits as (

    select
        programme_id,
        section,
        field,
        min(factor) as factor,
        min(at_least) as at_least
    from limits
    group by programme_id, section, field

),

figures_known as (

    select
        figures.*,
        {{ dbt.datediff('period_start', 'period_end', 'month') }} as months,
        places.programme_id,
        loosest_limits.factor,
        loosest_limits.at_least
    from figures
    inner join places on figures.place_number = places.place_number
    inner join loosest_limits
        on
            places.programme_id = loosest_limits.programme_id
            and figures.section = loosest_limits.section
            and figures.field = loosest_limits.field
    where figures.figure is not null

),

-- a quarter is compared with the quarter before it that was reported, never with a year
compared as (

    {{ compared_with_the_one_before(
        'figures_known',
        partition=['section', 'field', 'place_number', 'months'],
        order=['period_end', 'period_start', 'period_id'],
        carried=['programme_id', 'period_id', 'statement_number', 'figure'],
        condition="abs(later.figure - earlier.figure) >= later.at_least"
            ~ " and greatest(later.figure, earlier.figure) >= later.factor * least(later.figure, earlier.figure)"
            ~ " and later.figure <> earlier.figure"
    ) }}

),

final as (

    select
        -- ids
        statements.submission_id,
        compared.section,

        -- strings
        compared.field,
        compared.period_id_before as period_before,

        -- numerics
        compared.figure,
        compared.figure_before,

        -- moments
        greatest(compared.recorded_from, limits.recorded_from) as recorded_from,
        {{ earlier_end('compared.recorded_to', 'limits.recorded_to') }} as recorded_to
    from compared
    inner join statements on compared.statement_number = statements.statement_number
    inner join limits
        on
            compared.programme_id = limits.programme_id
            and compared.section = limits.section
            and compared.field = limits.field
            and {{ overlap('compared', 'limits') }}
    where
        abs(compared.figure - compared.figure_before) >= limits.at_least
        and greatest(compared.figure, compared.figure_before) >= limits.factor * least(compared.figure, compared.figure_before)

)

select * from final
