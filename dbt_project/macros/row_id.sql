{#- Where a row was reported: submission, sheet and row, which is also its name. -#}
{% macro row_id() -%}
    submission_id || '/' || source_sheet || '/' || cast(source_row as {{ dbt.type_string() }})
{%- endmacro %}
