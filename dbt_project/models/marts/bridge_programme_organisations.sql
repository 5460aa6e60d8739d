with

organisations as (

    select * from {{ ref('stg_reference__programme_organisations') }}

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
    from organisations

)

select * from final
