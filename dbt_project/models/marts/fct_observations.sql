with

statements as (

    {{ standing_statements('observations') }}

),

final as (

    select
        -- ids
        observation_id,
        submission_id,
        thing_key,
        source_id,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        measure_code,
        unit,
        note,
        source_sheet,
        source_column,
        from_cause,
        to_cause,

        -- numerics
        source_row,
        value,
        value_qualifier,

        -- dates and moments
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
