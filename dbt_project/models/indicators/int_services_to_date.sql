{{ config(materialized='view', schema='intermediate') }}
select * from {{ ref('fct_services') }}
where amounts = 'to_date'
union all
select * from {{ ref('int_services_flows_summed') }}
