{{ config(materialized='incremental', unique_key='service_id', schema='marts_parts') }}
{{ flows_summed('services', ref('fct_services'), 'service_id', {
    'funding_amount': 'funding_amount_qualifier',
    'funding_amount_eur': none,
}, date_field='started_on') }}
