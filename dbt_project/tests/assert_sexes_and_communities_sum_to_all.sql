-- female + male + unknown = all and roma + other + unknown = all, after every change and in every total that stands, above several programmes too:
-- a rest that is not shown would be a person lost.
with

changes as (

    select * from {{ ref('indicator_changes') }}

),

margins as (

    select
        indicator_code,
        programme_id,
        municipality_code,
        period_id,
        changed_at,
        max(case when sex <> 'all' then 1 else 0 end) as has_sexes,
        max(case when community <> 'all' then 1 else 0 end) as has_communities,
        sum(case when sex = 'all' and community = 'all' then numerator_unpaired_change else 0 end) as of_all,
        sum(case when sex <> 'all' then numerator_unpaired_change else 0 end) as of_sexes,
        sum(case when community <> 'all' then numerator_unpaired_change else 0 end) as of_communities
    from changes
    group by indicator_code, programme_id, municipality_code, period_id, changed_at

),

totals as (

    select * from {{ ref('indicator_totals') }}
    where recorded_to is null

),

margins_of_totals as (

    select
        indicator_code,
        programme_id,
        place_code,
        period_id,
        max(case when sex <> 'all' then 1 else 0 end) as has_sexes,
        max(case when community <> 'all' then 1 else 0 end) as has_communities,
        sum(case when sex = 'all' and community = 'all' then coalesce(numerator_unpaired, 0) else 0 end) as of_all,
        sum(case when sex <> 'all' then coalesce(numerator_unpaired, 0) else 0 end) as of_sexes,
        sum(case when community <> 'all' then coalesce(numerator_unpaired, 0) else 0 end) as of_communities
    from totals
    group by indicator_code, level, programme_id, place_code, period_id

)

select
    indicator_code,
    programme_id,
    municipality_code as place_code,
    period_id,
    of_all,
    of_sexes,
    of_communities
from margins
where (has_sexes = 1 and of_sexes <> of_all) or (has_communities = 1 and of_communities <> of_all)

union all

select
    indicator_code,
    programme_id,
    place_code,
    period_id,
    of_all,
    of_sexes,
    of_communities
from margins_of_totals
where (has_sexes = 1 and of_sexes <> of_all) or (has_communities = 1 and of_communities <> of_all)
