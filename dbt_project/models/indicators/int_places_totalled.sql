{{ config(schema='intermediate') }}
with

municipalities as (

    select * from {{ ref('dim_municipalities') }}

),

programmes_nested as (

    select * from {{ ref('int_programmes_nested') }}

),

programmes as (

    select distinct
        programme_key as programme_id,
        country_code,
        is_synthetic
    from programmes_nested

),

-- a city municipality counts in its city too, and once in everything above
places as (

    select
        municipality_code,
        'municipality' as level,
        municipality_code as place_code
    from municipalities

    union all

    select
        municipality_code,
        'municipality' as level,
        parent_code as place_code
    from municipalities
    where parent_code is not null

    union all

    select
        municipality_code,
        'district' as level,
        district_code as place_code
    from municipalities
    where district_code is not null

    union all

    select
        municipality_code,
        'country' as level,
        country_code as place_code
    from municipalities

    union all

    select
        municipality_code,
        'all' as level,
        'all' as place_code
    from municipalities

),

places_of_programmes as (

    select
        programmes.programme_id,
        programmes.is_synthetic,
        places.municipality_code,
        places.level,
        places.place_code
    from programmes
    cross join places

    union all

    -- what is said of a whole programme, and of none of its municipalities, counts for the programme and its country
    select
        programme_id,
        is_synthetic,
        null as municipality_code,
        'country' as level,
        country_code as place_code
    from programmes
    where country_code is not null

    union all

    select
        programme_id,
        is_synthetic,
        null as municipality_code,
        'all' as level,
        'all' as place_code
    from programmes

),

-- a programme counts in those above it too; invented programmes have their own totals, and no part in those across programmes
totals as (

    select
        places_of_programmes.programme_id,
        places_of_programmes.municipality_code,
        case when places_of_programmes.level = 'all' then 'programme' else places_of_programmes.level end as level,
        places_of_programmes.place_code,
        programmes_nested.part_of_programme_id as total_programme_id
    from places_of_programmes
    inner join programmes_nested on places_of_programmes.programme_id = programmes_nested.programme_key

    union all

    select
        programme_id,
        municipality_code,
        level,
        place_code,
        'all' as total_programme_id
    from places_of_programmes
    where not is_synthetic

),

final as (

    select
        *,
        dense_rank() over (order by level, place_code, total_programme_id) as total_number
    from totals

)

select * from final
