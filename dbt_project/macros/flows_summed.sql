{#- The live statements of things whose amounts are flows, each with its flows to date: the sum over the latest statements of the thing's periods.

    section, fact (its relation), fact_id; summed: the figures that are flows, figure → its qualifier (none: a figure without one). All other
    columns are those of the live statement; date_field: its date by which a rate is chosen, as in with_rates. Its interval of knowledge is parted where an earlier period's statement came, was corrected or
    withdrawn. A period that leaves a figure blank adds nothing to it, and the sum is then at least what it is; where no period gives the figure
    it stays unknown. Ends in a select; the columns are those of the fact, in their order. -#}
{% macro flows_summed(section, fact, fact_id, summed, date_field=none) -%}
{%- set in_euro_too = '_eur' in summed.keys() | join(',') -%}
{%- set same_thing -%}
    live.programme_id = flows.programme_id
            and live.municipality_code is not distinct from flows.municipality_code
            and live.thing_key = flows.thing_key
{%- endset -%}
with

versions as (

    {{ statement_versions(section, flows_by_period=true) }}

),

statements as (

    select * from {{ fact }}
    where amounts = 'flow'

),

figures as (

    select distinct
        submission_id,
        programme_id,
        municipality_code,
        thing_key,
        source_sheet,
        source_row,
        {%- for figure, qualifier in summed.items() if not figure.endswith('_eur') %}
        {{ figure }}{{ ', ' ~ qualifier if qualifier }},
        {%- endfor %}
        {%- if in_euro_too %}
        currency,
        {%- endif %}
        {%- if date_field %}
        {{ date_field }}_earliest,
        {{ date_field }}_latest,
        {%- endif %}
        period_end
    from statements

),

flows_stated as (

    select
        figures.*,
        versions.from_cause,
        versions.to_cause,
        versions.recorded_from,
        versions.recorded_to
    from figures
    inner join versions
        on
            figures.submission_id = versions.submission_id
            and figures.source_sheet = versions.source_sheet
            and figures.source_row = versions.source_row
    where versions.recorded_to is null or versions.recorded_to > versions.recorded_from

),
{% if in_euro_too %}
flows_converted as (

    {{ with_rates('flows_stated', date_field) }}

),
{% endif %}
-- an earlier period's flow is converted at the rate of its own date, as known at the time
flows as (

    select
        programme_id,
        municipality_code,
        thing_key,
        {%- for figure, qualifier in summed.items() %}
        {{ in_euro(figure.removesuffix('_eur'), 'rate') ~ ' as ' ~ figure if figure.endswith('_eur') else figure }},
        {%- if qualifier %}
        {{ qualifier }},
        {%- endif %}
        {%- endfor %}
        {{ 'rated_from_cause as from_cause' if in_euro_too else 'from_cause' }},
        {{ 'rated_to_cause as to_cause' if in_euro_too else 'to_cause' }},
        {{ 'rated_from as recorded_from' if in_euro_too else 'recorded_from' }},
        {{ 'rated_to as recorded_to' if in_euro_too else 'recorded_to' }}
    from {{ 'flows_converted' if in_euro_too else 'flows_stated' }}

),

live as (

    select * from statements
    where recorded_to is null or recorded_to > recorded_from

),

-- when the flows of a thing changed while a statement on it was live
changes as (

    select
        live.{{ fact_id }},
        live.recorded_from as live_from,
        live.recorded_from as changed_at,
        live.from_cause as cause
    from live

    union all

    select
        live.{{ fact_id }},
        live.recorded_from as live_from,
        flows.recorded_from as changed_at,
        flows.from_cause as cause
    from live
    inner join flows
        on
            {{ same_thing }}
            and flows.recorded_from > live.recorded_from
            and flows.recorded_from < coalesce(live.recorded_to, {{ forever() }})

    union all

    select
        live.{{ fact_id }},
        live.recorded_from as live_from,
        flows.recorded_to as changed_at,
        flows.to_cause as cause
    from live
    inner join flows
        on
            {{ same_thing }}
            and flows.recorded_to > live.recorded_from
            and flows.recorded_to < coalesce(live.recorded_to, {{ forever() }})

),

pieces as (

    select
        {{ fact_id }},
        live_from,
        changed_at,
        min(cause) as cause
    from changes
    group by {{ fact_id }}, live_from, changed_at

),

pieces_with_ends as (

    select
        *,
        lead(changed_at) over in_order as next_at,
        lead(cause) over in_order as next_cause
    from pieces
    window in_order as (partition by {{ fact_id }}, live_from order by changed_at)

),

sums as (

    select
        pieces.{{ fact_id }},
        pieces.live_from,
        pieces.changed_at,
        {%- for figure, qualifier in summed.items() %}
        sum(flows.{{ figure }}) as {{ figure }},
        {%- if qualifier %}
        {{ qualifier_of_sum('flows.' ~ figure, 'flows.' ~ qualifier) }} as {{ qualifier }},
        {%- endif %}
        {%- endfor %}
        min(pieces.cause) as from_cause,
        min(pieces.next_cause) as next_cause,
        min(pieces.next_at) as next_at
    from pieces_with_ends as pieces
    inner join live on pieces.{{ fact_id }} = live.{{ fact_id }} and pieces.live_from = live.recorded_from
    inner join flows
        on
            {{ same_thing }}
            and flows.recorded_from <= pieces.changed_at
            and pieces.changed_at < coalesce(flows.recorded_to, {{ forever() }})
    group by pieces.{{ fact_id }}, pieces.live_from, pieces.changed_at

),

final as (

    select
        live.* replace (
            {%- for figure, qualifier in summed.items() %}
            cast(sums.{{ figure }} as {{ 'bigint' if figure == 'days_worked' else 'decimal(18, 4)' if figure == 'hours_worked' else 'decimal(18, 2)' }}) as {{ figure }},
            {%- if qualifier %}
            sums.{{ qualifier }} as {{ qualifier }},
            {%- endif %}
            {%- endfor %}
            sums.from_cause as from_cause,
            coalesce(sums.next_cause, live.to_cause) as to_cause,
            sums.changed_at as recorded_from,
            coalesce(sums.next_at, live.recorded_to) as recorded_to
        )
    from live
    inner join sums on live.{{ fact_id }} = sums.{{ fact_id }} and live.recorded_from = sums.live_from

)

select * from final
where {{ is_gained() }}
{%- endmacro %}


{#- How exact a sum is: as its parts where they agree, at least where a part is blank and the others are no more than that, else about. -#}
{% macro qualifier_of_sum(figure, qualifier) -%}
    case
            when count({{ figure }}) = 0 then null
            when count({{ figure }}) = count(*) and min({{ qualifier }}) = max({{ qualifier }}) then min({{ qualifier }})
            when count(case when {{ figure }} is not null and coalesce({{ qualifier }}, 'exact') not in ('exact', 'at_least') then 1 end) = 0 then 'at_least'
            else 'about'
        end
{%- endmacro %}
