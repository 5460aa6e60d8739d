with

source as (

    select * from {{ source('ledger', 'build_days') }}

),

final as (

    select recorded_at from source

)

select * from final
