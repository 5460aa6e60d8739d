{{ config(materialized='incremental', unique_key='household_support_id', schema='marts_parts') }}
{{ flows_summed('household_support', ref('fct_household_support'), 'household_support_id', {
    'arrears_settled_amount': 'arrears_settled_amount_qualifier',
    'arrears_settled_amount_eur': none,
    'hours_worked': 'hours_worked_qualifier',
}) }}
