{#- A number, or short text, that stands for the values of columns: alike where all of them are, nulls too. That two others have the same one happens
    once in a hundred thousand times among twenty million rows. -#}
{% macro fingerprint(columns) -%}
    {{ return(adapter.dispatch('fingerprint', 'munimon')(columns)) }}
{%- endmacro %}

{% macro default__fingerprint(columns) -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}{%- do texts.append("coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '')") -%}{%- endfor -%}
    {{ dbt.hash(texts | join(" || '|' || ")) }}
{%- endmacro %}

{#- Text takes three times as long to put together as to hash. -#}
{% macro duckdb__fingerprint(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}
