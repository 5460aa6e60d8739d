{#- Rows of a relation whose intervals touch or overlap and that say the same, as one: what changed in columns nobody asks for is no change.

    Gives `columns`, recorded_from and recorded_to (null: still so). Ends in a select; put it into a CTE. -#}
{% macro merged_intervals(relation, columns) -%}
    {%- set same = columns | join(', ') -%}
    select
        {{ same }},
        min(recorded_from) as recorded_from,
        nullif(max(coalesce(recorded_to, {{ forever() }})), {{ forever() }}) as recorded_to
    from (
        select
            *,
            sum(is_new) over (
                partition by {{ same }}
                order by recorded_from
                rows between unbounded preceding and current row
            ) as turn
        from (
            select
                *,
                case
                    when max(coalesce(recorded_to, {{ forever() }})) over (
                        partition by {{ same }}
                        order by recorded_from
                        rows between unbounded preceding and 1 preceding
                    ) >= recorded_from then 0
                    else 1
                end as is_new
            from {{ relation }}
        ) as intervals_in_order
    ) as intervals_numbered
    group by {{ same }}, turn
{%- endmacro %}
