with

household_support as (

    select * from {{ ref('stg_reports__household_support') }}
    where not is_quarantined

),

versions as (

    select * from {{ ref('int_household_support_versioned') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_chosen') }}

),

dated as (

    select
        household_support.*,
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
        {{ rate_period(
            'submissions.period_end', 'submissions.period_end', 'submissions.period_end'
        ) }} as wanted_rate_period,
        {{ rate_date(
            'submissions.period_end', 'submissions.period_end', 'submissions.period_end'
        ) }} as wanted_rate_date
    from household_support
    inner join versions
        on
            household_support.submission_id = versions.submission_id
            and household_support.source_sheet = versions.source_sheet
            and household_support.source_row = versions.source_row
    inner join submissions on household_support.submission_id = submissions.submission_id
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
        converted.household_support_id,
        converted.submission_id,
        converted.thing_key,
        converted.support_ref,
        converted.programme_id,
        converted.municipality_code,
        converted.period_id,
        converted.first_period_id,

        -- strings
        converted.utility_type,
        converted.household_group,
        converted.currency,
        converted.host_institution,
        converted.note,
        converted.source_sheet,
        converted.rate_kind,
        converted.rate_source,
        converted.from_cause,
        converted.to_cause,

        -- numerics
        converted.source_row,
        converted.households,
        converted.households_qualifier,
        converted.arrears_settled_amount,
        {{ in_euro('converted.arrears_settled_amount', 'converted.rate') }} as arrears_settled_amount_eur,
        converted.arrears_settled_amount_qualifier,
        converted.hours_agreed,
        converted.hours_agreed_qualifier,
        converted.hours_worked,
        converted.hours_worked_qualifier,
        converted.rate,

        -- dates and moments
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
