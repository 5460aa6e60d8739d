with

source as (

    select * from {{ source('reports', 'household_support') }}

),

final as (

    select
        -- ids
        {{ row_id() }} as household_support_id,
        submission_id,
        thing_key,
        support_ref,

        -- strings
        utility_type,
        household_group,
        currency,
        host_institution,
        note,
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
        source_row,
        households,
        households_qualifier,
        arrears_settled_amount,
        arrears_settled_amount_qualifier,
        hours_agreed,
        hours_agreed_qualifier,
        hours_worked,
        hours_worked_qualifier,

        -- booleans
        is_quarantined
    from source

)

select * from final
