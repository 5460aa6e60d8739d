with

used as (

    select * from {{ ref('int_submission_sections_used') }}
    where said in ('data', 'nothing')

),

replaced as (

    select * from {{ ref('int_submission_sections_replaced') }}

),

quarantined as (

    select distinct
        submission_id,
        section,
        thing_key
    from {{ ref('int_rows_quarantined') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

corrections as (

    select distinct
        replaced_by_submission_id as submission_id,
        section,
        recorded_from
    from replaced
    where recorded_from > used_from

),

-- the replacing report names the thing, but in a row that cannot be used
things as (

    select distinct
        replaced.submission_id,
        replaced.section,
        quarantined.thing_key
    from replaced
    inner join quarantined
        on
            replaced.replaced_by_submission_id = quarantined.submission_id
            and replaced.section = quarantined.section

),

things_used as (

    select
        things.thing_key,
        used.*
    from things
    inner join used on things.submission_id = used.submission_id and things.section = used.section

),

-- another replacing report, without such a row, still replaces it
things_replaced as (

    select
        things.thing_key,
        replaced.*
    from things
    inner join replaced on things.submission_id = replaced.submission_id and things.section = replaced.section
    left join quarantined
        on
            replaced.replaced_by_submission_id = quarantined.submission_id
            and replaced.section = quarantined.section
            and things.thing_key = quarantined.thing_key
    where quarantined.submission_id is null

),

{{ standing_intervals(
    'things_used', 'things_replaced',
    key=['submission_id', 'section', 'thing_key'], carried=['is_late'], apart_by='statement_number'
) }},

final as (

    select
        -- ids
        standing.submission_id,
        standing.section,
        standing.thing_key,
        submissions.period_id,

        -- strings
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
