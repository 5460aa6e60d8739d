{#- The figures whose change from one period to the next is judged, or was once: section → fields, read when the model runs, since a limit is a row
    and no SQL.

    A row that names no count or number of a section stops the build by its name, before it reaches any SQL; one that was mended since judges nothing. -#}
{% macro changes_judged() -%}
    {%- set query %}
        select
            section,
            field,
            max(case when recorded_to is null then 1 else 0 end) as is_still_so
        from {{ ref('stg_reference__plausible_changes') }}
        group by section, field
        order by section, field
    {% endset -%}
    {%- set judged = {} -%}
    {%- for row in (run_query(query).rows if execute else []) -%}
        {%- set figures = figures_of_sections().get(row['section'], []) -%}
        {%- if row['field'] in figures -%}
            {%- do judged.setdefault(row['section'], []).append(row['field']) -%}
        {%- elif row['is_still_so'] -%}
            {%- do exceptions.raise_compiler_error("plausible_changes.csv: " ~ row['section'] ~ "." ~ row['field'] ~ " is no count of a section; one of "
                ~ figures_of_sections()) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(judged) }}
{%- endmacro %}


{#- Counts and numbers by section; amounts are in several currencies, and are judged by their ranges. -#}
{% macro figures_of_sections() -%}
    {{ return({
        'engagements': [
            'employer_count', 'engaged_persons', 'engaged_women', 'engaged_roma', 'engaged_roma_women', 'days_worked',
            'outcome_known_persons', 'outcome_known_women', 'outcome_known_roma', 'retained_persons', 'retained_women', 'retained_roma',
        ],
        'trainings': [
            'trainings_count', 'hours', 'enrolled_persons', 'enrolled_women', 'enrolled_roma', 'completed_persons', 'completed_women', 'completed_roma',
        ],
        'equipment': ['quantity'],
        'services': ['users', 'users_women', 'users_roma'],
        'household_support': ['households', 'hours_agreed', 'hours_worked'],
        'events': ['attendees', 'attending_municipalities'],
    }) }}
{%- endmacro %}
