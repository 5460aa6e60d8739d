with

trainings as (

    select * from {{ ref('stg_reports__trainings') }}
    where not is_quarantined

),

versions as (

    select * from {{ ref('int_trainings_versioned') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

final as (

    select
        -- ids
        trainings.training_id,
        trainings.submission_id,
        trainings.thing_key,
        trainings.training_ref,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        first_submissions.period_id as first_period_id,

        -- strings
        trainings.title,
        trainings.training_type,
        trainings.organiser_name,
        trainings.started_on_edtf,
        trainings.ended_on_edtf,
        trainings.note,
        trainings.sex,
        trainings.community,
        trainings.age_group,
        trainings.target_group,
        trainings.source_sheet,
        versions.from_cause,
        versions.to_cause,

        -- numerics
        trainings.source_row,
        trainings.trainings_count,
        trainings.trainings_count_qualifier,
        trainings.hours,
        trainings.hours_qualifier,
        trainings.enrolled_persons,
        trainings.enrolled_persons_qualifier,
        trainings.enrolled_women,
        trainings.enrolled_women_qualifier,
        trainings.enrolled_roma,
        trainings.enrolled_roma_qualifier,
        trainings.completed_persons,
        trainings.completed_persons_qualifier,
        trainings.completed_women,
        trainings.completed_women_qualifier,
        trainings.completed_roma,
        trainings.completed_roma_qualifier,

        -- dates and moments
        trainings.started_on_earliest,
        trainings.started_on_latest,
        trainings.ended_on_earliest,
        trainings.ended_on_latest,
        submissions.period_start,
        submissions.period_end,
        first_submissions.period_start as first_period_start,
        first_submissions.period_end as first_period_end,
        versions.recorded_from,
        versions.recorded_to
    from trainings
    inner join versions
        on
            trainings.submission_id = versions.submission_id
            and trainings.source_sheet = versions.source_sheet
            and trainings.source_row = versions.source_row
    inner join submissions on trainings.submission_id = submissions.submission_id
    inner join submissions as first_submissions
        on versions.first_statement_number = first_submissions.statement_number

)

select * from final
