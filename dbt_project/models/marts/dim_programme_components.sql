with

components as (

    select * from {{ ref('stg_reference__programme_components') }}

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
        cast(municipalities_stated as bigint) as municipalities_stated,
        cast(municipalities_listed as bigint) as municipalities_listed
    from components

)

select * from final
