{{ statement_versions('services') }}
