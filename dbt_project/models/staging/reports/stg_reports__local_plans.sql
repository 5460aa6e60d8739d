with

source as (

    select * from {{ source('reports', 'local_plans') }}

),

final as (

    select
        -- ids
        {{ row_id() }} as local_plan_id,
        submission_id,
        thing_key,

        -- strings
        plan_type,
        title,
        needs_mapped_on_edtf,
        adopted_on_edtf,
        adopted_by,
        note,
        as_reported,
        source_sheet,
        source_column,

        -- numerics, each with how exact it is
        source_row,
        valid_from_year,
        valid_to_year,
        duration_years,
        duration_years_qualifier,

        -- booleans
        is_quarantined,

        -- dates
        needs_mapped_on_earliest,
        needs_mapped_on_latest,
        adopted_on_earliest,
        adopted_on_latest
    from source

)

select * from final
