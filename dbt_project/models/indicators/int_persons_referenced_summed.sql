{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('engagements', ref('int_persons_referenced'), series_of_persons('engagements')) }}
