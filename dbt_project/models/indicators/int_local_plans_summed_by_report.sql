{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('local_plans', ref('fct_local_plans'), series_of('local_plans')) }}
