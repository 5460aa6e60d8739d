{{ config(materialized='view', schema='intermediate') }}
{%- set columns = [
    'observation_id', 'submission_id', 'source_id', 'programme_id', 'municipality_code', 'period_id', 'first_period_id', 'measure_code', 'unit', 'value',
    'value_qualifier', 'period_start', 'period_end', 'first_period_start', 'first_period_end', 'value_apart',
] -%}
{%- set same_series -%}
    {0}.programme_id = {1}.programme_id
            and {0}.municipality_code is not distinct from {1}.municipality_code
            and {0}.measure_code = {1}.measure_code
{%- endset -%}
with

observations as (

    select * from {{ ref('int_observations_reconciled') }}

),

-- quarters alone, or years alone, hold nothing within each other
series_of_several_lengths as (

    select
        programme_id,
        municipality_code,
        measure_code
    from observations
    where period_start is not null and period_end is not null
    group by programme_id, municipality_code, measure_code
    having min({{ dbt.datediff('period_start', 'period_end', 'month') }}) <> max({{ dbt.datediff('period_start', 'period_end', 'month') }})

),

overlapping as (

    select observations.*
    from observations
    inner join series_of_several_lengths
        on {{ same_series.format('observations', 'series_of_several_lengths') }}

),

-- a longer period of which something is known, and a shorter one that lies in it
covers as (

    select
        parts.observation_id,
        parts.recorded_from as part_from,
        wholes.from_cause,
        wholes.to_cause,
        wholes.recorded_from,
        wholes.recorded_to
    from overlapping as parts
    inner join overlapping as wholes
        on
            {{ same_series.format('parts', 'wholes') }}
            and parts.period_id <> wholes.period_id
            and parts.period_start >= wholes.period_start
            and parts.period_end <= wholes.period_end
            and parts.recorded_from < coalesce(wholes.recorded_to, {{ forever() }})
            and wholes.recorded_from < coalesce(parts.recorded_to, {{ forever() }})
    where wholes.value is not null

),

moments as (

    select
        observation_id,
        recorded_from as part_from,
        recorded_from as changed_at,
        from_cause as cause
    from overlapping

    union all

    select
        covers.observation_id,
        covers.part_from,
        covers.recorded_from as changed_at,
        covers.from_cause as cause
    from covers
    where covers.recorded_from > covers.part_from

    union all

    select
        covers.observation_id,
        covers.part_from,
        covers.recorded_to as changed_at,
        covers.to_cause as cause
    from covers
    inner join overlapping as parts
        on covers.observation_id = parts.observation_id and covers.part_from = parts.recorded_from
    where covers.recorded_to < coalesce(parts.recorded_to, {{ forever() }})

),

pieces as (

    select
        observation_id,
        part_from,
        changed_at,
        max(cause) as cause
    from moments
    group by observation_id, part_from, changed_at

),

pieces_in_order as (

    select
        *,
        lead(changed_at) over by_moment as next_changed_at,
        lead(cause) over by_moment as next_cause
    from pieces
    window by_moment as (partition by observation_id, part_from order by changed_at)

),

pieces_covered as (

    select
        pieces.observation_id,
        pieces.part_from,
        pieces.changed_at,
        pieces.cause,
        pieces.next_changed_at,
        pieces.next_cause,
        count(covers.observation_id) > 0 as is_part
    from pieces_in_order as pieces
    left join covers
        on
            pieces.observation_id = covers.observation_id
            and pieces.part_from = covers.part_from
            and pieces.changed_at >= covers.recorded_from
            and pieces.changed_at < coalesce(covers.recorded_to, {{ forever() }})
    group by all

),

-- what is said of a quarter counts in the quarter, and not again in a year of which the whole is said
final as (

    select
        {%- for column in columns %}
        observations.{{ column }},
        {%- endfor %}
        false as is_part,
        observations.from_cause,
        observations.to_cause,
        observations.recorded_from,
        observations.recorded_to
    from observations
    left join series_of_several_lengths
        on {{ same_series.format('observations', 'series_of_several_lengths') }}
    where series_of_several_lengths.measure_code is null

    union all

    select
        {%- for column in columns %}
        overlapping.{{ column }},
        {%- endfor %}
        pieces_covered.is_part,
        pieces_covered.cause as from_cause,
        coalesce(pieces_covered.next_cause, overlapping.to_cause) as to_cause,
        pieces_covered.changed_at as recorded_from,
        coalesce(pieces_covered.next_changed_at, overlapping.recorded_to) as recorded_to
    from overlapping
    inner join pieces_covered
        on overlapping.observation_id = pieces_covered.observation_id and overlapping.recorded_from = pieces_covered.part_from

)

select * from final
