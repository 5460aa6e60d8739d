with

statements as (

    {{ standing_statements('grants') }}

),

converted as (

    {{ with_rates('statements', 'awarded_on') }}

),

final as (

    select
        -- ids
        grant_id,
        submission_id,
        thing_key,
        grant_ref,
        programme_id,
        municipality_code,
        period_id,
        first_period_id,

        -- strings
        grantee_name,
        grantee_type,
        purpose,
        purpose_type,
        awarded_on_edtf,
        currency,
        note,
        source_sheet,
        rate_kind,
        rate_source,
        rated_from_cause as from_cause,
        rated_to_cause as to_cause,
        amounts,

        -- numerics
        source_row,
        awarded_amount,
        {{ in_euro('awarded_amount', 'rate') }} as awarded_amount_eur,
        awarded_amount_qualifier,
        disbursed_amount,
        {{ in_euro('disbursed_amount', 'rate') }} as disbursed_amount_eur,
        disbursed_amount_qualifier,
        spent_amount,
        {{ in_euro('spent_amount', 'rate') }} as spent_amount_eur,
        spent_amount_qualifier,
        rate,

        -- dates and moments
        awarded_on_earliest,
        awarded_on_latest,
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
