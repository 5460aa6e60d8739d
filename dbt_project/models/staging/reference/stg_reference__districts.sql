with

source as (

    select * from {{ ref('districts') }}

),

final as (

    select
        -- ids
        district_code,
        country_code,

        -- strings
        name_latn,
        name_cyrl,
        name_en,
        source
    from source

)

select * from final
