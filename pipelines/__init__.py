"""The steps, and their two drivers: Dagster assets and DVC stages."""
