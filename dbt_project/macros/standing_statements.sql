{#- A section's statements with when each was what we knew of its thing: one row per statement and interval [recorded_from, recorded_to).

    All fields of the section, the programme, municipality and period of the report that made the statement, the period the thing was first
    reported for, and the causes that began and ended the interval. Quarantined rows state nothing. Ends in a select; put it into a CTE. -#}
{% macro standing_statements(section) -%}
    select
        statements.*,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        submissions.period_start,
        submissions.period_end,
        submissions.amounts,
        first_statements.period_id as first_period_id,
        first_statements.period_start as first_period_start,
        first_statements.period_end as first_period_end,
        versions.from_cause,
        versions.to_cause,
        versions.recorded_from,
        versions.recorded_to
    from {{ ref('stg_reports__' ~ section) }} as statements
    -- several cells of one row of a wide table speak of several things
    inner join {{ ref('int_' ~ section ~ '_versioned') }} as versions
        on
            statements.submission_id = versions.submission_id
            and statements.source_sheet = versions.source_sheet
            and statements.source_row = versions.source_row
            and statements.thing_key = versions.thing_key
    inner join {{ ref('int_submissions_numbered') }} as submissions on statements.submission_id = submissions.submission_id
    inner join {{ ref('int_statements_numbered') }} as first_statements
        on versions.first_statement_number = first_statements.statement_number
    where not statements.is_quarantined
{%- endmacro %}
