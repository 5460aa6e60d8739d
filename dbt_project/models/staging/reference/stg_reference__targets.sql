with

source as (

    select * from {{ source('reference_history', 'targets') }}

),

final as (

    select
        -- ids
        indicator_code,
        programme_id,
        municipality_code,
        coalesce(period_id, 'to-date') as period_id,

        -- numerics
        cast(baseline as decimal(38, 4)) as baseline,
        cast(target as decimal(38, 4)) as target,

        -- moments
        recorded_from,
        recorded_to
    from source

)

select * from final
