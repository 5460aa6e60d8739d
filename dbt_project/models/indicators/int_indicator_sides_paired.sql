{{ config(materialized='table', schema='intermediate') }}
{%- set cell = 'indicator_code, definition_version, programme_id, municipality_code, span, period_id' -%}
{#- Both sides are told apart by what they are of, but for the side; each has one figure. -#}
{%- set ids = ids_of_changes() | reject('in', ['combination', 'side']) | list -%}
{%- set told %}
        {%- for column in ids + ['side', 'span', 'period_id', 'period_start', 'period_end'] %}
        {{ column }},
        {%- endfor %}
        numerator_change,
        {%- for row_count in row_counts() %}
        {{ row_count }}_change{{ ',' if not loop.last }}
        {%- endfor %}
{%- endset -%}
with

sides as (

    select
        {{- told }}
    from {{ ref('int_indicator_changes_spanned') }}
    where combination = 'pair'

    union all

    select
        {{- told }}
    from {{ ref('int_stock_sides_carried') }}

),

shares as (

    select
        indicator_code,
        definition_version,
        max(case when is_share then 1 else 0 end) = 1 as is_share,
        -- the whole is the other side, whether it is paired or not
        max(case when whole_code is not null then 1 else 0 end) as has_whole
    from {{ ref('int_indicator_series') }}
    where combination = 'pair'
    group by indicator_code, definition_version

),

known_so_far as (

    select
        {%- for column in ids + ['span', 'period_id', 'period_start', 'period_end', 'reported_rows_change'] %}
        {{ column }},
        {%- endfor %}
        case when side = 'numerator' then numerator_change else 0 end as numerator_unpaired_change,
        sum(case when side = 'numerator' then numerator_change else 0 end) over so_far as numerator,
        sum(case when side = 'denominator' then numerator_change else 0 end) over so_far as denominator,
        sum(case when side = 'numerator' then known_rows_change else 0 end) over so_far as numerator_rows,
        sum(case when side = 'denominator' then known_rows_change else 0 end) over so_far as denominator_rows,
        sum(about_rows_change) over so_far as about_rows,
        sum(at_least_rows_change) over so_far as at_least_rows,
        sum(at_most_rows_change) over so_far as at_most_rows,
        row_number() over so_far as change_number
    from sides
    window so_far as (
        partition by {{ cell }}
        order by changed_at, side, cause, submission_id, known_rows_change, reported_rows_change, numerator_change
        rows between unbounded preceding and current row
    )

),

-- in a municipality, programme and period the sides count while both are known, and leave together; a part that is more than its whole contradicts
-- it, and says nothing of the share
paired as (

    select
        known_so_far.*,
        case
            when known_so_far.numerator_rows = 0 or known_so_far.denominator_rows = 0 then 0
            when shares.is_share and known_so_far.numerator not between 0 and known_so_far.denominator then 0
            else 1
        end as is_paired,
        coalesce(shares.has_whole, 0) as has_whole,
        known_so_far.numerator_rows + known_so_far.denominator_rows as known_rows
    from known_so_far
    left join shares
        on known_so_far.indicator_code = shares.indicator_code and known_so_far.definition_version = shares.definition_version

),

final as (

    select
        indicator_code,
        definition_version,
        'pair' as combination,
        'both' as side,
        programme_id,
        municipality_code,
        sex,
        community,
        changed_at,
        cause,
        submission_id,
        is_paired * numerator - coalesce(lag(is_paired * numerator) over so_far, 0) as numerator_change,
        is_paired * denominator - coalesce(lag(is_paired * denominator) over so_far, 0) as denominator_change,
        numerator_unpaired_change,
        has_whole * (is_paired * numerator - coalesce(lag(is_paired * numerator) over so_far, 0)) as numerator_in_whole_change,
        has_whole * (denominator - coalesce(lag(denominator) over so_far, 0)) as whole_change,
        reported_rows_change,
        {%- for row_count in row_counts() if row_count != 'reported_rows' %}
        cast(is_paired * {{ row_count }} - coalesce(lag(is_paired * {{ row_count }}) over so_far, 0) as bigint) as {{ row_count }}_change,
        {%- endfor %}
        span,
        period_id,
        period_start,
        period_end
    from paired
    window so_far as (partition by {{ cell }} order by change_number)

)

select * from final
