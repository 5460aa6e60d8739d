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

-- a submission that was never usable stands nowhere: its interval is empty
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
        standing_in_states.from_cause,
        standing_in_states.to_cause,

        -- numerics
        sections.rows,

        -- booleans
        standing_in_states.is_replacing,

        -- moments
        coalesce(standing_in_states.recorded_from, submissions.recorded_at) as recorded_from,
        case
            when standing_in_states.submission_id is null then submissions.recorded_at
            else standing_in_states.recorded_to
        end as recorded_to
    from sections
    inner join submissions on sections.submission_id = submissions.submission_id
    left join standing_in_states
        on
            sections.submission_id = standing_in_states.submission_id
            and sections.section = standing_in_states.section
    left join superseded
        on
            sections.submission_id = superseded.replaced_by_submission_id
            and sections.section = superseded.section
            and standing_in_states.state_from = superseded.recorded_from
            and superseded.turn = 1

)

select * from final
