{{ config(materialized='view', schema='intermediate') }}
{%- set cell = ['programme_id', 'municipality_code', 'period_id', 'measure_code'] -%}
{%- set cell_of_claims = 'claims.' ~ cell | join(', claims.') -%}
{%- set same_cell -%}
    {%- for column in cell -%}
        {{ ' and ' if not loop.first }}{0}.{{ column }} is not distinct from {1}.{{ column }}
    {%- endfor -%}
{%- endset -%}
{#- the columns of the fact, with what becomes of them where several sources speak -#}
{%- set columns = {
    'observation_id': none, 'submission_id': none, 'source_id': none, 'programme_id': none, 'municipality_code': none, 'period_id': none,
    'first_period_id': none, 'measure_code': none, 'unit': none, 'from_cause': 'cause', 'to_cause': 'next_cause', 'value': none,
    'value_qualifier': "case
            when value is null then null
            when least_value = value and exact_claims > 0 then 'exact'
            when least_value = value and least_qualifier = greatest_qualifier then least_qualifier
            else 'about'
        end",
    'period_start': none, 'period_end': none, 'first_period_start': none, 'first_period_end': none,
    'recorded_from': 'changed_at', 'recorded_to': 'next_changed_at',
} -%}
with

observations as (

    select * from {{ ref('int_observations_measured') }}
    where recorded_to is null or recorded_to > recorded_from

),

cells_of_several as (

    select {{ cell | join(', ') }}
    from observations
    where measure_code is not null
    group by {{ cell | join(', ') }}
    having count(distinct thing_key) > 1

),

of_one_source as (

    select observations.*
    from observations
    left join cells_of_several
        on {{ same_cell.format('observations', 'cells_of_several') }}
    where cells_of_several.measure_code is null

),

claims as (

    select observations.*
    from observations
    inner join cells_of_several
        on {{ same_cell.format('observations', 'cells_of_several') }}

),

-- a source begins to say something, says something else, or is taken back
moments as (

    select
        {{ cell | join(', ') }},
        recorded_from as changed_at,
        from_cause as cause
    from claims

    union all

    select
        {{ cell | join(', ') }},
        recorded_to as changed_at,
        to_cause as cause
    from claims
    where recorded_to is not null

),

moments_by_cell as (

    select
        {{ cell | join(', ') }},
        changed_at,
        max(cause) as cause
    from moments
    group by {{ cell | join(', ') }}, changed_at

),

moments_in_order as (

    select
        *,
        lead(changed_at) over by_moment as next_changed_at,
        lead(cause) over by_moment as next_cause
    from moments_by_cell
    window by_moment as (partition by {{ cell | join(', ') }} order by changed_at)

),

-- all that is said of one thing at one moment, the greatest first
said as (

    select
        claims.*,
        moments.changed_at,
        moments.cause,
        moments.next_changed_at,
        moments.next_cause,
        min(claims.value) over at_the_moment as least_value,
        min(coalesce(claims.value_qualifier, 'exact')) over at_the_moment as least_qualifier,
        max(coalesce(claims.value_qualifier, 'exact')) over at_the_moment as greatest_qualifier,
        count(case when coalesce(claims.value_qualifier, 'exact') = 'exact' then claims.value end) over at_the_moment as exact_claims,
        row_number() over (
            partition by {{ cell_of_claims }}, moments.changed_at
            order by claims.value desc nulls last, claims.recorded_from asc, claims.observation_id asc
        ) as turn
    from moments_in_order as moments
    inner join claims
        on
            {{ same_cell.format('moments', 'claims') }}
            and moments.changed_at >= claims.recorded_from
            and moments.changed_at < coalesce(claims.recorded_to, {{ forever() }})
    window at_the_moment as (partition by {{ cell_of_claims }}, moments.changed_at)

),

-- sources that speak of one thing are never added: its figure is the greatest that one says, and beside it stands how far the others lie below
final as (

    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        cast(0 as decimal(38, 4)) as value_apart
    from of_one_source

    union all

    select
        {%- for column, told in columns.items() %}
        {{ told ~ ' as ' ~ column if told else column }},
        {%- endfor %}
        cast(coalesce(value - least_value, 0) as decimal(38, 4)) as value_apart
    from said
    where turn = 1

)

select * from final
