{{ config(materialized='table') }}
with

{% for section in sections_of_things() -%}
{{ section }} as (

    select
        facts.submission_id,
        '{{ section }}' as section,
        facts.source_sheet,
        min(facts.source_row) as source_row,
        facts.recorded_from,
        facts.recorded_to
    from {{ ref('fct_' ~ section) }} as facts
    where
        {{ known_by_period(section) }}
        and (facts.recorded_to is null or facts.recorded_to > facts.recorded_from)
        and {{ is_of_places_read('facts.submission_id') }}
    group by facts.submission_id, facts.source_sheet, facts.recorded_from, facts.recorded_to

),

{% endfor -%}
final as (

    {% for section in sections_of_things() -%}
    select * from {{ section }}
    {{- '\n    union all\n    ' if not loop.last }}
    {%- endfor %}

)

select * from final
