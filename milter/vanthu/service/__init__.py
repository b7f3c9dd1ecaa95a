"""The running service: supervisor, workers, steward."""
