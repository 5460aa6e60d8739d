{%- set sections = [
    'grants', 'engagements', 'trainings', 'equipment', 'services',
    'local_plans', 'household_support', 'participations', 'events', 'observations',
] -%}

with

{% for section in sections -%}
quarantined_{{ section }} as (

    select
        '{{ section }}' as section,
        submission_id,
        thing_key,
        source_sheet,
        source_row,
        source_column
    from {{ ref('stg_reports__' ~ section) }}
    where is_quarantined

),

{% endfor -%}
final as (
    {% for section in sections %}
    select * from quarantined_{{ section }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select * from final
