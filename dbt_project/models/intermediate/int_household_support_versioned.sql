{{ statement_versions('household_support') }}
