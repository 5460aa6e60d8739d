{{ statement_versions('participations') }}
