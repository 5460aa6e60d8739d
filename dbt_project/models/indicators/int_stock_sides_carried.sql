{{ config(materialized='table', schema='intermediate') }}
with

-- of a stock beside what happens: in the year and to date what happened is summed and the stock is its last, before the two are paired
stated as (

    select
        reported.*,
        reported.side as figure_side
    from {{ ref('int_indicator_changes_reported') }} as reported
    inner join (
        select
            indicator_code,
            definition_version
        from {{ ref('int_indicator_series') }}
        where combination = 'pair'
        group by indicator_code, definition_version
        having count(case when over_periods = 'latest' then 1 end) between 1 and count(*) - 1
    ) as mixed
        on reported.indicator_code = mixed.indicator_code and reported.definition_version = mixed.definition_version
    where reported.span = 'point' and reported.combination = 'pair'

),

{{ stocks_carried('stated') }}

select * from final
