with

rates as (

    select * from {{ ref('stg_reference__exchange_rates') }}

),

-- where two sources give a rate of the same period: an official one for grants, then a mean of what was paid, then one set in advance
ranked as (

    select
        *,
        row_number() over (
            partition by currency, period, rate_date
            order by
                case kind when 'InforEuro' then 1 when 'avg' then 2 when 'avg of weekly' then 3 else 4 end,
                kind,
                source
        ) as preference
    from rates

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

        -- dates
        rate_date
    from ranked
    where preference = 1

)

select * from final
