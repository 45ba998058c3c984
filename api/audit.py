"""The audit chain: every event carries the hash of the one before it, so that no earlier one can change unseen.

A chain shows edits and gaps. That its end was not cut off is shown by a head somebody wrote down before: it is printed
on every case, and `verify` says whether a given head is still part of the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.database import Base
from screening.record import canonical

GENESIS = "0" * 64


class EventRow(Base):
    """One event; rows are written once, in order, and never changed."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(40), index=True)
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(40), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    body: Mapped[str] = mapped_column(Text)
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened.

    Attributes:
        seq: From 1, without gaps.
        at: Instant, ISO 8601 with offset.
        actor: Id of an account or key; `cli:…` for the command line.
        kind: What was done.
        subject: Number of the case, or name of the account or key.
        body: Canonical JSON of what belongs to it.
        prev: Hash of the event before it.
    """

    seq: int
    at: str
    actor: str
    actor_name: str
    kind: str
    subject: str
    body: str
    prev: str
    hash: str

    @property
    def content(self) -> dict[str, Any]:
        """The body for reading."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first event that does not fit.

    Attributes:
        seq: Its number; that of the missing one where one is missing.
        problem: `gap`, `link` (it does not follow the one before) or `content` (it is not what was hashed).
    """

    seq: int
    kind: str
    subject: str
    problem: str


def event_hash(prev: str, seq: int, at: str, actor: str, actor_name: str, kind: str, subject: str, body: str) -> str:
    """SHA-256 over the hash before and everything the event says, hexadecimal."""
    said = {
        "seq": seq,
        "at": at,
        "actor": actor,
        "actor_name": actor_name,
        "kind": kind,
        "subject": subject,
        "body": body,
    }
    return hashlib.sha256(prev.encode() + b"\n" + canonical(said)).hexdigest()


def linked(before: Event | None, *, at: str, actor: str, actor_name: str, kind: str, subject: str, body: str) -> Event:
    """The event that follows another."""
    prev, seq = (before.hash, before.seq + 1) if before else (GENESIS, 1)
    return Event(
        seq=seq,
        at=at,
        actor=actor,
        actor_name=actor_name,
        kind=kind,
        subject=subject,
        body=body,
        prev=prev,
        hash=event_hash(prev, seq, at, actor, actor_name, kind, subject, body),
    )


def first_break(events: Iterable[Event]) -> Break | None:
    """The first event that does not fit; None for a whole chain."""
    prev, expected = GENESIS, 1
    for one in events:
        again = event_hash(one.prev, one.seq, one.at, one.actor, one.actor_name, one.kind, one.subject, one.body)
        if one.seq != expected:
            return Break(seq=expected, kind=one.kind, subject=one.subject, problem="gap")
        if one.hash != again:
            return Break(seq=one.seq, kind=one.kind, subject=one.subject, problem="content")
        if one.prev != prev:
            return Break(seq=one.seq, kind=one.kind, subject=one.subject, problem="link")
        prev, expected = one.hash, one.seq + 1
    return None


def append(
    session: Session, *, at: str, actor: str, actor_name: str, kind: str, subject: str, body: Mapping[str, Any]
) -> Event:
    """Write one event at the end; the session must be a writer's (`Database.writing`)."""
    event = linked(
        head(session),
        at=at,
        actor=actor,
        actor_name=actor_name,
        kind=kind,
        subject=subject,
        body=canonical(body).decode(),
    )
    session.add(EventRow(**{name: getattr(event, name) for name in Event.__slots__}))
    session.flush()
    return event


def append_all(session: Session, drafts: Iterable[Mapping[str, str]]) -> None:
    """Write many events at the end, in order; each draft says what `linked` takes, its body canonical."""
    before, made = head(session), []
    for draft in drafts:
        before = linked(before, **draft)
        made.append(EventRow(**{name: getattr(before, name) for name in Event.__slots__}))
    session.add_all(made)
    session.flush()


def head(session: Session) -> Event | None:
    """The last event; None where there is none."""
    row = session.scalars(select(EventRow).order_by(EventRow.seq.desc()).limit(1)).first()
    return event_of(row) if row else None


def event_of(row: EventRow) -> Event:
    """A row as a value."""
    return Event(**{name: getattr(row, name) for name in Event.__slots__})


def events(session: Session, *, subject: str = "", after: int = 0, most: int | None = None) -> Iterable[Event]:
    """Events in order: all, or those about one subject, after a number, so many at most."""
    asked = select(EventRow).where(EventRow.seq > after).order_by(EventRow.seq).limit(most)
    if subject:
        asked = asked.where(EventRow.subject == subject)
    for row in session.scalars(asked.execution_options(yield_per=500)):
        yield event_of(row)


def latest(session: Session, kinds: Iterable[str], most: int) -> list[Event]:
    """The last events of some kinds, the newest first."""
    asked = select(EventRow).where(EventRow.kind.in_(list(kinds))).order_by(EventRow.seq.desc()).limit(most)
    return [event_of(row) for row in session.scalars(asked)]
