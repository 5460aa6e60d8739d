{%- set series = ['indicator_code', 'definition_version', 'programme_id', 'municipality_code', 'period_id', 'sex', 'community'] -%}
with

changes as (

    select * from {{ ref('indicator_changes') }}

),

figures as (

    {{ indicator_figures('changes', series, place='known.municipality_code') }}

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
