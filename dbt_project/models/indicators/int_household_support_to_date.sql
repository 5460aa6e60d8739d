{{ config(materialized='view', schema='marts_parts') }}
-- the columns are those of the fact, in their order
select * from {{ ref('fct_household_support') }} -- noqa: AM04
where amounts = 'to_date'
union all
select * from {{ ref('int_household_support_flows_summed') }}
