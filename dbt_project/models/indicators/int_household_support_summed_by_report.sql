{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('household_support', ref('int_household_support_to_date'), series_of('household_support')) }}
