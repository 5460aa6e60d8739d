{{ config(materialized='table') }}
with

measures as (

    select * from {{ ref('stg_reference__measures') }}
    where section = 'observations' and kind = 'cumulative' and filter_field = 'measure_code'

),

-- what an observation is taken for may change in the table, and several measures may be made of it
cumulatives as (

    {{ merged_intervals('measures', ['filter_code']) }}

),

-- of "about 30" it is not known whether it fell; and nobody but the source itself is bound by what it said
figures as (

    select
        observations.submission_id,
        observations.thing_key,
        observations.programme_id || '/' || coalesce(observations.municipality_code, '') as place,
        observations.measure_code,
        coalesce(observations.source_id, '') as source,
        observations.source_sheet,
        observations.source_column,
        observations.source_row,
        observations.period_id,
        observations.period_start,
        observations.period_end,
        observations.value as figure,
        greatest(observations.recorded_from, cumulatives.recorded_from) as recorded_from,
        {{ earlier_end('observations.recorded_to', 'cumulatives.recorded_to') }} as recorded_to
    from {{ ref('int_observations_measured') }} as observations
    inner join cumulatives
        on
            observations.measure_code = cumulatives.filter_code
            and {{ overlap('observations', 'cumulatives') }}
    where
        observations.value is not null
        and observations.period_end is not null
        and coalesce(observations.value_qualifier, 'exact') = 'exact'
        and observations.recorded_from < coalesce(observations.recorded_to, {{ forever() }})
        and {{ is_of_places_read('observations.submission_id') }}

),

compared as (

    {{ compared_with_the_one_before(
        'figures',
        partition=['place', 'measure_code', 'source'],
        order=['period_end', 'period_start', 'submission_id', 'source_sheet', 'source_row', 'source_column'],
        carried=['submission_id', 'thing_key', 'source_sheet', 'source_column', 'source_row', 'period_id', 'figure'],
        condition='later.figure < earlier.figure and later.period_end > earlier.period_end'
    ) }}

),

final as (

    select
        -- ids
        submission_id,
        'observations' as section,
        thing_key,

        -- strings
        'value' as field,
        source_sheet,
        source_column,
        period_id_before as period_before,

        -- numerics
        source_row,
        cast(figure as decimal(38, 4)) as figure,
        cast(figure_before as decimal(38, 4)) as figure_before,

        -- moments
        recorded_from,
        recorded_to
    from compared

)

select * from final
