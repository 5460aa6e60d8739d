{{ config(materialized='incremental', unique_key=['signature', 'row_id']) }}
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
{%- set moment = known_until() %}
with

signed as {{ inlined() }} (

    {% for section, (id, names, date, figures) in things.items() -%}
    {%- set spelled = [] -%}
    {%- for name in names -%}{%- do spelled.append('lower(trim(cast(' ~ name ~ ' as varchar)))') -%}{%- endfor -%}
    {%- set is_last_section = loop.last -%}
    {%- for kind, named_by, condition in [
        ('ref', ['thing_key', date], "thing_key like 'ref:%' and " ~ date ~ ' is not null'),
        ('name', spelled, names | join(' is not null and ') ~ ' is not null'),
    ] -%}
    select
        {{ id }} as row_id,
        submission_id,
        '{{ section }}' as section,
        programme_id,
        municipality_code,
        source_sheet,
        source_row,
        {{ fingerprint(["'" ~ section ~ " by " ~ kind ~ "'"] + named_by + figures) }} as signature,
        recorded_from,
        recorded_to
    from {{ ref('fct_' ~ section) }}
    where
        {{ condition }}
        and {{ figures[0] }} is not null
        and recorded_from < coalesce(recorded_to, {{ forever() }})
        {%- if moment %}
        -- what ended before is in the table, or was nowhere else at the time
        and coalesce(recorded_to, {{ forever() }}) > {{ moment }}
        {%- endif %}
    {{ 'union all' if not (loop.last and is_last_section) }}

    {% endfor -%}
    {%- endfor %}
),

candidates as (

    {% if moment -%}
    select distinct signature
    from signed
    where {{ is_gained() }}
    {%- else -%}
    select signature
    from signed
    group by signature
    having min({{ fingerprint(['programme_id', 'municipality_code']) }}) <> max({{ fingerprint(['programme_id', 'municipality_code']) }})
    {%- endif %}

),

alike as (

    select
        signed.*,
        signed.programme_id || '/' || coalesce(signed.municipality_code, '') as place
    from signed
    inner join candidates on signed.signature = candidates.signature

),

in_several_places as (

    select signature
    from alike
    group by signature
    having min(place) <> max(place)
    {%- if moment %}

    union

    select signature from {{ this }}
    {%- endif %}

),

final as (

    select alike.*
    from alike
    inner join in_several_places on alike.signature = in_several_places.signature

)

select * from final
