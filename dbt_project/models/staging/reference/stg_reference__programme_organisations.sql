with

source as (

    select * from {{ ref('programme_organisations') }}

),

final as (

    select
        -- ids
        programme_id,

        -- strings
        organisation_name,
        organisation_type,
        role,
        source
    from source

)

select * from final
