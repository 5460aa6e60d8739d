{#- The measures of some sections, read when the model runs: a measure is a row and no SQL. -#}
{% macro measures_of(sections) -%}
    {%- set query %}
        select * from {{ ref('dim_measures') }}
        where section in ('{{ sections | join("', '") }}')
        order by section, measure_code
    {% endset -%}
    {{ return(run_query(query).rows if execute else []) }}
{%- endmacro %}


{#- Each statement's figure of each measure: for all, by sex, by community and for Roma women, where the section tells persons apart.

    sections: name → (fact, its id). A figure that is not stated has no row. -#}
{% macro measured_statements(sections, measures) -%}
    {%- set person_sections = ['engagements', 'trainings', 'services'] -%}
    {%- set margins = [('female', 'all'), ('male', 'all'), ('unknown', 'all'), ('all', 'roma'), ('all', 'other'), ('all', 'unknown'), ('female', 'roma')] -%}
    {%- for measure in measures %}
    {%- set fact, fact_id = sections[measure['section']] %}
    {%- set shown = [('all', 'all')] + (margins if measure['women_field'] and measure['roma_field'] else []) %}
    {%- for sex, community in shown %}

    select
        '{{ measure['measure_code'] }}' as measure_code,
        {{ fact_id }} as statement_id,
        submission_id,
        programme_id,
        municipality_code,
        period_id,
        '{{ sex }}' as sex,
        '{{ community }}' as community,
        {{ "coalesce(age_group, 'all')" if measure['section'] in person_sections else "'all'" }} as age_group,
        {{ "coalesce(target_group, 'all')" if measure['section'] in person_sections else "'all'" }} as target_group,
        {{ measured_qualifier(measure, sex, community) }} as qualifier,
        source_sheet,
        source_row,
        cast({{ measured(measure, sex, community) }} as decimal(38, 4)) as value,
        period_start,
        period_end,
        recorded_from,
        recorded_to
    from {{ fact }}
    where {{ measured(measure, sex, community) }} is not null
    union all
    {%- endfor %}
    {%- endfor %}

    select
        cast(null as varchar) as measure_code,
        cast(null as varchar) as statement_id,
        cast(null as varchar) as submission_id,
        cast(null as varchar) as programme_id,
        cast(null as varchar) as municipality_code,
        cast(null as varchar) as period_id,
        cast(null as varchar) as sex,
        cast(null as varchar) as community,
        cast(null as varchar) as age_group,
        cast(null as varchar) as target_group,
        cast(null as varchar) as qualifier,
        cast(null as varchar) as source_sheet,
        cast(null as bigint) as source_row,
        cast(null as decimal(38, 4)) as value,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        cast(null as timestamp) as recorded_from,
        cast(null as timestamp) as recorded_to
    where false
{%- endmacro %}
