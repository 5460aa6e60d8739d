with

source as (

    select * from {{ source('ledger', 'submission_statuses') }}

),

final as (

    select
        -- ids
        submission_id,
        batch_id,
        municipality_code,

        -- strings
        sent_by,
        status,

        -- numerics
        accepted_rows,
        quarantined_rows,

        -- moments
        sent_at,
        recorded_from,
        recorded_to
    from source

)

select * from final
