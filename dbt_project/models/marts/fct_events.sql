with

events as (

    select * from {{ ref('stg_reports__events') }}
    where not is_quarantined

),

versions as (

    select * from {{ ref('int_events_versioned') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

final as (

    select
        -- ids
        events.event_id,
        events.submission_id,
        events.thing_key,
        events.event_ref,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        first_submissions.period_id as first_period_id,

        -- strings
        events.event_type,
        events.title,
        events.held_on_edtf,
        events.place,
        events.note,
        events.source_sheet,
        versions.from_cause,
        versions.to_cause,

        -- numerics
        events.source_row,
        events.attendees,
        events.attendees_qualifier,
        events.attending_municipalities,
        events.attending_municipalities_qualifier,

        -- dates and moments
        events.held_on_earliest,
        events.held_on_latest,
        submissions.period_start,
        submissions.period_end,
        first_submissions.period_start as first_period_start,
        first_submissions.period_end as first_period_end,
        versions.recorded_from,
        versions.recorded_to
    from events
    inner join versions
        on
            events.submission_id = versions.submission_id
            and events.source_sheet = versions.source_sheet
            and events.source_row = versions.source_row
    inner join submissions on events.submission_id = submissions.submission_id
    inner join submissions as first_submissions
        on versions.first_statement_number = first_submissions.statement_number

)

select * from final
