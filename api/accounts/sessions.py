"""Sessions on the server: a random token in the browser, its hash here; they end by rest, by age, or by hand."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from api.accounts.directory import principal_of
from api.accounts.roles import Principal
from api.accounts.tables import AccountRow, SessionRow
from api.database import Database

_TOUCH_AFTER_S = 60  # how exactly rest is measured; saves a write for each page


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session in force.

    Attributes:
        csrf: What a form of this session must carry.
    """

    principal: Principal
    csrf: str


class Sessions:
    """The sessions of one database."""

    def __init__(self, database: Database, now: Callable[[], datetime], *, idle_minutes: int, hours: int) -> None:
        self._database = database
        self._now = now
        self._idle_s = 60 * idle_minutes
        self.longest_s = 3600 * hours

    def open(self, account_id: str) -> str:
        """A new session; the token for the browser."""
        token, now = secrets.token_urlsafe(32), self._seconds()
        with self._database.writing() as session:
            session.execute(delete(SessionRow).where(SessionRow.created_at < now - self.longest_s))
            session.add(
                SessionRow(
                    token_hash=token_hash(token),
                    account_id=account_id,
                    csrf=secrets.token_urlsafe(24),
                    created_at=now,
                    seen_at=now,
                )
            )
        return token

    def find(self, token: str) -> SignedIn | None:
        """The session of a token; None where it has ended, was revoked or its account is disabled."""
        now = self._seconds()
        with self._database.reading() as session:
            row = session.get(SessionRow, token_hash(token))
            if row is None or now - row.created_at > self.longest_s or now - row.seen_at > self._idle_s:
                return None
            account = session.get_one(AccountRow, row.account_id)
            if account.disabled_at:
                return None
            found, seen = SignedIn(principal=principal_of(account), csrf=row.csrf), row.seen_at
        if now - seen >= _TOUCH_AFTER_S:
            self._touch(token, now)
        return found

    def close(self, token: str) -> None:
        """End one session."""
        with self._database.writing() as session:
            session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash(token)))

    def _touch(self, token: str, now: int) -> None:
        with self._database.writing() as session:
            row = session.scalars(select(SessionRow).where(SessionRow.token_hash == token_hash(token))).first()
            if row is not None:
                row.seen_at = now

    def _seconds(self) -> int:
        return int(self._now().timestamp())


def token_hash(token: str) -> str:
    """What is kept of a token: it is random, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()
