with

source as (

    select * from {{ source('reference_history', 'measures') }}

),

final as (

    select
        -- ids
        measure_code,

        -- strings
        section,
        field,
        unit,
        kind,
        counted_by,
        over_periods,
        over_municipalities,
        over_programmes,
        women_field,
        roma_field,
        filter_field,
        filter_code,

        -- booleans
        cast(has_qualifier as boolean) as has_qualifier,

        -- moments
        recorded_from,
        recorded_to
    from source

)

select * from final
