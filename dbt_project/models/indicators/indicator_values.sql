{%- set told = ['indicator_code', 'programme_id', 'municipality_code', 'period_id', 'sex', 'community'] -%}
{%- set series = ['definition_version'] + told -%}
with

changes as (

    select * from {{ ref('indicator_changes') }}

),

series_seen as (

    select distinct
        {{ series | join(', ') }},
        period_start,
        period_end
    from changes

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
        changes.{{ column }}_change{{ ',' if not loop.last }}
        {%- endfor %}
    from changes
    inner join series_numbered
        on
            {%- for column in series if column != 'municipality_code' %}
            changes.{{ column }} = series_numbered.{{ column }} and
            {%- endfor %}
            coalesce(changes.municipality_code, '') = coalesce(series_numbered.municipality_code, '')

),

figures as (

    {{ indicator_figures(
        'changes_numbered', {'series_number': ('series_numbered', told + ['period_start', 'period_end'])}, told, place='{0}.municipality_code'
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

)

select * from final
