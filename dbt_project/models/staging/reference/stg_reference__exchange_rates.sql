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
        units_per_eur,

        -- dates
        rate_date
    from source

)

select * from final
