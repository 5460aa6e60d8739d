with

source as (

    select * from {{ source('reference_history', 'programmes') }}

),

programmes as (

    select
        programme_id,
        parent_programme_id,
        country_code,
        reporting_frequency,
        cast(due_days as integer) as due_days,
        cast(is_synthetic as boolean) as is_synthetic,
        cast(starts_on as date) as starts_on,
        cast(ends_on as date) as ends_on,
        recorded_from,
        recorded_to
    from source

),

-- titles and sources may be worded anew
versions as (

    {{ merged_intervals('programmes', [
        'programme_id', 'parent_programme_id', 'country_code', 'reporting_frequency', 'due_days', 'is_synthetic', 'starts_on', 'ends_on',
    ]) }}

),

-- what it was first it is taken to have been before, and one that was taken out is known by what it was last
final as (

    select
        -- ids
        programme_id,
        parent_programme_id,
        country_code,

        -- strings
        reporting_frequency,

        -- numerics
        due_days,

        -- booleans
        is_synthetic,

        -- dates and moments
        starts_on,
        ends_on,
        case when row_number() over by_programme = 1 then {{ ever() }} else recorded_from end as recorded_from,
        lead(recorded_from) over by_programme as recorded_to
    from versions
    window by_programme as (partition by programme_id order by recorded_from)

)

select * from final
