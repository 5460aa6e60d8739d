{#- Changes of indicators that count places, or their inhabitants, once however often they are reported in a group.

    changes: a relation of changes with combination (distinct or population), unit_code (the place) and the group's columns.
    A place enters when the first known row of it does, and leaves with the last. A city's inhabitants are counted with the city, not again
    with its city municipalities while the city itself is counted. Ends in a select; put it into a CTE. -#}
{% macro counted_once(changes, group, carried=[]) -%}
    {%- set columns = amounts() + row_counts() -%}
    {%- set told -%}
        {%- for column in group + carried + ['combination', 'changed_at', 'cause', 'submission_id'] -%}
            changes.{{ column }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    {%- endset -%}
    with

    places as (

        select
            municipality_code,
            parent_code,
            cast(population as decimal(38, 4)) as population
        from {{ ref('dim_municipalities') }}

    ),

    own_changes as (

        select
            {{ told }},
            {%- for column in columns %}
            changes.{{ column }}_change,
            {%- endfor %}
            changes.unit_code,
            places.parent_code,
            places.population,
            changes.known_rows_change as own_rows_change,
            0 as city_rows_change
        from {{ changes }} as changes
        left join places on changes.unit_code = places.municipality_code

    ),

    parts_of_cities as (

        select distinct
            {{ group | join(', ') }},
            unit_code,
            parent_code,
            population
        from own_changes
        where combination = 'population' and parent_code is not null

    ),

    -- what is learned of a city, as seen from its city municipalities
    city_changes as (

        select
            {{ told }},
            {%- for column in columns %}
            0 as {{ column }}_change,
            {%- endfor %}
            parts.unit_code,
            parts.parent_code,
            parts.population,
            0 as own_rows_change,
            changes.own_rows_change as city_rows_change
        from own_changes as changes
        inner join parts_of_cities as parts
            on changes.unit_code = parts.parent_code
            {%- for column in group %}
            and changes.{{ column }} = parts.{{ column }}
            {%- endfor %}

    ),

    seen as (

        select * from own_changes
        union all
        select * from city_changes

    ),

    counted as (

        select
            *,
            sum(own_rows_change) over so_far as own_rows,
            sum(city_rows_change) over so_far as city_rows
        from seen
        window so_far as (
            partition by {{ group | join(', ') }}, unit_code
            order by changed_at, cause, submission_id, own_rows_change, city_rows_change, reported_rows_change, numerator_change
            rows between unbounded preceding and current row
        )

    ),

    entered as (

        select
            *,
            case when own_rows > 0 and city_rows <= 0 then 1 else 0 end
            - case when own_rows - own_rows_change > 0 and city_rows - city_rows_change <= 0 then 1 else 0 end as place_change
        from counted

    )

    select
        {{ (group + carried) | join(', ') }},
        changed_at,
        cause,
        submission_id,
        case
            when combination = 'distinct' then place_change
            when population is not null then numerator_change
            else 0
        end as numerator_change,
        case when combination = 'population' then place_change * coalesce(population, 0) else 0 end as denominator_change,
        case when combination = 'distinct' then place_change else numerator_change end as numerator_unpaired_change,
        whole_change,
        case when combination = 'distinct' or population is not null then known_rows_change else 0 end as known_rows_change,
        reported_rows_change,
        about_rows_change,
        at_least_rows_change,
        at_most_rows_change
    from entered
{%- endmacro %}
