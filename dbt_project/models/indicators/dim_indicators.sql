with

indicators as (

    select * from {{ ref('indicators') }}

),

codes as (

    select distinct indicator_code from indicators

),

final as (

    select
        -- ids
        indicators.indicator_code,
        indicators.definition_version,
        codes.indicator_code as restates_indicator_code,

        -- strings
        indicators.title,
        indicators.title_sr_latn,
        indicators.title_sr_cyrl,
        indicators.title_mk,
        indicators.title_sq,
        indicators.definition,
        indicators.unit,
        indicators.level,
        indicators.direction,
        indicators.numerator_measure,
        coalesce(indicators.numerator_sex, 'all') as numerator_sex,
        coalesce(indicators.numerator_community, 'all') as numerator_community,
        indicators.denominator_measure,
        case when indicators.denominator_measure is not null then coalesce(indicators.denominator_sex, 'all') end as denominator_sex,
        case when indicators.denominator_measure is not null then coalesce(indicators.denominator_community, 'all') end as denominator_community,
        indicators.whole_measure,

        -- numerics
        indicators.scale,

        -- booleans
        indicators.valid_to is null as is_current,

        -- dates
        indicators.valid_from,
        indicators.valid_to
    from indicators
    left join codes on indicators.indicator_code = codes.indicator_code || '_restated'

)

select * from final
