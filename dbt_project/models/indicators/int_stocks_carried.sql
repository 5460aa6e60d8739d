{{ config(materialized='table', schema='intermediate') }}
with

reported as (

    select * from {{ ref('int_indicator_changes_reported') }}
    where span = 'point' and combination <> 'pair'

),

paired as (

    select * from {{ ref('int_indicator_sides_paired') }}
    where span = 'base'

),

pairs_of_stocks as (

    select
        indicator_code,
        definition_version
    from {{ ref('int_indicator_series') }}
    where combination = 'pair'
    group by indicator_code, definition_version
    having min(over_periods) = 'latest' and max(over_periods) = 'latest'

),

{% set columns = ['indicator_code', 'definition_version', 'combination', 'programme_id', 'municipality_code', 'sex', 'community', 'period_id',
    'period_start', 'period_end', 'side', 'cause', 'submission_id', 'changed_at'] -%}
stated as (
    {%- for relation in ['reported', 'paired'] %}

    select
        {%- for column in columns %}
        {{ relation }}.{{ column }},
        {%- endfor %}
        {%- for column in amounts() + row_counts() %}
        {{ relation }}.{{ column }}_change,
        {%- endfor %}
        'both' as figure_side
    from {{ relation }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}
    inner join pairs_of_stocks
        on paired.indicator_code = pairs_of_stocks.indicator_code and paired.definition_version = pairs_of_stocks.definition_version

),

{{ stocks_carried('stated') }}

select * from final
