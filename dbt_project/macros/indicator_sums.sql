{#- The series a section has to sum: indicator × definition × side × sex × community, with the fields they are made of. Read when the model
    runs, so that an indicator is a row and no SQL. -#}
{% macro series_of(section) -%}
    {%- set query %}
        select * from {{ ref('int_indicator_series') }}
        where section = '{{ section }}'
        order by indicator_code, definition_version, side, sex, community, recorded_from
    {% endset -%}
    {{ return(run_query(query).rows if execute else []) }}
{%- endmacro %}


{#- Of these the ones that count persons, who may be in several programmes. -#}
{% macro series_of_persons(section) -%}
    {%- set persons = [] -%}
    {%- for one in series_of(section) if one['combination'] == 'persons' -%}
        {%- do persons.append(one) -%}
    {%- endfor -%}
    {{ return(persons) }}
{%- endmacro %}


{#- Of these the ones that are one sum: of several sources it is known how far they lie apart. -#}
{% macro series_of_counts(section) -%}
    {%- set counts = [] -%}
    {%- for one in series_of(section) if one['combination'] in ['sum', 'persons'] and not one['denominator_code'] -%}
        {%- do counts.append(one) -%}
    {%- endfor -%}
    {{ return(counts) }}
{%- endmacro %}


{#- The first and the last day on which a thing is there, for measures that count it in every period it overlaps, and the last day as stated.

    Without a stated end a thing is known to be there until the end of the period of its statement, and no longer; a stock to date keeps it until
    a report says that it ended. -#}
{% macro overlap_days(section, counted_by) -%}
    {%- if counted_by == 'validity' -%}
        {%- set first = 'coalesce(valid_from_year, valid_to_year - duration_years + 1, valid_to_year)' -%}
        {%- set last = 'coalesce(valid_to_year, valid_from_year + duration_years - 1, valid_from_year)' -%}
        {%- set stated = 'coalesce(valid_to_year, valid_from_year + duration_years - 1)' -%}
        {{ return([
            'make_date(cast(' ~ first ~ ' as integer), 1, 1)',
            'make_date(cast(' ~ last ~ ' as integer), 12, 31)',
            'make_date(cast(' ~ stated ~ ' as integer), 12, 31)',
        ]) }}
    {%- elif section == 'participations' -%}
        {{ return(['since_earliest', 'greatest(coalesce(until_latest, period_end, since_latest), since_earliest)', 'until_latest']) }}
    {%- else -%}
        {{ return([
            'started_on_earliest',
            'greatest(coalesce(ended_on_latest, period_end, started_on_latest), started_on_earliest)',
            'ended_on_latest',
        ]) }}
    {%- endif -%}
{%- endmacro %}


{#- The sections whose rows are of things, which have a name of their own or none. -#}
{% macro sections_of_things() -%}
    {{ return([
        'engagements', 'trainings', 'equipment', 'grants', 'services', 'household_support', 'events', 'local_plans', 'participations',
    ]) }}
{%- endmacro %}


{#- Whether nothing but the period that it was reported for tells a row from others: a report on a longer period may then say the same again. A person
    with a code is told by that. -#}
{% macro known_by_period(section) -%}
    {%- if section == 'observations' -%} true
    {%- elif section == 'reporting' -%} false
    {%- else -%}
        facts.thing_key like 'row:%'{{ ' and facts.person_ref is null' if section == 'engagements' }}
    {%- endif -%}
{%- endmacro %}


{#- What each report adds to each indicator of a section: one pass over the facts per date they are counted by, however many indicators there are.

    series: rows of int_indicator_series. A thing counts in the period of its own date, or in every period it overlaps, else in the period
    of its first report. span: any (the year and the total to date are its sums), period (only the year is), point (neither is: a stock at a date is
    never summed over periods), or base, year, to-date where each has to be counted for itself. Of a stock to date also when, within the interval of knowledge, a thing came to be there and ended (stands_from,
    stands_to; null: was and is there all the time). What is counted distinct is, to date, whatever ever was there.
    only_gained: leave out what can have no part in a change since the last build. -#}
{% macro indicator_sums(section, facts, series, only_gained=true) -%}
    {%- set report = 'submission_id, municipality_code, programme_id, is_of_period, recorded_from, recorded_to, from_cause, to_cause' -%}
    {%- set counted_by = series | map(attribute='counted_by') | unique | list -%}
    {%- set overlaps = ['active', 'validity'] -%}
    {%- set no_moment = 'cast(null as ' ~ dbt.type_timestamp() ~ ')' -%}
    with

    programmes as (

        select * from {{ ref('int_programme_frequencies') }}

    ),

    calendar as (

        select * from {{ ref('int_calendar_periods') }}

    )
    {%- for counted in counted_by %},

    {{ counted }}_dated as (

        select
            facts.*,
            {{ known_by_period(section) }} as is_of_period,
            {%- if counted in overlaps %}
            {%- set first_day, last_day, stated_last_day = overlap_days(section, counted) %}
            {%- set begins_at = 'cast(' ~ first_day ~ ' as ' ~ dbt.type_timestamp() ~ ')' %}
            {%- set ended_at = 'cast(' ~ stated_last_day ~ ' + interval 1 day as ' ~ dbt.type_timestamp() ~ ')' %}
            case when {{ begins_at }} > facts.recorded_from then {{ begins_at }} end as stands_from,
            case
                when {{ ended_at }} < coalesce(facts.recorded_to, {{ forever() }}) then greatest({{ ended_at }}, facts.recorded_from)
            end as stands_to,
            {{ "'year'" if counted == 'validity' else 'facts.frequency' }} as counted_size,
            cast(date_trunc('month', {{ first_day }}) as date) as counted_from,
            cast(date_trunc('month', {{ last_day }}) as date) as counted_to
            {%- elif counted == 'period' %}
            cast(null as varchar) as counted_size,
            cast(null as date) as counted_from
            {%- else %}
            {{ period_size(counted ~ '_earliest', counted ~ '_latest', 'facts.frequency') }} as counted_size,
            {{ counted }}_earliest as counted_from
            {%- endif %}
        {%- set is_bounded = series | selectattr('counted_by', 'equalto', counted) | selectattr('whole_code') | selectattr('denominator_code') | list | length > 0 %}
        {%- set rows = gained_of(facts, with_reports=is_bounded) if only_gained and counted not in overlaps else facts %}
        from {{ rows if counted in ['period', 'validity'] else known_by_frequency(rows) }} as facts
        where
            (facts.recorded_to is null or facts.recorded_to > facts.recorded_from)
            {#- what bounds together is read together, see numerator_in_whole #}
            {%- if only_gained and counted in overlaps and known_until() and not is_bounded %}
            and (
                {{ is_gained('facts.recorded_from', 'facts.recorded_to') }}
                -- a stock to date changes with time alone
                or {{ begins_at }} > {{ known_until() }}
                or {{ ended_at }} > {{ known_until() }}
            )
            {%- endif %}

    ),
    {%- for is_standing in [false, true] if counted in overlaps or not is_standing %}

    {{ counted }}_{{ 'standing_' if is_standing }}by_report as (

        select
            {%- for one in series if one['counted_by'] == counted %}
            {{ series_sums(one, series_name(one)) }}
            {%- endfor %}
            count(*) as reported_rows,
            {{ report }},
            {%- for moment in ['stands_from', 'stands_to'] %}
            {{ moment if is_standing else no_moment }} as {{ moment }},
            {%- endfor %}
            counted_size,
            {%- if counted in overlaps %}
            counted_from,
            counted_to,
            {%- set is_undated = 'counted_from is null' %}
            {%- else %}
            {{ period_first_day('counted_size', 'counted_from') }} as counted_from,
            {%- set is_undated = 'counted_size is null' %}
            {%- endif %}
            case when {{ is_undated }} then first_period_id end as stated_period_id,
            case when {{ is_undated }} then first_period_start end as stated_period_start,
            case when {{ is_undated }} then first_period_end end as stated_period_end
        from {{ counted }}_dated
        group by all

    ),
    {%- endfor %}

    {{ counted }}_by_period as (

        {%- if counted in overlaps %}

        select
            reports.*,
            'period' as span,
            reports.stated_period_id as period_id,
            reports.stated_period_start as period_start,
            reports.stated_period_end as period_end
        from {{ counted }}_by_report as reports
        where reports.counted_from is null

        union all
        {%- for span, frequency in [('base', 'reports.counted_size'), ('year', "'year'")] %}

        -- things of one report that began and ended in different months are there in the same periods
        select
            {%- for one in series if one['counted_by'] == counted %}
            {%- for column in series_columns(one) %}
            sum(reports.{{ column }}) as {{ column }},
            {%- endfor %}
            {%- endfor %}
            sum(reports.reported_rows) as reported_rows,
            {{ report }},
            {%- for moment in ['stands_from', 'stands_to'] %}
            {{ no_moment }} as {{ moment }},
            {%- endfor %}
            cast(null as varchar) as counted_size,
            cast(null as date) as counted_from,
            cast(null as date) as counted_to,
            cast(null as varchar) as stated_period_id,
            cast(null as date) as stated_period_start,
            cast(null as date) as stated_period_end,
            '{{ span }}' as span,
            calendar.period_id,
            calendar.period_start,
            calendar.period_end
        from {{ counted }}_by_report as reports
        inner join calendar
            on calendar.frequency = {{ frequency }}
            and reports.counted_from <= calendar.period_end
            and reports.counted_to >= calendar.period_start
        group by {{ report }}, calendar.period_id, calendar.period_start, calendar.period_end

        union all
        {%- endfor %}

        select
            reports.*,
            'to-date' as span,
            'to-date' as period_id,
            null as period_start,
            null as period_end
        from {{ counted }}_standing_by_report as reports

        {%- else %}

        select
            *,
            'any' as span,
            coalesce(stated_period_id, {{ period_name('counted_size', 'counted_from') }}) as period_id,
            coalesce(stated_period_start, counted_from) as period_start,
            coalesce(stated_period_end, {{ period_last_day('counted_size', 'counted_from') }}) as period_end
        from {{ counted }}_by_report

        {%- endif %}

    )
    {%- endfor %}
    {%- for one in series %}
    {%- set name = series_name(one) %}
    {%- set is_qualified = one['has_qualifier'] or one['denominator_has_qualifier'] %}

    select
        '{{ one['indicator_code'] }}' as indicator_code,
        cast({{ one['definition_version'] }} as integer) as definition_version,
        '{{ one['combination'] }}' as combination,
        '{{ one['side'] }}' as side,
        submission_id,
        municipality_code,
        programme_id,
        is_of_period,
        {{ interval_of(one) }},
        {{ "'point' as span" if one['over_periods'] == 'latest' else 'span' }},
        period_id,
        period_start,
        period_end,
        '{{ one['sex'] }}' as sex,
        '{{ one['community'] }}' as community,
        cast({{ name }}__numerator as decimal(38, 4)) as numerator,
        cast({{ name ~ '__denominator' if one['denominator_code'] else 'null' }} as decimal(38, 4)) as denominator,
        cast({{ name }}__numerator{{ '_unpaired' if one['denominator_code'] }} as decimal(38, 4)) as numerator_unpaired,
        {%- set is_bounded = one['whole_code'] and one['denominator_code'] %}
        cast({{ numerator_in_whole(name) if is_bounded else 'null' }} as decimal(38, 4)) as numerator_in_whole,
        cast({{ name ~ '__whole' if one['denominator_code'] else 'null' }} as decimal(38, 4)) as whole,
        {{ name }}__known_rows as known_rows,
        {{ name ~ '__' if one['filter_field'] }}reported_rows as reported_rows,
        {{ name ~ '__about_rows' if is_qualified else 'cast(0 as bigint)' }} as about_rows,
        {{ name ~ '__at_least_rows' if is_qualified else 'cast(0 as bigint)' }} as at_least_rows,
        {{ name ~ '__at_most_rows' if is_qualified else 'cast(0 as bigint)' }} as at_most_rows,
        {%- for moment in ['stands_from', 'stands_to'] %}
        {{ no_moment if one['combination'] == 'distinct' else moment }} as {{ moment }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ one['counted_by'] }}_by_period
    where {{ name ~ '__' if one['filter_field'] }}reported_rows > 0{{ definition_holds(one) }}{{ definition_is_known(one) }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}
    {%- if not series %}

    select * from {{ ref('int_silent_sections_summed') }}
    where false
    {%- endif %}
{%- endmacro %}


{#- The facts with how often their programme reports, each interval of knowledge parted where that was changed: a date then lies in other periods. -#}
{% macro known_by_frequency(facts) -%}
    (
            select
                facts.* replace (
                    case
                        when programmes.recorded_from > facts.recorded_from then programmes.recorded_from else facts.recorded_from
                    end as recorded_from,
                    {{ earlier_end('facts.recorded_to', 'programmes.recorded_to') }} as recorded_to,
                    case when programmes.recorded_from > facts.recorded_from then 'reference_changed' else facts.from_cause end as from_cause,
                    case
                        when programmes.recorded_to < coalesce(facts.recorded_to, {{ forever() }}) then 'reference_changed' else facts.to_cause
                    end as to_cause
                ),
                programmes.frequency
            from {{ facts }} as facts
            left join programmes
                on
                    facts.programme_id = programmes.programme_id
                    and programmes.recorded_from < coalesce(facts.recorded_to, {{ forever() }})
                    and facts.recorded_from < coalesce(programmes.recorded_to, {{ forever() }})
        )
{%- endmacro %}
