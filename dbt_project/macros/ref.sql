{#- Models name each other by schema alone: a view among them holds in every file that the marts are published in, whatever its name. -#}
{% macro ref() -%}
    {{ return(builtins.ref(*varargs, **kwargs).include(database=false)) }}
{%- endmacro %}
