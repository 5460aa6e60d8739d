{#- A measure's figure in a row of its section, for all persons or for one sex or community; null where the row does not state it.

    measure: field (empty: each row counts one), women_field, roma_field, roma_women_field, filter_field and filter_code.
    A row that carries a sex or community carries it for all its persons. Else women and Roma are the stated margins, men and others are
    the rest where these are stated, and who is stated by neither is unknown: female + male + unknown = all, roma + other + unknown = all.
    A margin above its whole contradicts it and says nothing. -#}
{% macro measured(measure, sex='all', community='all') -%}
    {%- set figure = measure['field'] or '1' -%}
    {%- if measure['filter_field'] -%}
        {%- set figure = "case when " ~ measure['filter_field'] ~ " = '" ~ measure['filter_code'] ~ "' then " ~ figure ~ " end" -%}
    {%- endif -%}
    {%- if sex != 'all' and community != 'all' -%}
        {{ both_margins(measure) }}
    {%- elif sex != 'all' -%}
        {{ one_margin(figure, 'sex', measure['women_field'], sex, 'female', 'male') }}
    {%- elif community != 'all' -%}
        {{ one_margin(figure, 'community', measure['roma_field'], community, 'roma', 'other') }}
    {%- else -%}
        {{ figure }}
    {%- endif -%}
{%- endmacro %}


{% macro one_margin(figure, dimension, field, code, stated_code, rest_code) -%}
    {%- set margin = 'case when ' ~ field ~ ' <= ' ~ figure ~ ' then ' ~ field ~ ' end' if field else 'cast(null as bigint)' -%}
    {%- if code == 'unknown' -%}
        case when {{ dimension }} is not null or {{ margin }} is not null then 0 * {{ figure }} else {{ figure }} end
    {%- else -%}
        case {{ dimension }}
            when '{{ code }}' then {{ figure }}
            when '{{ rest_code if code == stated_code else stated_code }}' then 0 * {{ figure }}
            else {{ margin if code == stated_code else figure ~ ' - ' ~ margin }}
        end
    {%- endif -%}
{%- endmacro %}


{#- Roma women, the only cross-cell of margins. -#}
{% macro both_margins(measure) -%}
    {%- set figure = measure['field'] -%}
    {%- set cell = measure['roma_women_field'] or 'cast(null as bigint)' -%}
    case
        when sex = 'male' or community = 'other' then 0 * {{ figure }}
        when sex = 'female' and community = 'roma' then {{ figure }}
        when sex = 'female' then case when {{ measure['roma_field'] }} <= {{ figure }} then {{ measure['roma_field'] }} end
        when community = 'roma' then case when {{ measure['women_field'] }} <= {{ figure }} then {{ measure['women_field'] }} end
        else case when {{ cell }} <= {{ figure }} then {{ cell }} end
    end
{%- endmacro %}


{#- How exact that figure is: exact where nothing else is said. Men are a difference, exact only if both sides are. -#}
{% macro measured_qualifier(measure, sex='all', community='all') -%}
    {%- set figure = "coalesce(" ~ (measure['field'] or '') ~ "_qualifier, 'exact')" -%}
    {%- set dimension = 'sex' if sex != 'all' else 'community' -%}
    {%- set field = measure['women_field'] if sex != 'all' else measure['roma_field'] -%}
    {%- if not measure['has_qualifier'] -%}
        'exact'
    {%- elif (sex == 'all' and community == 'all') or sex == 'unknown' or community == 'unknown' or not field -%}
        {{ figure }}
    {%- elif sex == 'female' or community == 'roma' -%}
        case when {{ dimension }} is not null then {{ figure }} else coalesce({{ field }}_qualifier, 'exact') end
    {%- else -%}
        case when {{ dimension }} is not null or coalesce({{ field }}_qualifier, 'exact') = 'exact' then {{ figure }} else 'about' end
    {%- endif -%}
{%- endmacro %}
