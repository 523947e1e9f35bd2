"""Alembic's folder: how the schema grew. `data.catalogue.schema.migrate` runs it."""
