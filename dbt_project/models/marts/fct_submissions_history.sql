with

submissions as (

    select * from {{ ref('stg_reports__submissions') }}

),

statuses as (

    select * from {{ ref('stg_reports__submission_statuses') }}

),

final as (

    select
        -- ids
        submissions.submission_id,
        statuses.batch_id,
        submissions.programme_id,
        statuses.municipality_code,
        submissions.period_id,
        submissions.file_sha256,

        -- strings
        submissions.file_name,
        submissions.layout,
        submissions.language,
        submissions.period_as_reported,
        submissions.statement,
        statuses.sent_by,
        submissions.actor,
        statuses.status,

        -- numerics
        statuses.accepted_rows,
        statuses.quarantined_rows,

        -- booleans
        submissions.is_back_filled,

        -- dates and moments
        submissions.period_start,
        submissions.period_end,
        statuses.sent_at,
        submissions.recorded_at,
        statuses.recorded_from,
        statuses.recorded_to
    from submissions
    inner join statuses on submissions.submission_id = statuses.submission_id

)

select * from final
