{#- Stocks at a date, in the year and to date: what the last period says of which anything is known, and never a sum over periods.

    stated: a relation of changes by the periods they were stated for, with figure_side: the side that the figure is of; how far its sources lie apart
    (side apart) goes with it. Gives the CTEs from `spanned` to `final`. -#}
{% macro stocks_carried(stated) -%}
{%- set columns = amounts() + row_counts() -%}
{%- set of_the_series = [
    'indicator_code', 'definition_version', 'combination', 'figure_side', 'programme_id', 'municipality_code', 'sex', 'community',
] -%}
{%- set cell = (of_the_series + ['span', 'period_id']) | join(', ') -%}
{%- set told -%}
        {%- for column in of_the_series %}
        {{ column }},
        {%- endfor %}
        period_id as stated_period_id,
        period_start as stated_start,
        period_end as stated_end,
        {%- for column in columns %}
        case when side = 'apart' then 0 else {{ column }}_change end as {{ column }}_change,
        {%- endfor %}
        case when side = 'apart' then numerator_change else 0 end as apart_change,
        cause,
        submission_id,
        changed_at
{%- endset -%}
-- a period that reaches over the end of a year belongs to no year
spanned as (

    select
        {{- told }},
        'year' as span,
        {{ period_name("'year'", 'period_start') }} as period_id,
        {{ period_first_day("'year'", 'period_start') }} as period_start
    from {{ stated }}
    where extract(year from period_start) = extract(year from period_end)

    union all

    select
        {{- told }},
        'to-date' as span,
        'to-date' as period_id,
        cast(null as date) as period_start
    from {{ stated }}

),

moments as (

    select
        {{ cell }},
        period_start,
        changed_at,
        max(cause) as cause,
        max(submission_id) as submission_id
    from spanned
    group by {{ cell }}, period_start, changed_at

),

-- what was known of each stated period at each moment at which anything changed
known as (

    select
        moments.*,
        spanned.stated_period_id,
        spanned.stated_start,
        spanned.stated_end,
        {%- for column in columns + ['apart'] %}
        sum(spanned.{{ column }}_change) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from moments
    inner join spanned
        on moments.indicator_code = spanned.indicator_code
        and moments.definition_version = spanned.definition_version
        and moments.combination = spanned.combination
        and moments.figure_side = spanned.figure_side
        and moments.programme_id = spanned.programme_id
        and coalesce(moments.municipality_code, '') = coalesce(spanned.municipality_code, '')
        and moments.sex = spanned.sex
        and moments.community = spanned.community
        and moments.span = spanned.span
        and moments.period_id = spanned.period_id
        and moments.changed_at >= spanned.changed_at
    group by all

),

-- a period of which nothing is known is none that was last; one without dates is before all that have them
ranked as (

    select
        *,
        row_number() over (
            partition by {{ cell }}, changed_at
            order by
                case when known_rows > 0 then 0 when reported_rows > 0 then 1 else 2 end,
                stated_end desc nulls last, stated_start desc nulls last, stated_period_id desc
        ) as turn
    from known

),

last_known as (

    select
        {{ of_the_series | join(',\n        ') }},
        cause,
        submission_id,
        {%- for column in columns + ['apart'] %}
        {{ column }} - coalesce(lag({{ column }}) over by_moment, 0) as {{ column }}_change,
        {%- endfor %}
        span,
        period_id,
        period_start,
        {{ period_last_day("'year'", 'period_start') }} as period_end,
        changed_at
    from ranked
    where turn = 1
    window by_moment as (partition by {{ cell }} order by changed_at)

),

final as (

    select
        {{ of_the_series | join(',\n        ') }},
        figure_side as side,
        cause,
        submission_id,
        {{- typed_changes() }},
        span,
        period_id,
        period_start,
        period_end,
        changed_at
    from last_known

    union all

    -- how far its sources lie apart goes with the figure that is carried
    select
        {{ of_the_series | join(',\n        ') }},
        'apart' as side,
        cause,
        submission_id,
        {%- for column in columns %}
        {{ 'apart_change' if column == 'numerator' else 0 }} as {{ column }}_change,
        {%- endfor %}
        span,
        period_id,
        period_start,
        period_end,
        changed_at
    from last_known
    where apart_change <> 0

)
{%- endmacro %}
