with

participations as (

    select * from {{ ref('stg_reports__participations') }}
    where not is_quarantined

),

versions as (

    select * from {{ ref('int_participations_versioned') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

final as (

    select
        -- ids
        participations.participation_id,
        participations.submission_id,
        participations.thing_key,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        first_submissions.period_id as first_period_id,

        -- strings
        participations.since_edtf as since,
        participations.until_edtf as until,
        participations.component,
        participations.phase,
        participations.role,
        participations.since_edtf,
        participations.until_edtf,
        participations.note,
        participations.source_sheet,
        versions.from_cause,
        versions.to_cause,

        -- numerics
        participations.source_row,

        -- dates and moments
        participations.since_earliest,
        participations.since_latest,
        participations.until_earliest,
        participations.until_latest,
        submissions.period_start,
        submissions.period_end,
        first_submissions.period_start as first_period_start,
        first_submissions.period_end as first_period_end,
        versions.recorded_from,
        versions.recorded_to
    from participations
    inner join versions
        on
            participations.submission_id = versions.submission_id
            and participations.source_sheet = versions.source_sheet
            and participations.source_row = versions.source_row
    inner join submissions on participations.submission_id = submissions.submission_id
    inner join submissions as first_submissions
        on versions.first_statement_number = first_submissions.statement_number

)

select * from final
