{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('participations', ref('fct_participations'), series_of('participations')) }}
