{{ config(materialized='table', schema='intermediate') }}
with

participations as (

    select * from {{ ref('fct_participations') }}
    where role = 'supported' and municipality_code is not null and (recorded_to is null or recorded_to > recorded_from)

),

programmes as (

    select * from {{ ref('stg_reference__programme_versions') }}

),

calendar as (

    select * from {{ ref('int_calendar_periods') }}

),

submissions as (

    select * from {{ ref('stg_reports__submissions') }}

),

states as (

    select * from {{ ref('stg_reports__submission_states') }}

),

-- what each day of the ledger's clock was the first to show
ledger_days as (

    select * from {{ ref('int_ledger_days_entered') }}

),

participations_in_order as (

    select
        *,
        max(coalesce(recorded_to, {{ forever() }})) over (
            partition by programme_id, municipality_code
            order by recorded_from, from_cause
            rows between unbounded preceding and 1 preceding
        ) as known_until
    from participations

),

participations_numbered as (

    select
        *,
        sum(case when known_until >= recorded_from then 0 else 1 end) over (
            partition by programme_id, municipality_code
            order by recorded_from, from_cause
            rows between unbounded preceding and current row
        ) as turn
    from participations_in_order

),

-- a municipality takes part while any statement that it does stands
participants as (

    select
        programme_id,
        municipality_code,
        max(case when known_until is null or known_until < recorded_from then from_cause end) as from_cause,
        max(to_cause) as to_cause,
        min(recorded_from) as known_from,
        nullif(max(coalesce(recorded_to, {{ forever() }})), {{ forever() }}) as known_to
    from participations_numbered
    group by programme_id, municipality_code, turn

),

reports as (

    select
        participants.programme_id,
        participants.municipality_code,
        case when participants.known_from < programmes.recorded_from then 'reference_changed' else participants.from_cause end as from_cause,
        case
            when programmes.recorded_to < coalesce(participants.known_to, {{ forever() }}) then 'reference_changed'
            else participants.to_cause
        end as to_cause,
        greatest(participants.known_from, programmes.recorded_from) as known_from,
        {{ earlier_end('participants.known_to', 'programmes.recorded_to') }} as known_to,
        calendar.period_id,
        calendar.period_start,
        calendar.period_end,
        cast({{ dbt.dateadd('day', 'programmes.due_days', 'calendar.period_end') }} as date) as due_on
    from participants
    inner join programmes
        on
            participants.programme_id = programmes.programme_id
            and programmes.recorded_from < coalesce(participants.known_to, {{ forever() }})
            and participants.known_from < coalesce(programmes.recorded_to, {{ forever() }})
    inner join calendar
        on programmes.reporting_frequency = calendar.frequency
        and programmes.starts_on <= calendar.period_start
        and programmes.ends_on >= calendar.period_end

),

-- our today is the ledger's last entry, be it that of a build: a report is overdue with the first entry after the day on which it was due
reports_with_days as (

    select
        reports.*,
        ledger_days.first_recorded_at as due_at
    from reports
    left join ledger_days on reports.due_on < ledger_days.entered_on and reports.due_on >= ledger_days.previous_on

),

reports_asked_for as (

    select distinct
        programme_id,
        municipality_code,
        period_id
    from reports

),

submissions_of_reports as (

    select
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        submissions.submission_id,
        states.sent_at,
        states.recorded_from,
        states.recorded_to,
        states.from_cause,
        states.to_cause
    from submissions
    inner join states on submissions.submission_id = states.submission_id
    inner join reports_asked_for
        on submissions.programme_id = reports_asked_for.programme_id
        and submissions.municipality_code = reports_asked_for.municipality_code
        and submissions.period_id = reports_asked_for.period_id

),

-- who is late is so from the moment the report is due
moments as (

    select distinct
        programme_id,
        municipality_code,
        period_id,
        cast(null as varchar) as submission_id,
        due_at as changed_at,
        'late' as cause
    from reports_with_days
    where due_at is not null

    union all

    select
        programme_id,
        municipality_code,
        period_id,
        submission_id,
        recorded_from as changed_at,
        from_cause as cause
    from submissions_of_reports

    union all

    select
        programme_id,
        municipality_code,
        period_id,
        submission_id,
        recorded_to as changed_at,
        to_cause as cause
    from submissions_of_reports
    where recorded_to is not null

),

moments_by_report as (

    select
        programme_id,
        municipality_code,
        period_id,
        changed_at,
        max(submission_id) as submission_id,
        max(cause) as cause
    from moments
    group by programme_id, municipality_code, period_id, changed_at

),

moments_in_order as (

    select
        *,
        lead(cause) over by_moment as next_cause,
        lead(changed_at) over by_moment as next_changed_at
    from moments_by_report
    window by_moment as (partition by programme_id, municipality_code, period_id order by changed_at)

),

-- timeliness is that of the first report in use at the time: a correction never makes it late
known as (

    select
        moments.programme_id,
        moments.municipality_code,
        moments.period_id,
        moments.submission_id,
        moments.cause,
        moments.next_cause,
        moments.changed_at,
        moments.next_changed_at,
        min(usable.sent_at) as sent_at
    from moments_in_order as moments
    left join submissions_of_reports as usable
        on moments.programme_id = usable.programme_id
        and moments.municipality_code = usable.municipality_code
        and moments.period_id = usable.period_id
        and moments.changed_at >= usable.recorded_from
        and moments.changed_at < coalesce(usable.recorded_to, {{ forever() }})
    group by all

),

-- a report is expected from the moment it is due, or has come before
expected as (

    select
        known.submission_id,
        reports.programme_id,
        reports.municipality_code,
        reports.period_id,
        reports.period_start,
        reports.period_end,
        reports.due_on,
        known.sent_at,
        case when known.changed_at < reports.known_from then reports.from_cause else known.cause end as from_cause,
        case when reports.known_to < coalesce(known.next_changed_at, {{ forever() }}) then reports.to_cause else known.next_cause end as to_cause,
        greatest(known.changed_at, reports.known_from) as recorded_from,
        {{ earlier_end('known.next_changed_at', 'reports.known_to') }} as recorded_to
    from known
    inner join reports_with_days as reports
        on known.programme_id = reports.programme_id
        and known.municipality_code = reports.municipality_code
        and known.period_id = reports.period_id
    where known.changed_at >= reports.due_at or known.sent_at is not null

),

final as (

    select
        -- ids
        submission_id,
        programme_id,
        municipality_code,
        period_id as first_period_id,

        -- strings
        from_cause,
        to_cause,

        -- numerics
        1 as expected_reports,
        case when sent_at is not null then 1 else 0 end as received_reports,
        case when cast(sent_at as date) <= due_on then 1 else 0 end as on_time_reports,

        -- dates and moments
        due_on,
        sent_at,
        period_start as first_period_start,
        period_end as first_period_end,
        recorded_from,
        recorded_to
    from expected
    where recorded_from < coalesce(recorded_to, {{ forever() }})

)

select * from final
