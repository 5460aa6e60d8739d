{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('observations', ref('int_observations_reconciled'), series_of('observations')) }}
