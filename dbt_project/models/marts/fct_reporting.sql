with

history as (

    select * from {{ ref('fct_reporting_history') }}
    where recorded_to is null

),

final as (

    select
        -- ids
        programme_id,
        municipality_code,
        period_id,

        -- booleans
        is_received,
        is_on_time,

        -- dates and moments
        period_start,
        period_end,
        due_on,
        sent_at
    from history

)

select * from final
