with

series as (

    select * from {{ ref('int_indicator_series') }}
    where section = 'observations' and combination = 'pair' and is_share

),

shares_defined as (

    select
        parts.filter_code as part_code,
        wholes.filter_code as whole_code,
        greatest(parts.recorded_from, wholes.recorded_from) as recorded_from,
        {{ earlier_end('parts.recorded_to', 'wholes.recorded_to') }} as recorded_to
    from series as parts
    inner join series as wholes
        on
            parts.indicator_code = wholes.indicator_code
            and parts.definition_version = wholes.definition_version
            and parts.recorded_from < coalesce(wholes.recorded_to, {{ forever() }})
            and wholes.recorded_from < coalesce(parts.recorded_to, {{ forever() }})
    where parts.side = 'numerator' and wholes.side = 'denominator'

),

-- a part may be the same part of one whole in several shares
shares as (

    {{ merged_intervals('shares_defined', ['part_code', 'whole_code']) }}

),

measures as (

    select part_code as measure_code from shares
    union
    select whole_code as measure_code from shares

),

-- of several sources the greatest counts, as in the share itself
figures as (

    select observations.*
    from {{ ref('int_observations_reconciled') }} as observations
    inner join measures on observations.measure_code = measures.measure_code
    where observations.value is not null

),

cells as (

    select distinct
        observation_id,
        source_sheet,
        source_column,
        source_row
    from {{ ref('fct_observations') }}

),

submissions as (

    select * from {{ ref('stg_reports__submissions') }}

),

sections as (

    select
        submission_id,
        min(columns) as columns
    from {{ ref('stg_reports__submission_sections') }}
    where section = 'observations'
    group by submission_id

),

exceeded as (

    select
        parts.observation_id,
        parts.submission_id,
        parts.value as figure,
        wholes.observation_id as whole_id,
        wholes.submission_id as whole_submission_id,
        wholes.value as whole,
        greatest(parts.recorded_from, wholes.recorded_from, shares.recorded_from) as recorded_from,
        {{ earlier_end('shares.recorded_to', earlier_end('parts.recorded_to', 'wholes.recorded_to')) }} as recorded_to
    from shares
    inner join figures as parts
        on
            shares.part_code = parts.measure_code
            and shares.recorded_from < coalesce(parts.recorded_to, {{ forever() }})
            and parts.recorded_from < coalesce(shares.recorded_to, {{ forever() }})
    inner join figures as wholes
        on
            shares.whole_code = wholes.measure_code
            and parts.programme_id = wholes.programme_id
            and coalesce(parts.municipality_code, '') = coalesce(wholes.municipality_code, '')
            and parts.period_id = wholes.period_id
            and parts.value > wholes.value
            and parts.recorded_from < coalesce(wholes.recorded_to, {{ forever() }})
            and wholes.recorded_from < coalesce(parts.recorded_to, {{ forever() }})

),

final as (

    select
        -- ids
        exceeded.submission_id,

        -- strings
        part_cells.source_sheet,
        part_cells.source_column,
        whole_cells.source_sheet as other_sheet,
        coalesce(whole_cells.source_column, {{ json_text('sections.columns', "'value'") }}) || cast(whole_cells.source_row as varchar) as other_cell,
        case when exceeded.whole_submission_id <> exceeded.submission_id then submissions.file_name end as other_file,

        -- numerics
        part_cells.source_row,
        exceeded.figure,
        exceeded.whole,

        -- moments
        exceeded.recorded_from,
        exceeded.recorded_to
    from exceeded
    inner join cells as part_cells on exceeded.observation_id = part_cells.observation_id
    inner join cells as whole_cells on exceeded.whole_id = whole_cells.observation_id
    inner join submissions on exceeded.whole_submission_id = submissions.submission_id
    left join sections on exceeded.whole_submission_id = sections.submission_id
    where exceeded.recorded_from < coalesce(exceeded.recorded_to, {{ forever() }})

)

select * from final
