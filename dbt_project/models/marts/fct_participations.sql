with

statements as (

    {{ standing_statements('participations') }}

),

final as (

    select
        -- ids
        participation_id,
        submission_id,
        thing_key,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        since_edtf as since,
        until_edtf as until,
        component,
        phase,
        role,
        since_edtf,
        until_edtf,
        note,
        source_sheet,
        from_cause,
        to_cause,

        -- numerics
        source_row,

        -- dates and moments
        since_earliest,
        since_latest,
        until_earliest,
        until_latest,
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
