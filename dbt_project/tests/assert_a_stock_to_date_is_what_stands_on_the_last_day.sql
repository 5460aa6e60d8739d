-- A stock to date is what the live facts say stands on the ledger's last day: nobody is at work, and no plan in force, after the stated end. What
-- reports on overlapping periods say twice counts once.
with

last_entry as (

    select max(entered_on) as entered_on from {{ ref('int_ledger_days_entered') }}

),

-- indicators that are one of these measures and nothing else, as the table of indicators defines them now
stocks_defined as (

    select
        indicator_code,
        min(numerator_measure) as measure_code
    from {{ ref('dim_indicators') }}
    group by indicator_code
    having
        count(*) = 1
        and min(numerator_measure) in ('active_persons', 'plans_in_force')
        and max(denominator_measure) is null
        and min(numerator_sex) = 'all'
        and min(numerator_community) = 'all'
        and max(valid_from) is null
        and max(valid_to) is null

),

programmes_nested as (

    select * from {{ ref('int_programmes_nested') }}
    where recorded_to is null

),

standing as (

    select
        'active_persons' as measure_code,
        facts.programme_id,
        sum(facts.engaged_persons) as figure
    from {{ ref('fct_engagements') }} as facts
    cross join last_entry
    where
        facts.recorded_to is null
        and coalesce(facts.started_on_earliest <= last_entry.entered_on, true)
        and coalesce(facts.ended_on_latest >= last_entry.entered_on, true)
    group by facts.programme_id

    union all

    select
        'plans_in_force' as measure_code,
        facts.programme_id,
        count(*) as figure
    from {{ ref('fct_local_plans') }} as facts
    cross join last_entry
    where
        facts.recorded_to is null
        and coalesce(
            coalesce(facts.valid_from_year, facts.valid_to_year - facts.duration_years + 1) <= extract(year from last_entry.entered_on), true
        )
        and coalesce(
            coalesce(facts.valid_to_year, facts.valid_from_year + facts.duration_years - 1) >= extract(year from last_entry.entered_on), true
        )
    group by facts.programme_id

),

counted as (

    select
        stocks_defined.indicator_code,
        standing.programme_id,
        standing.figure
    from standing
    inner join stocks_defined on standing.measure_code = stocks_defined.measure_code

    union all

    select
        indicator_code,
        programme_id,
        numerator_change as figure
    from {{ ref('int_periods_overlapped') }}
    where
        indicator_code in (select stocks_defined.indicator_code from stocks_defined)
        and span = 'to-date' and sex = 'all' and community = 'all'

),

expected as (

    select
        counted.indicator_code,
        programmes_nested.part_of_programme_id as programme_id,
        sum(counted.figure) as figure
    from counted
    inner join programmes_nested on counted.programme_id = programmes_nested.programme_id
    group by counted.indicator_code, programmes_nested.part_of_programme_id

),

totals as (

    select
        indicator_code,
        programme_id,
        numerator as figure
    from {{ ref('indicator_totals') }}
    where
        indicator_code in (select stocks_defined.indicator_code from stocks_defined)
        and recorded_to is null and sex = 'all' and community = 'all' and level = 'programme' and period_id = 'to-date'

)

select
    expected.indicator_code,
    expected.programme_id,
    totals.indicator_code as indicator_code_of_totals,
    totals.programme_id as programme_id_of_totals,
    expected.figure as figure_of_facts,
    totals.figure as figure_of_totals
from expected
full outer join totals
    on expected.indicator_code = totals.indicator_code and expected.programme_id = totals.programme_id
where coalesce(expected.figure, 0) <> coalesce(totals.figure, 0)
