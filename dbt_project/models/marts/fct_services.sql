with

services as (

    select * from {{ ref('stg_reports__services') }}
    where not is_quarantined

),

versions as (

    select * from {{ ref('int_services_versioned') }}

),

submissions as (

    select * from {{ ref('int_submissions_numbered') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_chosen') }}

),

dated as (

    select
        services.*,
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
            'services.started_on_earliest', 'services.started_on_latest', 'submissions.period_end'
        ) }} as wanted_rate_period,
        {{ rate_date(
            'services.started_on_earliest', 'services.started_on_latest', 'submissions.period_end'
        ) }} as wanted_rate_date
    from services
    inner join versions
        on
            services.submission_id = versions.submission_id
            and services.source_sheet = versions.source_sheet
            and services.source_row = versions.source_row
    inner join submissions on services.submission_id = submissions.submission_id
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
        converted.service_id,
        converted.submission_id,
        converted.thing_key,
        converted.service_ref,
        converted.programme_id,
        converted.municipality_code,
        converted.period_id,
        converted.first_period_id,

        -- strings
        converted.service_type,
        converted.provider_name,
        converted.provider_type,
        converted.started_on_edtf,
        converted.ended_on_edtf,
        converted.currency,
        converted.note,
        converted.sex,
        converted.community,
        converted.age_group,
        converted.target_group,
        converted.source_sheet,
        converted.rate_kind,
        converted.rate_source,
        converted.from_cause,
        converted.to_cause,

        -- numerics
        converted.source_row,
        converted.users,
        converted.users_qualifier,
        converted.users_women,
        converted.users_women_qualifier,
        converted.users_roma,
        converted.users_roma_qualifier,
        converted.funding_amount,
        {{ in_euro('converted.funding_amount', 'converted.rate') }} as funding_amount_eur,
        converted.funding_amount_qualifier,
        converted.rate,

        -- dates and moments
        converted.started_on_earliest,
        converted.started_on_latest,
        converted.ended_on_earliest,
        converted.ended_on_latest,
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
