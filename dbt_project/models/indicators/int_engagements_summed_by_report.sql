{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('engagements', ref('int_engagements_to_date'), series_of('engagements')) }}
