with

source as (

    select * from {{ source('reports', 'engagements') }}

),

final as (

    select
        -- ids
        {{ row_id() }} as engagement_id,
        submission_id,
        thing_key,
        engagement_ref,
        person_ref,

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
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
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

        -- booleans
        is_quarantined,

        -- dates
        started_on_earliest,
        started_on_latest,
        ended_on_earliest,
        ended_on_latest
    from source

)

select * from final
