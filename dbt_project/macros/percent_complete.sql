{#- How much of the way from the baseline to the target is done, as double: (value − baseline) ÷ (target − baseline), above 1 where the target is
    passed, below 0 where things are worse than at the start.

    So a decreasing indicator that fell from 40 to 30 on its way to 20 is half way, and not at 150 %. Without a stated baseline an increasing one starts
    at 0 (value ÷ target), and of a decreasing one nothing can be said. Where the aim is to keep the baseline there is no way to go: 1 while it is
    kept, else 0. -#}
{% macro percent_complete(value, baseline, target, direction) -%}
    {%- set start = 'coalesce(' ~ baseline ~ ', case when ' ~ direction ~ " = 'decreasing' then null else 0 end)" -%}
    cast(case
            when {{ target }} is null or {{ value }} is null or {{ start }} is null then null
            when {{ target }} <> {{ start }} then ({{ value }} - {{ start }}) / ({{ target }} - {{ start }})
            when {{ direction }} = 'decreasing' then case when {{ value }} <= {{ target }} then 1 else 0 end
            else case when {{ value }} >= {{ target }} then 1 else 0 end
        end as double)
{%- endmacro %}
