-- What several causes changed at one moment leaves empty intervals, which are never what we know.
-- At any moment one figure of a series is what we know; two would make every sum over them wrong.
with

figures as (

    select
        indicator_code,
        programme_id,
        municipality_code as place_code,
        period_id,
        sex,
        community,
        recorded_from,
        recorded_to
    from {{ ref('indicator_values') }}
    where recorded_to is null or recorded_to <> recorded_from

),

following as (

    select
        *,
        lead(recorded_from) over (
            partition by indicator_code, programme_id, place_code, period_id, sex, community
            order by recorded_from
        ) as next_from
    from figures

)

select * from following
where recorded_to <= recorded_from or next_from < recorded_to or (recorded_to is null and next_from is not null)
