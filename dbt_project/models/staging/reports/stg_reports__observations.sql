with

source as (

    select * from {{ source('reports', 'observations') }}

),

final as (

    select
        -- ids
        {{ row_id(column='source_column') }} as observation_id,
        submission_id,
        thing_key,
        source_id,

        -- strings
        measure_code,
        unit,
        note,
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
        source_row,
        value,
        value_qualifier,

        -- booleans
        is_quarantined
    from source

)

select * from final
