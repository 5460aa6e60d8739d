with

source as (

    select * from {{ source('reference_history', 'exchange_rates') }}

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

        -- dates and moments
        cast(rate_date as date) as rate_date,
        recorded_from,
        recorded_to
    from source

)

select * from final
