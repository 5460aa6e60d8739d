-- A city municipality is part of a city and never counted beside it; that holds only while each of them, and nothing
-- else, points to a city.

with

municipalities as (

    select * from {{ ref('municipalities') }}

),

final as (

    select
        municipalities.municipality_code,
        municipalities.level,
        municipalities.parent_code
    from municipalities
    left join municipalities as cities
        on
            municipalities.parent_code = cities.municipality_code
            and municipalities.country_code = cities.country_code
            and cities.level = 'city'
    where
        (municipalities.level = 'city_municipality' and cities.municipality_code is null)
        or (municipalities.level <> 'city_municipality' and municipalities.parent_code is not null)

)

select * from final
