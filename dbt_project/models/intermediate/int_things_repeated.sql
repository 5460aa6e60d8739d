{#- Section → the id of its facts, what names a thing where it has no ref, its date, and its figures; a thing that lacks a name, or its first figure,
    is told from no other. -#}
{%- set things = {
    'engagements': ('engagement_id', ['employer_name', 'started_on_edtf'], 'started_on_edtf', ['engaged_persons', 'engaged_women', 'days_worked']),
    'trainings': ('training_id', ['title', 'started_on_edtf'], 'started_on_edtf', ['enrolled_persons', 'completed_persons', 'hours']),
    'equipment': ('equipment_id', ['item_name', 'recipient_name', 'delivered_on_edtf'], 'delivered_on_edtf', ['quantity', 'unit_cost']),
    'grants': ('grant_id', ['grantee_name', 'awarded_on_edtf'], 'awarded_on_edtf', ['awarded_amount', 'currency']),
    'services': ('service_id', ['service_type', 'provider_name', 'started_on_edtf'], 'started_on_edtf', ['users', 'funding_amount']),
    'household_support': ('household_support_id', ['utility_type', 'host_institution', 'arrears_settled_amount'], 'arrears_settled_amount', ['households', 'hours_worked']),
    'events': ('event_id', ['title', 'held_on_edtf'], 'held_on_edtf', ['attendees', 'attending_municipalities']),
} -%}
with

{% for section, (id, names, date, figures) in things.items() -%}
{{ section }} as (

    select
        {{ id }} as row_id,
        submission_id,
        '{{ section }}' as section,
        thing_key,
        programme_id,
        municipality_code,
        source_sheet,
        source_row,
        recorded_from,
        {%- for name in names %}
        lower(trim(cast({{ name }} as varchar))) as name_{{ loop.index }},
        {%- endfor %}
        cast({{ date }} as varchar) as thing_date,
        ''
        {%- for figure in figures %}
        || coalesce(cast({{ figure }} as varchar), '') || '|'
        {%- endfor %} as figures
    from {{ ref('fct_' ~ section) }}
    where recorded_to is null and {{ figures[0] }} is not null

),

{% endfor -%}
{#- -#}
signed as (

    {% for section, (id, names, date, figures) in things.items() -%}
    {%- set signatures = {
        'thing_key': "thing_key like 'ref:%' and thing_date is not null",
        'key': 'name_' ~ range(1, names | length + 1) | join(' is not null and name_') ~ ' is not null',
    } -%}
    {%- set named = 'name_' ~ range(1, names | length + 1) | join(" || '|' || name_") -%}
    {%- set is_last_section = loop.last -%}
    {%- for kind, condition in signatures.items() -%}
    {%- set identity = "thing_key || '|' || thing_date" if kind == 'thing_key' else named -%}
    select
        row_id,
        submission_id,
        section,
        programme_id,
        municipality_code,
        programme_id || '/' || coalesce(municipality_code, '') as place,
        source_sheet,
        source_row,
        recorded_from,
        {{ dbt.hash("section || '|" ~ kind ~ "|' || " ~ identity ~ " || '|' || figures") }} as signature
    from {{ section }}
    where {{ condition }}
    {{ 'union all' if not (loop.last and is_last_section) }}

    {% endfor -%}
    {%- endfor %}
),

signatures_repeated as (

    select signature
    from signed
    group by signature
    having min(place) <> max(place)

),

-- of the rows with one signature, the first and the last are of two places: each row is shown the one that is not of its own
repeated as (

    select
        signed.*,
        first_value(signed.row_id) over in_order as first_row_id,
        first_value(signed.place) over in_order as first_place,
        last_value(signed.row_id) over in_order as last_row_id
    from signed
    inner join signatures_repeated on signed.signature = signatures_repeated.signature
    window in_order as (
        partition by signed.signature
        order by signed.place, signed.row_id
        rows between unbounded preceding and unbounded following
    )

),

-- a row that is the same by its ref and by its name is told once
repeated_once as (

    select
        section,
        row_id,
        min(case when place = first_place then last_row_id else first_row_id end) as other_row_id
    from repeated
    group by section, row_id

),

rows_repeated as (

    select distinct
        row_id,
        submission_id,
        section,
        programme_id,
        municipality_code,
        source_sheet,
        source_row,
        recorded_from
    from repeated

),

final as (

    select
        -- ids
        rows_repeated.submission_id,
        rows_repeated.section,
        others.submission_id as other_submission_id,
        others.programme_id as other_programme_id,
        others.municipality_code as other_municipality_code,

        -- strings
        rows_repeated.source_sheet,
        others.source_sheet as other_sheet,

        -- numerics
        rows_repeated.source_row,
        others.source_row as other_row,

        -- moments
        greatest(rows_repeated.recorded_from, others.recorded_from) as recorded_from
    from repeated_once
    inner join rows_repeated
        on repeated_once.section = rows_repeated.section and repeated_once.row_id = rows_repeated.row_id
    inner join rows_repeated as others
        on repeated_once.section = others.section and repeated_once.other_row_id = others.row_id

)

select * from final
