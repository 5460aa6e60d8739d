with

statements as (

    {{ standing_statements('services') }}

),

converted as (

    {{ with_rates('statements', 'started_on') }}

),

final as (

    select
        -- ids
        service_id,
        submission_id,
        thing_key,
        service_ref,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        service_type,
        provider_name,
        provider_type,
        started_on_edtf,
        ended_on_edtf,
        currency,
        note,
        sex,
        community,
        age_group,
        target_group,
        source_sheet,
        rate_kind,
        rate_source,
        rated_from_cause as from_cause,
        rated_to_cause as to_cause,
        amounts,

        -- numerics
        source_row,
        users,
        users_qualifier,
        users_women,
        users_women_qualifier,
        users_roma,
        users_roma_qualifier,
        funding_amount,
        {{ in_euro('funding_amount', 'rate') }} as funding_amount_eur,
        funding_amount_qualifier,
        rate,

        -- dates and moments
        started_on_earliest,
        started_on_latest,
        ended_on_earliest,
        ended_on_latest,
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
