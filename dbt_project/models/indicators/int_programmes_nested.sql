{{ config(schema='intermediate') }}
with recursive

programmes as (

    select
        programme_id,
        parent_programme_id,
        is_synthetic
    from {{ ref('dim_programmes') }}

),

-- an invented programme is no part of a real one above it; union, so that a circle in the table comes to an end
nested as (

    select
        programme_id,
        programme_id as part_of_programme_id
    from programmes

    union

    select
        nested.programme_id,
        below.parent_programme_id as part_of_programme_id
    from nested
    inner join programmes as below on nested.part_of_programme_id = below.programme_id
    inner join programmes as above on below.parent_programme_id = above.programme_id
    where above.is_synthetic or not below.is_synthetic

),

final as (

    select * from nested

)

select * from final
