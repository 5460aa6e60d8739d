{%- set series = ['indicator_code', 'level', 'place_code', 'programme_id', 'period_id', 'sex', 'community'] -%}
{%- set names = {
    'total_number': ('totals', ['level', 'place_code', 'programme_id']),
    'period_number': ('periods', ['indicator_code', 'sex', 'community', 'period_id', 'period_start', 'period_end']),
} -%}
{%- set told = [
    'indicator_code', 'combination', 'side', 'sex', 'community', 'programme_id', 'municipality_code', 'period_id', 'period_start', 'period_end',
    'changed_at', 'cause', 'submission_id',
] -%}
{%- set changed -%}
    {%- for column in amounts() + row_counts() %}
        {{ column }}_change{{ ',' if not loop.last }}
    {%- endfor %}
{%- endset -%}
{%- set place = "case when {0}.level = 'municipality' then {0}.place_code end" -%}
{#- A year of its own, where a date is known to the year only, is part of the year's total and none beside it. -#}
{%- set is_gained_then = is_gained('changed_at', none) -%}
{%- set is_totalled = "span <> 'base' or period_start is null or period_id <> " ~ period_name("'year'", 'period_start') -%}
with

spanned as {{ inlined() }} (

    select * from {{ ref('int_indicator_changes_spanned') }}

),

paired as {{ inlined() }} (

    select * from {{ ref('int_indicator_sides_paired') }}

),

carried as {{ inlined() }} (

    select * from {{ ref('int_stocks_carried') }}

),

persons_known as {{ inlined() }} (

    select * from {{ ref('int_persons_known') }}
    where {{ is_totalled }}

),

places as (

    select * from {{ ref('int_places_totalled') }}

),

programmes_moved as (

    select * from {{ ref('int_programmes_moved') }}

),

changes as {{ inlined() }} (
    {%- for relation, condition in [
        ('spanned', "combination <> 'pair' and (" ~ is_totalled ~ ')'), ('paired', is_totalled), ('carried', 'true'),
    ] %}

    select
        {{ told | join(', ') }},
        definition_version,
        {{- changed }}
    from {{ relation }}
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

periods_seen as (

    select distinct
        indicator_code,
        sex,
        community,
        period_id,
        period_start,
        period_end,
        1 as is_changed
    from changes
    where {{ is_gained_then }}
    {%- if known_until() %}

    union all

    select distinct
        indicator_code,
        sex,
        community,
        period_id,
        period_start,
        period_end,
        0 as is_changed
    from {{ this }}
    {%- endif %}

),

periods as (

    select
        indicator_code,
        sex,
        community,
        period_id,
        min(period_start) as period_start,
        min(period_end) as period_end,
        row_number() over (order by indicator_code, sex, community, period_id) as period_number,
        max(is_changed) = 1 as is_changed
    from periods_seen
    group by indicator_code, sex, community, period_id

),

totals as (

    select distinct
        total_number,
        level,
        place_code,
        total_programme_id as programme_id
    from places

),

numbered as {{ inlined() }} (

    select
        periods.period_number,
        changes.combination,
        changes.side,
        programmes_moved.programme_key as programme_id,
        changes.municipality_code,
        greatest(changes.changed_at, programmes_moved.moved_at) as changed_at,
        case when changes.changed_at < programmes_moved.moved_at then 'reference_changed' else changes.cause end as cause,
        changes.submission_id,
        changes.changed_at as learned_at,
        changes.definition_version,
        {%- for column in amounts() + row_counts() %}
        programmes_moved.sign * changes.{{ column }}_change as {{ column }}_change{{ ',' if not loop.last }}
        {%- endfor %}
    from changes
    inner join programmes_moved
        on changes.programme_id = programmes_moved.programme_id and changes.changed_at < programmes_moved.known_until
    inner join periods
        on changes.indicator_code = periods.indicator_code
        and changes.sex = periods.sex
        and changes.community = periods.community
        and changes.period_id = periods.period_id
    where periods.is_changed

),

summed_by_place as (

    select
        period_number,
        programme_id,
        municipality_code,
        changed_at,
        cause,
        -- a total over periods of several definitions bears the latest of them
        max(definition_version) as definition_version,
        {{- summed_changes() }}
    from numbered
    -- by when it was learned: where a programme moved since the last build, nothing is taken over
    where combination in ('sum', 'persons', 'pair') and side <> 'apart' and ({{ is_gained('learned_at', none) }})
    group by period_number, programme_id, municipality_code, changed_at, cause
    -- told again in a later report, most figures stay as they were: no total need be taken of them
    having
        {{- is_any_changed(amounts() + row_counts()) }}

),

totals_of_places as (

    select distinct
        total_number,
        total_programme_id,
        municipality_code
    from places

),

-- who is known to be in several programmes counts once above them
persons_numbered as {{ inlined() }} (

    select
        totals_of_places.total_number,
        periods.period_number,
        persons_known.*
    from persons_known
    inner join periods
        on persons_known.indicator_code = periods.indicator_code
        and persons_known.sex = periods.sex
        and persons_known.community = periods.community
        and persons_known.period_id = periods.period_id
        and periods.is_changed
    inner join totals_of_places
        on persons_known.total_programme_id = totals_of_places.total_programme_id
        and persons_known.municipality_code = totals_of_places.municipality_code

),
{%- if known_until() %}

-- what is counted once, or lies between two ends, is counted anew where anything changed
totals_changed as (

    select distinct
        places.total_number,
        numbered.period_number
    from numbered
    inner join places
        on numbered.programme_id = places.programme_id
        and coalesce(numbered.municipality_code, '') = coalesce(places.municipality_code, '')
    where {{ is_gained('numbered.learned_at', none) }}

    union

    select
        total_number,
        period_number
    from persons_numbered
    where {{ is_gained_then }}

),

-- of what the last build knew of them, the sum
counted_so_far as (

    select
        period_number,
        combination,
        programme_id,
        municipality_code,
        {{ so_far('changed_at') }} as changed_at,
        case when {{ is_gained_then }} then cause end as cause,
        case when {{ is_gained_then }} then submission_id end as submission_id,
        definition_version,
        {{- summed_changes() }}
    from numbered
    where combination in ('distinct', 'population')
    group by all

),
{%- endif %}

of_places as (

    select
        places.total_number,
        numbered.period_number,
        numbered.combination,
        -- a city's own inhabitants are the right ones beside all that happened in it
        case
            when places.level = 'municipality' and numbered.combination = 'population' then places.place_code
            else numbered.municipality_code
        end as unit_code,
        numbered.changed_at,
        numbered.cause,
        numbered.submission_id,
        numbered.definition_version,
        {%- for column in amounts() + row_counts() %}
        numbered.{{ column }}_change{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ 'counted_so_far' if known_until() else 'numbered' }} as numbered
    inner join places
        on numbered.programme_id = places.programme_id
        and numbered.municipality_code = places.municipality_code
    {%- if known_until() %}
    inner join totals_changed
        on places.total_number = totals_changed.total_number and numbered.period_number = totals_changed.period_number
    {%- else %}
    where numbered.combination in ('distinct', 'population')
    {%- endif %}

),

counted_once as (

    {{ counted_once('of_places', names.keys() | list, carried=['definition_version']) }}

),

persons_by_source as (

    {{ persons_by_source('numbered', 'persons_numbered', 'places', 'totals_changed') }}

),

slack as (

    {{ slack_of_programmes('persons_by_source') }}

),

-- how far the sources of an observation lie apart, in each place, adds up
apart as (

    select
        places.total_number,
        numbered.period_number,
        numbered.changed_at,
        numbered.cause,
        numbered.definition_version,
        numbered.numerator_change as slack_change
    from numbered
    inner join places
        on numbered.programme_id = places.programme_id
        and coalesce(numbered.municipality_code, '') = coalesce(places.municipality_code, '')
    where numbered.side = 'apart' and ({{ is_gained_then }})

),

together as (

    select
        places.total_number,
        summed_by_place.period_number,
        summed_by_place.changed_at,
        summed_by_place.cause,
        summed_by_place.definition_version,
        {%- for column in amounts() + row_counts() %}
        summed_by_place.{{ column }}_change,
        {%- endfor %}
        0 as slack_change
    from summed_by_place
    inner join places
        on summed_by_place.programme_id = places.programme_id
        and coalesce(summed_by_place.municipality_code, '') = coalesce(places.municipality_code, '')
    {%- for relation in ['counted_once', 'persons_numbered'] %}

    union all

    select
        total_number,
        period_number,
        changed_at,
        cause,
        definition_version,
        {{- changed }},
        0 as slack_change
    from {{ relation }}
    where {{ is_gained_then }}
    {%- endfor %}
    {%- for relation in ['slack', 'apart'] %}

    union all

    select
        total_number,
        period_number,
        changed_at,
        cause,
        definition_version,
        {%- for column in amounts() + row_counts() %}
        0 as {{ column }}_change,
        {%- endfor %}
        slack_change
    from {{ relation }}
    where {{ is_gained_then }}
    {%- endfor %}

),

figures as (

    {{ indicator_figures('together', names, series, place=place, targeted="{0}.level in ('municipality', 'programme')") }}

),

final as (

    select
        -- ids
        indicator_code,
        definition_version,
        level,
        place_code,
        programme_id,
        period_id,

        {{ figure_columns() }}
    from figures
    -- a place's figures lie together, so that they are found without reading all others
    order by level, place_code

)

select * from final
