{#- What we know is only ever added to: what the last build knew stands, and of its rows only those that were still so may have got an end since. A
    build that takes the last one over therefore makes only what was gained. Everything is made anew where there is nothing to take over. -#}

{#- The moment up to which the last build knew everything, as SQL; none where everything is made anew. Read when the model runs, from a file, as
    dbt reads all models anew when a variable changes. -#}
{% macro known_until() -%}
    {%- set query -%}
        select cast(known_until as varchar)
        from read_parquet('{{ env_var('MUNIMON_LEDGER', '../data/warehouse/ledger') }}/last_build.parquet')
    {%- endset -%}
    {%- set moment = run_query(query).rows[0][0] if execute else none -%}
    {{ return("cast('" ~ moment ~ "' as " ~ dbt.type_timestamp() ~ ")" if moment else none) }}
{%- endmacro %}


{#- Whether a row, of a change or of an interval of knowledge, began or ended after the last build. -#}
{% macro is_gained(since='recorded_from', until='recorded_to') -%}
    {%- set moment = known_until() -%}
    {%- if moment -%}
        {{ since }} > {{ moment }}{% if until %} or {{ until }} > {{ moment }}{% endif %}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{#- The rows of a relation of intervals of knowledge that began or ended after the last build, to be read from. DuckDB looks for either moment by
    itself in a tenth of the time that it takes to read all rows and ask of each.

    with_reports: and of the reports of rows that ended, the rows that did not; a report that did not come is one of them. -#}
{% macro gained_of(relation, with_reports=false) -%}
    {%- set moment = known_until() -%}
    {%- if moment -%}
        (
            select * from {{ relation }}
            where recorded_from > {{ moment }}
            union all
            select * from {{ relation }}
            {%- if with_reports %}
            where
                recorded_from <= {{ moment }}
                and coalesce(submission_id, '') in (
                    select coalesce(submission_id, '')
                    from {{ relation }}
                    where recorded_from <= {{ moment }} and recorded_to > {{ moment }}
                )
            {%- else %}
            where recorded_from <= {{ moment }} and recorded_to > {{ moment }}
            {%- endif %}
        )
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}


{#- Whether any figure was approved or given a target, or lost either, since the last build. -#}
{% macro is_anything_decided() -%}
    exists (
        select 1
        from {{ ref('stg_reports__approvals') }}
        where {{ is_gained('approved_at', 'approved_to') }}
    )
    or exists (
        select 1
        from {{ ref('stg_reference__targets') }}
        where {{ is_gained() }}
    )
{%- endmacro %}


{#- When something changed, where only the sums up to the last build matter and no longer their moments. -#}
{% macro so_far(changed_at) -%}
    {%- set moment = known_until() -%}
    {{ 'greatest(' ~ changed_at ~ ', ' ~ moment ~ ')' if moment else changed_at }}
{%- endmacro %}


{#- How dbt adds what was gained to a table: a row that was still so gives way to itself with its end.

    unique_key: the columns that tell the things apart that one row each is still so of; none for a log, which is only added to. -#}
{% macro get_incremental_knowledge_sql(arguments) -%}
    {%- set target, gained = arguments['target_relation'], arguments['temp_relation'] -%}
    {%- set key = [arguments['unique_key']] if arguments['unique_key'] is string else arguments['unique_key'] -%}
    {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name')) -%}
    {%- if known_until() is none %}
    delete from {{ target }};
    {%- elif key %}
    delete from {{ target }} as known
    using {{ gained }} as gained
    where
        known.recorded_to is null
        and known.recorded_from = gained.recorded_from
        {%- for column in key %}
        and known.{{ column }} is not distinct from gained.{{ column }}
        {%- endfor %};
    {%- endif %}
    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ gained }};
{%- endmacro %}


{#- Whether a submission is of a place of which something new is known. -#}
{% macro is_of_places_read(submission_id) -%}
    {%- if known_until() -%}
        {{ submission_id }} in (
            select submission_id
            from read_parquet('{{ env_var('MUNIMON_LEDGER', '../data/warehouse/ledger') }}/rows_read.parquet')
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
