{{ config(materialized='view', schema='intermediate') }}
{#- The columns of what is summed, but that the figure is how far the sources lie apart: it is then summed and carried as the figure itself is. -#}
{%- set columns = adapter.get_columns_in_relation(ref('int_observations_reconciled')) | map(attribute='name') | list -%}
select
    {%- for column in columns if column not in ['value', 'value_qualifier', 'value_apart'] %}
    {{ column }},
    {%- endfor %}
    value_apart as value,
    'exact' as value_qualifier
from {{ ref('int_observations_reconciled') }}
where value_apart > 0
