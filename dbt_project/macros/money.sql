{#- The day a rate is looked up for: the first of the month where the thing's date is known to the month, of the year where it is known to the year,
    else of the month in which the period ended. `rate_period` says which of the two. -#}
{% macro rate_date(earliest, latest, period_end) -%}
    cast(case
            when {{ dbt.date_trunc('month', earliest) }} = {{ dbt.date_trunc('month', latest) }}
                then {{ dbt.date_trunc('month', earliest) }}
            when {{ dbt.date_trunc('year', earliest) }} = {{ dbt.date_trunc('year', latest) }}
                then {{ dbt.date_trunc('year', earliest) }}
            else {{ dbt.date_trunc('month', period_end) }}
        end as date)
{%- endmacro %}


{% macro rate_period(earliest, latest, period_end) -%}
    case
            when {{ dbt.date_trunc('month', earliest) }} = {{ dbt.date_trunc('month', latest) }} then 'month'
            when {{ dbt.date_trunc('year', earliest) }} = {{ dbt.date_trunc('year', latest) }} then 'year'
            else 'month'
        end
{%- endmacro %}


{#- A relation's rows with the exchange rate of their currency (units per euro), its day, kind and source: null where no rate is known, 1 for euro.

    statements: a relation with currency, period_end, recorded_from, recorded_to and their causes. date_field: the thing's own date, by which the
    rate is chosen; without one it is the end of the report's period. A rate that changed while a statement stood divides its interval: the pieces
    are rated_from, rated_to, rated_from_cause, rated_to_cause. Ends in a select; put it into a CTE. -#}
{% macro with_rates(statements, date_field=none) -%}
    {%- set earliest = 'statements.' ~ (date_field ~ '_earliest' if date_field else 'period_end') -%}
    {%- set latest = 'statements.' ~ (date_field ~ '_latest' if date_field else 'period_end') -%}
    select
        statements.*,
        case when statements.currency = 'EUR' then 1 else rates.units_per_eur end as rate,
        case when statements.currency = 'EUR' then 'stated in euro' else rates.kind end as rate_kind,
        case when statements.currency = 'EUR' then 'stated in euro' else rates.source end as rate_source,
        case when rates.units_per_eur is not null then rates.rate_date end as rate_date,
        case when rates.recorded_from > statements.recorded_from then 'rate_changed' else statements.from_cause end as rated_from_cause,
        case
            when rates.recorded_to < coalesce(statements.recorded_to, {{ forever() }}) and rates.recorded_to > statements.recorded_from
                then 'rate_changed'
            else statements.to_cause
        end as rated_to_cause,
        case when rates.recorded_from > statements.recorded_from then rates.recorded_from else statements.recorded_from end as rated_from,
        case
            when rates.recorded_to < coalesce(statements.recorded_to, {{ forever() }}) then rates.recorded_to
            else statements.recorded_to
        end as rated_to
    from {{ statements }} as statements
    left join {{ ref('int_exchange_rates_chosen') }} as rates
        on
            statements.currency = rates.currency
            and rates.period = {{ rate_period(earliest, latest, 'statements.period_end') }}
            and rates.rate_date = {{ rate_date(earliest, latest, 'statements.period_end') }}
            and statements.recorded_from < coalesce(rates.recorded_to, {{ forever() }})
            -- a statement that was hidden when it came has an empty interval, and the rate of its moment; said with one comparison, since an "or"
            -- makes the engine compare each statement with each rate
            and rates.recorded_from < greatest(
                coalesce(statements.recorded_to, {{ forever() }}), {{ dbt.dateadd('microsecond', 1, 'statements.recorded_from') }}
            )
{%- endmacro %}


{#- An amount in euro, rounded half up to the cent; null where the amount or the rate is unknown. Exact on every engine: a quotient of decimals is a
    float in DuckDB, so there it is taken in whole numbers. -#}
{% macro in_euro(amount, rate) -%}
    {{ return(adapter.dispatch('in_euro', 'munimon')(amount, rate)) }}
{%- endmacro %}

{% macro default__in_euro(amount, rate) -%}
    cast(round({{ amount }} / {{ rate }}, 2) as decimal(18, 2))
{%- endmacro %}

{#- cents × 1,000,000 ÷ (rate × 1,000,000), plus a half -#}
{% macro duckdb__in_euro(amount, rate) -%}
    cast(
            sign({{ amount }}) * (
                (2 * cast(abs({{ amount }}) * 100 as hugeint) * 1000000 + cast({{ rate }} * 1000000 as hugeint))
                // (2 * cast({{ rate }} * 1000000 as hugeint))
            ) * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
        )
{%- endmacro %}
