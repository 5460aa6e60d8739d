with

used as (

    select
        *,
        min(recorded_from) over (partition by submission_id, section) as used_from
    from {{ ref('int_submission_sections_used') }}
    where said in ('data', 'nothing')

),

-- a period that is not stated replaces only what it names; the same file sent again under other options is no correction of itself
replaced as (

    select
        earlier.submission_id,
        earlier.section,
        earlier.statement_number,
        later.submission_id as replaced_by_submission_id,
        earlier.used_from,
        greatest(earlier.recorded_from, later.recorded_from) as recorded_from,
        {{ earlier_end('earlier.recorded_to', 'later.recorded_to') }} as recorded_to,
        case when later.from_cause = 'question_answered' then 'question_answered' else 'corrected' end as from_cause,
        later.to_cause
    from used as earlier
    inner join used as later
        on
            earlier.place_number = later.place_number
            and earlier.period_id = later.period_id
            and earlier.section = later.section
            and earlier.statement_number < later.statement_number
            and earlier.file_sha256 <> later.file_sha256
    where
        later.is_replacing
        and earlier.period_id <> 'not-stated'

),

final as (

    select * from replaced
    where recorded_from < coalesce(recorded_to, {{ forever() }})

)

select * from final
