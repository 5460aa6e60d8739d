{{ config(materialized='view') }}
-- depends_on: {{ ref('dim_measures') }}
{%- set sections = {
    'grants': [ref('fct_grants'), 'grant_id'],
    'engagements': [ref('fct_engagements'), 'engagement_id'],
    'trainings': [ref('fct_trainings'), 'training_id'],
    'equipment': [ref('fct_equipment'), 'equipment_id'],
    'services': [ref('fct_services'), 'service_id'],
    'local_plans': [ref('fct_local_plans'), 'local_plan_id'],
    'household_support': [ref('fct_household_support'), 'household_support_id'],
    'participations': [ref('fct_participations'), 'participation_id'],
    'events': [ref('fct_events'), 'event_id'],
} -%}
{{ measured_statements(sections, measures_of(sections.keys() | list)) }}
