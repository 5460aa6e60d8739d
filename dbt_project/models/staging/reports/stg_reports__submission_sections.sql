with

source as (

    select * from {{ source('ledger', 'submission_sections') }}

),

final as (

    select
        -- ids
        submission_id,
        section,

        -- strings
        said,
        source_sheet,
        columns,

        -- numerics
        rows
    from source

)

select * from final
