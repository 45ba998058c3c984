"""The case store: every screening is kept whole, as it was answered, before it is given out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, String, Text, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Database
from screening.errors import CaseStoreError, UnknownScreeningError


class ScreeningRow(Base):
    """One screening as it was answered; rows are written once and never changed."""

    __tablename__ = "screening"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[str] = mapped_column(String(40), index=True)
    as_of: Mapped[str] = mapped_column(String(10))
    release: Mapped[str] = mapped_column(String(80), index=True)
    conclusion: Mapped[str] = mapped_column(String(20), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(Text)
    explanations: Mapped[str] = mapped_column(Text)
    question: Mapped[str | None] = mapped_column(Text)
    seal: Mapped[str | None] = mapped_column(Text)
    refreshes: Mapped[str | None] = mapped_column(String(32), index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kept screening.

    Attributes:
        created_at: Instant, ISO 8601 with offset.
        record: Canonical JSON of the verdict.
        explanations: JSON of the explanation by language.
        question: Canonical JSON of what is needed to screen again; None for a screening older than sealed documents.
        seal: JSON of the members that a sealed document has beside question and record; None likewise.
        refreshes: Id of the screening whose question was put again; None for a question of its own.
    """

    id: str
    created_at: str
    as_of: str
    release: str
    conclusion: str
    digest: str
    record: str
    explanations: str
    question: str | None = None
    seal: str | None = None
    refreshes: str | None = None


class CaseStore:
    """Screenings in a database, SQLite unless told otherwise."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)

    def keep(self, case: Case) -> None:
        """Write a screening; it is on disk when this returns.

        Raises:
            CaseStoreError: The database did not take it.
        """
        with self._connection() as connection:
            connection.execute(insert(ScreeningRow), {name: getattr(case, name) for name in Case.__slots__})
            connection.commit()

    def find(self, case_id: str) -> Case:
        """A screening by its id.

        Raises:
            UnknownScreeningError: There is none.
            CaseStoreError: The database did not answer.
        """
        with self._connection() as connection:
            row = connection.execute(select(ScreeningRow).where(ScreeningRow.id == case_id)).one_or_none()
        if row is None:
            raise UnknownScreeningError.of(case_id)
        return Case(**row._mapping)

    def refreshed_by(self, case_id: str) -> str:
        """The latest screening that put the question of this one again; empty if none did.

        Raises:
            CaseStoreError: The database did not answer.
        """
        newest = (
            select(ScreeningRow.id)
            .where(ScreeningRow.refreshes == case_id)
            .order_by(ScreeningRow.created_at.desc(), ScreeningRow.id)
        )
        with self._connection() as connection:
            return connection.scalars(newest.limit(1)).first() or ""

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        try:
            with self.database.engine.connect() as connection:
                yield connection
        except SQLAlchemyError as problem:
            raise CaseStoreError.of(type(problem).__name__) from problem
