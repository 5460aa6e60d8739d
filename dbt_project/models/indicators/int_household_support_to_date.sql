{{ config(materialized='view', schema='intermediate') }}
select * from {{ ref('fct_household_support') }}
where amounts = 'to_date'
union all
select * from {{ ref('int_household_support_flows_summed') }}
