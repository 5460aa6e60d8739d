{#- A JSON object of named expressions, as text. -#}
{% macro json_of(pairs) -%}
    {{ return(adapter.dispatch('json_of', 'munimon')(pairs)) }}
{%- endmacro %}

{% macro default__json_of(pairs) -%}
    cast(json_object({% for name, expression in pairs.items() %}'{{ name }}', {{ expression }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}


{#- The text that a JSON object, kept as text, holds under a key; null where it has no such key. -#}
{% macro json_text(object, key) -%}
    {{ return(adapter.dispatch('json_text', 'munimon')(object, key)) }}
{%- endmacro %}

{% macro default__json_text(object, key) -%}
    cast({{ object }} as json) ->> {{ key }}
{%- endmacro %}

{#- Compared as text, since a key with a dot would be read as a path. -#}
{% macro duckdb__json_text(object, key) -%}
    json_extract_string({{ object }}, '/' || {{ key }})
{%- endmacro %}
