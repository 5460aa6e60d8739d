with

source as (

    select * from {{ source('reference_history', 'unit_conversions') }}

),

final as (

    select
        -- strings
        unit,
        converted_to,

        -- numerics
        cast(factor as decimal(18, 9)) as factor,

        -- moments
        recorded_from,
        recorded_to
    from source

)

select * from final
