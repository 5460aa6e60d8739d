with

source as (

    select * from {{ source('reference_history', 'indicators') }}

),

final as (

    select
        -- ids
        indicator_code,
        cast(definition_version as integer) as definition_version,

        -- strings
        unit,
        direction,
        numerator_measure,
        coalesce(numerator_sex, 'all') as numerator_sex,
        coalesce(numerator_community, 'all') as numerator_community,
        denominator_measure,
        case when denominator_measure is not null then coalesce(denominator_sex, 'all') end as denominator_sex,
        case when denominator_measure is not null then coalesce(denominator_community, 'all') end as denominator_community,
        whole_measure,

        -- numerics
        cast(scale as integer) as scale,

        -- dates and moments
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        recorded_from,
        recorded_to
    from source

)

select * from final
