with

reports as (

    select * from {{ ref('int_reports_expected') }}

),

final as (

    select
        -- ids
        programme_id,
        municipality_code,
        first_period_id as period_id,

        -- strings
        from_cause,
        to_cause,

        -- booleans
        received_reports = 1 as is_received,
        on_time_reports = 1 as is_on_time,

        -- dates and moments
        first_period_start as period_start,
        first_period_end as period_end,
        due_on,
        sent_at,
        recorded_from,
        recorded_to
    from reports

)

select * from final
