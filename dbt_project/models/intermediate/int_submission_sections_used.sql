with

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

statements as (

    select * from {{ ref('int_statements_numbered') }}

),

sections as (

    select * from {{ ref('stg_reports__submission_sections') }}

),

states as (

    select * from {{ ref('stg_reports__submission_states') }}

),

final as (

    select
        -- ids
        submissions.submission_id,
        sections.section,
        submissions.period_id,
        submissions.file_sha256,

        -- strings
        sections.said,
        states.from_cause,
        states.to_cause,

        -- numerics
        submissions.place_number,
        statements.statement_number,

        -- booleans
        states.is_replacing,
        statements.is_late,

        -- moments
        states.recorded_from,
        states.recorded_to
    from submissions
    inner join sections on submissions.submission_id = sections.submission_id
    inner join states on submissions.submission_id = states.submission_id
    inner join statements on states.submission_id = statements.submission_id and states.sent_at = statements.sent_at

)

select * from final
