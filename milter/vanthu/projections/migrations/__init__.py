"""Alembic's folder: the history of the store's tables. Released versions are never changed, only followed."""
