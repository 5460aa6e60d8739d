{{ config(materialized='view', schema='intermediate') }}
-- a reference stands for one person: a row of more, or of how many is not known, is none of hers or his
select * from {{ ref('int_engagements_to_date') }} -- noqa: AM04
where person_ref is not null and municipality_code is not null and engaged_persons = 1
