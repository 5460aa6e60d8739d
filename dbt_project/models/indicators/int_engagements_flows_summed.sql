{{ config(schema='intermediate') }}
{{ flows_summed('engagements', ref('fct_engagements'), 'engagement_id', {
    'days_worked': 'days_worked_qualifier',
}) }}
