with

quarantined as (

    select * from {{ ref('int_quarantined_rows_versioned') }}

),

final as (

    select
        -- ids
        {{ row_id(column='source_column') }} as quarantined_row_id,
        submission_id,
        section,
        thing_key,
        programme_id,
        municipality_code,
        period_id,

        -- strings
        source_sheet,
        source_column,
        from_cause,
        to_cause,

        -- numerics
        source_row,

        -- dates and moments
        period_start,
        period_end,
        recorded_from,
        recorded_to
    from quarantined
    where {{ is_gained() }}

)

select * from final
