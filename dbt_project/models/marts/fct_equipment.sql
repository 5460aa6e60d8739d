with

statements as (

    {{ standing_statements('equipment') }}

),

valued as (

    select
        *,
        cast(quantity * unit_cost as decimal(18, 2)) as value_amount
    from statements

),

converted as (

    {{ with_rates('valued', 'delivered_on') }}

),

final as (

    select
        -- ids
        equipment_id,
        submission_id,
        thing_key,
        equipment_ref,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        item_name,
        equipment_type,
        currency,
        delivered_on_edtf,
        recipient_name,
        recipient_type,
        end_user_group,
        note,
        source_sheet,
        rate_kind,
        rate_source,
        rated_from_cause as from_cause,
        rated_to_cause as to_cause,

        -- numerics
        source_row,
        quantity,
        quantity_qualifier,
        unit_cost,
        {{ in_euro('unit_cost', 'rate') }} as unit_cost_eur,
        unit_cost_qualifier,
        value_amount,
        {{ in_euro('value_amount', 'rate') }} as value_amount_eur,
        rate,

        -- dates and moments
        delivered_on_earliest,
        delivered_on_latest,
        rate_date,
        period_start,
        period_end,
        first_period_start,
        first_period_end,
        rated_from as recorded_from,
        rated_to as recorded_to
    from converted
    where {{ is_gained('rated_from', 'rated_to') }}

)

select * from final
