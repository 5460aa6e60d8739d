with

measures as (

    select filter_code as measure_code
    from {{ ref('dim_measures') }}
    where section = 'observations' and kind = 'cumulative' and filter_field = 'measure_code'

),

-- of "about 30" it is not known whether it fell; and nobody but the source itself is bound by what it said
observations as (

    select observations.*
    from {{ ref('fct_observations') }} as observations
    inner join measures on observations.measure_code = measures.measure_code
    where
        observations.recorded_to is null
        and observations.value is not null
        and observations.period_end is not null
        and coalesce(observations.value_qualifier, 'exact') = 'exact'

),

compared as (

    select
        *,
        lag(value) over in_order as figure_before,
        lag(period_id) over in_order as period_before,
        lag(period_end) over in_order as end_before,
        lag(recorded_from) over in_order as recorded_before
    from observations
    window in_order as (
        partition by programme_id, municipality_code, measure_code, source_id
        order by period_end, period_start
    )

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
        period_before,

        -- numerics
        source_row,
        value as figure,
        figure_before,

        -- moments
        greatest(recorded_from, recorded_before) as recorded_from
    from compared
    where value < figure_before and period_end > end_before

)

select * from final
