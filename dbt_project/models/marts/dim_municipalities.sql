with

municipalities as (

    select * from {{ ref('stg_reference__municipalities') }}

),

districts as (

    select * from {{ ref('stg_reference__districts') }}

),

final as (

    select
        -- ids
        municipalities.municipality_code,
        municipalities.country_code,
        municipalities.parent_code,
        municipalities.district_code,

        -- strings
        municipalities.name_latn,
        municipalities.name_cyrl,
        municipalities.name_en,
        municipalities.name_sq,
        municipalities.level,
        districts.name_latn as district,
        municipalities.population_source,

        -- numerics
        cast(municipalities.population as bigint) as population,
        cast(municipalities.population_year as bigint) as population_year,
        cast(municipalities.latitude as double) as latitude,
        cast(municipalities.longitude as double) as longitude,
        cast(municipalities.area_km2 as double) as area_km2
    from municipalities
    left join districts on municipalities.district_code = districts.district_code

)

select * from final
