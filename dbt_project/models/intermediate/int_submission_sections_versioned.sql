with

used as (

    select * from {{ ref('int_submission_sections_used') }}
    where said in ('data', 'nothing')

),

replaced as (

    select * from {{ ref('int_submission_sections_replaced') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

-- what was known before a report came, and no longer after it
corrections as (

    select distinct
        replaced_by_submission_id as submission_id,
        section,
        recorded_from
    from replaced
    where recorded_from > used_from

),

{{ standing_intervals('used', 'replaced', key=['submission_id', 'section'], carried=['said', 'is_late'], apart_by='statement_number') }},

final as (

    select
        -- ids
        standing.submission_id,
        standing.section,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,

        -- strings
        standing.said,
        {{ arrival_cause('standing.from_cause', 'corrections.submission_id is not null', 'standing.is_late') }} as from_cause,
        standing.to_cause,

        -- numerics
        submissions.place_number,
        standing.statement_number,

        -- dates and moments
        submissions.period_start,
        submissions.period_end,
        standing.recorded_from,
        standing.recorded_to
    from standing
    inner join submissions on standing.submission_id = submissions.submission_id
    left join corrections
        on
            standing.submission_id = corrections.submission_id
            and standing.section = corrections.section
            and standing.recorded_from = corrections.recorded_from

)

select * from final
