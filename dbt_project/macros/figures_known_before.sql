{#- What the last build knew of series, as the first of their changes: the sums that stood at its end.

    keys: the series asked for, by the keys of `names`; names, identity: as `indicator_figures` takes them; columns: what is summed. Of a series that
    nothing was known of any more there are no sums, but the latest of its definitions. Read from the model itself. Ends in a select; put it into
    a CTE. -#}
{% macro figures_known_before(keys, names, identity, columns) -%}
    {%- set key = names.keys() | list -%}
    {%- set told_of_keys %}
        from {{ this }} as told
        {%- for column, (relation, named) in names.items() %}
        inner join {{ relation }}
            on
                {%- for name in named + (identity if loop.first else []) if name not in ['period_start', 'period_end'] %}
                {{ 'and ' if not loop.first }}told.{{ name }} is not distinct from {{ relation }}.{{ name }}
                {%- endfor %}
        {%- endfor %}
        inner join {{ keys }} as keys
            on
                {%- for column, (relation, named) in names.items() %}
                {{ 'and ' if not loop.first }}{{ relation }}.{{ column }} = keys.{{ column }}
                {%- endfor %}
    {%- endset -%}
    {%- set redefined = indicators_of_several_definitions() -%}
    with

    known_still as (

        select
            {%- for column in key %}
            keys.{{ column }},
            {%- endfor %}
            told.recorded_from as changed_at,
            told.from_cause as cause,
            told.figure_changed_at,
            told.definition_version,
            {%- for column in columns %}
            coalesce(told.{{ column }}, 0) as {{ column }}_change{{ ',' if not loop.last }}
            {%- endfor %}
        {{- told_of_keys }}
        where told.recorded_to is null

    )
    {%- if redefined %},

    known_no_more as (

        select
            {%- for column in key %}
            keys.{{ column }},
            {%- endfor %}
            max(told.recorded_to) as changed_at,
            cast(null as varchar) as cause,
            max(told.figure_changed_at) as figure_changed_at,
            max(told.definition_version) as definition_version,
            {%- for column in columns %}
            0 as {{ column }}_change{{ ',' if not loop.last }}
            {%- endfor %}
        {{- told_of_keys }}
        left join known_still
            on
                {%- for column in key %}
                {{ 'and ' if not loop.first }}keys.{{ column }} = known_still.{{ column }}
                {%- endfor %}
        where
            known_still.changed_at is null
            and told.indicator_code in ('{{ redefined | join("', '") }}')
        group by {% for column in key %}keys.{{ column }}{{ ', ' if not loop.last }}{% endfor %}

    )
    {%- endif %}

    select * from known_still
    {%- if redefined %}
    union all
    select * from known_no_more
    {%- endif %}
{%- endmacro %}


{#- Read when the model runs: most indicators have one definition, and where all have, nothing need be looked for in all that was ever known. -#}
{% macro indicators_of_several_definitions() -%}
    {%- set query %}
        select indicator_code
        from {{ ref('int_indicators_defined') }}
        group by indicator_code
        having count(distinct definition_version) > 1
        order by indicator_code
    {% endset -%}
    {{ return(run_query(query).columns[0].values() | list if execute else []) }}
{%- endmacro %}
