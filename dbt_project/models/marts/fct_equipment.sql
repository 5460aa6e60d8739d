with

equipment as (

    select * from {{ ref('stg_reports__equipment') }}
    where not is_quarantined

),

versions as (

    select * from {{ ref('int_equipment_versioned') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_chosen') }}

),

dated as (

    select
        equipment.*,
        submissions.programme_id,
        submissions.municipality_code,
        submissions.period_id,
        submissions.period_start,
        submissions.period_end,
        first_submissions.period_id as first_period_id,
        first_submissions.period_start as first_period_start,
        first_submissions.period_end as first_period_end,
        versions.from_cause,
        versions.to_cause,
        versions.recorded_from,
        versions.recorded_to,
        cast(equipment.quantity * equipment.unit_cost as decimal(18, 2)) as value_amount,
        {{ rate_period(
            'equipment.delivered_on_earliest', 'equipment.delivered_on_latest', 'submissions.period_end'
        ) }} as wanted_rate_period,
        {{ rate_date(
            'equipment.delivered_on_earliest', 'equipment.delivered_on_latest', 'submissions.period_end'
        ) }} as wanted_rate_date
    from equipment
    inner join versions
        on
            equipment.submission_id = versions.submission_id
            and equipment.source_sheet = versions.source_sheet
            and equipment.source_row = versions.source_row
    inner join submissions on equipment.submission_id = submissions.submission_id
    inner join submissions as first_submissions
        on versions.first_statement_number = first_submissions.statement_number

),

converted as (

    select
        dated.*,
        case when dated.currency = 'EUR' then 1 else rates.units_per_eur end as rate,
        case when dated.currency = 'EUR' then 'stated in euro' else rates.kind end as rate_kind,
        case when dated.currency = 'EUR' then 'stated in euro' else rates.source end as rate_source,
        rates.rate_date
    from dated
    left join rates
        on
            dated.currency = rates.currency
            and dated.wanted_rate_period = rates.period
            and dated.wanted_rate_date = rates.rate_date

),

final as (

    select
        -- ids
        converted.equipment_id,
        converted.submission_id,
        converted.thing_key,
        converted.equipment_ref,
        converted.programme_id,
        converted.municipality_code,
        converted.period_id,
        converted.first_period_id,

        -- strings
        converted.item_name,
        converted.equipment_type,
        converted.currency,
        converted.delivered_on_edtf,
        converted.recipient_name,
        converted.recipient_type,
        converted.end_user_group,
        converted.note,
        converted.source_sheet,
        converted.rate_kind,
        converted.rate_source,
        converted.from_cause,
        converted.to_cause,

        -- numerics
        converted.source_row,
        converted.quantity,
        converted.quantity_qualifier,
        converted.unit_cost,
        {{ in_euro('converted.unit_cost', 'converted.rate') }} as unit_cost_eur,
        converted.unit_cost_qualifier,
        converted.value_amount,
        {{ in_euro('converted.value_amount', 'converted.rate') }} as value_amount_eur,
        converted.rate,

        -- dates and moments
        converted.delivered_on_earliest,
        converted.delivered_on_latest,
        converted.rate_date,
        converted.period_start,
        converted.period_end,
        converted.first_period_start,
        converted.first_period_end,
        converted.recorded_from,
        converted.recorded_to
    from converted

)

select * from final
