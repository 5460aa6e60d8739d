with

rates as (

    select * from {{ ref('stg_reference__exchange_rates') }}

),

-- when what we know of a rate may have changed, the beginning included: before a rate was listed there was none
moments as (

    select
        currency,
        period,
        rate_date,
        {{ ever() }} as moment
    from rates

    union

    select
        currency,
        period,
        rate_date,
        recorded_from as moment
    from rates

    union

    select
        currency,
        period,
        rate_date,
        recorded_to as moment
    from rates
    where recorded_to is not null

),

-- where two sources give a rate of the same period: an official one for grants, then a mean of what was paid, then one set in advance
ranked as (

    select
        moments.currency,
        moments.period,
        moments.rate_date,
        moments.moment,
        rates.units_per_eur,
        rates.kind,
        rates.source,
        row_number() over (
            partition by moments.currency, moments.period, moments.rate_date, moments.moment
            order by
                case rates.kind when 'InforEuro' then 1 when 'avg' then 2 when 'avg of weekly' then 3 else 4 end,
                rates.kind,
                rates.source,
                rates.units_per_eur
        ) as preference
    from moments
    left join rates
        on moments.currency = rates.currency
        and moments.period = rates.period
        and moments.rate_date = rates.rate_date
        and moments.moment >= rates.recorded_from
        and moments.moment < coalesce(rates.recorded_to, {{ forever() }})

),

preferred as (

    select
        *,
        lag(moment) over by_moment as previous_moment,
        lag(units_per_eur) over by_moment as previous_units,
        lag(kind) over by_moment as previous_kind,
        lag(source) over by_moment as previous_source
    from ranked
    where preference = 1
    window by_moment as (partition by currency, period, rate_date order by moment)

),

changed as (

    select * from preferred
    where
        previous_moment is null
        or units_per_eur is distinct from previous_units
        or kind is distinct from previous_kind
        or source is distinct from previous_source

),

final as (

    select
        -- ids
        currency,

        -- strings
        period,
        kind,
        source,

        -- numerics
        units_per_eur,

        -- dates and moments
        rate_date,
        moment as recorded_from,
        lead(moment) over (partition by currency, period, rate_date order by moment) as recorded_to
    from changed

)

select * from final
