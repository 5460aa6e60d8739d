{#- Passes where no two rows of a thing are what we know at the same moment: each interval ends before the next of its thing begins. Intervals of no
    length are never what we know. One window over the table; no join of intervals. -#}
{% test at_most_one_live(model) -%}
    with

    intervals as (

        select
            programme_id,
            municipality_code,
            thing_key,
            recorded_from,
            recorded_to,
            lead(recorded_from) over (
                partition by programme_id, municipality_code, thing_key
                order by recorded_from
            ) as next_from
        from {{ model }}
        where recorded_to is null or recorded_to > recorded_from

    )

    select * from intervals
    where next_from is not null and (recorded_to is null or next_from < recorded_to)
{%- endtest %}
