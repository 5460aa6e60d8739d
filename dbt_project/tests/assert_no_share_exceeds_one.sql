-- A share is a part of its whole, row by row, so no sum of rows can exceed it: more means that sides were summed apart.
with

indicators as (

    select * from {{ ref('dim_indicators') }}
    where unit = 'share'

),

figures as (

    select
        indicator_code,
        period_id,
        value,
        value_low,
        value_high,
        known_share
    from {{ ref('indicator_values') }}
    union all
    select
        indicator_code,
        period_id,
        value,
        value_low,
        value_high,
        known_share
    from {{ ref('indicator_totals') }}

)

select figures.*
from figures
inner join indicators on figures.indicator_code = indicators.indicator_code
where
    figures.value not between 0 and 1
    or figures.value_low not between 0 and 1
    or figures.value_high not between figures.value_low and 1
    or figures.known_share not between 0 and 1
