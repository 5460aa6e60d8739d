{#- Of several rows that stand beside each other, each in an interval of knowledge, the one that is named at every moment: the first in `order`.

    rows names a relation with the columns `key` (what the rows are of; may be null), `named` (what is told of the one), those of `order`, recorded_from
    and recorded_to. Gives `key`, `named` and the interval, one row for each moment at which any row came or went. Ends in a select; put it into a
    CTE. -#}
{% macro first_of_those_standing(rows, key, named, order) -%}
    with

    moments as (

        select
            {{ key | join(', ') }},
            recorded_from as moment
        from {{ rows }}

        union

        select
            {{ key | join(', ') }},
            recorded_to as moment
        from {{ rows }}
        where recorded_to is not null

    ),

    pieces as (

        select
            *,
            lead(moment) over (partition by {{ key | join(', ') }} order by moment) as next_moment
        from moments

    ),

    standing as (

        select
            told.*,
            pieces.moment,
            pieces.next_moment,
            row_number() over (
                partition by {% for column in key %}pieces.{{ column }}, {% endfor %}pieces.moment
                order by {{ order }}
            ) as turn
        from pieces
        inner join {{ rows }} as told
            on
                {%- for column in key %}
                pieces.{{ column }} is not distinct from told.{{ column }} and
                {%- endfor %}
                pieces.moment >= told.recorded_from
                and pieces.moment < coalesce(told.recorded_to, {{ forever() }})

    )

    select
        {{ (key + named) | join(', ') }},
        moment as recorded_from,
        next_moment as recorded_to
    from standing
    where turn = 1
{%- endmacro %}
