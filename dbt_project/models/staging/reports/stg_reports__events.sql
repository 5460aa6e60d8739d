with

source as (

    select * from {{ source('reports', 'events') }}

),

final as (

    select
        -- ids
        {{ row_id() }} as event_id,
        submission_id,
        thing_key,
        event_ref,

        -- strings
        event_type,
        title,
        held_on_edtf,
        place,
        note,
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
        source_row,
        attendees,
        attendees_qualifier,
        attending_municipalities,
        attending_municipalities_qualifier,

        -- booleans
        is_quarantined,

        -- dates
        held_on_earliest,
        held_on_latest
    from source

)

select * from final
