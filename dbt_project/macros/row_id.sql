{#- Where a row was reported: submission, sheet and row, which is also its name. A cell of a wide table is named with its column: "…/H8". -#}
{% macro row_id(column=none) -%}
    submission_id || '/' || source_sheet || '/' || {% if column %}coalesce({{ column }}, '') || {% endif %}cast(source_row as {{ dbt.type_string() }})
{%- endmacro %}
