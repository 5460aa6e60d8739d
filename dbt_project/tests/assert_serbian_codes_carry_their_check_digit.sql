-- The last digit of a Serbian place code is computed from the four before it: weights 5, 4, 3, 2, then
-- (11 - sum mod 11) mod 11, and 10 is written as 0. A code that breaks this was mistyped, and its figures would go to
-- another place or none.

with

municipalities as (

    select * from {{ ref('municipalities') }}

),

codes_with_weighted_sums as (

    select
        municipality_code,
        cast(substring(municipality_code, 5, 1) as integer) as check_digit,
        5 * cast(substring(municipality_code, 1, 1) as integer)
        + 4 * cast(substring(municipality_code, 2, 1) as integer)
        + 3 * cast(substring(municipality_code, 3, 1) as integer)
        + 2 * cast(substring(municipality_code, 4, 1) as integer) as weighted_sum
    from municipalities
    where country_code = 'RS'

),

final as (

    select
        municipality_code,
        check_digit,
        mod(mod(11 - mod(weighted_sum, 11), 11), 10) as expected_digit
    from codes_with_weighted_sums
    where
        length(municipality_code) <> 5
        or check_digit <> mod(mod(11 - mod(weighted_sum, 11), 11), 10)

)

select * from final
