with

observations as (

    select * from {{ ref('stg_reports__observations') }}
    where not is_quarantined

),

versions as (

    select * from {{ ref('int_observations_versioned') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

final as (

    select
        -- ids
        observations.observation_id,
        observations.submission_id,
        observations.thing_key,
        observations.source_id,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        first_submissions.period_id as first_period_id,

        -- strings
        observations.measure_code,
        observations.unit,
        observations.note,
        observations.source_sheet,
        observations.source_column,
        versions.from_cause,
        versions.to_cause,

        -- numerics
        observations.source_row,
        observations.value,
        observations.value_qualifier,

        -- dates and moments
        submissions.period_start,
        submissions.period_end,
        first_submissions.period_start as first_period_start,
        first_submissions.period_end as first_period_end,
        versions.recorded_from,
        versions.recorded_to
    from observations
    inner join versions
        on
            observations.submission_id = versions.submission_id
            and observations.source_sheet = versions.source_sheet
            and observations.source_row = versions.source_row
            and observations.thing_key = versions.thing_key
    inner join submissions on observations.submission_id = submissions.submission_id
    inner join submissions as first_submissions
        on versions.first_statement_number = first_submissions.statement_number

)

select * from final
