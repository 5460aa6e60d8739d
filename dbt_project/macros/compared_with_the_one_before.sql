{#- Figures beside the one before them, wherever the two together are worth a warning: one row per such pair and interval in which both stood and
    none between them did.

    `figures` names a relation whose rows each stand for an interval [recorded_from, recorded_to) that is not empty. They are compared within
    `partition` (columns, never null), in `order`; two rows that stand at one moment never share a position in it. `condition` says of `later` and
    `earlier` what is worth a warning. Gives `partition`, the columns `carried` of the later one and, as …_before, of the earlier one,
    recorded_from and recorded_to. Ends in a select; put it into a CTE.

    What was between two figures when is asked only of pairs that fulfil the condition, and with no place in the order between them that was taken for as
    long as the later figure stood: of a figure, one or two pairs are left, however many came before it. -#}
{% macro compared_with_the_one_before(figures, partition, order, carried, condition) -%}
    {%- set together = partition | join(', ') -%}
    {%- set pair = partition + ['number', 'number_before'] -%}
    with

    numbered as (

        select
            *,
            dense_rank() over (partition by {{ together }} order by {{ order | join(', ') }}) as position,
            row_number() over (partition by {{ together }} order by {{ order | join(', ') }}, recorded_from) as number
        from {{ figures }}

    ),

    taken as (

        {{ merged_intervals('numbered', partition + ['position']) }}

    ),

    pairs_worth_a_warning as (

        select
            {%- for column in partition %}
            later.{{ column }},
            {%- endfor %}
            later.number,
            earlier.number as number_before,
            later.position,
            earlier.position as position_before,
            later.recorded_from as later_from,
            later.recorded_to as later_to,
            greatest(later.recorded_from, earlier.recorded_from) as recorded_from,
            {{ earlier_end('later.recorded_to', 'earlier.recorded_to') }} as recorded_to
        from numbered as later
        inner join numbered as earlier
            on
                {% for column in partition %}later.{{ column }} = earlier.{{ column }} and {% endfor %}
                earlier.position < later.position
                and {{ overlap('later', 'earlier') }}
        where {{ condition }}

    ),

    nearest as (

        select
            {%- for column in partition %}
            later.{{ column }},
            {%- endfor %}
            later.number,
            max(taken.position) as position
        from (select distinct {{ together }}, number, position, later_from, later_to from pairs_worth_a_warning) as later
        inner join taken
            on
                {% for column in partition %}later.{{ column }} = taken.{{ column }} and {% endfor %}
                taken.position < later.position
                and taken.recorded_from <= later.later_from
                and coalesce(taken.recorded_to, {{ forever() }}) >= coalesce(later.later_to, {{ forever() }})
        group by {% for column in partition %}later.{{ column }}, {% endfor %} later.number

    ),

    pairs as (

        select pairs_worth_a_warning.*
        from pairs_worth_a_warning
        left join nearest
            on
                {% for column in partition %}pairs_worth_a_warning.{{ column }} = nearest.{{ column }} and {% endfor %}
                pairs_worth_a_warning.number = nearest.number
        where pairs_worth_a_warning.position_before >= coalesce(nearest.position, 0)

    ),

    between_them as (

        select
            {%- for column in pair %}
            pairs.{{ column }},
            {%- endfor %}
            numbered.recorded_from,
            numbered.recorded_to
        from pairs
        inner join numbered
            on
                {% for column in partition %}pairs.{{ column }} = numbered.{{ column }} and {% endfor %}
                numbered.position > pairs.position_before
                and numbered.position < pairs.position
                and {{ overlap('pairs', 'numbered') }}

    ),

    beside_each_other as (

        {{ uncovered_intervals('pairs', 'between_them', pair) }}

    )

    select
        {%- for column in partition %}
        later.{{ column }},
        {%- endfor %}
        {%- for column in carried %}
        later.{{ column }},
        earlier.{{ column }} as {{ column }}_before,
        {%- endfor %}
        beside_each_other.recorded_from,
        beside_each_other.recorded_to
    from beside_each_other
    inner join numbered as later
        on
            {% for column in partition %}beside_each_other.{{ column }} = later.{{ column }} and {% endfor %}
            beside_each_other.number = later.number
    inner join numbered as earlier
        on
            {% for column in partition %}beside_each_other.{{ column }} = earlier.{{ column }} and {% endfor %}
            beside_each_other.number_before = earlier.number
{%- endmacro %}
