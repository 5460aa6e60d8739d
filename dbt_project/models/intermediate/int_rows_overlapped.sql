{{ config(materialized='table') }}
{%- set row = 'submission_id, section, source_sheet, source_column, source_row' -%}
with

measures as (

    select * from {{ ref('stg_reference__measures') }}
    where section = 'observations' and filter_field = 'measure_code' and over_periods <> 'latest'

),

observed_measures as (

    {{ merged_intervals('measures', ['filter_code']) }}

),

submissions as (

    select
        *,
        {{ dbt.datediff('period_start', 'period_end', 'day') }} as days
    from {{ ref('int_submissions_numbered') }}
    where period_start is not null and period_end is not null

),

unnamed as (

    select
        submission_id,
        section,
        cast(null as varchar) as measure_code,
        source_sheet,
        cast(null as varchar) as source_column,
        cast(null as bigint) as source_row,
        recorded_from,
        recorded_to
    from {{ ref('int_rows_unnamed') }}

    union all

    select
        observations.submission_id,
        'observations' as section,
        observations.measure_code,
        observations.source_sheet,
        observations.source_column,
        observations.source_row,
        greatest(observations.recorded_from, observed_measures.recorded_from) as recorded_from,
        {{ earlier_end('observations.recorded_to', 'observed_measures.recorded_to') }} as recorded_to
    from {{ ref('int_observations_measured') }} as observations
    inner join observed_measures
        on
            observations.measure_code = observed_measures.filter_code
            and {{ overlap('observations', 'observed_measures') }}
    where
        observations.value is not null
        and (observations.recorded_to is null or observations.recorded_to > observations.recorded_from)
        and {{ is_of_places_read('observations.submission_id') }}

),

reported as (

    select
        unnamed.*,
        submissions.programme_id || '/' || coalesce(submissions.municipality_code, '') || '/' || unnamed.section || '/'
        || coalesce(unnamed.measure_code, '') as series,
        submissions.period_id,
        submissions.period_start,
        submissions.period_end,
        submissions.days
    from unnamed
    inner join submissions on unnamed.submission_id = submissions.submission_id

),

reported_in_order as (

    select
        series,
        period_start,
        max(period_end) over (
            partition by series
            order by period_start, period_end, period_id
            rows between unbounded preceding and 1 preceding
        ) as reported_until
    from (
        select distinct
            series,
            period_id,
            period_start,
            period_end
        from reported
    ) as periods

),

-- quarters alone, or years alone, say nothing twice
series_overlapping as (

    select distinct series
    from reported_in_order
    where period_start <= reported_until

),

overlapping as (

    select reported.*
    from reported
    inner join series_overlapping on reported.series = series_overlapping.series

),

-- an observation of a longer period holds its parts, and nothing is to be asked
compared as (

    select
        shorter.submission_id,
        shorter.section,
        shorter.source_sheet,
        shorter.source_column,
        shorter.source_row,
        longer.period_id as longer_period,
        longer.days,
        greatest(shorter.recorded_from, longer.recorded_from) as recorded_from,
        {{ earlier_end('shorter.recorded_to', 'longer.recorded_to') }} as recorded_to
    from overlapping as shorter
    inner join overlapping as longer
        on
            shorter.series = longer.series
            and shorter.period_id <> longer.period_id
            and shorter.period_start <= longer.period_end
            and shorter.period_end >= longer.period_start
            and (shorter.days < longer.days or (shorter.days = longer.days and shorter.period_start < longer.period_start))
            and shorter.recorded_from < coalesce(longer.recorded_to, {{ forever() }})
            and longer.recorded_from < coalesce(shorter.recorded_to, {{ forever() }})
    where
        shorter.section <> 'observations'
        or shorter.period_start < longer.period_start
        or shorter.period_end > longer.period_end

),

-- of several longer periods the longest is named
final as (

    {{ first_of_those_standing('compared', row.split(', '), ['longer_period'], order='days desc, longer_period desc') }}

)

select * from final
