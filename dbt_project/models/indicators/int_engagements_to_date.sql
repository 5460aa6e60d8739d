{{ config(materialized='view', schema='intermediate') }}
select * from {{ ref('fct_engagements') }}
where amounts = 'to_date'
union all
select * from {{ ref('int_engagements_flows_summed') }}
