{#- The side of a series as a measure: numerator, denominator or whole, each with its own fields. -#}
{% macro side_of(series, prefix='') -%}
    {{ return({
        'field': series[prefix ~ 'field'],
        'women_field': series[prefix ~ 'women_field'],
        'roma_field': series[prefix ~ 'roma_field'],
        'has_qualifier': series[prefix ~ 'has_qualifier'] if prefix != 'whole_',
        'filter_field': series['filter_field'],
        'filter_code': series['filter_code'],
    }) }}
{%- endmacro %}


{#- One series' columns of the pass over the facts.

    Numerator and denominator are paired: a row counts for the ratio only where both are known, and for a share only where the part is not
    more than its whole ("about 30" enrolled beside 31 trained says nothing of the share). The whole bounds the rest, see `numerator_in_whole`. Where a
    pair is known its whole is at least the denominator. -#}
{% macro series_sums(series, name) -%}
    {%- set sex = series['sex'] if series['sex'] != 'all' else series['measure_sex'] -%}
    {%- set community = series['community'] if series['community'] != 'all' else series['measure_community'] -%}
    {%- set counted = side_of(series) -%}
    {%- set figure = measured(counted, sex, community) -%}
    {%- set qualifier = measured_qualifier(counted, sex, community) -%}
    {%- set known = figure ~ ' is not null' -%}
    {%- if series['denominator_code'] -%}
        {%- set base = side_of(series, 'denominator_') -%}
        {%- set base_sex = series['sex'] if series['sex'] != 'all' else series['denominator_sex'] -%}
        {%- set base_community = series['community'] if series['community'] != 'all' else series['denominator_community'] -%}
        {%- set base_figure = measured(base, base_sex, base_community) -%}
        {%- set known = figure ~ ' <= ' ~ base_figure if series['is_share'] else known ~ ' and ' ~ base_figure ~ ' is not null' -%}
        {%- set base_qualifier = measured_qualifier(base, base_sex, base_community) -%}
        {%- if base['has_qualifier'] -%}
            {%- set qualifier = 'case when ' ~ base_qualifier ~ " = 'exact' then " ~ qualifier ~ " else 'about' end" -%}
        {%- endif -%}
            sum(case when {{ known }} then {{ figure }} end) as {{ name }}__numerator,
            sum(case when {{ known }} then {{ base_figure }} end) as {{ name }}__denominator,
            sum({{ figure }}) as {{ name }}__numerator_unpaired,
            {%- set whole_figure = measured(side_of(series, 'whole_'), series['sex'], series['community']) if series['whole_code'] else 'cast(null as bigint)' %}
            sum(case when {{ figure }} > {{ whole_figure }} then 0 else {{ figure }} end) as {{ name }}__numerator_in_whole,
            sum(case
                when {{ known }} then greatest({{ base_figure }}, coalesce({{ whole_figure }}, {{ base_figure }}))
                else {{ whole_figure }}
            end) as {{ name }}__whole,
    {%- else -%}
            sum({{ figure }}) as {{ name }}__numerator,
    {%- endif %}
            count(case when {{ known }} then 1 end) as {{ name }}__known_rows,
    {%- if qualifier != "'exact'" %}
            {%- for code in ['about', 'at_least', 'at_most'] %}
            count(case when {{ known }} and {{ qualifier }} = '{{ code }}' then 1 end) as {{ name }}__{{ code }}_rows,
            {%- endfor %}
    {%- endif %}
    {%- if series['filter_field'] %}
            count(case when {{ series['filter_field'] }} = '{{ series['filter_code'] }}' then 1 end) as {{ name }}__reported_rows,
    {%- endif %}
{%- endmacro %}


{#- The numerators of a series that its whole bounds: of what a report told together, all that are no more than their rows' whole, but only what is paired
    where that whole is not known or is less than they are. What was told together enters our knowledge at one moment, and is judged as it was then
    whatever of it is told anew later: so a figure as of a day stays what it was. -#}
{% macro numerator_in_whole(name) -%}
    {%- set told_together = 'over (partition by submission_id, programme_id, municipality_code, recorded_from, span, period_id)' -%}
    case
            when sum({{ name }}__numerator_in_whole) {{ told_together }} <= sum({{ name }}__whole) {{ told_together }} then {{ name }}__numerator_in_whole
            else {{ name }}__numerator
        end
{%- endmacro %}


{#- The columns that `series_sums` makes for a series. -#}
{% macro series_columns(series) -%}
    {%- set parts = ['numerator', 'known_rows'] -%}
    {%- if series['denominator_code'] -%}
        {%- set parts = parts + ['denominator', 'numerator_unpaired', 'numerator_in_whole', 'whole'] -%}
    {%- endif -%}
    {%- if series['has_qualifier'] or series['denominator_has_qualifier'] -%}
        {%- set parts = parts + ['about_rows', 'at_least_rows', 'at_most_rows'] -%}
    {%- endif -%}
    {%- if series['filter_field'] -%}
        {%- set parts = parts + ['reported_rows'] -%}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for part in parts -%}
        {%- do columns.append(series_name(series) ~ '__' ~ part) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}


{% macro series_name(series) -%}
    {{ series['indicator_code'] }}_{{ series['definition_version'] }}_{{ series['side'] }}_{{ series['sex'] }}_{{ series['community'] }}_{{ series['turn'] }}
{%- endmacro %}
