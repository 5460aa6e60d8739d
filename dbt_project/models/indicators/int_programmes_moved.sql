{{ config(materialized='view', schema='intermediate') }}
with

epochs as (

    select distinct
        programme_key,
        programme_id,
        recorded_from,
        recorded_to
    from {{ ref('int_programmes_nested') }}

),

-- all that was known of a programme before it moved counts where it is from then on, and no longer where it was
final as (

    select
        programme_id,
        programme_key,
        1 as sign,
        recorded_from as moved_at,
        coalesce(recorded_to, {{ forever() }}) as known_until
    from epochs

    union all

    select
        programme_id,
        programme_key,
        -1 as sign,
        recorded_to as moved_at,
        recorded_to as known_until
    from epochs
    where recorded_to is not null

)

select * from final
