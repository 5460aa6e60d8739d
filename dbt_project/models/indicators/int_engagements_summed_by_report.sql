{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('engagements', ref('fct_engagements'), series_of('engagements')) }}
