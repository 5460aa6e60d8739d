{#- Changes of indicators that count places, or their inhabitants, once however often they are reported in a group.

    changes: a relation of changes with combination (distinct or population), unit_code (the place) and the group's columns.
    A place enters when the first known row of it does, and leaves with the last. A city and its inhabitants are counted with the city, not again
    with its city municipalities while the city itself is counted. They are as many as the table said at the time. A place is one place, however
    exact what is said of it. Ends in a select; put it into a CTE. -#}
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
            parent_code
        from {{ ref('dim_municipalities') }}

    ),

    populations as (

        select
            municipality_code,
            cast(population as decimal(38, 4)) as population,
            recorded_from,
            recorded_to
        from {{ ref('stg_reference__populations') }}

    ),

    own_changes as (

        select
            {{ told }},
            {%- for column in columns %}
            changes.{{ column }}_change,
            {%- endfor %}
            changes.unit_code,
            places.parent_code,
            changes.known_rows_change as own_rows_change,
            0 as city_rows_change
        from {{ changes }} as changes
        left join places on changes.unit_code = places.municipality_code

    ),

    parts_of_cities as (

        select distinct
            {{ group | join(', ') }},
            unit_code,
            parent_code
        from own_changes
        where parent_code is not null

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
            0 as own_rows_change,
            changes.own_rows_change as city_rows_change
        from own_changes as changes
        inner join parts_of_cities as parts
            on changes.unit_code = parts.parent_code
            {%- for column in group %}
            and changes.{{ column }} = parts.{{ column }}
            {%- endfor %}

    ),

    units as (

        select distinct
            {{ (group + carried) | join(', ') }},
            combination,
            unit_code,
            parent_code
        from own_changes
        where combination = 'population'

    ),

    population_changes as (

        select
            {%- for column in group + carried %}
            units.{{ column }},
            {%- endfor %}
            units.combination,
            populations.recorded_from as changed_at,
            'reference_changed' as cause,
            cast(null as varchar) as submission_id,
            {%- for column in columns %}
            0 as {{ column }}_change,
            {%- endfor %}
            units.unit_code,
            units.parent_code,
            0 as own_rows_change,
            0 as city_rows_change
        from units
        inner join populations on units.unit_code = populations.municipality_code
        where populations.recorded_from > {{ ever() }}

    ),

    seen as (

        select * from own_changes
        union all
        select * from city_changes
        union all
        select * from population_changes

    ),

    counted as (

        select
            seen.*,
            populations.population,
            sum(seen.own_rows_change) over so_far as own_rows,
            sum(seen.city_rows_change) over so_far as city_rows,
            sum(seen.numerator_change) over so_far as numerator,
            sum(seen.known_rows_change) over so_far as known_rows,
            row_number() over so_far as turn
        from seen
        left join populations
            on
                seen.unit_code = populations.municipality_code
                and seen.changed_at >= populations.recorded_from
                and seen.changed_at < coalesce(populations.recorded_to, {{ forever() }})
        window so_far as (
            partition by {% for column in group %}seen.{{ column }}, {% endfor %}seen.unit_code
            order by
                seen.changed_at, seen.cause, seen.submission_id, seen.own_rows_change, seen.city_rows_change, seen.reported_rows_change,
                seen.numerator_change
            rows between unbounded preceding and current row
        )

    ),

    -- what the place is worth after each change
    valued as (

        select
            *,
            case when own_rows > 0 and city_rows <= 0 then 1 else 0 end as place_count,
            case when own_rows > 0 and city_rows <= 0 then coalesce(population, 0) else 0 end as place_population,
            case when population is not null then numerator else 0 end as paired_numerator,
            case when population is not null then known_rows else 0 end as paired_rows
        from counted

    ),

    entered as (

        select
            *,
            {%- for column in ['place_count', 'place_population', 'paired_numerator', 'paired_rows'] %}
            {{ column }} - coalesce(lag({{ column }}) over by_turn, 0) as {{ column }}_change{{ ',' if not loop.last }}
            {%- endfor %}
        from valued
        window by_turn as (partition by {{ group | join(', ') }}, unit_code order by turn)

    )

    select
        {{ (group + carried) | join(', ') }},
        changed_at,
        cause,
        submission_id,
        case when combination = 'distinct' then place_count_change else paired_numerator_change end as numerator_change,
        case when combination = 'population' then place_population_change else 0 end as denominator_change,
        case when combination = 'distinct' then place_count_change else numerator_change end as numerator_unpaired_change,
        numerator_in_whole_change,
        whole_change,
        cast(case when combination = 'distinct' then known_rows_change else paired_rows_change end as bigint) as known_rows_change,
        reported_rows_change,
        {%- for row_count in ['about_rows', 'at_least_rows', 'at_most_rows'] %}
        case when combination = 'distinct' then 0 else {{ row_count }}_change end as {{ row_count }}_change{{ ',' if not loop.last }}
        {%- endfor %}
    from entered
{%- endmacro %}
