{{ config(schema='intermediate') }}
with recursive

versions as (

    select
        programme_id,
        parent_programme_id,
        country_code,
        is_synthetic,
        recorded_from,
        recorded_to
    from {{ ref('stg_reference__programme_versions') }}

),

places_in_the_tree as (

    {{ merged_intervals('versions', ['programme_id', 'parent_programme_id', 'country_code', 'is_synthetic']) }}

),

moments as (

    select distinct recorded_from as moment from places_in_the_tree

),

programmes as (

    select
        moments.moment,
        places_in_the_tree.programme_id,
        places_in_the_tree.parent_programme_id,
        places_in_the_tree.country_code,
        places_in_the_tree.is_synthetic
    from moments
    inner join places_in_the_tree
        on
            moments.moment >= places_in_the_tree.recorded_from
            and moments.moment < coalesce(places_in_the_tree.recorded_to, {{ forever() }})

),

-- an invented programme is no part of a real one above it; union, so that a circle in the table comes to an end
nested as (

    select
        moment,
        programme_id,
        programme_id as part_of_programme_id
    from programmes

    union

    select
        nested.moment,
        nested.programme_id,
        below.parent_programme_id as part_of_programme_id
    from nested
    inner join programmes as below on nested.part_of_programme_id = below.programme_id and nested.moment = below.moment
    inner join programmes as above on below.parent_programme_id = above.programme_id and below.moment = above.moment
    where above.is_synthetic or not below.is_synthetic

),

-- all that a programme's figures count in at a moment, as one text: so long as it is the same, nothing moves
described as (

    select
        programmes.moment,
        programmes.programme_id,
        programmes.country_code,
        programmes.is_synthetic,
        coalesce(programmes.country_code, '') || '/' || cast(programmes.is_synthetic as varchar) || '/'
        || string_agg(nested.part_of_programme_id, '/' order by nested.part_of_programme_id) as description
    from programmes
    inner join nested on programmes.programme_id = nested.programme_id and programmes.moment = nested.moment
    group by programmes.moment, programmes.programme_id, programmes.country_code, programmes.is_synthetic

),

described_before as (

    select
        *,
        lag(description) over (partition by programme_id order by moment) as description_before
    from described

),

epochs as (

    select
        programme_id,
        country_code,
        is_synthetic,
        moment as recorded_from,
        lead(moment) over by_programme as recorded_to,
        row_number() over by_programme as turn
    from described_before
    where description is distinct from description_before
    window by_programme as (partition by programme_id order by moment)

),

final as (

    select
        -- ids
        case
            when epochs.turn = 1 then epochs.programme_id
            else epochs.programme_id || ' from ' || cast(epochs.recorded_from as varchar)
        end as programme_key,
        epochs.programme_id,
        nested.part_of_programme_id,
        epochs.country_code,

        -- booleans
        epochs.is_synthetic,

        -- moments
        epochs.recorded_from,
        epochs.recorded_to
    from epochs
    inner join nested on epochs.programme_id = nested.programme_id and epochs.recorded_from = nested.moment

)

select * from final
