{{ statement_versions('trainings') }}
