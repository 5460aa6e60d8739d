{{ config(materialized='incremental', schema='intermediate') }}
{%- set columns = amounts() + row_counts() -%}
{%- set of_the_series = 'indicator_code, definition_version, sex, community, municipality_code, span, period_id, period_start' -%}
{%- set known_at = 'case when signs.sign = 1 then summed.recorded_from else summed.recorded_to end' -%}
{%- set person = 'total_programme_id, person, ' ~ of_the_series -%}
with

referenced as (

    select * from {{ ref('int_persons_referenced_summed') }}
    where span <> 'to-date'

),

repeated as (

    select * from {{ ref('int_persons_repeated_summed') }}
    where span <> 'to-date'

),

programmes_totalled as (

    select distinct
        programme_id,
        total_programme_id
    from {{ ref('int_places_totalled') }}

),

totals_of_several as (

    select total_programme_id
    from programmes_totalled
    group by total_programme_id
    having count(*) > 1

),

-- above one programme alone nobody is counted again
programmes_above as (

    select
        programmes_totalled.programme_id,
        programmes_totalled.total_programme_id
    from programmes_totalled
    inner join totals_of_several on programmes_totalled.total_programme_id = totals_of_several.total_programme_id

),

programmes_moved as (

    select * from {{ ref('int_programmes_moved') }}

),

signs as (

    select 1 as sign
    union all
    select -1 as sign

),
{% for name in ['referenced', 'repeated'] %}
{{ name }}_changes as (

    select
        programmes_above.total_programme_id,
        programmes_above.programme_id,
        summed.submission_id as person,
        summed.indicator_code,
        summed.definition_version,
        summed.sex,
        summed.community,
        summed.municipality_code,
        summed.span,
        summed.period_id,
        summed.period_start,
        summed.period_end,
        greatest({{ known_at }}, programmes_moved.moved_at) as changed_at,
        case
            when {{ known_at }} < programmes_moved.moved_at then 'reference_changed'
            when signs.sign = 1 then summed.from_cause
            else summed.to_cause
        end as cause,
        {%- for column in columns %}
        programmes_moved.sign * signs.sign * coalesce(summed.{{ column }}, 0) as {{ column }}_change{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ name }} as summed
    inner join signs on signs.sign = 1 or summed.recorded_to is not null
    inner join programmes_moved
        on summed.programme_id = programmes_moved.programme_id and {{ known_at }} < programmes_moved.known_until
    inner join programmes_above on programmes_moved.programme_key = programmes_above.programme_id

),

{{ name }}_spanned as (
    {%- for span, condition in [
        ('base', "span in ('any', 'period', 'base')"),
        ('year', "span = 'year' or (span in ('any', 'period') and extract(year from period_start) = extract(year from period_end))"),
        ('to-date', "span = 'any'"),
    ] %}

    select
        total_programme_id,
        programme_id,
        person,
        indicator_code,
        definition_version,
        sex,
        community,
        municipality_code,
        '{{ span }}' as span,
        {%- if span == 'base' %}
        period_id,
        period_start,
        {%- elif span == 'year' %}
        {{ period_name("'year'", 'period_start') }} as period_id,
        {{ period_first_day("'year'", 'period_start') }} as period_start,
        {%- else %}
        'to-date' as period_id,
        cast(null as date) as period_start,
        {%- endif %}
        {%- for column in columns %}
        {{ column }}_change,
        {%- endfor %}
        cause,
        changed_at
    from {{ name }}_changes
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),
{% endfor %}
moments as (

    select
        {{ person }},
        changed_at,
        max(cause) as cause
    from repeated_spanned
    group by {{ person }}, changed_at

),

known_by_programme as (

    select
        moments.*,
        repeated_spanned.programme_id,
        {%- for column in columns %}
        sum(repeated_spanned.{{ column }}_change) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from moments
    inner join repeated_spanned
        on moments.total_programme_id = repeated_spanned.total_programme_id
        and moments.person = repeated_spanned.person
        and moments.indicator_code = repeated_spanned.indicator_code
        and moments.definition_version = repeated_spanned.definition_version
        and moments.sex = repeated_spanned.sex
        and moments.community = repeated_spanned.community
        and moments.municipality_code = repeated_spanned.municipality_code
        and moments.span = repeated_spanned.span
        and moments.period_id = repeated_spanned.period_id
        and moments.changed_at >= repeated_spanned.changed_at
    group by all

),

-- a person counts with one of the programmes, for all sexes and communities the same; with the others she or he is counted again
ranked as (

    select
        *,
        row_number() over (
            partition by {{ person }}, changed_at
            order by case when reported_rows > 0 then 0 else 1 end, programme_id
        ) as turn
    from known_by_programme

),

counted_again as (

    select
        {{ person }},
        cause,
        {%- for column in columns %}
        sum(case when turn > 1 then {{ column }} else 0 end) as {{ column }},
        {%- endfor %}
        changed_at
    from ranked
    group by {{ person }}, cause, changed_at

),

taken_away as (

    select
        total_programme_id,
        {{ of_the_series }},
        cause,
        {%- for column in columns %}
        coalesce(lag({{ column }}) over by_moment, 0) - {{ column }} as {{ column }}_change,
        {%- endfor %}
        changed_at
    from counted_again
    window by_moment as (partition by {{ person }} order by changed_at)

),

final as (

    select
        total_programme_id,
        {{ of_the_series }},
        cause,
        {{- typed_changes() }},
        numerator_change as referenced_change,
        changed_at
    from taken_away
    where (reported_rows_change <> 0 or known_rows_change <> 0 or numerator_change <> 0) and ({{ is_gained('changed_at', none) }})

    union all

    select
        total_programme_id,
        {{ of_the_series }},
        cause,
        {%- for column in columns %}
        0 as {{ column }}_change,
        {%- endfor %}
        sum(numerator_change) as referenced_change,
        changed_at
    from referenced_spanned
    where {{ is_gained('changed_at', none) }}
    group by total_programme_id, {{ of_the_series }}, cause, changed_at

)

select * from final
