-- A stock to date is what the live facts say stands on the ledger's last day: nobody is at work, and no plan in force, after the stated end.
with

last_entry as (

    select max(entered_on) as entered_on from {{ ref('int_ledger_days_entered') }}

),

expected as (

    select
        'persons_active' as indicator_code,
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
        'local_plans_in_force' as indicator_code,
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

totals as (

    select
        indicator_code,
        programme_id,
        numerator as figure
    from {{ ref('indicator_totals') }}
    where
        indicator_code in ('persons_active', 'local_plans_in_force')
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
