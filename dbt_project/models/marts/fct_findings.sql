with

findings as (

    select * from {{ ref('stg_reports__findings') }}

),

final as (

    select
        -- ids
        finding_id,
        submission_id,
        section,

        -- strings
        sheet,
        cell,
        field,
        severity,
        rule,
        message_en,
        value_as_reported,

        -- numerics
        source_row,

        -- moments
        recorded_at
    from findings

)

select * from final
