with

statements as (

    {{ standing_statements('local_plans') }}

),

final as (

    select
        -- ids
        local_plan_id,
        submission_id,
        thing_key,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        plan_type,
        title,
        needs_mapped_on_edtf,
        adopted_on_edtf,
        adopted_by,
        note,
        source_sheet,
        from_cause,
        to_cause,

        -- numerics
        source_row,
        valid_from_year,
        valid_to_year,
        duration_years,
        duration_years_qualifier,

        -- dates and moments
        needs_mapped_on_earliest,
        needs_mapped_on_latest,
        adopted_on_earliest,
        adopted_on_latest,
        period_start,
        period_end,
        first_period_start,
        first_period_end,
        recorded_from,
        recorded_to
    from statements
    where {{ is_gained() }}

)

select * from final
