{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('household_support', ref('fct_household_support'), series_of('household_support')) }}
