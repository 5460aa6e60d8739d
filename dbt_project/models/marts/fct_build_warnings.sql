with

jumps as (

    select * from {{ ref('int_figures_jumped') }}

),

lowered as (

    select * from {{ ref('int_amounts_lowered') }}
    union all
    select * from {{ ref('int_cumulatives_lowered') }}

),

repeated as (

    select * from {{ ref('int_things_repeated') }}

),

unlisted as (

    select * from {{ ref('int_reports_unlisted') }}

),

unconverted as (

    select * from {{ ref('int_amounts_unconverted') }}
    where {{ is_of_places_read('submission_id') }}

),

mismatched as (

    select * from {{ ref('int_units_mismatched') }}

),

exceeded as (

    select * from {{ ref('int_wholes_exceeded') }}

),

overlapped as (

    select * from {{ ref('int_rows_overlapped') }}

),

doubled as (

    select * from {{ ref('int_rows_doubled') }}

),

municipalities as (

    select * from {{ ref('dim_municipalities') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

-- the columns of a section's sheet are the same however often what it says has come and gone
sections as (

    select
        submission_id,
        section,
        min(source_sheet) as source_sheet,
        min(columns) as columns
    from {{ ref('stg_reports__submission_sections') }}
    group by submission_id, section

),

told as (

    select
        submission_id,
        section,
        field,
        'jump_against_last_period' as rule,
        cast(null as varchar) as source_sheet,
        cast(null as varchar) as source_column,
        cast(null as bigint) as source_row,
        {{ json_of({
            'label': "section || '.' || field", 'value': 'cast(figure as double)', 'before': 'cast(figure_before as double)', 'period': 'period_before',
        }) }} as params,
        recorded_from,
        recorded_to
    from jumps

    union all

    select
        submission_id,
        section,
        field,
        'amount_to_date_fell' as rule,
        source_sheet,
        source_column,
        source_row,
        {{ json_of({
            'label': "section || '.' || field", 'value': 'cast(figure as double)', 'before': 'cast(figure_before as double)', 'period': 'period_before',
        }) }} as params,
        recorded_from,
        recorded_to
    from lowered

    union all

    select
        repeated.submission_id,
        repeated.section,
        cast(null as varchar) as field,
        'reported_elsewhere' as rule,
        repeated.source_sheet,
        cast(null as varchar) as source_column,
        repeated.source_row,
        {{ json_of({
            'other_place_latn': 'municipalities.name_latn', 'other_place_cyrl': 'municipalities.name_cyrl', 'programme': 'repeated.other_programme_id',
            'other_submission': 'repeated.other_submission_id', 'other_sheet': 'repeated.other_sheet', 'other_row': 'repeated.other_row',
        }) }} as params,
        repeated.recorded_from,
        repeated.recorded_to
    from repeated
    left join municipalities on repeated.other_municipality_code = municipalities.municipality_code

    union all

    select
        unlisted.submission_id,
        cast(null as varchar) as section,
        cast(null as varchar) as field,
        'municipality_not_participating' as rule,
        cast(null as varchar) as source_sheet,
        cast(null as varchar) as source_column,
        cast(null as bigint) as source_row,
        {{ json_of({
            'place_latn': 'municipalities.name_latn', 'place_cyrl': 'municipalities.name_cyrl', 'programme': 'unlisted.programme_id',
        }) }} as params,
        unlisted.recorded_from,
        unlisted.recorded_to
    from unlisted
    inner join municipalities on unlisted.municipality_code = municipalities.municipality_code

    union all

    select
        submission_id,
        section,
        field,
        'rate_missing' as rule,
        source_sheet,
        cast(null as varchar) as source_column,
        source_row,
        {{ json_of({'label': "section || '.' || field", 'currency': 'currency'}) }} as params,
        recorded_from,
        recorded_to
    from unconverted

    union all

    select
        submission_id,
        'observations' as section,
        'unit' as field,
        'unit_of_other_measure' as rule,
        source_sheet,
        source_column,
        source_row,
        {{ json_of({'unit': 'unit', 'measured_in': 'measured_in'}) }} as params,
        recorded_from,
        recorded_to
    from mismatched

    union all

    select
        submission_id,
        'observations' as section,
        'value' as field,
        'part_above_whole' as rule,
        source_sheet,
        source_column,
        source_row,
        {{ json_of({
            'value': 'cast(figure as double)', 'whole': 'cast(whole as double)', 'other_sheet': 'other_sheet', 'other_cell': 'other_cell',
            'other_file': 'other_file',
        }) }} as params,
        recorded_from,
        recorded_to
    from exceeded

    union all

    select
        submission_id,
        section,
        case when section = 'observations' then 'value' end as field,
        case when section = 'observations' then 'periods_cross' else 'rows_may_repeat' end as rule,
        source_sheet,
        source_column,
        source_row,
        {{ json_of({'section': 'section', 'period': 'longer_period'}) }} as params,
        recorded_from,
        recorded_to
    from overlapped

    union all

    select
        submission_id,
        section,
        cast(null as varchar) as field,
        'rows_may_count_twice' as rule,
        source_sheet,
        cast(null as varchar) as source_column,
        source_row,
        {{ json_of({
            'section': 'section', 'row': 'source_row', 'period': 'other_period', 'other_sheet': 'other_sheet', 'other_row': 'other_row',
            'other_file': 'other_file',
        }) }} as params,
        recorded_from,
        recorded_to
    from doubled

),

warnings as (

    {{ merged_intervals('told', ['submission_id', 'section', 'field', 'rule', 'source_sheet', 'source_column', 'source_row', 'params']) }}

),

final as (

    select
        -- ids
        warnings.rule || '/' || warnings.submission_id || '/' || coalesce(warnings.section, '') || '/' || coalesce(warnings.source_sheet, '')
        || '/' || coalesce(warnings.source_column, '') || coalesce(cast(warnings.source_row as varchar), '')
        || '/' || coalesce(warnings.field, '') || coalesce('/' || {{ json_text('warnings.params', "'other_cell'") }}, '')
        || coalesce('/' || {{ json_text('warnings.params', "'other_file'") }}, '') as warning_id,
        warnings.submission_id,
        warnings.section,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,

        -- strings
        coalesce(warnings.source_sheet, sections.source_sheet) as sheet,
        coalesce(warnings.source_column, {{ json_text('sections.columns', 'warnings.field') }}) || cast(warnings.source_row as varchar) as cell,
        warnings.field,
        'warning' as severity,
        warnings.rule,
        warnings.params,

        -- numerics
        warnings.source_row,

        -- dates and moments
        submissions.period_start,
        submissions.period_end,
        warnings.recorded_from,
        warnings.recorded_to
    from warnings
    inner join submissions on warnings.submission_id = submissions.submission_id
    left join sections on warnings.submission_id = sections.submission_id and warnings.section = sections.section
    where {{ is_gained('warnings.recorded_from', 'warnings.recorded_to') }}

)

select * from final
