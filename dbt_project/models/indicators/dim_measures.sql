with

measures as (

    select * from {{ ref('measures') }}

),

final as (

    select
        -- ids
        measure_code,

        -- strings
        title,
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
        roma_women_field,
        filter_field,
        filter_code,

        -- booleans
        has_qualifier
    from measures

)

select * from final
