with

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

-- once more from the moment on at which it became known that it was sent earlier
sendings as (

    select distinct
        submission_id,
        sent_at
    from {{ ref('stg_reports__submission_states') }}

),

final as (

    select
        -- ids
        submissions.submission_id,
        submissions.programme_id,
        submissions.period_id,

        -- a statement of a later period is the later statement; of the same period, the one sent later
        row_number() over (
            order by
                submissions.period_end nulls first,
                submissions.period_start nulls first,
                sendings.sent_at,
                submissions.submission_id
        ) as statement_number,

        -- booleans
        coalesce(cast(sendings.sent_at as date) > submissions.due_on, false) as is_late,

        -- dates and moments
        submissions.period_start,
        submissions.period_end,
        sendings.sent_at
    from submissions
    inner join sendings on submissions.submission_id = sendings.submission_id

)

select * from final
