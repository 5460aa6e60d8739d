{{ config(materialized='incremental', unique_key='grant_id', schema='marts_parts') }}
{{ flows_summed('grants', ref('fct_grants'), 'grant_id', {
    'awarded_amount': 'awarded_amount_qualifier',
    'awarded_amount_eur': none,
    'disbursed_amount': 'disbursed_amount_qualifier',
    'disbursed_amount_eur': none,
    'spent_amount': 'spent_amount_qualifier',
    'spent_amount_eur': none,
}, date_field='awarded_on') }}
