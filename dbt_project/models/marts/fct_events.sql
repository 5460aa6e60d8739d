with

statements as (

    {{ standing_statements('events') }}

),

final as (

    select
        -- ids
        event_id,
        submission_id,
        thing_key,
        event_ref,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        event_type,
        title,
        held_on_edtf,
        place,
        note,
        source_sheet,
        from_cause,
        to_cause,

        -- numerics
        source_row,
        attendees,
        attendees_qualifier,
        attending_municipalities,
        attending_municipalities_qualifier,

        -- dates and moments
        held_on_earliest,
        held_on_latest,
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
