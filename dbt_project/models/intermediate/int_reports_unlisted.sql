with

states as (

    select * from {{ ref('stg_reports__submission_states') }}
    where recorded_to is null

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

listed as (

    select
        programme_id,
        municipality_code,
        min(recorded_from) as recorded_from
    from {{ ref('fct_participations') }}
    where recorded_to is null and role = 'supported' and municipality_code is not null
    group by programme_id, municipality_code

),

-- a programme whose participants nobody has listed leaves nobody out
programmes_listed as (

    select
        programme_id,
        min(recorded_from) as recorded_from
    from listed
    group by programme_id

),

final as (

    select
        -- ids
        submissions.submission_id,
        submissions.programme_id,
        submissions.municipality_code,

        -- moments
        greatest(states.recorded_from, programmes_listed.recorded_from) as recorded_from
    from submissions
    inner join states on submissions.submission_id = states.submission_id
    inner join programmes_listed on submissions.programme_id = programmes_listed.programme_id
    left join listed
        on submissions.programme_id = listed.programme_id and submissions.municipality_code = listed.municipality_code
    where submissions.municipality_code is not null and listed.programme_id is null

)

select * from final
