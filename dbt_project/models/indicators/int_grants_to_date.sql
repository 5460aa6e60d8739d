{{ config(materialized='view', schema='intermediate') }}
select * from {{ ref('fct_grants') }}
where amounts = 'to_date'
union all
select * from {{ ref('int_grants_flows_summed') }}
