{{ config(materialized='view', schema='marts_parts') }}
-- the columns are those of the fact, in their order
select * from {{ ref('fct_services') }} -- noqa: AM04
where amounts = 'to_date'
union all
select * from {{ ref('int_services_flows_summed') }}
