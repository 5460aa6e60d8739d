{#- Either end of the 95 % score interval of a share of counted cases, as double; null where nothing was counted.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, Journal of the American Statistical
    Association 22, 209–212: (k + z²/2 ± z √(k (n − k) / n + z²/4)) ÷ (n + z²), z = 1.959963984540054.
    It stays within 0 … 1, also for few cases and for shares of 0 and 1. -#}
{% macro wilson_interval(end, cases, counted) -%}
    {{ return(adapter.dispatch('wilson_interval', 'munimon')(end, cases, counted)) }}
{%- endmacro %}


{% macro default__wilson_interval(end, cases, counted) -%}
    {%- set k = 'cast(' ~ cases ~ ' as double)' -%}
    {%- set n = 'cast(' ~ counted ~ ' as double)' -%}
    {%- set z = '1.959963984540054' -%}
    {%- set reach = z ~ ' * sqrt(' ~ k ~ ' * (' ~ n ~ ' - ' ~ k ~ ') / ' ~ n ~ ' + ' ~ z ~ ' * ' ~ z ~ ' / 4)' -%}
    {%- set middle = k ~ ' + ' ~ z ~ ' * ' ~ z ~ ' / 2' -%}
    {%- set width = '(' ~ n ~ ' + ' ~ z ~ ' * ' ~ z ~ ')' -%}
    case
        when {{ counted }} > 0 then
            {% if end == 'low' %}greatest(0, ({{ middle }} - {{ reach }}) / {{ width }}){% else %}least(1, ({{ middle }} + {{ reach }}) / {{ width }}){% endif %}
    end
{%- endmacro %}
