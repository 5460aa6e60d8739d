{#- The first moment at which a series was defined so, where it was not always. -#}
{% macro defined_from(series) -%}
    {%- set moment = series['recorded_from'] -%}
    {{ return("cast('" ~ moment ~ "' as " ~ dbt.type_timestamp() ~ ")" if moment and moment.year > 1) }}
{%- endmacro %}


{% macro defined_to(series) -%}
    {%- set moment = series['recorded_to'] -%}
    {{ return("cast('" ~ moment ~ "' as " ~ dbt.type_timestamp() ~ ")" if moment) }}
{%- endmacro %}


{#- When a report's figures are known under this definition, and why from then and until then: the report's own interval, cut where the definition
    came into force or went out of it. -#}
{% macro interval_of(series) -%}
    {%- set first, last = defined_from(series), defined_to(series) -%}
    {{ 'greatest(recorded_from, ' ~ first ~ ') as recorded_from' if first else 'recorded_from' }},
        {{ 'least(coalesce(recorded_to, ' ~ last ~ '), ' ~ last ~ ') as recorded_to' if last else 'recorded_to' }},
        {{ 'case when recorded_from < ' ~ first ~ " then '" ~ series['from_cause'] ~ "' else from_cause end as from_cause" if first else 'from_cause' }},
        {{ 'case when coalesce(recorded_to, ' ~ forever() ~ ') > ' ~ last ~ " then '" ~ series['to_cause'] ~ "' else to_cause end as to_cause"
            if last else 'to_cause' }}
{%- endmacro %}


{% macro definition_is_known(series) -%}
    {%- set first, last = defined_from(series), defined_to(series) -%}
    {%- if first %} and coalesce(recorded_to, {{ forever() }}) > {{ first }}{% endif -%}
    {%- if last %} and recorded_from < {{ last }}{% endif -%}
{%- endmacro %}


{#- Why a figure changed, as it is told: a definition whose dates changed is one that changed. -#}
{% macro told_cause(cause) -%}
    case when {{ cause }} = 'validity_changed' then 'definition_changed' else {{ cause }} end
{%- endmacro %}


{#- Of several definitions the one that held at the period's start counts; a period without a stated start takes the current one. -#}
{% macro definition_holds(series) -%}
    {%- set conditions = [] -%}
    {%- if series['valid_from'] -%}
        {%- do conditions.append("period_start >= cast('" ~ series['valid_from'] ~ "' as date)") -%}
    {%- endif -%}
    {%- if series['valid_to'] -%}
        {%- do conditions.append("period_start <= cast('" ~ series['valid_to'] ~ "' as date)") -%}
    {%- endif -%}
    {%- if conditions %} and coalesce({{ conditions | join(' and ') }}, {{ series['is_current'] | lower }}){% endif -%}
{%- endmacro %}
