with

source as (

    select * from {{ ref('programme_components') }}

),

final as (

    select
        -- ids
        programme_id,
        component,
        phase,

        -- strings
        source,

        -- numerics
        municipalities_stated,
        municipalities_listed
    from source

)

select * from final
