with

source as (

    select * from {{ source('reports', 'participations') }}

),

final as (

    select
        -- ids
        {{ row_id() }} as participation_id,
        submission_id,
        thing_key,

        -- strings
        component,
        phase,
        role,
        since_edtf,
        until_edtf,
        note,
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
        source_row,

        -- booleans
        is_quarantined,

        -- dates
        since_earliest,
        since_latest,
        until_earliest,
        until_latest
    from source

)

select * from final
