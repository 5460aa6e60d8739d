with

source as (

    select * from {{ ref('municipalities') }}

),

final as (

    select
        -- ids
        municipality_code,
        country_code,
        parent_code,
        district_code,

        -- strings
        level,
        name_latn,
        name_cyrl,
        name_en,
        name_sq,
        population_source,
        source,

        -- numerics
        population,
        population_year,
        latitude,
        longitude,
        area_km2
    from source

)

select * from final
