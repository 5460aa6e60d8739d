{#- What a change of an indicator is made of: amounts, then counts of the rows behind them. -#}
{% macro amounts() -%}
    {{ return(['numerator', 'denominator', 'numerator_unpaired', 'whole']) }}
{%- endmacro %}


{% macro row_counts() -%}
    {{ return(['known_rows', 'reported_rows', 'about_rows', 'at_least_rows', 'at_most_rows']) }}
{%- endmacro %}
