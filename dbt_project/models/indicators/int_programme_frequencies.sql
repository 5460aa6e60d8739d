{{ config(materialized='view', schema='intermediate') }}
with

versions as (

    select
        programme_id,
        coalesce(reporting_frequency, 'year') as frequency,
        recorded_from,
        recorded_to
    from {{ ref('stg_reference__programme_versions') }}

),

final as (

    {{ merged_intervals('versions', ['programme_id', 'frequency']) }}

)

select * from final
