{{ config(schema='intermediate') }}
with

-- wide enough for any plan or programme of ours
months as (

    select cast(unnest(generate_series(timestamp '1990-01-01', timestamp '2079-12-01', interval 1 month)) as date) as first_day

),

sizes as (

    select 'month' as frequency
    union all
    select 'quarter' as frequency
    union all
    select 'half-year' as frequency
    union all
    select 'year' as frequency

),

final as (

    select
        sizes.frequency,
        {{ period_name('sizes.frequency', 'months.first_day') }} as period_id,
        months.first_day as period_start,
        {{ period_last_day('sizes.frequency', 'months.first_day') }} as period_end
    from months
    inner join sizes on months.first_day = {{ period_first_day('sizes.frequency', 'months.first_day') }}

)

select * from final
