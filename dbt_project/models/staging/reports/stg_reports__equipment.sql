with

source as (

    select * from {{ source('reports', 'equipment') }}

),

final as (

    select
        -- ids
        {{ row_id() }} as equipment_id,
        submission_id,
        thing_key,
        equipment_ref,

        -- strings
        item_name,
        equipment_type,
        currency,
        delivered_on_edtf,
        recipient_name,
        recipient_type,
        end_user_group,
        note,
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
        source_row,
        quantity,
        quantity_qualifier,
        unit_cost,
        unit_cost_qualifier,

        -- booleans
        is_quarantined,

        -- dates
        delivered_on_earliest,
        delivered_on_latest
    from source

)

select * from final
