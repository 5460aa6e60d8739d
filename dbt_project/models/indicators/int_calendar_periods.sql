{{ config(schema='intermediate') }}
with recursive

-- wide enough for any plan or programme of ours
months as (

    select cast('1990-01-01' as date) as first_day

    union all

    select cast(first_day + interval 1 month as date) as first_day
    from months
    where first_day < cast('2079-12-01' as date)

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
