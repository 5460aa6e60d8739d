with

source as (

    select * from {{ source('reports', 'grants') }}

),

final as (

    select
        -- ids
        {{ row_id() }} as grant_id,
        submission_id,
        thing_key,
        grant_ref,

        -- strings
        grantee_name,
        grantee_type,
        purpose,
        purpose_type,
        awarded_on_edtf,
        currency,
        note,
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
        source_row,
        awarded_amount,
        awarded_amount_qualifier,
        disbursed_amount,
        disbursed_amount_qualifier,
        spent_amount,
        spent_amount_qualifier,

        -- booleans
        is_quarantined,

        -- dates
        awarded_on_earliest,
        awarded_on_latest
    from source

)

select * from final
