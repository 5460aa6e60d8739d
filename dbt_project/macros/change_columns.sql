{#- What a change of an indicator is made of: amounts, then counts of the rows behind them. -#}
{% macro amounts() -%}
    {{ return(['numerator', 'denominator', 'numerator_unpaired', 'numerator_in_whole', 'whole']) }}
{%- endmacro %}


{% macro row_counts() -%}
    {{ return(['known_rows', 'reported_rows', 'about_rows', 'at_least_rows', 'at_most_rows']) }}
{%- endmacro %}


{#- Changes as they are kept: rows are counted in eight bytes, where a sum of counts takes sixteen that DuckDB reads ten times as slowly. -#}
{% macro typed_changes() -%}
    {%- for amount in amounts() %}
        cast({{ amount }}_change as decimal(38, 4)) as {{ amount }}_change,
    {%- endfor %}
    {%- for row_count in row_counts() %}
        cast({{ row_count }}_change as bigint) as {{ row_count }}_change{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{% macro summed_changes() -%}
    {%- for amount in amounts() %}
        sum({{ amount }}_change) as {{ amount }}_change,
    {%- endfor %}
    {%- for row_count in row_counts() %}
        cast(sum({{ row_count }}_change) as bigint) as {{ row_count }}_change{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- Whether a group of changes changes anything: a statement replaced by the same figures does not. What figures are multiplied by may be defined anew:
    a definition that changed is marked even so. -#}
{% macro is_any_changed(columns, is_definition_marked=true) -%}
    {%- for column in columns %}
        {{ 'or ' if not loop.first }}sum({{ column }}_change) <> 0
    {%- endfor %}
    {%- if is_definition_marked %}
        or max(case when cause = 'definition_changed' then 1 else 0 end) = 1
    {%- endif %}
{%- endmacro %}


{#- What tells a change apart, of the log of all changes: everything but its period and its figures. -#}
{% macro ids_of_changes() -%}
    {{ return([
        'indicator_code', 'definition_version', 'combination', 'side', 'programme_id', 'municipality_code', 'sex', 'community', 'changed_at', 'cause',
        'submission_id',
    ]) }}
{%- endmacro %}
