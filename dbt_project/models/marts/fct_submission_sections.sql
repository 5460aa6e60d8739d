with

sections as (

    select * from {{ ref('stg_reports__submission_sections') }}

),

submissions as (

    select * from {{ ref('stg_reports__submissions') }}

),

versions as (

    select * from {{ ref('int_submission_sections_versioned') }}

),

used as (

    select * from {{ ref('int_submission_sections_used') }}

),

replaced as (

    select * from {{ ref('int_submission_sections_replaced') }}

),

-- what is not known neither replaces nor is replaced
standing as (

    select
        submission_id,
        section,
        from_cause,
        to_cause,
        recorded_from,
        recorded_to
    from versions

    union all

    select
        submission_id,
        section,
        from_cause,
        to_cause,
        recorded_from,
        recorded_to
    from used
    where said = 'not_known'

),

-- an answer to "replaces or adds?" divides an interval, though what the section says stands before and after
standing_in_states as (

    select
        standing.submission_id,
        standing.section,
        used.is_replacing,
        used.recorded_from as state_from,
        case when used.recorded_from > standing.recorded_from then used.from_cause else standing.from_cause end as from_cause,
        case
            when used.recorded_to is null or standing.recorded_to <= used.recorded_to then standing.to_cause
            else used.to_cause
        end as to_cause,
        greatest(standing.recorded_from, used.recorded_from) as recorded_from,
        {{ earlier_end('standing.recorded_to', 'used.recorded_to') }} as recorded_to
    from standing
    inner join used
        on
            standing.submission_id = used.submission_id
            and standing.section = used.section
            and standing.recorded_from < coalesce(used.recorded_to, {{ forever() }})
            and (
                standing.recorded_from >= used.recorded_from
                or coalesce(standing.recorded_to, {{ forever() }}) > used.recorded_from
            )

),

-- of several that a report took the place of when it came, the last one
superseded as (

    select
        replaced_by_submission_id,
        section,
        submission_id,
        recorded_from,
        row_number() over (
            partition by replaced_by_submission_id, section, recorded_from
            order by statement_number desc, used_from asc
        ) as turn
    from replaced
    where used_from < recorded_from

),

first_used as (

    select
        submission_id,
        min(recorded_from) as recorded_from
    from used
    group by submission_id

),

-- a submission that was not usable when it came stands nowhere then: its interval is empty, whatever is answered later
not_used_at_once as (

    select submissions.*
    from submissions
    left join first_used on submissions.submission_id = first_used.submission_id
    where first_used.submission_id is null or first_used.recorded_from > submissions.recorded_at

),

all_intervals as (

    select
        submission_id,
        section,
        state_from,
        is_replacing,
        from_cause,
        to_cause,
        recorded_from,
        recorded_to
    from standing_in_states

    union all

    select
        not_used_at_once.submission_id,
        sections.section,
        null as state_from,
        null as is_replacing,
        null as from_cause,
        null as to_cause,
        not_used_at_once.recorded_at as recorded_from,
        not_used_at_once.recorded_at as recorded_to
    from not_used_at_once
    inner join sections on not_used_at_once.submission_id = sections.submission_id

),

final as (

    select
        -- ids
        sections.submission_id,
        sections.section,
        superseded.submission_id as supersedes_submission_id,

        -- strings
        sections.said,
        sections.source_sheet,
        sections.columns,
        all_intervals.from_cause,
        all_intervals.to_cause,

        -- numerics
        sections.rows,

        -- booleans
        all_intervals.is_replacing,

        -- moments
        all_intervals.recorded_from,
        all_intervals.recorded_to
    from sections
    inner join all_intervals
        on
            sections.submission_id = all_intervals.submission_id
            and sections.section = all_intervals.section
    left join superseded
        on
            sections.submission_id = superseded.replaced_by_submission_id
            and sections.section = superseded.section
            and all_intervals.state_from = superseded.recorded_from
            and superseded.turn = 1

)

select * from final
