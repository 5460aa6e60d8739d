{#- When each statement of a section was what we knew of its thing: one row per statement and interval [recorded_from, recorded_to).

    A thing is known by programme, municipality (together `place_number`) and thing_key. At any moment the live statement is the last, by period and
    then by sending (`statement_number`), sheet and row, among those that stand; the first names the period the thing was first reported for. Causes:
    - a statement that arrives brings its own cause (received, late, question_answered, withdrawn), but `corrected` where it takes the place of
      another submission's statement for the same period;
    - one that was hidden comes back with the cause that ended the one before it;
    - what ends an interval is what begins the next; where nothing follows, what took the statement itself away.
    A statement that was hidden when it came keeps an empty interval at that moment, so that it is on record from then on.

    Nearly all things arrive in the order of their statements, each handing over to the next: one window serves them. Only the others are
    followed moment by moment.

    flows_by_period: only statements whose amounts are flows, and the last one on a thing *and period*, so that one of each period is live. -#}
{% macro statement_versions(section, flows_by_period=false) -%}
{%- set thing = 'place_number, thing_key' -%}
{#- several cells of one row of a wide table speak of several things -#}
{%- set statement = 'submission_id, source_sheet, source_row, thing_key' -%}
with

statements as (

    select
        rows_given.submission_id,
        rows_given.thing_key,
        rows_given.source_sheet,
        rows_given.source_row
    from {{ ref('stg_reports__' ~ section) }} as rows_given
    {%- if flows_by_period %}
    inner join {{ ref('int_submissions_numbered') }} as submissions
        on rows_given.submission_id = submissions.submission_id and submissions.amounts = 'flow'
    {%- endif %}
    where not rows_given.is_quarantined

),

sections_versioned as (

    select * from {{ ref('int_submission_sections_versioned') }}
    where section = '{{ section }}'

),

things_kept as (

    select * from {{ ref('int_things_kept') }}
    where section = '{{ section }}'

),

kept_keys as (

    select distinct
        submission_id,
        thing_key
    from things_kept

),

standing as (

    select
        statements.submission_id,
        statements.source_sheet,
        statements.source_row,
        {{ thing_of('sections_versioned', flows_by_period) }} as thing_key,
        sections_versioned.place_number,
        sections_versioned.statement_number,
        sections_versioned.period_id,
        sections_versioned.from_cause,
        sections_versioned.to_cause,
        sections_versioned.recorded_from,
        sections_versioned.recorded_to
    from statements
    inner join sections_versioned on statements.submission_id = sections_versioned.submission_id
    left join kept_keys
        on statements.submission_id = kept_keys.submission_id and statements.thing_key = kept_keys.thing_key
    where kept_keys.submission_id is null

    union all

    select
        statements.submission_id,
        statements.source_sheet,
        statements.source_row,
        {{ thing_of('things_kept', flows_by_period) }} as thing_key,
        things_kept.place_number,
        things_kept.statement_number,
        things_kept.period_id,
        things_kept.from_cause,
        things_kept.to_cause,
        things_kept.recorded_from,
        things_kept.recorded_to
    from statements
    inner join things_kept
        on statements.submission_id = things_kept.submission_id and statements.thing_key = things_kept.thing_key

),

ordered as (

    select
        *,
        row_number() over in_order as position,
        first_value(statement_number) over in_order as first_statement_number,
        lag(recorded_from) over in_order as previous_from,
        lag(period_id) over in_order as previous_period_id,
        lead(recorded_from) over in_order as next_from,
        lead(period_id) over in_order as next_period_id,
        lead(from_cause) over in_order as next_from_cause
    from standing
    window in_order as (
        partition by {{ thing }}
        order by statement_number, source_sheet, source_row, recorded_from
    )

),

-- a statement came before, or together with, an earlier one of its thing; or it ended without handing over to the next of its period
unsettled_things as (

    select distinct {{ thing }}
    from ordered
    where
        previous_from >= recorded_from
        or (
            recorded_to is not null
            and (previous_from is not null or next_from is not null)
            and not coalesce(next_period_id = period_id and next_from <= recorded_to, false)
        )

),

settled as (

    select
        ordered.submission_id,
        ordered.source_sheet,
        ordered.source_row,
        ordered.thing_key,
        ordered.first_statement_number,
        case
            when ordered.from_cause in ('received', 'late') and ordered.previous_period_id = ordered.period_id then 'corrected'
            else ordered.from_cause
        end as from_cause,
        case
            when ordered.recorded_to = ordered.recorded_from then ordered.from_cause
            when ordered.next_from is null then ordered.to_cause
            when ordered.next_from_cause in ('received', 'late') and ordered.next_period_id = ordered.period_id then 'corrected'
            else ordered.next_from_cause
        end as to_cause,
        ordered.recorded_from,
        coalesce(ordered.next_from, ordered.recorded_to) as recorded_to
    from ordered
    left join unsettled_things
        on ordered.place_number = unsettled_things.place_number and ordered.thing_key = unsettled_things.thing_key
    where unsettled_things.place_number is null

),

unsettled as (

    select ordered.*
    from ordered
    inner join unsettled_things
        on ordered.place_number = unsettled_things.place_number and ordered.thing_key = unsettled_things.thing_key

),

moments as (

    select
        {{ thing }},
        recorded_from as moment
    from unsettled

    union

    select
        {{ thing }},
        recorded_to as moment
    from unsettled
    where recorded_to is not null

),

known as (

    select
        moments.place_number,
        moments.thing_key,
        moments.moment,
        max(unsettled.position) as live_position,
        min(unsettled.position) as first_position
    from moments
    left join unsettled
        on
            moments.place_number = unsettled.place_number
            and moments.thing_key = unsettled.thing_key
            and unsettled.recorded_from <= moments.moment
            and moments.moment < coalesce(unsettled.recorded_to, {{ forever() }})
    group by moments.place_number, moments.thing_key, moments.moment

),

known_statements as (

    select
        known.place_number,
        known.thing_key,
        known.moment,
        live.submission_id,
        live.source_sheet,
        live.source_row,
        live.period_id,
        live.from_cause,
        live.to_cause,
        live.recorded_from as standing_from,
        live.recorded_to as standing_to,
        earliest.statement_number as first_statement_number,
        earliest.period_id as first_period_id,
        earliest.from_cause as first_from_cause,
        earliest.to_cause as first_to_cause,
        earliest.recorded_from as first_standing_from
    from known
    left join unsettled as live
        on
            known.place_number = live.place_number
            and known.thing_key = live.thing_key
            and known.live_position = live.position
    left join unsettled as earliest
        on
            known.place_number = earliest.place_number
            and known.thing_key = earliest.thing_key
            and known.first_position = earliest.position

),

known_before as (

    select
        *,
        lag(submission_id) over by_moment as previous_submission_id,
        lag(source_sheet) over by_moment as previous_sheet,
        lag(source_row) over by_moment as previous_row,
        lag(period_id) over by_moment as previous_period_id,
        lag(standing_to) over by_moment as previous_standing_to,
        lag(to_cause) over by_moment as previous_to_cause,
        lag(first_period_id) over by_moment as previous_first_period_id,
        lag(first_to_cause) over by_moment as previous_first_to_cause
    from known_statements
    window by_moment as (partition by {{ thing }} order by moment)

),

changes as (

    select
        *,
        case
            when submission_id is null then previous_to_cause
            when
                standing_from = moment
                and from_cause in ('received', 'late')
                and previous_period_id = period_id
                and previous_submission_id <> submission_id then 'corrected'
            when standing_from = moment then from_cause
            when previous_standing_to = moment then previous_to_cause
            when first_standing_from = moment then first_from_cause
            else previous_first_to_cause
        end as cause
    from known_before
    where
        submission_id is distinct from previous_submission_id
        or source_sheet is distinct from previous_sheet
        or source_row is distinct from previous_row
        or first_period_id is distinct from previous_first_period_id

),

changes_with_ends as (

    select
        *,
        lead(moment) over (partition by {{ thing }} order by moment) as next_moment,
        lead(cause) over (partition by {{ thing }} order by moment) as next_cause
    from changes

),

followed as (

    select
        {{ statement }},
        first_statement_number,
        cause as from_cause,
        next_cause as to_cause,
        moment as recorded_from,
        next_moment as recorded_to
    from changes_with_ends
    where submission_id is not null

),

arrivals as (

    select
        {{ statement }},
        min(recorded_from) as recorded_from
    from unsettled
    group by {{ statement }}

),

hidden_arrivals as (

    select
        unsettled.submission_id,
        unsettled.source_sheet,
        unsettled.source_row,
        unsettled.thing_key,
        unsettled.statement_number as first_statement_number,
        unsettled.from_cause,
        unsettled.from_cause as to_cause,
        unsettled.recorded_from,
        unsettled.recorded_from as recorded_to
    from arrivals
    inner join unsettled
        on
            arrivals.submission_id = unsettled.submission_id
            and arrivals.source_sheet = unsettled.source_sheet
            and arrivals.source_row = unsettled.source_row
            and arrivals.thing_key = unsettled.thing_key
            and arrivals.recorded_from = unsettled.recorded_from
    left join followed
        on
            arrivals.submission_id = followed.submission_id
            and arrivals.source_sheet = followed.source_sheet
            and arrivals.source_row = followed.source_row
            and arrivals.thing_key = followed.thing_key
            and arrivals.recorded_from = followed.recorded_from
    where followed.submission_id is null

),

final as (

    select * from settled

    union all

    select * from followed

    union all

    select * from hidden_arrivals

)

select * from final
{%- endmacro %}


{#- What a statement is the last one on: its thing, or its thing and period. -#}
{% macro thing_of(standing, flows_by_period) -%}
    {{ "statements.thing_key || '/' || " ~ standing ~ ".period_id" if flows_by_period else 'statements.thing_key' }}
{%- endmacro %}
