{{ config(materialized='incremental', schema='intermediate') }}
{%- set sections = [
    'grants', 'engagements', 'trainings', 'equipment', 'services',
    'local_plans', 'household_support', 'participations', 'events', 'observations', 'observations_apart', 'reporting',
] -%}
{%- set ids = [
    'indicator_code', 'definition_version', 'combination', 'side', 'programme_id', 'municipality_code', 'span', 'period_id', 'period_start',
    'period_end', 'sex', 'community', 'changed_at', 'cause', 'submission_id', 'is_of_period',
] -%}
with

reported as (
    {% for section in sections %}
    select * from {{ ref('int_' ~ section ~ '_summed_by_report') }}
    union all
    {% endfor %}
    select * from {{ ref('int_silent_sections_summed') }}

),

ledger_days as (

    select * from {{ ref('int_ledger_days_entered') }}

),

-- what is not there yet begins, and what is there ends, after it was reported: on no day before the ledger's first
days as (

    select cast(unnest(generate_series(min(entered_on), max(entered_on), interval 1 day)) as date) as stood_on
    from ledger_days

),

-- our clock is the ledger's: a day is known to have come from the first entry on, on that day or later. Looked up from a list of days and not from
-- those that are named: millions of rows are then read once and never kept
days_entered as (

    select
        days.stood_on,
        ledger_days.first_recorded_at
    from days
    inner join ledger_days
        on days.stood_on <= ledger_days.entered_on
        and days.stood_on > ledger_days.previous_on

),

bounded as (

    select
        reported.*,
        coalesce(reported.recorded_to, {{ forever() }}) as known_until,
        case
            when reported.stands_from is null then reported.recorded_from
            else greatest(coalesce(first_days.first_recorded_at, {{ forever() }}), reported.recorded_from)
        end as begins_at,
        greatest(coalesce(last_days.first_recorded_at, {{ forever() }}), reported.recorded_from) as ended_at
    from reported
    left join days_entered as first_days on cast(reported.stands_from as date) = first_days.stood_on
    left join days_entered as last_days on cast(reported.stands_to as date) = last_days.stood_on

),

phases as (

    select 'ahead' as phase
    union all
    select 'present' as phase
    union all
    select 'past' as phase

),

-- time alone takes things into a stock to date and out of it: before a thing is there, and after it ended, its row is a known zero
phased as (

    select
        bounded.*,
        phases.phase = 'present' as is_present,
        case phases.phase
            when 'ahead' then bounded.recorded_from
            when 'present' then bounded.begins_at
            else greatest(bounded.begins_at, bounded.ended_at)
        end as phase_from,
        case phases.phase
            when 'ahead' then least(bounded.begins_at, bounded.known_until)
            when 'present' then least(bounded.ended_at, bounded.known_until)
            else bounded.known_until
        end as phase_to
    from bounded
    inner join phases
        on phases.phase = 'present' or bounded.stands_from is not null or bounded.stands_to is not null

),

-- a report's figures enter our knowledge together, and leave it together when others replace them
signs as (

    select 1 as sign
    union all
    select -1 as sign

),

signed as (

    select
        phased.indicator_code,
        phased.definition_version,
        phased.combination,
        phased.side,
        phased.programme_id,
        phased.municipality_code,
        phased.span,
        phased.period_id,
        phased.period_start,
        phased.period_end,
        phased.sex,
        phased.community,
        case when signs.sign = 1 then phased.phase_from else phased.phase_to end as changed_at,
        case
            when signs.sign = 1 and phased.phase_from = phased.recorded_from then phased.from_cause
            when signs.sign = -1 and phased.phase_to = phased.known_until then phased.to_cause
            else 'time_passed'
        end as cause,
        phased.submission_id,
        phased.is_of_period,
        {%- for amount in amounts() %}
        signs.sign * case when phased.is_present then coalesce(phased.{{ amount }}, 0) else 0 end as {{ amount }}_change,
        {%- endfor %}
        signs.sign * case when phased.is_present then phased.known_rows else phased.reported_rows end as known_rows_change,
        signs.sign * phased.reported_rows as reported_rows_change,
        {%- for row_count in row_counts() if row_count not in ['known_rows', 'reported_rows'] %}
        signs.sign * case when phased.is_present then phased.{{ row_count }} else 0 end as {{ row_count }}_change{{ ',' if not loop.last }}
        {%- endfor %}
    from phased
    inner join signs on signs.sign = 1 or phased.phase_to < {{ forever() }}
    where phased.phase_from < phased.phase_to

),

-- a report's rows enter and leave at the same few moments, each for reasons of its own: one change for each moment and reason
final as (

    select
        {{ ids | join(',\n        ') }},
        {{- summed_changes() }}
    from signed
    where {{ is_gained('changed_at', none) }}
    group by {{ ids | join(', ') }}
    having
        {{- is_any_changed(amounts() + row_counts(), is_definition_marked=false) }}

)

select * from final
