with

indicators as (

    select * from {{ ref('indicators') }}

),

final as (

    select
        -- ids
        indicator_code,
        definition_version,

        -- strings
        title,
        title_sr_latn,
        title_sr_cyrl,
        title_mk,
        title_sq,
        definition,
        unit,
        level,
        direction,
        numerator_measure,
        coalesce(numerator_sex, 'all') as numerator_sex,
        coalesce(numerator_community, 'all') as numerator_community,
        denominator_measure,
        case when denominator_measure is not null then coalesce(denominator_sex, 'all') end as denominator_sex,
        case when denominator_measure is not null then coalesce(denominator_community, 'all') end as denominator_community,
        whole_measure,

        -- numerics
        scale,

        -- booleans
        valid_to is null as is_current,

        -- dates
        valid_from,
        valid_to
    from indicators

)

select * from final
