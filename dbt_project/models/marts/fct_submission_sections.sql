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
    where said = 'not_known'

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

),

-- of several that a report replaced, the last one
superseded as (

    select
        replaced.replaced_by_submission_id,
        replaced.section,
        replaced.submission_id,
        row_number() over (
            partition by replaced.replaced_by_submission_id, replaced.section
            order by submissions.sent_at desc, submissions.submission_id desc, replaced.recorded_from
        ) as turn
    from replaced
    inner join submissions on replaced.submission_id = submissions.submission_id

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
        standing.from_cause,
        standing.to_cause,

        -- numerics
        sections.rows,

        -- moments
        coalesce(standing.recorded_from, submissions.recorded_at) as recorded_from,
        case when standing.submission_id is null then submissions.recorded_at else standing.recorded_to end as recorded_to
    from sections
    inner join submissions on sections.submission_id = submissions.submission_id
    left join standing on sections.submission_id = standing.submission_id and sections.section = standing.section
    left join superseded
        on
            sections.submission_id = superseded.replaced_by_submission_id
            and sections.section = superseded.section
            and superseded.turn = 1

)

select * from final
