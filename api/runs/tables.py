"""The tables of batch runs."""

from __future__ import annotations

from sqlalchemy import Float, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base


class RunTable(Base):
    """One file handed in to be screened."""

    __tablename__ = "batch_run"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80), index=True)
    created_at: Mapped[str] = mapped_column(String(40), index=True)
    finished_at: Mapped[str | None] = mapped_column(String(40))
    file: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64))
    options: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    as_of: Mapped[str] = mapped_column(String(10))
    release: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), index=True)
    wanted: Mapped[str] = mapped_column(String(12))
    rows: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer)
    blank: Mapped[int] = mapped_column(Integer)
    example: Mapped[int] = mapped_column(Integer)
    holder: Mapped[str] = mapped_column(String(32))
    heartbeat: Mapped[float] = mapped_column(Float)
    problem: Mapped[str | None] = mapped_column(Text)


class RunLineTable(Base):
    """One row of a run that asks something."""

    __tablename__ = "batch_run_line"
    __table_args__ = (Index("ix_batch_run_line_state", "run", "state", "conclusion"),)

    run: Mapped[str] = mapped_column(ForeignKey("batch_run.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    place: Mapped[str] = mapped_column(String(160))
    name: Mapped[str] = mapped_column(Text)
    screening: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(12))
    conclusion: Mapped[str] = mapped_column(String(20))
    told: Mapped[str | None] = mapped_column(Text)
    shape: Mapped[bytes | None] = mapped_column(LargeBinary)
    faults: Mapped[str | None] = mapped_column(Text)
