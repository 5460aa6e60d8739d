{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('observations', ref('int_observations_parted'), series_of('observations')) }}
