with

programmes as (

    select * from {{ ref('stg_reference__programmes') }}

),

final as (

    select
        -- ids
        programme_id,
        parent_programme_id,
        country_code,

        -- strings
        title,
        title_sr_latn,
        title_mk,
        reporting_frequency,
        source,

        -- numerics
        cast(due_days as bigint) as due_days,
        cast(municipalities_stated as bigint) as municipalities_stated,

        -- booleans
        is_synthetic,

        -- dates
        starts_on,
        ends_on
    from programmes

)

select * from final
