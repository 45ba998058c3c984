"""One database for screenings, accounts, cases and the audit chain: SQLite in one file, or PostgreSQL by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from screening.approval_errors import ApprovalStoreError

SQLITE = "sqlite"
_WRITERS_LOCK = 0x7EE11E5  # one number for all writers of one PostgreSQL database


class Base(DeclarativeBase):
    """Tables of the database."""


class Database:
    """An engine with its tables brought to the newest version.

    Raises:
        SQLAlchemyError: The database cannot be opened or brought up to date.
    """

    def __init__(self, url: str) -> None:
        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        self.engine = create_engine(url)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_up_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        config = Config()
        config.set_main_option("script_location", "api:migrations")
        config.attributes["engine"] = self.engine
        command.upgrade(config, "head")

    @property
    def is_sqlite(self) -> bool:
        """Whether it is one file."""
        return self.engine.dialect.name == SQLITE

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing.

        Raises:
            ApprovalStoreError: The database did not answer.
        """
        try:
            with Session(self.engine) as session:
                yield session
        except SQLAlchemyError as problem:
            raise ApprovalStoreError.of(type(problem).__name__) from problem

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction, one writer at a time: whole and on disk when it ends, or nothing of it.

        Raises:
            ApprovalStoreError: The database did not take it.
        """
        try:
            with Session(self.engine.execution_options(immediate=True)) as session:
                take_writers_lock(session.connection())
                yield session
                session.commit()
        except SQLAlchemyError as problem:
            raise ApprovalStoreError.of(type(problem).__name__) from problem

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def take_writers_lock(connection: Connection) -> None:
    """Wait until no other writer is at work; held to the end of the transaction."""
    if connection.dialect.name == SQLITE:
        connection.execute(text("SELECT 1"))  # begins, and a transaction marked `immediate` locks as it begins
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin as `_begin_sqlite` says
    # FULL: what was acknowledged survives a power cut, not only a killed process.
    for setting in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    is_writer = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")
