{{ config(materialized='view', schema='intermediate') }}
-- depends_on: {{ ref('int_indicator_series') }}
with

apart as (

    {{ indicator_sums('observations', ref('int_observations_apart'), series_of_counts('observations')) }}

),

-- it counts no row: the figure's own rows are counted with the figure
final as (

    select
        indicator_code,
        definition_version,
        combination,
        'apart' as side,
        submission_id,
        municipality_code,
        programme_id,
        is_of_period,
        recorded_from,
        recorded_to,
        from_cause,
        to_cause,
        span,
        period_id,
        period_start,
        period_end,
        sex,
        community,
        numerator,
        denominator,
        numerator_unpaired,
        numerator_in_whole,
        whole,
        0 as known_rows,
        0 as reported_rows,
        0 as about_rows,
        0 as at_least_rows,
        0 as at_most_rows,
        stands_from,
        stands_to
    from apart

)

select * from final
