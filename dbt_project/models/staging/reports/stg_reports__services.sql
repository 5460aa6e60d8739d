with

source as (

    select * from {{ source('reports', 'services') }}

),

final as (

    select
        -- ids
        {{ row_id() }} as service_id,
        submission_id,
        thing_key,
        service_ref,

        -- strings
        service_type,
        provider_name,
        provider_type,
        started_on_edtf,
        ended_on_edtf,
        currency,
        note,
        sex,
        community,
        age_group,
        target_group,
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
        source_row,
        users,
        users_qualifier,
        users_women,
        users_women_qualifier,
        users_roma,
        users_roma_qualifier,
        funding_amount,
        funding_amount_qualifier,

        -- booleans
        is_quarantined,

        -- dates
        started_on_earliest,
        started_on_latest,
        ended_on_earliest,
        ended_on_latest
    from source

)

select * from final
