"""Triggers by which a database refuses to change what is written once."""

from __future__ import annotations

from alembic import op


def never_changed(table: str, message: str) -> None:
    """Refuse UPDATE, DELETE and, where there is one, TRUNCATE on a table."""
    _refuse(table, message, "UPDATE", "DELETE")


def never_removed(table: str, message: str) -> None:
    """Refuse DELETE and, where there is one, TRUNCATE on a table."""
    _refuse(table, message, "DELETE")


def changed_again(table: str) -> None:
    """Take PostgreSQL's triggers away from a table that stays."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {table}_never() CASCADE")


def no_replacing(table: str, key: str | tuple[str, ...], message: str) -> None:
    """Refuse SQLite's INSERT OR REPLACE, which deletes without asking the triggers of deletion."""
    if op.get_bind().dialect.name == "sqlite":
        columns = (key,) if isinstance(key, str) else key
        is_same = " AND ".join(f"{one} = NEW.{one}" for one in columns)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {is_same}) "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def _refuse(table: str, message: str, *acts: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in acts:
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_never() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_never_rows BEFORE {' OR '.join(acts)} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_never()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_never_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_never()"
    )
