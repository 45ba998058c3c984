"""Wrong passwords are counted by the name that was typed, so that nobody learns which names exist."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from api.accounts.tables import FailureRow

_FORGOTTEN_AFTER_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockout:
    """How many wrong passwords in a row lock a name, and for how long."""

    failures: int
    minutes: int

    def locked_until(self, session: Session, name: str, now: int) -> int:
        """When the name opens again; 0 if it is open."""
        row = session.get(FailureRow, _hash(name))
        return row.locked_until if row and row.locked_until > now else 0

    def count(self, session: Session, name: str, now: int) -> int:
        """Count one more; how many tries are left, 0 when this one locked the name."""
        session.execute(delete(FailureRow).where(FailureRow.last_at < now - _FORGOTTEN_AFTER_S))
        row = session.get(FailureRow, _hash(name))
        if row is None:
            row = FailureRow(name_hash=_hash(name), failures=0, locked_until=0, last_at=now)
            session.add(row)
        if row.locked_until and row.locked_until <= now:
            row.failures, row.locked_until = 0, 0  # a lock that has passed starts a new count
        row.failures, row.last_at = row.failures + 1, now
        if row.failures >= self.failures:
            row.locked_until = now + 60 * self.minutes
        return max(self.failures - row.failures, 0)

    def forget(self, session: Session, name: str) -> None:
        """Start again from nothing."""
        session.execute(delete(FailureRow).where(FailureRow.name_hash == _hash(name)))


def _hash(name: str) -> str:
    return hashlib.sha256(name.strip().lower().encode()).hexdigest()
