{#- What we knew of each series after each moment: the sum of all changes up to it, as an indicator's published figures.

    changes: a relation of what was gained: changes, each of a series known by `key`: numbers, as running sums over millions of rows by long names
    take minutes; with cause and definition_version. names: what each key stands for, a relation by key, with its columns: together those of a series
    (indicator_code, programme_id and period_id among them) and the period's days; of all series there are. identity: what a series is told by beside
    the names. place: the municipality of a series, as SQL on the alias {}; targeted: whether a series is one that targets are set for, likewise.
    Ends in a select; put it into a CTE.

    What several causes changed at one moment is told cause by cause: all but the last have empty intervals there, so that a figure's rows, each
    added with its from_cause and taken away with its to_cause, say why it differs between any two moments.
    An approval, or its end, and a new target change no sum; they begin an interval of their own. Approved is the figure that stood when it was
    approved, from then on, until it changes or the approval is revoked.

    value: numerator, or scale × numerator ÷ denominator over what is paired; null where nothing is known, never zero.
    value_low, value_high: the share if none, and if all, of those with unknown outcome counted (design: all numerators ÷ whole, and
    (numerators + whole − max(denominator, numerators)) ÷ whole), of reports whose whole is known: a numerator of nobody knows how many bounds nothing.
    A sum is exact if all its rows are, else about if any is or if
    they err on both sides, else at_least or at_most. slack: how many persons a total over several programmes may name
    twice, or how far several sources lie apart: the figure is then at most the sum, value_high, and at least value_low, the sum less the slack. -#}
{% macro indicator_figures(changes, names, series, place, targeted='true', identity=[]) -%}
    {%- set columns = amounts() + row_counts() + ['slack'] -%}
    {%- set in_several = 'known.slack > 0 and not indicators.is_ratio' -%}
    {%- set key = names.keys() | list -%}
    {%- set no_moment = 'cast(null as ' ~ dbt.type_timestamp() ~ ')' -%}
    {%- set value -%}
        cast(case
            when known.known_rows = 0 then null
            when indicators.is_ratio then indicators.scale * known.numerator / nullif(known.denominator, 0)
            else known.numerator
        end as double)
    {%- endset -%}
    {#- in place and not a CTE: of all that there could be, only what was approved or has a target is asked for -#}
    {%- set names_of_series -%}
        (
            select
                {%- for column, (relation, named) in names.items() %}
                {%- set outer = loop %}
                {{ relation }}.{{ column }}
                {%- for name in named %},
                {{ relation }}.{{ name }}
                {%- endfor %}{{ ',' if not outer.last }}
                {%- endfor %}
            from {{ names.values() | map('first') | join(' cross join ') }}
        ) as names_of_series
    {%- endset %}
    {%- set named -%}
        select
            {%- for relation, named in names.values() %}
            {%- for column in named %}
            {{ relation }}.{{ column }},
            {%- endfor %}
            {%- endfor %}
            known_by_key.*
        from known_by_key
        {%- for column, (relation, named) in names.items() %}
        inner join {{ relation }} on known_by_key.{{ column }} = {{ relation }}.{{ column }}
        {%- endfor %}
        where known_by_key.reported_rows > 0 and ({{ is_gained() }})
    {%- endset %}
    with

    -- one that was taken out is known by what it said last
    indicators as (

        select
            indicators.indicator_code,
            indicators.definition_version,
            indicators.scale,
            indicators.direction,
            indicators.whole_measure,
            indicators.denominator_measure is not null as is_ratio,
            indicators.unit = 'share' and denominators.unit <> 'EUR' as is_share_of_cases,
            indicators.recorded_from,
            lead(indicators.recorded_from) over (
                partition by indicators.indicator_code, indicators.definition_version
                order by indicators.recorded_from
            ) as recorded_to
        from {{ ref('int_indicators_defined') }} as indicators
        left join {{ ref('dim_measures') }} as denominators on indicators.denominator_measure = denominators.measure_code

    ),

    targets as (

        select * from {{ ref('stg_reference__targets') }}

    ),

    target_moments as (

        select
            indicator_code,
            programme_id,
            municipality_code,
            period_id,
            recorded_from as changed_at
        from targets
        where recorded_from > {{ known_until() or ever() }}

        union

        select
            indicator_code,
            programme_id,
            municipality_code,
            period_id,
            recorded_to as changed_at
        from targets
        where recorded_to > {{ known_until() or ever() }}

    ),

    approvals as (

        select * from {{ ref('stg_reports__approvals') }}

    ),

    approval_moments as (

        select
            programme_id,
            municipality_code,
            period_id,
            approved_at as changed_at
        from approvals
        where approved_at > {{ known_until() or ever() }}

        union

        select
            programme_id,
            municipality_code,
            period_id,
            approved_to as changed_at
        from approvals
        where approved_to > {{ known_until() or ever() }}

    ),

    changed as (

        select
            {{ key | join(', ') }},
            changed_at,
            {{ told_cause('cause') }} as cause,
            changed_at as figure_changed_at,
            max(definition_version) as definition_version,
            {{- summed_changes() }},
            sum(slack_change) as slack_change
        from {{ changes }}
        group by {{ key | join(', ') }}, changed_at, {{ told_cause('cause') }}
        having
            {{- is_any_changed(columns) }}

    ),

    decided as (

        select distinct
            {% for column in key %}names_of_series.{{ column }}, {% endfor %}
            approval_moments.changed_at,
            'approval_released' as cause,
            {{ no_moment }} as figure_changed_at,
            cast(null as integer) as definition_version,
            {%- for column in columns %}
            0 as {{ column }}_change{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ names_of_series }}
        inner join approval_moments
            on
                names_of_series.programme_id = approval_moments.programme_id
                and (approval_moments.municipality_code is null or approval_moments.municipality_code = {{ place.format('names_of_series') }})
                and (approval_moments.period_id is null or approval_moments.period_id = names_of_series.period_id)

        union all

        select distinct
            {% for column in key %}names_of_series.{{ column }}, {% endfor %}
            target_moments.changed_at,
            'reference_changed' as cause,
            {{ no_moment }} as figure_changed_at,
            cast(null as integer) as definition_version,
            {%- for column in columns %}
            0 as {{ column }}_change{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ names_of_series }}
        inner join target_moments
            on
                names_of_series.indicator_code = target_moments.indicator_code
                and names_of_series.programme_id = target_moments.programme_id
                and names_of_series.period_id = target_moments.period_id
                and coalesce({{ place.format('names_of_series') }}, '') = coalesce(target_moments.municipality_code, '')
                and {{ targeted.format('names_of_series') }}
                and names_of_series.sex = 'all'
                and names_of_series.community = 'all'

    ),

    {%- if known_until() %}

    gained_keys as (

        select {{ key | join(', ') }} from changed
        union
        select {{ key | join(', ') }} from decided

    ),

    known_before as (

        {{ figures_known_before('gained_keys', names, identity, columns) }}

    ),
    {%- endif %}

    moments as (

        select * from changed

        union all

        select * from decided
        {%- if known_until() %}

        union all

        select * from known_before
        {%- endif %}

    ),

    known_by_key as (

        select
            {{ key | join(', ') }},
            cause as from_cause,
            lead(cause) over in_order as to_cause,
            row_number() over in_order as turn,
            max(definition_version) over so_far as definition_version,
            max(figure_changed_at) over so_far as figure_changed_at,
            {%- for column in columns %}
            sum({{ column }}_change) over so_far as {{ column }},
            {%- endfor %}
            changed_at as recorded_from,
            lead(changed_at) over in_order as recorded_to
        from moments
        window
            so_far as (
                partition by {{ key | join(', ') }}
                order by changed_at, cause
                rows between unbounded preceding and current row
            ),
            in_order as (partition by {{ key | join(', ') }} order by changed_at, cause)

    ),

    known as (

        {{ named }}

    ),

    -- approved is the figure that stood when it was approved, until it changes or the approval is revoked
    approved as (

        select distinct
            {% for column in key %}known.{{ column }}, {% endfor %}
            known.turn
        from ({{ named }}) as known
        inner join approvals
            on
                known.programme_id = approvals.programme_id
                and (approvals.municipality_code is null or approvals.municipality_code = {{ place.format('known') }})
                and (approvals.period_id is null or approvals.period_id = known.period_id)
                and approvals.approved_at between known.figure_changed_at and known.recorded_from
                and (approvals.approved_to is null or approvals.approved_to > known.recorded_from)

    )

    select
        {%- for column in series %}
        known.{{ column }},
        {%- endfor %}
        known.definition_version,
        'all' as age_group,
        'all' as target_group,
        case
            when known.known_rows = 0 then null
            when known.about_rows > 0 or (known.at_least_rows > 0 and known.at_most_rows > 0) then 'about'
            when {{ in_several }} then case when known.at_least_rows > 0 then 'about' else 'at_most' end
            when known.at_least_rows > 0 then 'at_least'
            when known.at_most_rows > 0 then 'at_most'
            else 'exact'
        end as qualifier,
        known.from_cause,
        known.to_cause,
        {{ value }} as value,
        cast(case
            when {{ in_several }} and known.known_rows > 0 then known.numerator - known.slack
            when indicators.whole_measure is null or known.whole = 0 then null
            else known.numerator_in_whole / known.whole
        end as double) as value_low,
        cast(case
            when {{ in_several }} and known.known_rows > 0 then known.numerator
            when indicators.whole_measure is not null then
                (known.numerator_in_whole + known.whole - greatest(known.denominator, known.numerator_in_whole)) / nullif(known.whole, 0)
        end as double) as value_high,
        case
            when indicators.is_share_of_cases then {{ wilson_interval('low', 'known.numerator', 'known.denominator') }}
        end as interval_low,
        case
            when indicators.is_share_of_cases then {{ wilson_interval('high', 'known.numerator', 'known.denominator') }}
        end as interval_high,
        cast(case when known.known_rows > 0 then known.numerator end as decimal(38, 4)) as numerator,
        cast(case when known.known_rows > 0 and indicators.is_ratio then known.denominator end as decimal(38, 4)) as denominator,
        cast(case
            when known.known_rows > 0 or known.numerator_unpaired <> 0 then known.numerator_unpaired
        end as decimal(38, 4)) as numerator_unpaired,
        cast(case
            when indicators.whole_measure is not null and (known.known_rows > 0 or known.whole <> 0) then known.numerator_in_whole
        end as decimal(38, 4)) as numerator_in_whole,
        cast(case
            when indicators.whole_measure is not null and (known.known_rows > 0 or known.whole <> 0) then known.whole
        end as decimal(38, 4)) as whole,
        cast(case
            when indicators.whole_measure is not null then known.denominator / nullif(known.whole, 0)
        end as double) as known_share,
        cast(targets.baseline as decimal(38, 4)) as baseline,
        cast(targets.target as decimal(38, 4)) as target,
        {{ percent_complete(value, 'targets.baseline', 'targets.target', 'indicators.direction') }} as percent_complete,
        cast(known.known_rows as bigint) as known_rows,
        cast(known.reported_rows as bigint) as reported_rows,
        {%- for row_count in row_counts() if row_count not in ['known_rows', 'reported_rows'] %}
        cast(known.{{ row_count }} as bigint) as {{ row_count }},
        {%- endfor %}
        cast(known.slack as decimal(38, 4)) as slack,
        known.known_rows = known.reported_rows as is_complete,
        approved.turn is not null as is_approved,
        known.period_start,
        known.period_end,
        known.figure_changed_at,
        known.recorded_from,
        known.recorded_to
    from known
    inner join indicators
        on known.indicator_code = indicators.indicator_code
        and known.definition_version = indicators.definition_version
        and known.recorded_from >= indicators.recorded_from
        and known.recorded_from < coalesce(indicators.recorded_to, {{ forever() }})
    left join targets
        on known.indicator_code = targets.indicator_code
        and known.programme_id = targets.programme_id
        and known.period_id = targets.period_id
        and known.recorded_from >= targets.recorded_from
        and known.recorded_from < coalesce(targets.recorded_to, {{ forever() }})
        and coalesce({{ place.format('known') }}, '') = coalesce(targets.municipality_code, '')
        and {{ targeted.format('known') }}
        and known.sex = 'all'
        and known.community = 'all'
    left join approved
        on
            {% for column in key %}known.{{ column }} = approved.{{ column }} and {% endfor %}
            known.turn = approved.turn
{%- endmacro %}
