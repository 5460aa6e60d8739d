{#- The published columns of a figure, beside the ids of its series. -#}
{% macro figure_columns() -%}
-- strings
        sex,
        community,
        age_group,
        target_group,
        qualifier,
        from_cause,
        to_cause,

        -- numerics
        value,
        value_low,
        value_high,
        interval_low,
        interval_high,
        numerator,
        denominator,
        numerator_unpaired,
        numerator_in_whole,
        whole,
        known_share,
        baseline,
        target,
        percent_complete,
        known_rows,
        reported_rows,
        {%- for row_count in row_counts() if row_count not in ['known_rows', 'reported_rows'] %}
        {{ row_count }},
        {%- endfor %}
        slack,

        -- booleans
        is_complete,
        is_approved,

        -- dates and moments
        period_start,
        period_end,
        figure_changed_at,
        recorded_from,
        recorded_to
{%- endmacro %}
