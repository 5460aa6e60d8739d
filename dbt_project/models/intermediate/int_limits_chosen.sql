with

limits as (

    select * from {{ ref('stg_reference__plausible_changes') }}

),

programmes as (

    select distinct programme_id from {{ ref('int_submissions_numbered') }}

),

moments as (

    select
        section,
        field,
        recorded_from as moment
    from limits

    union

    select
        section,
        field,
        recorded_to as moment
    from limits
    where recorded_to is not null

),

turns as (

    select
        *,
        lead(moment) over (partition by section, field order by moment) as next_moment
    from moments

),

-- a programme's own limit goes before the one of all
limits_chosen as (

    select
        programmes.programme_id,
        turns.section,
        turns.field,
        coalesce(own.factor, every.factor) as factor,
        coalesce(own.at_least, every.at_least) as at_least,
        turns.moment as recorded_from,
        turns.next_moment as recorded_to
    from turns
    cross join programmes
    left join limits as own
        on
            turns.section = own.section
            and turns.field = own.field
            and programmes.programme_id = own.programme_id
            and turns.moment >= own.recorded_from
            and turns.moment < coalesce(own.recorded_to, {{ forever() }})
    left join limits as every
        on
            turns.section = every.section
            and turns.field = every.field
            and every.programme_id is null
            and turns.moment >= every.recorded_from
            and turns.moment < coalesce(every.recorded_to, {{ forever() }})

),

final as (

    select * from limits_chosen
    where factor is not null

)

select * from final
