{#- The name of the period of a size (month, quarter, half-year, year) that begins on a day: 2024-03, 2024-Q1, 2024-H1, 2024. -#}
{% macro period_name(size, start) -%}
    case {{ size }}
        when 'month' then cast(extract(year from {{ start }}) as varchar) || '-' || lpad(cast(extract(month from {{ start }}) as varchar), 2, '0')
        when 'quarter' then cast(extract(year from {{ start }}) as varchar) || '-Q' || cast(extract(quarter from {{ start }}) as varchar)
        when 'half-year' then
            cast(extract(year from {{ start }}) as varchar) || case when extract(month from {{ start }}) < 7 then '-H1' else '-H2' end
        when 'year' then cast(extract(year from {{ start }}) as varchar)
    end
{%- endmacro %}


{#- The size of the smallest period, not smaller than the programme's own, that holds both days; null where there is no day or no such period.

    A date known to the month lies in one quarter, a date known to the year only in one year: nothing is claimed to be more exact than it is. -#}
{% macro period_size(earliest, latest, frequency) -%}
    case
        when {{ earliest }} is null or {{ latest }} is null or extract(year from {{ earliest }}) <> extract(year from {{ latest }}) then null
        when {{ frequency }} = 'month' and extract(month from {{ earliest }}) = extract(month from {{ latest }}) then 'month'
        when {{ frequency }} in ('month', 'quarter') and extract(quarter from {{ earliest }}) = extract(quarter from {{ latest }}) then 'quarter'
        when
            {{ frequency }} in ('month', 'quarter', 'half-year')
            and (extract(month from {{ earliest }}) < 7) = (extract(month from {{ latest }}) < 7)
            then 'half-year'
        else 'year'
    end
{%- endmacro %}


{#- The first day of the period of a size that holds a day. -#}
{% macro period_first_day(size, day) -%}
    cast(case {{ size }}
        when 'month' then date_trunc('month', {{ day }})
        when 'quarter' then date_trunc('quarter', {{ day }})
        when 'half-year' then make_date(cast(extract(year from {{ day }}) as integer), case when extract(month from {{ day }}) < 7 then 1 else 7 end, 1)
        when 'year' then date_trunc('year', {{ day }})
    end as date)
{%- endmacro %}


{#- The last day of the period of a size that begins on a day. -#}
{% macro period_last_day(size, start) -%}
    cast(case {{ size }}
        when 'month' then {{ start }} + interval 1 month
        when 'quarter' then {{ start }} + interval 3 month
        when 'half-year' then {{ start }} + interval 6 month
        when 'year' then {{ start }} + interval 1 year
    end - interval 1 day as date)
{%- endmacro %}
