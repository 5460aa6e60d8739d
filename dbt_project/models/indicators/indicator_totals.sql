{%- set series = ['indicator_code', 'definition_version', 'level', 'place_code', 'programme_id', 'period_id', 'sex', 'community'] -%}
{%- set told = ['period_start', 'period_end', 'changed_at', 'cause', 'submission_id'] -%}
{%- set changed -%}
    {%- for column in amounts() + row_counts() %}
        {{ column }}_change{{ ',' if not loop.last }}
    {%- endfor %}
{%- endset -%}
with

spanned as (

    select * from {{ ref('int_indicator_changes_spanned') }}

),

paired as (

    select * from {{ ref('int_indicator_sides_paired') }}

),

places as (

    select * from {{ ref('int_places_totalled') }}

),

both_kinds as (

    select
        indicator_code, definition_version, combination, programme_id, municipality_code, span, period_id, sex, community,
        {{ told | join(', ') }},
        {{- changed }}
    from spanned
    where combination <> 'pair'

    union all

    select
        indicator_code, definition_version, combination, programme_id, municipality_code, span, period_id, sex, community,
        {{ told | join(', ') }},
        {{- changed }}
    from paired

),

-- a year of its own, where a date is known to the year only, is part of the year's total and none beside it
changes as (

    select * from both_kinds
    where span <> 'base' or period_start is null or period_id <> {{ period_name("'year'", 'period_start') }}

),

-- a total over periods of several definitions bears the latest of them
versions as (

    select
        indicator_code,
        period_id,
        max(definition_version) as definition_version
    from changes
    group by indicator_code, period_id

),

placed as (

    select
        changes.indicator_code,
        versions.definition_version,
        changes.combination,
        places.level,
        places.place_code,
        places.total_programme_id as programme_id,
        changes.period_id,
        changes.sex,
        changes.community,
        -- a city's own inhabitants are the right ones beside all that happened in it
        case
            when places.level = 'municipality' and changes.combination = 'population' then places.place_code
            else changes.municipality_code
        end as unit_code,
        {%- for column in told %}
        changes.{{ column }},
        {%- endfor %}
        {%- for column in amounts() + row_counts() %}
        changes.{{ column }}_change{{ ',' if not loop.last }}
        {%- endfor %}
    from changes
    inner join places
        on changes.programme_id = places.programme_id
        and coalesce(changes.municipality_code, '') = coalesce(places.municipality_code, '')
    inner join versions
        on changes.indicator_code = versions.indicator_code
        and changes.period_id = versions.period_id

),

of_places as (

    select * from placed
    where combination in ('distinct', 'population') and unit_code is not null

),

counted_once as (

    {{ counted_once('of_places', series) }}

),

together as (

    select
        {{ series | join(', ') }},
        period_start,
        period_end,
        changed_at,
        {{- changed }}
    from placed
    where combination in ('sum', 'pair')

    union all

    select
        {{ series | join(', ') }},
        period_start,
        period_end,
        changed_at,
        {{- changed }}
    from counted_once

),

figures as (

    {{ indicator_figures('together', series, place="case when known.level = 'municipality' then known.place_code end") }}

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

)

select * from final
