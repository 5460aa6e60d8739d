{{ config(materialized='view', schema='marts_parts') }}
-- the columns are those of the fact, in their order
select * from {{ ref('fct_grants') }} -- noqa: AM04
where amounts = 'to_date'
union all
select * from {{ ref('int_grants_flows_summed') }}
