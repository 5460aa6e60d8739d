{{ config(materialized='view') }}
-- depends_on: {{ ref('dim_measures') }}
{%- set sections = {
    'grants': [ref('int_grants_to_date'), 'grant_id'],
    'engagements': [ref('int_engagements_to_date'), 'engagement_id'],
    'trainings': [ref('fct_trainings'), 'training_id'],
    'equipment': [ref('fct_equipment'), 'equipment_id'],
    'services': [ref('int_services_to_date'), 'service_id'],
    'local_plans': [ref('fct_local_plans'), 'local_plan_id'],
    'household_support': [ref('int_household_support_to_date'), 'household_support_id'],
    'participations': [ref('fct_participations'), 'participation_id'],
    'events': [ref('fct_events'), 'event_id'],
    'observations': [ref('int_observations_measured'), 'observation_id'],
} -%}
{{ measured_statements(sections, measures_of(sections.keys() | list)) }}
