{#- A section's statements with when each was in force: good rows of usable reports that no later report of the same period has replaced. One row
    per statement and interval.

    Other than the facts, where a thing has one live statement, this holds what every period's report says of it. `columns` are those of the
    section that are wanted; with them come place_number and statement_number, which put them in order, the period, and the interval, which is never
    empty. Ends in a select; put it into a CTE. -#}
{% macro statements_in_force(section, columns) -%}
    {%- set wanted = ['submission_id', 'thing_key', 'source_sheet', 'source_row'] + columns -%}
    {%- set versions = {'things_kept': 'int_things_kept', 'versions': 'int_submission_sections_versioned'} -%}
    {%- for name, model in versions.items() %}
    select
        {%- for column in wanted %}
        statements.{{ column }},
        {%- endfor %}
        {{ name }}.place_number,
        {{ name }}.statement_number,
        {{ name }}.period_id,
        {{ name }}.period_start,
        {{ name }}.period_end,
        {{ name }}.recorded_from,
        {{ name }}.recorded_to
    from {{ ref('stg_reports__' ~ section) }} as statements
    inner join {{ ref(model) }} as {{ name }}
        on
            statements.submission_id = {{ name }}.submission_id
            {%- if name == 'things_kept' %}
            and statements.thing_key = {{ name }}.thing_key
            {%- endif %}
            and {{ name }}.section = '{{ section }}'
            and {{ name }}.recorded_from < coalesce({{ name }}.recorded_to, {{ forever() }})
    {%- if name == 'versions' %}
    -- of a thing that was ever kept, the intervals stand there
    left join (select distinct submission_id, section, thing_key from {{ ref('int_things_kept') }}) as kept
        on
            statements.submission_id = kept.submission_id
            and statements.thing_key = kept.thing_key
            and kept.section = '{{ section }}'
    {%- endif %}
    where not statements.is_quarantined{{ ' and kept.submission_id is null' if name == 'versions' }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
