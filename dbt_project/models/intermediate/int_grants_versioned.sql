{{ statement_versions('grants') }}
