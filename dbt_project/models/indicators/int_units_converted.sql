{{ config(materialized='table', schema='marts_parts') }}
with

measures as (

    select * from {{ ref('stg_reference__measures') }}
    where section = 'observations' and filter_field = 'measure_code'

),

conversions as (

    select * from {{ ref('stg_reference__unit_conversions') }}

),

units_stated as (

    select distinct
        measure_code,
        unit
    from {{ ref('fct_observations') }}
    where unit is not null

),

-- from one change of what measures are in, or of a factor, to the next
moments as (

    select recorded_from as moment from measures
    union
    select recorded_to as moment from measures
    where recorded_to is not null
    union
    select recorded_from as moment from conversions
    union
    select recorded_to as moment from conversions
    where recorded_to is not null

),

epochs as (

    select
        moment as recorded_from,
        lead(moment) over (order by moment) as recorded_to
    from moments

),

units_measured as (

    select
        epochs.recorded_from,
        measures.filter_code as measure_code,
        min(measures.unit) as measured_in
    from epochs
    inner join measures
        on
            epochs.recorded_from >= measures.recorded_from
            and epochs.recorded_from < coalesce(measures.recorded_to, {{ forever() }})
    group by epochs.recorded_from, measures.filter_code

),

-- what is no measure is in whatever unit it is in
converted as (

    select
        units_stated.measure_code,
        units_stated.unit,
        units_measured.measured_in,
        case
            when units_measured.measured_in is null or units_measured.measured_in = units_stated.unit then 1
            else conversions.factor
        end as factor,
        epochs.recorded_from,
        epochs.recorded_to
    from units_stated
    cross join epochs
    left join units_measured
        on
            units_stated.measure_code = units_measured.measure_code
            and epochs.recorded_from = units_measured.recorded_from
    left join conversions
        on
            units_stated.unit = conversions.unit
            and units_measured.measured_in = conversions.converted_to
            and epochs.recorded_from >= conversions.recorded_from
            and epochs.recorded_from < coalesce(conversions.recorded_to, {{ forever() }})

),

final as (

    {{ merged_intervals('converted', ['measure_code', 'unit', 'measured_in', 'factor']) }}

)

select * from final
