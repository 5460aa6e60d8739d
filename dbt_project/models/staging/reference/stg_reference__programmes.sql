with

source as (

    select * from {{ ref('programmes') }}

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
        due_days,
        municipalities_stated,

        -- booleans
        is_synthetic,

        -- dates
        starts_on,
        ends_on
    from source

)

select * from final
