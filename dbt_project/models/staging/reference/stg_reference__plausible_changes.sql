with

source as (

    select * from {{ source('reference_history', 'plausible_changes') }}

),

final as (

    select
        -- ids
        programme_id,

        -- strings
        section,
        field,

        -- numerics
        cast(factor as decimal(18, 4)) as factor,
        cast(at_least as decimal(18, 4)) as at_least,

        -- moments
        recorded_from,
        recorded_to
    from source

)

select * from final
