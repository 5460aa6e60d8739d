with

alike as (

    select * from {{ ref('int_things_matched') }}

),

-- rows of one report that are alike come and go together
reports_alike as (

    select
        signature,
        place,
        min(row_id) as first_row_id,
        max(row_id) as last_row_id,
        recorded_from,
        recorded_to
    from alike
    group by signature, place, recorded_from, recorded_to

),

moments as (

    select
        signature,
        recorded_from as moment
    from reports_alike

    union

    select
        signature,
        recorded_to as moment
    from reports_alike
    where recorded_to is not null

),

turns as (

    select
        *,
        lead(moment) over (partition by signature order by moment) as next_moment
    from moments

),

places_known as (

    select
        turns.signature,
        turns.moment,
        turns.next_moment,
        reports_alike.place,
        min(reports_alike.first_row_id) as first_row_id,
        max(reports_alike.last_row_id) as last_row_id
    from turns
    inner join reports_alike
        on
            turns.signature = reports_alike.signature
            and turns.moment >= reports_alike.recorded_from
            and turns.moment < coalesce(reports_alike.recorded_to, {{ forever() }})
    group by turns.signature, turns.moment, turns.next_moment, reports_alike.place

),

in_several_places as (

    select
        signature,
        moment,
        next_moment,
        min(place) as first_place,
        max(place) as last_place
    from places_known
    group by signature, moment, next_moment
    having min(place) <> max(place)

),

-- of the rows with one signature, the first and the last are of two places: each row is shown the one that is not of its own
ends_known as (

    select
        in_several_places.signature,
        in_several_places.first_place,
        firsts.first_row_id,
        lasts.last_row_id,
        in_several_places.moment as recorded_from,
        in_several_places.next_moment as recorded_to
    from in_several_places
    inner join places_known as firsts
        on
            in_several_places.signature = firsts.signature
            and in_several_places.moment = firsts.moment
            and in_several_places.first_place = firsts.place
    inner join places_known as lasts
        on
            in_several_places.signature = lasts.signature
            and in_several_places.moment = lasts.moment
            and in_several_places.last_place = lasts.place

),

ends as (

    {{ merged_intervals('ends_known', ['signature', 'first_place', 'first_row_id', 'last_row_id']) }}

),

repeated as (

    select
        alike.section,
        alike.row_id,
        case when alike.place = ends.first_place then ends.last_row_id else ends.first_row_id end as other_row_id,
        greatest(alike.recorded_from, ends.recorded_from) as recorded_from,
        {{ earlier_end('alike.recorded_to', 'ends.recorded_to') }} as recorded_to
    from alike
    inner join ends on alike.signature = ends.signature and {{ overlap('alike', 'ends') }}

),

repeated_moments as (

    select
        section,
        row_id,
        recorded_from as moment
    from repeated

    union

    select
        section,
        row_id,
        recorded_to as moment
    from repeated
    where recorded_to is not null

),

repeated_turns as (

    select
        *,
        lead(moment) over (partition by section, row_id order by moment) as next_moment
    from repeated_moments

),

-- a row that is the same by its ref and by its name is told once
repeated_once as (

    select
        repeated_turns.section,
        repeated_turns.row_id,
        repeated_turns.moment as recorded_from,
        repeated_turns.next_moment as recorded_to,
        min(repeated.other_row_id) as other_row_id
    from repeated_turns
    inner join repeated
        on
            repeated_turns.section = repeated.section
            and repeated_turns.row_id = repeated.row_id
            and repeated_turns.moment >= repeated.recorded_from
            and repeated_turns.moment < coalesce(repeated.recorded_to, {{ forever() }})
    group by repeated_turns.section, repeated_turns.row_id, repeated_turns.moment, repeated_turns.next_moment

),

rows_alike as (

    select distinct
        row_id,
        submission_id,
        section,
        programme_id,
        municipality_code,
        source_sheet,
        source_row
    from alike

),

final as (

    select
        -- ids
        rows_alike.submission_id,
        rows_alike.section,
        others.submission_id as other_submission_id,
        others.programme_id as other_programme_id,
        others.municipality_code as other_municipality_code,

        -- strings
        rows_alike.source_sheet,
        others.source_sheet as other_sheet,

        -- numerics
        rows_alike.source_row,
        others.source_row as other_row,

        -- moments
        repeated_once.recorded_from,
        repeated_once.recorded_to
    from repeated_once
    inner join rows_alike
        on repeated_once.section = rows_alike.section and repeated_once.row_id = rows_alike.row_id
    inner join rows_alike as others
        on repeated_once.section = others.section and repeated_once.other_row_id = others.row_id

)

select * from final
