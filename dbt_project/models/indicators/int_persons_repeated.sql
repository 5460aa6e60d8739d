{{ config(materialized='view', schema='intermediate') }}
{#- The columns of the section, but that the person stands in the place of the report: what is summed by report is then summed by person. -#}
{%- set columns = adapter.get_columns_in_relation(ref('int_persons_referenced')) | map(attribute='name') | list -%}
with

persons as (

    select * from {{ ref('int_persons_referenced') }}

),

in_several_programmes as (

    select
        municipality_code,
        person_ref
    from persons
    group by municipality_code, person_ref
    having count(distinct programme_id) > 1

),

final as (

    select
        {%- for column in columns if column != 'submission_id' %}
        persons.{{ column }},
        {%- endfor %}
        persons.person_ref as submission_id
    from persons
    inner join in_several_programmes
        on persons.municipality_code = in_several_programmes.municipality_code
        and persons.person_ref = in_several_programmes.person_ref

)

select * from final
