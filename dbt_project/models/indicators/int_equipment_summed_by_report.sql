{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('equipment', ref('fct_equipment'), series_of('equipment')) }}
