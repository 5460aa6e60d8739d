with

statements as (

    {{ standing_statements('household_support') }}

),

converted as (

    {{ with_rates('statements') }}

),

final as (

    select
        -- ids
        household_support_id,
        submission_id,
        thing_key,
        support_ref,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        utility_type,
        household_group,
        currency,
        host_institution,
        note,
        source_sheet,
        rate_kind,
        rate_source,
        rated_from_cause as from_cause,
        rated_to_cause as to_cause,
        amounts,

        -- numerics
        source_row,
        households,
        households_qualifier,
        arrears_settled_amount,
        {{ in_euro('arrears_settled_amount', 'rate') }} as arrears_settled_amount_eur,
        arrears_settled_amount_qualifier,
        hours_agreed,
        hours_agreed_qualifier,
        hours_worked,
        hours_worked_qualifier,
        rate,

        -- dates and moments
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
