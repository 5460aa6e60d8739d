{#- Stands for "always" where moments are compared; what we knew of a reference table before its first change. -#}
{% macro ever() -%}
    cast('0001-01-01' as {{ dbt.type_timestamp() }})
{%- endmacro %}


{#- Stands for "still so" where moments are compared; it never reaches a table. -#}
{% macro forever() -%}
    cast('9999-12-31' as {{ dbt.type_timestamp() }})
{%- endmacro %}


{#- The earlier of two ends; one that is still open has no moment. -#}
{% macro earlier_end(one, other) -%}
    nullif(least(coalesce({{ one }}, {{ forever() }}), coalesce({{ other }}, {{ forever() }})), {{ forever() }})
{%- endmacro %}


{#- Whether two intervals, neither of them empty, have a moment in common. -#}
{% macro overlap(one, other) -%}
    {{ one }}.recorded_from < coalesce({{ other }}.recorded_to, {{ forever() }})
            and {{ other }}.recorded_from < coalesce({{ one }}.recorded_to, {{ forever() }})
{%- endmacro %}
