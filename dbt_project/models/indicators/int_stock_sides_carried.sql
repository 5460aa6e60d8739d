{{ config(materialized='table', schema='intermediate') }}
with

reported as (

    select * from {{ ref('int_indicator_changes_reported') }}
    where span = 'point' and combination = 'pair'

),

pairs_of_a_stock as (

    select
        indicator_code,
        definition_version
    from {{ ref('int_indicator_series') }}
    where combination = 'pair'
    group by indicator_code, definition_version
    having count(case when over_periods = 'latest' then 1 end) between 1 and count(*) - 1

),

-- of a stock beside what happens: in the year and to date what happened is summed and the stock is its last, before the two are paired
stated as (

    select
        reported.*,
        reported.side as figure_side
    from reported
    inner join pairs_of_a_stock
        on reported.indicator_code = pairs_of_a_stock.indicator_code
        and reported.definition_version = pairs_of_a_stock.definition_version

),

{{ stocks_carried('stated') }}

select * from final
