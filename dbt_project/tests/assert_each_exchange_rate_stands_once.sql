-- An amount is converted by joining the rate of its date: a rate that stood twice would count the amount twice.

with

exchange_rates as (

    select * from {{ ref('exchange_rates') }}

),

final as (

    select
        currency,
        period,
        rate_date,
        source,
        count(*) as times_listed
    from exchange_rates
    group by currency, period, rate_date, source
    having count(*) > 1

)

select * from final
