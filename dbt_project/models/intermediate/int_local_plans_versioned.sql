{{ statement_versions('local_plans') }}
