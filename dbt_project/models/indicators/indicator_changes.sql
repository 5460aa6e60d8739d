{%- set series = ['indicator_code', 'definition_version', 'programme_id', 'municipality_code', 'period_id', 'sex', 'community'] -%}
{%- set is_reference = "cause in ('rate_changed', 'definition_changed', 'validity_changed', 'reference_changed')" -%}
with

reported as {{ inlined() }} (

    select * from {{ ref('int_indicator_changes_spanned') }}
    where span = 'base' and side <> 'apart'

),

paired as (

    select * from {{ ref('int_indicator_sides_paired') }}
    where span = 'base'

),

of_places as (

    select
        *,
        municipality_code as unit_code
    from reported
    where combination in ('distinct', 'population')

),

counted_once as (

    {{ counted_once('of_places', series, carried=['period_start', 'period_end']) }}

),

{%- set told -%}
    {{ (series + ['period_start', 'period_end', 'changed_at', 'cause', 'submission_id']) | join(', ') }},
        {%- for column in amounts() + row_counts() %}
        {{ column }}_change{{ ',' if not loop.last }}
        {%- endfor %}
{%- endset %}

together as (
    {%- for relation, condition in [('reported', "combination in ('sum', 'persons')"), ('paired', 'true'), ('counted_once', 'true')] %}

    select
        {{ told }}
    from {{ relation }}
    where {{ condition }} and ({{ is_gained('changed_at', none) }})
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- what a rate or a definition changed for nobody is no change; a definition that changed is marked even so
reference_changes as (

    select
        {{ (series + ['period_start', 'period_end', 'changed_at']) | join(', ') }},
        {{ told_cause('cause') }} as cause,
        submission_id,
        {{- summed_changes() }}
    from together
    where {{ is_reference }}
    group by {{ (series + ['period_start', 'period_end', 'changed_at']) | join(', ') }}, {{ told_cause('cause') }}, submission_id
    having
        {{- is_any_changed(amounts() + row_counts()) }}

),

all_changes as (

    select
        {{ told }}
    from together
    where not {{ is_reference }}

    union all

    select
        {{ told }}
    from reference_changes

),

final as (

    select
        -- ids
        indicator_code,
        definition_version,
        programme_id,
        municipality_code,
        period_id,
        submission_id,

        -- strings
        sex,
        community,
        'all' as age_group,
        'all' as target_group,
        cause,

        -- numerics
        {{- typed_changes() }},
        cast(known_rows_change - about_rows_change - at_least_rows_change - at_most_rows_change as bigint) as exact_rows_change,

        -- dates and moments
        period_start,
        period_end,
        changed_at
    from all_changes

)

select * from final
