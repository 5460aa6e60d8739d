{#- When something stands: its intervals, less what covers them.

    `intervals` and `covers` name CTEs that share the columns `key` (ids, never null), recorded_from, recorded_to (null: still), from_cause and
    to_cause; an interval also has the columns `carried`. A cover must lie within an interval of its key and not be empty. Intervals of one key
    do not overlap; those that touch become one, unless they differ in the column `apart_by`.

    Gives, as the CTE `standing`, one row per key and uncovered interval. Where one begins because a cover ended, its cause is the cover's
    to_cause; where a cover ends it, the cover's from_cause. A key that is covered at its first moment keeps an empty interval there, so that what
    was said is on record from then on. -#}
{% macro standing_intervals(intervals, covers, key, carried, apart_by=none) -%}
{%- set apart = [apart_by] if apart_by else [] -%}
{%- set keys = key | join(', ') -%}
    covers_in_order as (

        select
            {{ keys }},
            recorded_from,
            max(coalesce(recorded_to, {{ forever() }})) over (
                partition by {{ keys }}
                order by recorded_from
                rows between unbounded preceding and 1 preceding
            ) as covered_until
        from {{ covers }}

    ),

    cover_ends as (

        select
            {{ keys }},
            recorded_to,
            min(to_cause) as to_cause
        from {{ covers }}
        where recorded_to is not null
        group by {{ keys }}, recorded_to

    ),

    cover_starts as (

        select
            {{ keys }},
            recorded_from,
            min(from_cause) as from_cause
        from {{ covers }}
        group by {{ keys }}, recorded_from

    ),

    lasting as (

        select * from {{ intervals }}
        where recorded_from < coalesce(recorded_to, {{ forever() }})

    ),

    -- what is left of each interval: up to each cover in it, and after the last one
    gaps as (

        select
            {% for column in key %}lasting.{{ column }}, {% endfor %}
            lasting.recorded_from as interval_from,
            lasting.recorded_to as interval_to,
            greatest(
                lasting.recorded_from, coalesce(covers_in_order.covered_until, lasting.recorded_from)
            ) as recorded_from,
            covers_in_order.recorded_from as recorded_to
        from lasting
        inner join covers_in_order
            on
                {% for column in key %}lasting.{{ column }} = covers_in_order.{{ column }} and {% endfor %}
                lasting.recorded_from <= covers_in_order.recorded_from
                and covers_in_order.recorded_from < coalesce(lasting.recorded_to, {{ forever() }})

        union all

        select
            {% for column in key %}lasting.{{ column }}, {% endfor %}
            lasting.recorded_from as interval_from,
            lasting.recorded_to as interval_to,
            coalesce(max(covers.covered_until), lasting.recorded_from) as recorded_from,
            lasting.recorded_to
        from lasting
        left join
            (select *, coalesce(recorded_to, {{ forever() }}) as covered_until from {{ covers }}) as covers
            on
                {% for column in key %}lasting.{{ column }} = covers.{{ column }} and {% endfor %}
                lasting.recorded_from <= covers.recorded_from
                and covers.recorded_from < coalesce(lasting.recorded_to, {{ forever() }})
        group by {% for column in key %}lasting.{{ column }}, {% endfor %} lasting.recorded_from, lasting.recorded_to

    ),

    gaps_with_causes as (

        select
            {% for column in key %}gaps.{{ column }}, {% endfor %}
            {% for column in apart %}lasting.{{ column }}, {% endfor %}
            gaps.recorded_from,
            gaps.recorded_to,
            case
                when gaps.recorded_from = gaps.interval_from then lasting.from_cause
                else cover_ends.to_cause
            end as from_cause,
            case
                when gaps.recorded_to is not distinct from gaps.interval_to then lasting.to_cause
                else cover_starts.from_cause
            end as to_cause
        from gaps
        inner join lasting
            on
                {% for column in key %}gaps.{{ column }} = lasting.{{ column }} and {% endfor %}
                gaps.interval_from = lasting.recorded_from
        left join cover_ends
            on
                {% for column in key %}gaps.{{ column }} = cover_ends.{{ column }} and {% endfor %}
                gaps.recorded_from = cover_ends.recorded_to
        left join cover_starts
            on
                {% for column in key %}gaps.{{ column }} = cover_starts.{{ column }} and {% endfor %}
                gaps.recorded_to = cover_starts.recorded_from
        where gaps.recorded_from < coalesce(gaps.recorded_to, {{ forever() }})

    ),

    -- an answered question splits what a submission says into intervals that touch, though nothing changed for this key
    neighbours as (

        select
            *,
            lag(recorded_to) over in_order is not distinct from recorded_from
            {%- for column in apart %}
            and lag({{ column }}) over in_order = {{ column }}
            {%- endfor %} as is_continued,
            lead(recorded_from) over in_order is not distinct from recorded_to
            {%- for column in apart %}
            and lead({{ column }}) over in_order = {{ column }}
            {%- endfor %} as is_continuing
        from gaps_with_causes
        window in_order as (partition by {{ keys }} order by recorded_from)

    ),

    numbered as (

        select
            *,
            sum(case when is_continued then 0 else 1 end) over (
                partition by {{ keys }}
                order by recorded_from
                rows between unbounded preceding and current row
            ) as interval_number
        from neighbours

    ),

    merged as (

        select
            {{ keys }},
            {% for column in apart %}min({{ column }}) as {{ column }}, {% endfor %}
            min(recorded_from) as recorded_from,
            nullif(max(coalesce(recorded_to, {{ forever() }})), {{ forever() }}) as recorded_to,
            max(case when not is_continued then from_cause end) as from_cause,
            max(case when not is_continuing then to_cause end) as to_cause
        from numbered
        group by {{ keys }}, interval_number

    ),

    first_intervals as (

        select
            *,
            row_number() over (partition by {{ keys }} order by recorded_from, recorded_to) as interval_number
        from {{ intervals }}

    ),

    standing_and_hidden as (

        select
            {% for column in key + apart %}{{ column }}, {% endfor %}
            recorded_from,
            recorded_to,
            from_cause,
            to_cause
        from merged

        union all

        select
            {% for column in key + apart %}first_intervals.{{ column }}, {% endfor %}
            first_intervals.recorded_from,
            first_intervals.recorded_from as recorded_to,
            first_intervals.from_cause,
            first_intervals.from_cause as to_cause
        from first_intervals
        left join merged
            on
                {% for column in key %}first_intervals.{{ column }} = merged.{{ column }} and {% endfor %}
                first_intervals.recorded_from = merged.recorded_from
        where first_intervals.interval_number = 1 and merged.recorded_from is null

    ),

    standing as (

        select
            {% for column in key %}first_intervals.{{ column }}, {% endfor %}
            {% for column in carried %}first_intervals.{{ column }}, {% endfor %}
            {% for column in apart %}standing_and_hidden.{{ column }}, {% endfor %}
            standing_and_hidden.recorded_from,
            standing_and_hidden.recorded_to,
            standing_and_hidden.from_cause,
            standing_and_hidden.to_cause
        from standing_and_hidden
        inner join first_intervals
            on
                {% for column in key %}standing_and_hidden.{{ column }} = first_intervals.{{ column }} and {% endfor %}
                first_intervals.interval_number = 1

    )
{%- endmacro %}
