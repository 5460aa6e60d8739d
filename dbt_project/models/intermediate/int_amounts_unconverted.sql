{#- Amounts as stated, by section. -#}
{%- set amounts_of_sections = {
    'grants': ['awarded_amount', 'disbursed_amount', 'spent_amount'],
    'equipment': ['unit_cost'],
    'services': ['funding_amount'],
    'household_support': ['arrears_settled_amount'],
} -%}
with

{% for section, fields in amounts_of_sections.items() %}
{{ section }}_unconverted as (
    {%- for field in fields %}

    select
        submission_id,
        '{{ section }}' as section,
        '{{ field }}' as field,
        source_sheet,
        source_row,
        currency,
        recorded_from,
        recorded_to
    from {{ ref('fct_' ~ section) }}
    where
        {{ field }} is not null
        and currency is not null
        and rate is null
        and recorded_from < coalesce(recorded_to, {{ forever() }})
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),
{% endfor %}
final as (
    {%- for section in amounts_of_sections %}

    select * from {{ section }}_unconverted
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from final
