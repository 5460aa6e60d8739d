-- What is current in the facts is current in the indicators, to the unit and the cent: nothing is lost or counted twice on the way.
with

expected as (

    select
        'persons_engaged' as indicator_code,
        sum(engaged_persons) as figure
    from {{ ref('int_engagements_to_date') }}
    where recorded_to is null
    union all
    select
        'person_days_worked' as indicator_code,
        sum(days_worked) as figure
    from {{ ref('int_engagements_to_date') }}
    where recorded_to is null
    union all
    select
        'persons_trained' as indicator_code,
        sum(completed_persons) as figure
    from {{ ref('fct_trainings') }}
    where recorded_to is null
    union all
    select
        'equipment_items_delivered' as indicator_code,
        sum(quantity) as figure
    from {{ ref('fct_equipment') }}
    where recorded_to is null
    union all
    select
        'grants_awarded_eur' as indicator_code,
        sum(awarded_amount_eur) as figure
    from {{ ref('int_grants_to_date') }}
    where recorded_to is null
    union all
    select
        'households_supported' as indicator_code,
        sum(households) as figure
    from {{ ref('int_household_support_to_date') }}
    where recorded_to is null

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
        indicator_code,
        sum(numerator) as figure
    from {{ ref('indicator_totals') }}
    where recorded_to is null and sex = 'all' and community = 'all' and level = 'programme' and period_id = 'to-date'
    group by indicator_code

)

select
    expected.indicator_code,
    expected.figure as figure_of_facts,
    figures.figure as figure_of_values,
    totals.figure as figure_of_totals
from expected
left join figures on expected.indicator_code = figures.indicator_code
left join totals on expected.indicator_code = totals.indicator_code
where
    coalesce(expected.figure, 0) <> coalesce(figures.figure, 0)
    or coalesce(expected.figure, 0) <> coalesce(totals.figure, 0)
