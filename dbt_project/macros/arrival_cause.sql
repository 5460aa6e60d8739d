{#- Why a standing interval began: where the submission was simply received, whether it was a correction, or late.

    A correction is never late: timeliness is that of the first report. -#}
{% macro arrival_cause(from_cause, is_correction, is_late) -%}
    case
        when {{ from_cause }} <> 'received' then {{ from_cause }}
        when {{ is_correction }} then 'corrected'
        when {{ is_late }} then 'late'
        else 'received'
    end
{%- endmacro %}
