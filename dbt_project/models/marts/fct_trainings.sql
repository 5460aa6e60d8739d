with

statements as (

    {{ standing_statements('trainings') }}

),

final as (

    select
        -- ids
        training_id,
        submission_id,
        thing_key,
        training_ref,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        title,
        training_type,
        organiser_name,
        started_on_edtf,
        ended_on_edtf,
        note,
        sex,
        community,
        age_group,
        target_group,
        source_sheet,
        from_cause,
        to_cause,
        amounts,

        -- numerics
        source_row,
        trainings_count,
        trainings_count_qualifier,
        hours,
        hours_qualifier,
        enrolled_persons,
        enrolled_persons_qualifier,
        enrolled_women,
        enrolled_women_qualifier,
        enrolled_roma,
        enrolled_roma_qualifier,
        completed_persons,
        completed_persons_qualifier,
        completed_women,
        completed_women_qualifier,
        completed_roma,
        completed_roma_qualifier,

        -- dates and moments
        started_on_earliest,
        started_on_latest,
        ended_on_earliest,
        ended_on_latest,
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
