"""Alembic runs this: it migrates over the connection that ``store`` hands it (there is no alembic.ini)."""

from alembic import context

from vanthu.projections.store_tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
context.run_migrations()
