{{ config(materialized='incremental', incremental_strategy='places') }}
{#- What a thing's statements give to date, so that a later one is never lower: section → (figures, the currency they are in). -#}
{%- set to_date = {
    'engagements': (['days_worked'], none),
    'grants': (['disbursed_amount', 'spent_amount'], 'currency'),
    'household_support': (['arrears_settled_amount', 'hours_worked'], none),
} -%}
with

{% for section, (fields, currency) in to_date.items() -%}
{%- set columns = [] -%}
{%- for field in fields -%}{%- do columns.extend([field, field ~ '_qualifier']) -%}{%- endfor -%}
{{ section }} as (

    {{ statements_in_force(section, columns + ([currency] if currency else [])) }}

),

{% endfor -%}
{#- -#}
figures as (

    {% for section, (fields, currency) in to_date.items() -%}
    {%- set is_last_section = loop.last -%}
    {%- for field in fields -%}
    select
        submission_id,
        '{{ section }}' as section,
        '{{ field }}' as field,
        thing_key,
        source_sheet,
        source_row,
        place_number,
        statement_number,
        period_id,
        {{ currency or 'cast(null as varchar)' }} as currency,
        cast({{ field }} as decimal(38, 4)) as figure,
        recorded_from
    from {{ section }}
    -- a row without a name of its own has no earlier statement, and of "about 30" it is not known whether it fell
    where
        {{ field }} is not null
        and thing_key not like 'row:%'
        and coalesce({{ field }}_qualifier, 'exact') = 'exact'
    {{ 'union all' if not (loop.last and is_last_section) }}

    {% endfor -%}
    {%- endfor %}
),

compared as (

    select
        *,
        lag(figure) over in_order as figure_before,
        lag(currency) over in_order as currency_before,
        lag(period_id) over in_order as period_before,
        lag(submission_id) over in_order as submission_before,
        lag(recorded_from) over in_order as recorded_before
    from figures
    window in_order as (
        partition by section, field, place_number, thing_key
        order by statement_number, source_sheet, source_row
    )

),

submissions as (

    select * from {{ ref('stg_reports__submissions') }}

),

final as (

    select
        -- ids
        compared.submission_id,
        compared.section,
        compared.thing_key,

        -- strings
        compared.field,
        compared.source_sheet,
        compared.period_before,

        -- numerics
        compared.source_row,
        compared.figure,
        compared.figure_before,

        -- moments
        greatest(compared.recorded_from, compared.recorded_before) as recorded_from
    from compared
    inner join submissions on compared.submission_id = submissions.submission_id
    inner join submissions as submissions_before on compared.submission_before = submissions_before.submission_id
    where
        compared.figure < compared.figure_before
        and compared.period_id <> compared.period_before
        and compared.currency is not distinct from compared.currency_before
        -- a form that gives each period's own amounts may give any
        and coalesce(submissions.amounts, 'to_date') = 'to_date'
        and coalesce(submissions_before.amounts, 'to_date') = 'to_date'

)

select * from final
