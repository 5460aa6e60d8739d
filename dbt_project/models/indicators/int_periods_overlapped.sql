{{ config(materialized='table', schema='intermediate') }}
{%- set columns = amounts() + row_counts() -%}
{%- set of_the_place = ['indicator_code', 'programme_id', 'municipality_code'] -%}
{%- set cell = of_the_place + ['measure_side', 'span', 'period_id'] -%}
{%- set part = ['definition_version', 'combination', 'side', 'sex', 'community', 'period_start', 'period_end'] -%}
{%- set same_place -%}
    {0}.indicator_code = {1}.indicator_code
            and {0}.programme_id = {1}.programme_id
            and coalesce({0}.municipality_code, '') = coalesce({1}.municipality_code, '')
{%- endset -%}
{%- set same_cell -%}
    {{ same_place }}
            and {0}.measure_side = {1}.measure_side
            and {0}.span = {1}.span
            and {0}.period_id = {1}.period_id
{%- endset -%}
with

by_period as {{ inlined() }} (

    select * from {{ ref('int_indicator_changes_by_period') }}
    where is_of_period

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

indicators as (

    select
        indicator_code,
        definition_version,
        side,
        max(case when section = 'observations' then 1 else 0 end) = 1 as is_observed,
        max(case when combination = 'population' or denominator_code is not null then 1 else 0 end) = 1 as is_ratio
    from {{ ref('int_indicator_series') }}
    group by indicator_code, definition_version, side

),

reports as (

    select distinct
        {{ of_the_place | join(', ') }},
        submission_id
    from by_period
    where span = 'base'

),

periods_reported as (

    select distinct
        {%- for column in of_the_place %}
        reports.{{ column }},
        {%- endfor %}
        submissions.period_start,
        submissions.period_end
    from reports
    inner join submissions on reports.submission_id = submissions.submission_id
    where submissions.period_start is not null and submissions.period_end is not null

),

periods_in_order as (

    select
        *,
        max(period_end) over (
            partition by {{ of_the_place | join(', ') }}
            order by period_start, period_end
            rows between unbounded preceding and 1 preceding
        ) as reported_until
    from periods_reported

),

-- quarters alone, or years alone, say nothing twice
places_overlapped as (

    select distinct {{ of_the_place | join(', ') }}
    from periods_in_order
    where period_start <= reported_until

),

changes as (

    select
        {%- for column in of_the_place + part + ['span', 'period_id'] %}
        by_period.{{ column }},
        {%- endfor %}
        -- how far sources lie apart goes with their figure
        case when by_period.side = 'apart' then 'both' else by_period.side end as measure_side,
        submissions.period_id as reported_id,
        submissions.period_start as reported_start,
        submissions.period_end as reported_end,
        {%- for column in columns %}
        by_period.{{ column }}_change,
        {%- endfor %}
        by_period.changed_at,
        by_period.cause,
        by_period.submission_id
    from by_period
    inner join places_overlapped
        on {{ same_place.format('by_period', 'places_overlapped') }}
    inner join submissions on by_period.submission_id = submissions.submission_id

),

moments as (

    select
        {{ cell | join(', ') }},
        changed_at,
        max(cause) as cause,
        max(submission_id) as submission_id
    from changes
    group by {{ cell | join(', ') }}, changed_at

),

-- what each period's reports said at each moment at which anything changed
known as (

    select
        moments.*,
        {%- for column in part %}
        changes.{{ column }},
        {%- endfor %}
        changes.reported_id,
        changes.reported_start,
        changes.reported_end,
        {%- for column in columns %}
        sum(changes.{{ column }}_change) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from moments
    inner join changes
        on
            {{ same_cell.format('moments', 'changes') }}
            and moments.changed_at >= changes.changed_at
    group by all

),

-- what is known of all persons decides for women, men, Roma and others too, so that they still sum to all
periods_known as (

    select
        {{ cell | join(', ') }},
        changed_at,
        reported_id,
        reported_start,
        reported_end,
        {{ dbt.datediff('reported_start', 'reported_end', 'day') }} as days,
        sum(known_rows) > 0 as is_known
    from known
    where sex = 'all' and community = 'all'
    group by {{ cell | join(', ') }}, changed_at, reported_id, reported_start, reported_end
    having sum(reported_rows) > 0

),

-- of periods that overlap the longer one of which anything is known counts, and of equally long ones the later
covered as (

    select
        {%- for column in cell + ['changed_at', 'reported_id'] %}
        shorter.{{ column }},
        {%- endfor %}
        max(case
            when shorter.reported_start >= longer.reported_start and shorter.reported_end <= longer.reported_end then 1
            else 0
        end) = 1 as is_within
    from periods_known as shorter
    inner join periods_known as longer
        on
            {{ same_cell.format('shorter', 'longer') }}
            and shorter.changed_at = longer.changed_at
            and longer.is_known
            and shorter.reported_id <> longer.reported_id
            and shorter.reported_start <= longer.reported_end
            and shorter.reported_end >= longer.reported_start
            and (shorter.days < longer.days or (shorter.days = longer.days and shorter.reported_start < longer.reported_start))
    group by all

),

-- an observation of a longer period holds its parts whole; of rows without a name, and of periods that cross, it is not known whether they are the
-- same: they stay on record, as rows that are counted elsewhere, so that the figure is at least what it is
repeated as (

    select
        known.*,
        case when covered.reported_id is null then 0 else 1 end as is_repeated,
        case when covered.is_within and indicators.is_observed then 1 else 0 end as is_held,
        case when indicators.is_ratio or known.combination = 'pair' then 1 else 0 end as is_ratio
    from known
    inner join indicators
        on
            known.indicator_code = indicators.indicator_code
            and known.definition_version = indicators.definition_version
            and known.measure_side = indicators.side
    left join covered
        on
            {{ same_cell.format('known', 'covered') }}
            and known.changed_at = covered.changed_at
            and known.reported_id = covered.reported_id

),

taken_away as (

    select
        {{ (cell + part + ['reported_id', 'changed_at', 'cause', 'submission_id']) | join(', ') }},
        {%- for column in amounts() %}
        -is_repeated * {{ column }} as {{ column }},
        {%- endfor %}
        {%- for column in ['known_rows', 'reported_rows'] %}
        -is_held * {{ column }} as {{ column }},
        {%- endfor %}
        is_repeated * ((1 - is_held) * is_ratio * known_rows - about_rows) as about_rows,
        is_repeated * ((1 - is_held) * (1 - is_ratio) * known_rows - at_least_rows) as at_least_rows,
        -is_repeated * at_most_rows as at_most_rows
    from repeated

),

changed as (

    select
        {{ (of_the_place + part + ['span', 'period_id', 'changed_at', 'cause', 'submission_id']) | join(', ') }},
        {%- for column in columns %}
        {{ column }} - coalesce(lag({{ column }}) over by_moment, 0) as {{ column }}_change{{ ',' if not loop.last }}
        {%- endfor %}
    from taken_away
    window by_moment as (partition by {{ (cell + part + ['reported_id']) | join(', ') }} order by changed_at)

),

final as (

    select
        {{ (of_the_place + part + ['span', 'period_id', 'changed_at', 'cause', 'submission_id']) | join(', ') }},
        {{- typed_changes() }}
    from changed
    where
        {%- for column in columns %}
        {{ column }}_change <> 0{{ ' or' if not loop.last }}
        {%- endfor %}

)

select * from final
