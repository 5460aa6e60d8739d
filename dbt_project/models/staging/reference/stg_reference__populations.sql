with

source as (

    select * from {{ source('reference_history', 'municipalities') }}

),

populations as (

    select
        municipality_code,
        cast(population as bigint) as population,
        recorded_from,
        recorded_to
    from source

),

-- a corrected name or place on the map is no other number of inhabitants
final as (

    {{ merged_intervals('populations', ['municipality_code', 'population']) }}

)

select * from final
