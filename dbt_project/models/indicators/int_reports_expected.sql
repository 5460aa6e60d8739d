{{ config(materialized='view', schema='intermediate') }}
with

participations as (

    select * from {{ ref('fct_participations') }}
    where role = 'supported' and municipality_code is not null and (recorded_to is null or recorded_to > recorded_from)

),

programmes as (

    select * from {{ ref('dim_programmes') }}

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

participants as (

    select
        programme_id,
        municipality_code,
        min(recorded_from) as known_from,
        case when count(*) = count(recorded_to) then max(recorded_to) end as known_to
    from participations
    group by programme_id, municipality_code

),

reports as (

    select
        participants.programme_id,
        participants.municipality_code,
        participants.known_from,
        participants.known_to,
        calendar.period_id,
        calendar.period_start,
        calendar.period_end,
        cast(calendar.period_end + programmes.due_days * interval 1 day as date) as due_on
    from participants
    inner join programmes on participants.programme_id = programmes.programme_id
    inner join calendar
        on programmes.reporting_frequency = calendar.frequency
        and programmes.starts_on <= calendar.period_start
        and programmes.ends_on >= calendar.period_end

),

-- what each day of the ledger's clock was the first to show
ledger_days as (

    select * from {{ ref('int_ledger_days_entered') }}

),

submissions_of_reports as (

    select
        reports.programme_id,
        reports.municipality_code,
        reports.period_id,
        submissions.submission_id,
        states.recorded_from,
        states.recorded_to,
        states.from_cause,
        states.to_cause,
        case when cast(submissions.sent_at as date) <= reports.due_on then 1 else 0 end as on_time_count
    from reports
    inner join submissions
        on reports.programme_id = submissions.programme_id
        and reports.municipality_code = submissions.municipality_code
        and reports.period_id = submissions.period_id
    inner join states on submissions.submission_id = states.submission_id

),

-- a report is expected from the moment it is due, or has come before; who is late is so from then on
moments as (

    select
        reports.programme_id,
        reports.municipality_code,
        reports.period_id,
        cast(null as varchar) as submission_id,
        ledger_days.first_recorded_at as changed_at,
        'late' as cause,
        1 as due_change,
        0 as usable_change,
        0 as on_time_change
    from reports
    inner join ledger_days on reports.due_on <= ledger_days.entered_on and reports.due_on > ledger_days.previous_on

    union all

    select
        programme_id,
        municipality_code,
        period_id,
        submission_id,
        recorded_from as changed_at,
        from_cause as cause,
        0 as due_change,
        1 as usable_change,
        on_time_count as on_time_change
    from submissions_of_reports

    union all

    select
        programme_id,
        municipality_code,
        period_id,
        submission_id,
        recorded_to as changed_at,
        to_cause as cause,
        0 as due_change,
        -1 as usable_change,
        -on_time_count as on_time_change
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
        max(cause) as cause,
        sum(due_change) as due_change,
        sum(usable_change) as usable_change,
        sum(on_time_change) as on_time_change
    from moments
    group by programme_id, municipality_code, period_id, changed_at

),

known as (

    select
        programme_id,
        municipality_code,
        period_id,
        submission_id,
        cause as from_cause,
        lead(cause) over until_next as to_cause,
        sum(due_change) over so_far as due_count,
        sum(usable_change) over so_far as usable_count,
        sum(on_time_change) over so_far as on_time_count,
        changed_at as known_from,
        lead(changed_at) over until_next as known_to
    from moments_by_report
    window
        so_far as (
            partition by programme_id, municipality_code, period_id
            order by changed_at
            rows between unbounded preceding and current row
        ),
        until_next as (partition by programme_id, municipality_code, period_id order by changed_at)

),

final as (

    select
        -- ids
        known.submission_id,
        reports.programme_id,
        reports.municipality_code,
        reports.period_id as first_period_id,

        -- strings
        known.from_cause,
        known.to_cause,

        -- numerics
        1 as expected_reports,
        case when known.usable_count > 0 then 1 else 0 end as received_reports,
        case when known.on_time_count > 0 then 1 else 0 end as on_time_reports,

        -- dates and moments
        reports.due_on,
        reports.period_start as first_period_start,
        reports.period_end as first_period_end,
        greatest(known.known_from, reports.known_from) as recorded_from,
        {{ earlier_end('known.known_to', 'reports.known_to') }} as recorded_to
    from known
    inner join reports
        on known.programme_id = reports.programme_id
        and known.municipality_code = reports.municipality_code
        and known.period_id = reports.period_id
    where
        (known.due_count > 0 or known.usable_count > 0)
        and (known.known_to is null or known.known_to > reports.known_from)

)

select * from final
