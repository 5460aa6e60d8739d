{#- Who counts under each total above several programmes, by source: a programme, or none for the persons known by a reference, as changes.

    numbered: changes of places, with period_number, programme_id, municipality_code, combination and side; persons: changes of those known by a
    reference, with total_number; places: which programmes and municipalities lie under which total; totals_changed: the totals and periods in
    which anything changed, where the last build is taken over. Gives what `slack_of_programmes` takes. Ends in a select; put it into a CTE. -#}
{% macro persons_by_source(numbered, persons, places, totals_changed) -%}
    with

    totals_of_several as (

        select total_programme_id
        from {{ places }}
        group by total_programme_id
        having count(distinct programme_id) > 1

    ),

    persons_by_place as (

        select
            period_number,
            programme_id,
            municipality_code,
            {{ so_far('changed_at') }} as changed_at,
            max(cause) as cause,
            max(definition_version) as definition_version,
            -- what the least of its sources says is what a programme counts for certain
            sum(case when side = 'apart' then -numerator_change else numerator_change end) as numerator_change
        from {{ numbered }}
        where combination = 'persons'
        group by period_number, programme_id, municipality_code, {{ so_far('changed_at') }}
        having sum(case when side = 'apart' then -numerator_change else numerator_change end) <> 0

    )

    select
        places.total_number,
        persons_by_place.period_number,
        persons_by_place.programme_id as source,
        persons_by_place.changed_at,
        persons_by_place.cause,
        persons_by_place.definition_version,
        persons_by_place.numerator_change,
        persons_by_place.numerator_change as summed_change
    from persons_by_place
    inner join {{ places }} as places
        on persons_by_place.programme_id = places.programme_id
        and coalesce(persons_by_place.municipality_code, '') = coalesce(places.municipality_code, '')
    inner join totals_of_several on places.total_programme_id = totals_of_several.total_programme_id
    {%- if known_until() %}
    inner join {{ totals_changed }} as totals_changed
        on places.total_number = totals_changed.total_number and persons_by_place.period_number = totals_changed.period_number
    {%- endif %}

    union all

    select
        total_number,
        period_number,
        cast(null as varchar) as source,
        {{ so_far('changed_at') }} as changed_at,
        max(cause) as cause,
        max(definition_version) as definition_version,
        sum(referenced_change) as numerator_change,
        sum(numerator_change) as summed_change
    from {{ persons }}
    group by total_number, period_number, {{ so_far('changed_at') }}
{%- endmacro %}


{#- The numerators of some programmes that lie under one total, as changes of how many persons they could at most name twice.

    A person may be in several programmes, and where no reference tells them apart the total lies between its largest single count and the sum:
    the slack is the sum less that. The largest is that of a programme, or of all persons known by a reference, who are counted once each.

    changes: total_number, period_number, source (a programme; null: the persons with a reference), changed_at, cause, definition_version,
    numerator_change (of the source's own count) and summed_change (of the total's sum). Totals under which one programme counts anybody have no
    slack. Ends in a select; put it into a CTE. -#}
{% macro slack_of_programmes(changes) -%}
    {%- set key = 'total_number, period_number' -%}
    with

    overlapping as (

        select {{ key }}
        from {{ changes }}
        group by {{ key }}
        having count(distinct source) > 1

    ),

    summed_by_source as (

        select
            changes.total_number,
            changes.period_number,
            changes.source,
            changes.changed_at,
            max(changes.cause) as cause,
            max(changes.definition_version) as definition_version,
            sum(changes.numerator_change) as numerator_change,
            sum(changes.summed_change) as summed_change
        from {{ changes }} as changes
        inner join overlapping
            on changes.total_number = overlapping.total_number and changes.period_number = overlapping.period_number
        group by changes.total_number, changes.period_number, changes.source, changes.changed_at

    ),

    sources as (

        select distinct
            {{ key }},
            source
        from summed_by_source

    ),

    moments as (

        select
            {{ key }},
            changed_at,
            max(cause) as cause,
            max(definition_version) as definition_version,
            sum(summed_change) as summed_change
        from summed_by_source
        group by {{ key }}, changed_at

    ),

    followed as (

        select
            moments.total_number,
            moments.period_number,
            moments.changed_at,
            sum(coalesce(summed_by_source.numerator_change, 0)) over (
                partition by moments.total_number, moments.period_number, sources.source
                order by moments.changed_at
                rows between unbounded preceding and current row
            ) as numerator
        from moments
        inner join sources
            on moments.total_number = sources.total_number and moments.period_number = sources.period_number
        left join summed_by_source
            on
                moments.total_number = summed_by_source.total_number
                and moments.period_number = summed_by_source.period_number
                and moments.changed_at = summed_by_source.changed_at
                and coalesce(sources.source, '') = coalesce(summed_by_source.source, '')

    ),

    largest as (

        select
            {{ key }},
            changed_at,
            max(numerator) as numerator
        from followed
        group by {{ key }}, changed_at

    )

    select
        moments.total_number,
        moments.period_number,
        moments.changed_at,
        moments.cause,
        moments.definition_version,
        moments.summed_change - (
            largest.numerator - coalesce(lag(largest.numerator) over (
                partition by moments.total_number, moments.period_number
                order by moments.changed_at
            ), 0)
        ) as slack_change
    from moments
    inner join largest
        on
            moments.total_number = largest.total_number
            and moments.period_number = largest.period_number
            and moments.changed_at = largest.changed_at
{%- endmacro %}
