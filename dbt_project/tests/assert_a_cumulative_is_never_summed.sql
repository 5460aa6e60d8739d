-- What is reported to date holds all that came before: added up over periods it would count that again with each report. Its last figure is carried.
select
    measure_code,
    over_periods
from {{ ref('dim_measures') }}
where kind = 'cumulative' and over_periods <> 'latest'
