-- The ledger counted the rows it accepted when the report came in; each of them is a statement in exactly one fact table, live or not, or a figure
-- would have been lost on the way. Counted by their first interval: later ones are the same statement again.
{%- set facts = {
    'grants': 'grant_id', 'engagements': 'engagement_id', 'trainings': 'training_id', 'equipment': 'equipment_id', 'services': 'service_id',
    'local_plans': 'local_plan_id', 'household_support': 'household_support_id', 'participations': 'participation_id',
    'events': 'event_id', 'observations': 'observation_id',
} %}

with

statements as (
    {% for section, row in facts.items() %}
    select
        submission_id,
        count(distinct {{ row }}) as statements
    from {{ ref('fct_' ~ section) }}
    group by submission_id
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

counted as (

    select
        submission_id,
        sum(statements) as statements
    from statements
    group by submission_id

),

submissions as (

    select * from {{ ref('fct_submissions') }}
    where status in ('accepted', 'partly_accepted', 'withdrawn')

)

select
    submissions.submission_id,
    submissions.accepted_rows,
    counted.statements
from submissions
left join counted on submissions.submission_id = counted.submission_id
where submissions.accepted_rows <> coalesce(counted.statements, 0)
