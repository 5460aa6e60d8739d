with

statements as (

    {{ standing_statements('engagements') }}

),

final as (

    select
        -- ids
        engagement_id,
        submission_id,
        thing_key,
        engagement_ref,
        person_ref,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        employer_name,
        employer_type,
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
        employer_count,
        employer_count_qualifier,
        engaged_persons,
        engaged_persons_qualifier,
        engaged_women,
        engaged_women_qualifier,
        engaged_roma,
        engaged_roma_qualifier,
        engaged_roma_women,
        engaged_roma_women_qualifier,
        days_worked,
        days_worked_qualifier,
        outcome_known_persons,
        outcome_known_persons_qualifier,
        outcome_known_women,
        outcome_known_women_qualifier,
        outcome_known_roma,
        outcome_known_roma_qualifier,
        retained_persons,
        retained_persons_qualifier,
        retained_women,
        retained_women_qualifier,
        retained_roma,
        retained_roma_qualifier,

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
