with

source as (

    select * from {{ source('ledger', 'approvals') }}

),

final as (

    select
        -- ids
        programme_id,
        municipality_code,
        period_id,

        -- strings
        actor,

        -- moments
        approved_at,
        approved_to
    from source

)

select * from final
