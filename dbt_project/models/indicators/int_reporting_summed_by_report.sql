{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('reporting', ref('int_reports_expected'), series_of('reporting')) }}
