with

source as (

    select * from {{ source('ledger', 'submission_states') }}

),

final as (

    select
        -- ids
        submission_id,

        -- strings
        from_cause,
        to_cause,

        -- booleans
        replaces as is_replacing,

        -- moments
        sent_at,
        recorded_from,
        recorded_to
    from source

)

select * from final
