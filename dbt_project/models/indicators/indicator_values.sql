{%- set told = ['indicator_code', 'programme_id', 'municipality_code', 'period_id', 'sex', 'community'] -%}
{%- set series = ['definition_version'] + told -%}
with

changes as {{ inlined() }} (

    select * from {{ ref('indicator_changes') }}

),

-- how far the sources of an observation lie apart
apart as (

    select * from {{ ref('int_indicator_changes_spanned') }}
    where span = 'base' and side = 'apart'

),

-- what was decided since the last build may be of any series
series_seen as (
    {%- for relation in ['changes', 'apart'] %}

    select
        {{ series | join(', ') }},
        period_start,
        period_end
    from {{ relation }}
    where {{ is_gained('changed_at', none) }}{{ ' or ' ~ is_anything_decided() if known_until() }}
    {{ 'union' if not loop.last }}
    {%- endfor %}

),

series_numbered as (

    select
        *,
        row_number() over (order by {{ series | join(', ') }}) as series_number
    from series_seen

),

changes_numbered as (

    select
        series_numbered.series_number,
        changes.changed_at,
        changes.cause,
        changes.definition_version,
        {%- for column in amounts() + row_counts() %}
        changes.{{ column }}_change,
        {%- endfor %}
        0 as slack_change
    from changes
    inner join series_numbered
        on
            {%- for column in series if column != 'municipality_code' %}
            changes.{{ column }} = series_numbered.{{ column }} and
            {%- endfor %}
            coalesce(changes.municipality_code, '') = coalesce(series_numbered.municipality_code, '')
    where {{ is_gained('changes.changed_at', none) }}

    union all

    select
        series_numbered.series_number,
        apart.changed_at,
        apart.cause,
        apart.definition_version,
        {%- for column in amounts() + row_counts() %}
        0 as {{ column }}_change,
        {%- endfor %}
        apart.numerator_change as slack_change
    from apart
    inner join series_numbered
        on
            {%- for column in series if column != 'municipality_code' %}
            apart.{{ column }} = series_numbered.{{ column }} and
            {%- endfor %}
            coalesce(apart.municipality_code, '') = coalesce(series_numbered.municipality_code, '')
    where {{ is_gained('apart.changed_at', none) }}

),

figures as (

    {{ indicator_figures(
        'changes_numbered', {'series_number': ('series_numbered', told + ['period_start', 'period_end'])}, told,
        place='{0}.municipality_code', identity=['definition_version']
    ) }}

),

final as (

    select
        -- ids
        indicator_code,
        definition_version,
        programme_id,
        municipality_code,
        period_id,

        {{ figure_columns() }}
    from figures
    -- a place's figures lie together, so that they are found without reading all others
    order by municipality_code

)

select * from final
