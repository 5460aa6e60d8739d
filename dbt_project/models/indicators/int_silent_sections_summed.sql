{{ config(materialized='view', schema='intermediate') }}
with

sections as (

    select * from {{ ref('int_submission_sections_versioned') }}
    where said = 'nothing' and (recorded_to is null or recorded_to > recorded_from)

),

quarantined_rows as (

    select * from {{ ref('fct_quarantined_rows') }}
    where recorded_to is null or recorded_to > recorded_from

),

series as (

    select * from {{ ref('int_indicator_series') }}

),

-- nothing to report is a known zero of what happens in a period; a stock is not gone because nothing was reported of it.
-- A quarantined row is a figure that was reported and is not known.
silent as (

    select
        section,
        submission_id,
        programme_id,
        municipality_code,
        period_id,
        period_start,
        period_end,
        recorded_from,
        recorded_to,
        from_cause,
        to_cause,
        1 as reported_rows,
        cast(0 as decimal(38, 4)) as figure
    from sections

    union all

    select
        section,
        submission_id,
        programme_id,
        municipality_code,
        period_id,
        period_start,
        period_end,
        recorded_from,
        recorded_to,
        from_cause,
        to_cause,
        count(*) as reported_rows,
        cast(null as decimal(38, 4)) as figure
    from quarantined_rows
    group by all

),

final as (

    select
        series.indicator_code,
        series.definition_version,
        series.combination,
        series.side,
        silent.submission_id,
        silent.municipality_code,
        silent.programme_id,
        false as is_of_period,
        case when silent.recorded_from < series.recorded_from then series.recorded_from else silent.recorded_from end as recorded_from,
        {{ earlier_end('silent.recorded_to', 'series.recorded_to') }} as recorded_to,
        case when silent.recorded_from < series.recorded_from then series.from_cause else silent.from_cause end as from_cause,
        case
            when series.recorded_to < coalesce(silent.recorded_to, {{ forever() }}) then series.to_cause
            else silent.to_cause
        end as to_cause,
        case when series.over_periods = 'latest' then 'point' else 'any' end as span,
        silent.period_id,
        silent.period_start,
        silent.period_end,
        series.sex,
        series.community,
        silent.figure as numerator,
        case when series.denominator_code is not null then silent.figure end as denominator,
        silent.figure as numerator_unpaired,
        case when series.whole_code is not null then silent.figure end as numerator_in_whole,
        case when series.whole_code is not null then silent.figure end as whole,
        case when silent.figure is null then 0 else 1 end as known_rows,
        silent.reported_rows,
        cast(0 as bigint) as about_rows,
        cast(0 as bigint) as at_least_rows,
        cast(0 as bigint) as at_most_rows,
        cast(null as {{ dbt.type_timestamp() }}) as stands_from,
        cast(null as {{ dbt.type_timestamp() }}) as stands_to
    from silent
    inner join series
        on
            silent.section = series.section
            and silent.recorded_from < coalesce(series.recorded_to, {{ forever() }})
            and series.recorded_from < coalesce(silent.recorded_to, {{ forever() }})
    where
        (silent.figure is null or series.kind <> 'stock')
        and coalesce(
            (series.valid_from is null or silent.period_start >= series.valid_from)
            and (series.valid_to is null or silent.period_start <= series.valid_to),
            series.is_current
        )

)

select * from final
