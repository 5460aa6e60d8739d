{{ config(materialized='incremental', unique_key='engagement_id', schema='marts_parts') }}
{{ flows_summed('engagements', ref('fct_engagements'), 'engagement_id', {
    'days_worked': 'days_worked_qualifier',
}) }}
