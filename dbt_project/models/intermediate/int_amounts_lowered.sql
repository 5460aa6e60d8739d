{{ config(materialized='table') }}
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

{{ section }}_in_order as (

    select
        place_number,
        thing_key,
        {%- for field in fields %}
        {{ field }},
        max({{ field }}) over before as {{ field }}_before{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ section }}
    -- a row without a name of its own has no earlier statement
    where thing_key not like 'row:%'
    window before as (
        partition by place_number, thing_key
        order by statement_number, source_sheet, source_row
        rows between unbounded preceding and 1 preceding
    )

),

-- few ever fall, and only of these it matters what stood when
{{ section }}_fallen as (

    select distinct
        place_number,
        thing_key
    from {{ section }}_in_order
    where
        {%- for field in fields %}
        {{ field }} < {{ field }}_before{{ ' or' if not loop.last }}
        {%- endfor %}

),

{% endfor -%}
{#- -#}
figures as (

    {% for section, (fields, currency) in to_date.items() -%}
    {%- set is_last_section = loop.last -%}
    {%- for field in fields -%}
    select
        {{ section }}.submission_id,
        '{{ section }}' as section,
        '{{ field }}' as field,
        {{ section }}.thing_key,
        {{ section }}.source_sheet,
        {{ section }}.source_row,
        {{ section }}.place_number,
        {{ section }}.statement_number,
        {{ section }}.period_id,
        {{ section ~ '.' ~ currency if currency else 'cast(null as varchar)' }} as currency,
        cast({{ section }}.{{ field }} as decimal(38, 4)) as figure,
        -- a form that gives each period's own amounts may give any
        coalesce(submissions.amounts, 'to_date') = 'to_date' as is_to_date,
        {{ section }}.recorded_from,
        {{ section }}.recorded_to
    from {{ section }}
    inner join {{ section }}_fallen as fallen
        on {{ section }}.place_number = fallen.place_number and {{ section }}.thing_key = fallen.thing_key
    inner join {{ ref('stg_reports__submissions') }} as submissions on {{ section }}.submission_id = submissions.submission_id
    -- of "about 30" it is not known whether it fell
    where {{ section }}.{{ field }} is not null and coalesce({{ section }}.{{ field }}_qualifier, 'exact') = 'exact'
    {{ 'union all' if not (loop.last and is_last_section) }}

    {% endfor -%}
    {%- endfor %}
),

compared as (

    {{ compared_with_the_one_before(
        'figures',
        partition=['section', 'field', 'place_number', 'thing_key'],
        order=['statement_number', 'source_sheet', 'source_row'],
        carried=['submission_id', 'source_sheet', 'source_row', 'period_id', 'figure'],
        condition="later.figure < earlier.figure and later.period_id <> earlier.period_id and later.is_to_date and earlier.is_to_date"
            ~ " and later.currency is not distinct from earlier.currency"
    ) }}

),

final as (

    select
        -- ids
        submission_id,
        section,
        thing_key,

        -- strings
        field,
        source_sheet,
        cast(null as varchar) as source_column,
        period_id_before as period_before,

        -- numerics
        source_row,
        figure,
        figure_before,

        -- moments
        recorded_from,
        recorded_to
    from compared

)

select * from final
