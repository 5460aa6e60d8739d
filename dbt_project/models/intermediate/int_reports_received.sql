with

submissions as (

    select * from {{ ref('stg_reports__submissions') }}

),

states as (

    select * from {{ ref('stg_reports__submission_states') }}
    where recorded_to is null

),

-- timeliness is that of the first report still in use: a correction never makes it late
final as (

    select
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        min(submissions.sent_at) as sent_at
    from submissions
    inner join states on submissions.submission_id = states.submission_id
    group by submissions.programme_id, submissions.municipality_code, submissions.period_id

)

select * from final
