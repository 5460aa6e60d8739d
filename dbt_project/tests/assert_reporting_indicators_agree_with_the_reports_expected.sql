-- Completeness and timeliness are counted over time for as-of, and once more as they stand today: both must say the same.
with

reports as (

    select
        count(*) as expected_reports,
        count(case when is_received then 1 end) as received_reports,
        count(case when is_on_time then 1 end) as on_time_reports
    from {{ ref('fct_reporting') }}

),

figures as (

    select
        coalesce(sum(case when indicator_code = 'reporting_rate' then denominator end), 0) as expected_reports,
        coalesce(sum(case when indicator_code = 'reporting_rate' then numerator end), 0) as received_reports,
        coalesce(sum(case when indicator_code = 'reporting_timeliness' then numerator end), 0) as on_time_reports
    from {{ ref('indicator_values') }}
    where recorded_to is null

)

select
    reports.*,
    figures.*
from reports
inner join figures
    on
        reports.expected_reports <> figures.expected_reports
        or reports.received_reports <> figures.received_reports
        or reports.on_time_reports <> figures.on_time_reports
