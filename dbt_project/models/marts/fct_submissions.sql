with

history as (

    select * from {{ ref('fct_submissions_history') }}
    where recorded_to is null

),

final as (

    select
        -- ids
        submission_id,
        batch_id,
        programme_id,
        municipality_code,
        period_id,
        file_sha256,

        -- strings
        file_name,
        layout,
        language,
        period_as_reported,
        statement,
        sent_by,
        actor,
        status,

        -- numerics
        accepted_rows,
        quarantined_rows,

        -- booleans
        is_back_filled,

        -- dates and moments
        period_start,
        period_end,
        sent_at,
        recorded_at
    from history

)

select * from final
