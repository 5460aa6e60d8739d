{{ config(materialized='table', schema='intermediate') }}
{%- set sections = [
    'grants', 'engagements', 'trainings', 'equipment', 'services',
    'local_plans', 'household_support', 'participations', 'events', 'reporting',
] -%}
{%- set amounts = ['numerator', 'denominator', 'numerator_unpaired', 'whole'] -%}
{%- set row_counts = ['known_rows', 'reported_rows', 'about_rows', 'at_least_rows', 'at_most_rows'] -%}
with

reported as (
    {% for section in sections %}
    select * from {{ ref('int_' ~ section ~ '_summed_by_report') }}
    union all
    {% endfor %}
    select * from {{ ref('int_silent_sections_summed') }}

),

-- a report's figures enter our knowledge together, and leave it together when others replace them
signs as (

    select 1 as sign
    union all
    select -1 as sign

),

final as (

    select
        reported.indicator_code,
        reported.definition_version,
        reported.combination,
        reported.side,
        reported.programme_id,
        reported.municipality_code,
        reported.span,
        reported.period_id,
        reported.period_start,
        reported.period_end,
        reported.sex,
        reported.community,
        case when signs.sign = 1 then reported.recorded_from else reported.recorded_to end as changed_at,
        case when signs.sign = 1 then reported.from_cause else reported.to_cause end as cause,
        reported.submission_id,
        {%- for amount in amounts %}
        signs.sign * coalesce(reported.{{ amount }}, 0) as {{ amount }}_change,
        {%- endfor %}
        {%- for row_count in row_counts %}
        signs.sign * reported.{{ row_count }} as {{ row_count }}_change{{ ',' if not loop.last }}
        {%- endfor %}
    from reported
    inner join signs on signs.sign = 1 or reported.recorded_to is not null

)

select * from final
