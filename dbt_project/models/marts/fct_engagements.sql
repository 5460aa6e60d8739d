with

engagements as (

    select * from {{ ref('stg_reports__engagements') }}
    where not is_quarantined

),

versions as (

    select * from {{ ref('int_engagements_versioned') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

final as (

    select
        -- ids
        engagements.engagement_id,
        engagements.submission_id,
        engagements.thing_key,
        engagements.engagement_ref,
        engagements.person_ref,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        first_submissions.period_id as first_period_id,

        -- strings
        engagements.employer_name,
        engagements.employer_type,
        engagements.started_on_edtf,
        engagements.ended_on_edtf,
        engagements.note,
        engagements.sex,
        engagements.community,
        engagements.age_group,
        engagements.target_group,
        engagements.source_sheet,
        versions.from_cause,
        versions.to_cause,

        -- numerics
        engagements.source_row,
        engagements.employer_count,
        engagements.employer_count_qualifier,
        engagements.engaged_persons,
        engagements.engaged_persons_qualifier,
        engagements.engaged_women,
        engagements.engaged_women_qualifier,
        engagements.engaged_roma,
        engagements.engaged_roma_qualifier,
        engagements.engaged_roma_women,
        engagements.engaged_roma_women_qualifier,
        engagements.days_worked,
        engagements.days_worked_qualifier,
        engagements.outcome_known_persons,
        engagements.outcome_known_persons_qualifier,
        engagements.outcome_known_women,
        engagements.outcome_known_women_qualifier,
        engagements.outcome_known_roma,
        engagements.outcome_known_roma_qualifier,
        engagements.retained_persons,
        engagements.retained_persons_qualifier,
        engagements.retained_women,
        engagements.retained_women_qualifier,
        engagements.retained_roma,
        engagements.retained_roma_qualifier,

        -- dates and moments
        engagements.started_on_earliest,
        engagements.started_on_latest,
        engagements.ended_on_earliest,
        engagements.ended_on_latest,
        submissions.period_start,
        submissions.period_end,
        first_submissions.period_start as first_period_start,
        first_submissions.period_end as first_period_end,
        versions.recorded_from,
        versions.recorded_to
    from engagements
    inner join versions
        on
            engagements.submission_id = versions.submission_id
            and engagements.source_sheet = versions.source_sheet
            and engagements.source_row = versions.source_row
    inner join submissions on engagements.submission_id = submissions.submission_id
    inner join submissions as first_submissions
        on versions.first_statement_number = first_submissions.statement_number

)

select * from final
