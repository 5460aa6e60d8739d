{{ config(materialized='table') }}
{%- set one = 'submission_id, section, source_sheet, source_row' -%}
with

submissions as (

    select
        *,
        programme_id || '/' || coalesce(municipality_code, '') as place,
        {{ dbt.datediff('period_start', 'period_end', 'day') }} as days
    from {{ ref('int_submissions_numbered') }}
    where period_start is not null and period_end is not null

),

engagements as (

    select * from {{ ref('fct_engagements') }}
    where
        person_ref is not null
        and (recorded_to is null or recorded_to > recorded_from)
        and {{ is_of_places_read('submission_id') }}

),

codes_without_a_name as (

    select distinct person_ref from engagements
    where thing_key like 'row:%'

),

-- a person's code tells who it is and not which engagement
coded as (

    select
        submission_id,
        'engagements' as section,
        person_ref as code,
        source_sheet,
        source_row,
        thing_key not like 'row:%' as is_named,
        recorded_from,
        recorded_to
    from engagements
    where person_ref in (select codes_without_a_name.person_ref from codes_without_a_name)

),

unnamed as (

    select
        rows_unnamed.submission_id,
        rows_unnamed.section,
        '' as code,
        rows_unnamed.source_sheet,
        rows_unnamed.source_row,
        false as is_named,
        rows_unnamed.recorded_from,
        rows_unnamed.recorded_to
    from {{ ref('int_rows_unnamed') }} as rows_unnamed

),

-- names are looked for where there are rows without: of most places nothing is read
reports_beside as (

    select distinct
        unnamed.section,
        beside.submission_id
    from unnamed
    inner join submissions on unnamed.submission_id = submissions.submission_id
    inner join submissions as beside on submissions.place = beside.place and submissions.period_id <> beside.period_id

),
{%- for section in sections_of_things() %}

{{ section }}_named as (

    select
        facts.submission_id,
        '{{ section }}' as section,
        '' as code,
        facts.source_sheet,
        min(facts.source_row) as source_row,
        true as is_named,
        facts.recorded_from,
        facts.recorded_to
    from {{ ref('fct_' ~ section) }} as facts
    inner join reports_beside
        on facts.submission_id = reports_beside.submission_id and reports_beside.section = '{{ section }}'
    where
        not ({{ known_by_period(section) }})
        and (facts.recorded_to is null or facts.recorded_to > facts.recorded_from)
    group by facts.submission_id, facts.source_sheet, facts.recorded_from, facts.recorded_to

),
{%- endfor %}

told as (

    select * from coded
    union all
    select * from unnamed
    {%- for section in sections_of_things() %}
    union all
    select * from {{ section }}_named
    {%- endfor %}

),

reported as (

    select
        told.*,
        submissions.place,
        submissions.period_id,
        submissions.period_start,
        submissions.period_end,
        submissions.days
    from told
    inner join submissions on told.submission_id = submissions.submission_id

),

-- rows without a name beside named ones of a period that overlaps theirs; of two rows on a person of whom neither has one, that of the longer period
compared as (

    select
        rows_told.submission_id,
        rows_told.section,
        rows_told.source_sheet,
        rows_told.source_row,
        others.submission_id as other_submission_id,
        others.source_sheet as other_sheet,
        others.source_row as other_row,
        others.period_id as other_period,
        others.period_end as other_end,
        greatest(rows_told.recorded_from, others.recorded_from) as recorded_from,
        {{ earlier_end('rows_told.recorded_to', 'others.recorded_to') }} as recorded_to
    from reported as rows_told
    inner join reported as others
        on
            rows_told.place = others.place
            and rows_told.section = others.section
            and rows_told.code = others.code
            and rows_told.period_id <> others.period_id
            and rows_told.period_start <= others.period_end
            and rows_told.period_end >= others.period_start
            and {{ overlap('rows_told', 'others') }}
    where
        not rows_told.is_named
        and (
            others.is_named
            or rows_told.code <> '' and (
                rows_told.days > others.days or (rows_told.days = others.days and rows_told.period_start > others.period_start)
            )
        )

),

-- of several the latest is named
named as (

    {{ first_of_those_standing(
        'compared', one.split(', '), ['other_submission_id', 'other_sheet', 'other_row', 'other_period'],
        order='other_end desc, other_period, other_submission_id, other_sheet, other_row'
    ) }}

),

final as (

    select
        {%- for column in one.split(', ') %}
        named.{{ column }},
        {%- endfor %}
        named.other_period,
        named.other_sheet,
        named.other_row,
        files.file_name as other_file,
        named.recorded_from,
        named.recorded_to
    from named
    inner join {{ ref('stg_reports__submissions') }} as files on named.other_submission_id = files.submission_id

)

select * from final
