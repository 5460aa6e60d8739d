with

states as (

    select * from {{ ref('stg_reports__submission_states') }}
    where recorded_from < coalesce(recorded_to, {{ forever() }})

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

participations as (

    select * from {{ ref('fct_participations') }}
    where
        role = 'supported'
        and municipality_code is not null
        and recorded_from < coalesce(recorded_to, {{ forever() }})

),

-- a programme whose participants nobody has listed leaves nobody out
programmes_listed as (

    {{ merged_intervals('participations', ['programme_id']) }}

),

reports_beside_a_list as (

    select
        submissions.submission_id,
        submissions.programme_id,
        submissions.municipality_code,
        greatest(states.recorded_from, programmes_listed.recorded_from) as usable_from,
        greatest(states.recorded_from, programmes_listed.recorded_from) as recorded_from,
        {{ earlier_end('states.recorded_to', 'programmes_listed.recorded_to') }} as recorded_to
    from submissions
    inner join states on submissions.submission_id = states.submission_id
    inner join programmes_listed
        on
            submissions.programme_id = programmes_listed.programme_id
            and {{ overlap('states', 'programmes_listed') }}
    where submissions.municipality_code is not null

),

listed as (

    select
        reports_beside_a_list.submission_id,
        reports_beside_a_list.usable_from,
        participations.recorded_from,
        participations.recorded_to
    from reports_beside_a_list
    inner join participations
        on
            reports_beside_a_list.programme_id = participations.programme_id
            and reports_beside_a_list.municipality_code = participations.municipality_code

),

unlisted as (

    {{ uncovered_intervals('reports_beside_a_list', 'listed', ['submission_id', 'usable_from']) }}

),

final as (

    select
        -- ids
        unlisted.submission_id,
        submissions.programme_id,
        submissions.municipality_code,

        -- moments
        unlisted.recorded_from,
        unlisted.recorded_to
    from unlisted
    inner join submissions on unlisted.submission_id = submissions.submission_id

)

select * from final
