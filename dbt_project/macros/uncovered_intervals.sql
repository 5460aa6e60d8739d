{#- What is left of intervals where others cover them: one row per interval and part of it in which no cover stands.

    `intervals` and `covers` name relations that share the columns `key` (never null), recorded_from and recorded_to (null: still so). The key is that
    of one interval, which is not empty; its covers may overlap each other and reach beyond it. Gives `key`, recorded_from and recorded_to. Ends in a
    select; put it into a CTE. -#}
{% macro uncovered_intervals(intervals, covers, key) -%}
    {%- set keys = key | join(', ') -%}
    select
        {{ keys }},
        moment as recorded_from,
        nullif(next_moment, {{ forever() }}) as recorded_to
    from (
        select
            {{ keys }},
            moment,
            -- the end of the interval is the last moment of its key
            lead(moment) over (partition by {{ keys }} order by moment) as next_moment,
            sum(sum(step)) over (
                partition by {{ keys }}
                order by moment
                rows between unbounded preceding and current row
            ) as covers
        from (
            select
                {{ keys }},
                recorded_from as moment,
                0 as step
            from {{ intervals }}
            union all
            select
                {{ keys }},
                coalesce(recorded_to, {{ forever() }}) as moment,
                0 as step
            from {{ intervals }}
            {%- for moment, step in {
                'greatest(intervals.recorded_from, covers.recorded_from)': 1,
                'coalesce(' ~ earlier_end('intervals.recorded_to', 'covers.recorded_to') ~ ', ' ~ forever() ~ ')': -1,
            }.items() %}
            union all
            select
                {%- for column in key %}
                intervals.{{ column }},
                {%- endfor %}
                {{ moment }} as moment,
                {{ step }} as step
            from {{ intervals }} as intervals
            inner join {{ covers }} as covers
                on
                    {% for column in key %}intervals.{{ column }} = covers.{{ column }} and {% endfor %}
                    {{ overlap('intervals', 'covers') }}
            {%- endfor %}
        ) as steps
        group by {{ keys }}, moment
    ) as turns
    where covers = 0 and next_moment is not null
{%- endmacro %}
