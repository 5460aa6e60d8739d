{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
{{ indicator_sums('trainings', ref('fct_trainings'), series_of('trainings')) }}
