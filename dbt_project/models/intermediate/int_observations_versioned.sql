{{ statement_versions('observations') }}
