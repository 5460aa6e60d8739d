with

observations as (

    select * from {{ ref('fct_observations') }}
    where value is not null and unit is not null

),

-- units of which nobody has said how many the measure's unit is
units as (

    select * from {{ ref('int_units_converted') }}
    where factor is null

),

final as (

    select
        -- ids
        observations.submission_id,

        -- strings
        observations.source_sheet,
        observations.source_column,
        observations.unit,
        units.measured_in,

        -- numerics
        observations.source_row,

        -- moments
        greatest(observations.recorded_from, units.recorded_from) as recorded_from,
        {{ earlier_end('observations.recorded_to', 'units.recorded_to') }} as recorded_to
    from observations
    inner join units
        on
            observations.measure_code = units.measure_code
            and observations.unit = units.unit
            and observations.recorded_from < coalesce(units.recorded_to, {{ forever() }})
            and units.recorded_from < coalesce(observations.recorded_to, {{ forever() }})
    where observations.recorded_to is null or observations.recorded_to > observations.recorded_from

)

select * from final
