{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('grants', ref('int_grants_to_date'), series_of('grants')) }}
