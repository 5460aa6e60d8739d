with

source as (

    select * from {{ ref('exchange_rates') }}

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
        cast(units_per_eur as decimal(18, 6)) as units_per_eur,

        -- dates
        rate_date
    from source

)

select * from final
