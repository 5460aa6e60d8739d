with

participations as (

    select * from {{ ref('fct_participations') }}
    where recorded_to is null and role = 'supported' and municipality_code is not null

),

programmes as (

    select * from {{ ref('dim_programmes') }}

),

calendar as (

    select * from {{ ref('int_calendar_periods') }}

),

received as (

    select * from {{ ref('int_reports_received') }}

),

-- our today: what happened after the last entry we cannot know
last_entry as (

    select max(entered_on) as entered_on from {{ ref('int_ledger_days_entered') }}

),

participants as (

    select distinct
        programme_id,
        municipality_code
    from participations

),

reports as (

    select
        participants.programme_id,
        participants.municipality_code,
        calendar.period_id,
        calendar.period_start,
        calendar.period_end,
        cast({{ dbt.dateadd('day', 'programmes.due_days', 'calendar.period_end') }} as date) as due_on
    from participants
    inner join programmes on participants.programme_id = programmes.programme_id
    inner join calendar
        on
            programmes.reporting_frequency = calendar.frequency
            and programmes.starts_on <= calendar.period_start
            and programmes.ends_on >= calendar.period_end

),

final as (

    select
        -- ids
        reports.programme_id,
        reports.municipality_code,
        reports.period_id,

        -- booleans
        received.sent_at is not null as is_received,
        coalesce(cast(received.sent_at as date) <= reports.due_on, false) as is_on_time,

        -- dates and moments
        reports.period_start,
        reports.period_end,
        reports.due_on,
        received.sent_at
    from reports
    cross join last_entry
    left join received
        on
            reports.programme_id = received.programme_id
            and reports.municipality_code = received.municipality_code
            and reports.period_id = received.period_id
    where reports.due_on <= last_entry.entered_on or received.sent_at is not null

)

select * from final
