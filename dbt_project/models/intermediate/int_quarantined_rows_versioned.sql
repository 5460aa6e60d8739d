{%- set sections = [
    'grants', 'engagements', 'trainings', 'equipment', 'services',
    'local_plans', 'household_support', 'participations', 'events', 'observations',
] -%}

with

rows_quarantined as (

    select * from {{ ref('int_rows_quarantined') }}

),

sections_versioned as (

    select * from {{ ref('int_submission_sections_versioned') }}

),

things_kept as (

    select * from {{ ref('int_things_kept') }}

),

kept_keys as (

    select distinct
        submission_id,
        section,
        thing_key
    from things_kept

),

-- the key of a row that stands for itself leads nowhere else
quarantined_keys as (

    select distinct
        section,
        thing_key
    from rows_quarantined
    where thing_key not like 'row:%'

),

{% for section in sections -%}
good_{{ section }} as (

    select
        '{{ section }}' as section,
        statements.submission_id,
        statements.thing_key,
        statements.source_sheet,
        statements.source_row
    from {{ ref('stg_reports__' ~ section) }} as statements
    inner join quarantined_keys
        on statements.thing_key = quarantined_keys.thing_key and quarantined_keys.section = '{{ section }}'
    where not statements.is_quarantined

),

{% endfor -%}
good as (
    {% for section in sections %}
    select * from good_{{ section }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

good_standing as (

    select
        good.section,
        good.thing_key,
        good.source_sheet,
        good.source_row,
        sections_versioned.place_number,
        sections_versioned.statement_number,
        sections_versioned.recorded_from,
        sections_versioned.recorded_to,
        sections_versioned.to_cause
    from good
    inner join sections_versioned
        on good.submission_id = sections_versioned.submission_id and good.section = sections_versioned.section
    left join kept_keys
        on
            good.submission_id = kept_keys.submission_id
            and good.section = kept_keys.section
            and good.thing_key = kept_keys.thing_key
    where kept_keys.submission_id is null

    union all

    select
        good.section,
        good.thing_key,
        good.source_sheet,
        good.source_row,
        things_kept.place_number,
        things_kept.statement_number,
        things_kept.recorded_from,
        things_kept.recorded_to,
        things_kept.to_cause
    from good
    inner join things_kept
        on
            good.submission_id = things_kept.submission_id
            and good.section = things_kept.section
            and good.thing_key = things_kept.thing_key

),

standing_rows as (

    select
        rows_quarantined.thing_key,
        rows_quarantined.source_sheet,
        rows_quarantined.source_row,
        rows_quarantined.source_column,
        sections_versioned.*
    from rows_quarantined
    inner join sections_versioned
        on
            rows_quarantined.submission_id = sections_versioned.submission_id
            and rows_quarantined.section = sections_versioned.section

),

answered_overlaps as (

    select
        standing_rows.submission_id,
        standing_rows.section,
        standing_rows.source_sheet,
        standing_rows.source_row,
        standing_rows.thing_key,
        greatest(standing_rows.recorded_from, good_standing.recorded_from) as recorded_from,
        {{ earlier_end('standing_rows.recorded_to', 'good_standing.recorded_to') }} as recorded_to,
        'corrected' as from_cause,
        good_standing.to_cause
    from standing_rows
    inner join good_standing
        on
            standing_rows.section = good_standing.section
            and standing_rows.thing_key = good_standing.thing_key
            and standing_rows.place_number = good_standing.place_number
            and (
                standing_rows.statement_number < good_standing.statement_number
                or (
                    standing_rows.statement_number = good_standing.statement_number
                    and (standing_rows.source_sheet, standing_rows.source_row)
                    < (good_standing.source_sheet, good_standing.source_row)
                )
            )

),

answered as (

    select * from answered_overlaps
    where recorded_from < coalesce(recorded_to, {{ forever() }})

),

{{ standing_intervals(
    'standing_rows', 'answered',
    key=['submission_id', 'section', 'source_sheet', 'source_row', 'thing_key'],
    carried=['source_column', 'programme_id', 'municipality_code', 'period_id', 'period_start', 'period_end']
) }},

final as (

    select * from standing

)

select * from final
