{{ statement_versions('equipment') }}
