{{ config(schema='intermediate') }}
with

indicators as (

    select * from {{ ref('stg_reference__indicators') }}

),

-- titles and explanations may be worded anew; the definition is what the figure is made of
final as (

    {{ merged_intervals('indicators', [
        'indicator_code', 'definition_version', 'unit', 'direction', 'scale', 'numerator_measure', 'numerator_sex', 'numerator_community',
        'denominator_measure', 'denominator_sex', 'denominator_community', 'whole_measure', 'valid_from', 'valid_to',
    ]) }}

)

select * from final
