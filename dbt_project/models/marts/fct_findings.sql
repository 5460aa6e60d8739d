with

history as (

    select * from {{ ref('fct_findings_history') }}
    where recorded_to is null

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
        closed_at
    from history

)

select * from final
