"""How Alembic reaches the database: through the engine that asked for the upgrade, one at a time."""

from __future__ import annotations

from alembic import context

from api.database import Base, take_writers_lock

engine = context.config.attributes["engine"]
with engine.execution_options(immediate=True).connect() as connection:
    take_writers_lock(connection)  # of several processes that start at once one brings the tables up to date
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
