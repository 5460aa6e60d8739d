{{ config(materialized='view', schema='marts_parts') }}
-- an observation in another unit than its measure's counts as much as that is in the measure's, and is not known where nobody has said how much; one
-- without a unit is in the measure's. The columns are those of the fact, in their order
select
    observations.* replace ( -- noqa: AM04
        case
            when observations.unit is null or units.factor = 1 then observations.value
            else cast(observations.value * units.factor as decimal(18, 4))
        end as value,
        case when units.recorded_from > observations.recorded_from then 'reference_changed' else observations.from_cause end as from_cause,
        case
            when units.recorded_to < coalesce(observations.recorded_to, {{ forever() }}) then 'reference_changed'
            else observations.to_cause
        end as to_cause,
        case when units.recorded_from > observations.recorded_from then units.recorded_from else observations.recorded_from end as recorded_from,
        {{ earlier_end('observations.recorded_to', 'units.recorded_to') }} as recorded_to
    )
from {{ ref('fct_observations') }} as observations
left join {{ ref('int_units_converted') }} as units
    on
        observations.measure_code = units.measure_code
        and observations.unit = units.unit
        and units.recorded_from < greatest(
            coalesce(observations.recorded_to, {{ forever() }}), {{ dbt.dateadd('microsecond', 1, 'observations.recorded_from') }}
        )
        and observations.recorded_from < coalesce(units.recorded_to, {{ forever() }})
