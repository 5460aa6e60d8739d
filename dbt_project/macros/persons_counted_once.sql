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
