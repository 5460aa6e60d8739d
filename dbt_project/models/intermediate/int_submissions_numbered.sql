with

submissions as (

    select * from {{ ref('stg_reports__submissions') }}

),

programmes as (

    select * from {{ ref('stg_reference__programme_versions') }}

),

-- late is what was late by the days that held when it came
submissions_with_due_dates as (

    select
        submissions.*,
        cast({{ dbt.dateadd('day', 'programmes.due_days', 'submissions.period_end') }} as date) as due_on
    from submissions
    left join programmes
        on
            submissions.programme_id = programmes.programme_id
            and submissions.recorded_at >= programmes.recorded_from
            and submissions.recorded_at < coalesce(programmes.recorded_to, {{ forever() }})
    where submissions.programme_id is not null and submissions.period_id is not null

),

-- a number in place of the long keys: ten million rows are sorted by it
final as (

    select
        -- ids
        submission_id,
        programme_id,
        municipality_code,
        period_id,
        file_sha256,
        dense_rank() over (order by programme_id, municipality_code nulls first) as place_number,

        -- strings
        amounts,

        -- dates and moments
        period_start,
        period_end,
        due_on
    from submissions_with_due_dates

)

select * from final
