"""Question banks: one folder a company, one YAML file a round, read as hostile until proven otherwise."""
