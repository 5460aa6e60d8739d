-- The statistical offices published 6,647,003 inhabitants for Serbia (2022) and 1,836,713 for North Macedonia (2021).
-- Another sum means a missing place, a mistyped figure, or a city counted beside its parts: Serbia is the sum of cities
-- and municipalities, North Macedonia of its 80 municipalities without the City of Skopje, which ten of them make up.

with

municipalities as (

    select * from {{ ref('municipalities') }}

),

places_counted_once as (

    select
        country_code,
        population
    from municipalities
    where
        (country_code = 'RS' and level <> 'city_municipality')
        or (country_code = 'MK' and level <> 'city')

),

populations_summed as (

    select
        country_code,
        sum(population) as population
    from places_counted_once
    group by country_code

),

census_totals as (

    select
        'RS' as country_code,
        6647003 as population
    union all
    select
        'MK' as country_code,
        1836713 as population

),

final as (

    select
        census_totals.country_code,
        census_totals.population as census_population,
        populations_summed.population as summed_population
    from census_totals
    left join populations_summed
        on census_totals.country_code = populations_summed.country_code
    where coalesce(populations_summed.population, 0) <> census_totals.population

)

select * from final
