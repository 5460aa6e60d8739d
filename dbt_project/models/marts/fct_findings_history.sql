with

findings as (

    select * from {{ ref('stg_reports__findings') }}

),

final as (

    select
        -- ids
        finding_id,
        submission_id,
        closed_by_submission_id,
        section,

        -- strings
        sheet,
        cell,
        field,
        severity,
        rule,
        message_en,
        value_as_reported,
        params,

        -- numerics
        source_row,

        -- booleans
        is_open,

        -- moments
        recorded_at,
        closed_at,
        recorded_from,
        recorded_to
    from findings

)

select * from final
