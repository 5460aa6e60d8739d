{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('events', ref('fct_events'), series_of('events')) }}
