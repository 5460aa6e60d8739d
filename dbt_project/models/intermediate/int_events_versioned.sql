{{ statement_versions('events') }}
