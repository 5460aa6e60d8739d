{{ statement_versions('engagements') }}
