with

submissions as (

    select * from {{ ref('stg_reports__submissions') }}

),

states as (

    select * from {{ ref('stg_reports__submission_states') }}

),

build_days as (

    select * from {{ ref('stg_reports__build_days') }}

),

-- a build shows that its day has come, where nothing else was entered on it
entries as (

    select recorded_at from submissions

    union all

    select recorded_from as recorded_at from states

    union all

    select recorded_to as recorded_at from states
    where recorded_to is not null

    union all

    select recorded_at from build_days

),

final as (

    select
        cast(recorded_at as date) as entered_on,
        lag(cast(recorded_at as date), 1, cast('0001-01-01' as date)) over (order by cast(recorded_at as date)) as previous_on,
        min(recorded_at) as first_recorded_at
    from entries
    group by cast(recorded_at as date)

)

select * from final
