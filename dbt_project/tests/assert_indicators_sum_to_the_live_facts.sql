-- What is current in the facts is current in the indicators, to the unit and the cent: nothing is lost or counted twice on the way. Held for every
-- indicator that is one of these measures and nothing else, however the table of indicators defines it now. What reports on overlapping periods say
-- twice stands in the facts twice, and is taken away.
with

sums_defined as (

    select
        indicator_code,
        min(numerator_measure) as measure_code
    from {{ ref('dim_indicators') }}
    group by indicator_code
    having
        count(*) = 1
        and max(denominator_measure) is null
        and min(numerator_sex) = 'all'
        and min(numerator_community) = 'all'
        and max(valid_from) is null
        and max(valid_to) is null

),

facts as (

    select
        'engaged_persons' as measure_code,
        programme_id,
        engaged_persons as figure
    from {{ ref('int_engagements_to_date') }}
    where recorded_to is null
    union all
    select
        'days_worked' as measure_code,
        programme_id,
        days_worked as figure
    from {{ ref('int_engagements_to_date') }}
    where recorded_to is null
    union all
    select
        'completed_persons' as measure_code,
        programme_id,
        completed_persons as figure
    from {{ ref('fct_trainings') }}
    where recorded_to is null
    union all
    select
        'equipment_items' as measure_code,
        programme_id,
        quantity as figure
    from {{ ref('fct_equipment') }}
    where recorded_to is null
    union all
    select
        'awarded_amount_eur' as measure_code,
        programme_id,
        awarded_amount_eur as figure
    from {{ ref('int_grants_to_date') }}
    where recorded_to is null
    union all
    select
        'households_supported' as measure_code,
        programme_id,
        households as figure
    from {{ ref('int_household_support_to_date') }}
    where recorded_to is null

),

-- a programme above others counts once who is in several of them, and its own reports do not stand alone
programmes_above as (

    select distinct part_of_programme_id as programme_id
    from {{ ref('int_programmes_nested') }}
    where part_of_programme_id <> programme_id and recorded_to is null

),

expected as (

    select
        facts.measure_code,
        sum(facts.figure) as figure,
        sum(case when programmes_above.programme_id is null then facts.figure end) as figure_without_programmes_above
    from facts
    left join programmes_above on facts.programme_id = programmes_above.programme_id
    group by facts.measure_code

),

-- what is counted once in a period, and to date
repeated as (

    select
        overlapped.indicator_code,
        sum(case when overlapped.span = 'base' then overlapped.numerator_change else 0 end) as figure,
        sum(case
            when overlapped.span = 'to-date' and programmes_above.programme_id is null then overlapped.numerator_change else 0
        end) as figure_without_programmes_above
    from {{ ref('int_periods_overlapped') }} as overlapped
    left join programmes_above on overlapped.programme_id = programmes_above.programme_id
    where overlapped.side <> 'apart' and overlapped.sex = 'all' and overlapped.community = 'all'
    group by overlapped.indicator_code

),

figures as (

    select
        indicator_code,
        sum(numerator) as figure
    from {{ ref('indicator_values') }}
    where recorded_to is null and sex = 'all' and community = 'all'
    group by indicator_code

),

totals as (

    select
        totals.indicator_code,
        sum(totals.numerator) as figure
    from {{ ref('indicator_totals') }} as totals
    left join programmes_above on totals.programme_id = programmes_above.programme_id
    where
        programmes_above.programme_id is null
        and totals.recorded_to is null
        and totals.sex = 'all'
        and totals.community = 'all'
        and totals.level = 'programme'
        and totals.period_id = 'to-date'
    group by totals.indicator_code

)

select
    sums_defined.indicator_code,
    expected.figure as figure_of_facts,
    expected.figure_without_programmes_above,
    figures.figure as figure_of_values,
    totals.figure as figure_of_totals,
    repeated.figure as figure_repeated,
    repeated.figure_without_programmes_above as figure_repeated_without_programmes_above
from sums_defined
inner join expected on sums_defined.measure_code = expected.measure_code
left join figures on sums_defined.indicator_code = figures.indicator_code
left join totals on sums_defined.indicator_code = totals.indicator_code
left join repeated on sums_defined.indicator_code = repeated.indicator_code
where
    coalesce(expected.figure, 0) + coalesce(repeated.figure, 0) <> coalesce(figures.figure, 0)
    or coalesce(expected.figure_without_programmes_above, 0) + coalesce(repeated.figure_without_programmes_above, 0) <> coalesce(totals.figure, 0)
