with

local_plans as (

    select * from {{ ref('stg_reports__local_plans') }}
    where not is_quarantined

),

versions as (

    select * from {{ ref('int_local_plans_versioned') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

final as (

    select
        -- ids
        local_plans.local_plan_id,
        local_plans.submission_id,
        local_plans.thing_key,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        first_submissions.period_id as first_period_id,

        -- strings
        local_plans.plan_type,
        local_plans.title,
        local_plans.needs_mapped_on_edtf,
        local_plans.adopted_on_edtf,
        local_plans.adopted_by,
        local_plans.note,
        local_plans.source_sheet,
        versions.from_cause,
        versions.to_cause,

        -- numerics
        local_plans.source_row,
        local_plans.valid_from_year,
        local_plans.valid_to_year,
        local_plans.duration_years,
        local_plans.duration_years_qualifier,

        -- dates and moments
        local_plans.needs_mapped_on_earliest,
        local_plans.needs_mapped_on_latest,
        local_plans.adopted_on_earliest,
        local_plans.adopted_on_latest,
        submissions.period_start,
        submissions.period_end,
        first_submissions.period_start as first_period_start,
        first_submissions.period_end as first_period_end,
        versions.recorded_from,
        versions.recorded_to
    from local_plans
    inner join versions
        on
            local_plans.submission_id = versions.submission_id
            and local_plans.source_sheet = versions.source_sheet
            and local_plans.source_row = versions.source_row
    inner join submissions on local_plans.submission_id = submissions.submission_id
    inner join submissions as first_submissions
        on versions.first_statement_number = first_submissions.statement_number

)

select * from final
