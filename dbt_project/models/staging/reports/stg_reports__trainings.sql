with

source as (

    select * from {{ source('reports', 'trainings') }}

),

final as (

    select
        -- ids
        {{ row_id() }} as training_id,
        submission_id,
        thing_key,
        training_ref,

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
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
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
