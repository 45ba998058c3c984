"""Keys of machines: shown once, kept as a hash, scoped to a role, with an end."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from api import audit
from api.accounts.directory import Actor, usable_districts
from api.accounts.roles import Principal, Role
from api.accounts.sessions import token_hash
from api.accounts.tables import KeyRow
from api.database import Database
from screening.approval_errors import AccountError, UnknownAccountError
from screening.words import Text

MACHINE_ROLES = (Role.APPLICANT, Role.APPROVER, Role.CHIEF, Role.KEEPER)
LONGEST_DAYS = 366
_PREFIX = "tl_"
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineKey:
    """One key as it is shown.

    Attributes:
        expires_on: First day on which it no longer works.
        revoked_at: Instant; empty while it is in force.
        is_expired: Whether its time has passed.
    """

    id: str
    name: str
    role: Role
    districts: tuple[str, ...]
    created_at: str
    created_by: str
    expires_on: date
    revoked_at: str
    is_expired: bool


class MachineKeys:
    """The keys of one database."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def make(
        self, actor: Actor, *, name: str, role: Role, districts: Iterable[str], days: int
    ) -> tuple[MachineKey, str]:
        """A new key, and the one showing of it.

        Raises:
            AccountError: A machine cannot have the role, or the time is too long, or the name is empty.
        """
        name = name.strip()[:_LONGEST_NAME]
        if not name:
            raise AccountError.of(Text("请写明由哪个系统使用。", "Say which system will use it."), "name", "")
        if role not in MACHINE_ROLES:
            wrong = Text("机器不能有这个角色。", "A machine cannot have this role.")
            raise AccountError.of(wrong, "role", role.value, MACHINE_ROLES)
        if not 1 <= days <= LONGEST_DAYS:
            wrong = Text(f"有效期为 1～{LONGEST_DAYS} 天。", f"A key lasts 1 to {LONGEST_DAYS} days.")
            raise AccountError.of(wrong, "days", str(days))
        codes, key, now = usable_districts(role, districts), _PREFIX + secrets.token_urlsafe(32), self._now()
        row = KeyRow(
            id=secrets.token_hex(4),
            name=name,
            key_hash=token_hash(key),
            role=role.value,
            districts=json.dumps(codes),
            created_at=now.isoformat(timespec="seconds"),
            created_by=actor.name,
            expires_at=int(now.timestamp()) + 86_400 * days,
        )
        with self._database.writing() as session:
            session.add(row)
            session.flush()
            made = self._key(row)
            body = {
                "name": name,
                "role": role.value,
                "districts": list(codes),
                "expires_on": made.expires_on.isoformat(),
            }
            audit.append(
                session,
                at=row.created_at,
                actor=actor.id,
                actor_name=actor.name,
                kind="key_made",
                subject=row.id,
                body=body,
            )
        return made, key

    def listed(self) -> list[MachineKey]:
        """All keys, the newest first."""
        with self._database.reading() as session:
            rows = session.scalars(select(KeyRow).order_by(KeyRow.created_at.desc(), KeyRow.id))
            return [self._key(row) for row in rows]

    def revoke(self, actor: Actor, key_id: str) -> None:
        """End a key now.

        Raises:
            UnknownAccountError: There is none of that id.
        """
        now = self._now().isoformat(timespec="seconds")
        with self._database.writing() as session:
            row = session.get(KeyRow, key_id)
            if row is None:
                raise UnknownAccountError.of(key_id[:20])
            if row.revoked_at is None:
                row.revoked_at = now
                audit.append(
                    session, at=now, actor=actor.id, actor_name=actor.name, kind="key_revoked", subject=key_id, body={}
                )

    def find(self, key: str) -> Principal | None:
        """Who a key is; None where it is unknown, revoked or its time has passed."""
        with self._database.reading() as session:
            row = session.scalars(select(KeyRow).where(KeyRow.key_hash == token_hash(key))).first()
            if row is None or row.revoked_at or self._is_expired(row):
                return None
            return Principal(
                id=f"key:{row.id}",
                name=row.name,
                display=row.name,
                role=Role(row.role),
                districts=frozenset(json.loads(row.districts)),
                is_machine=True,
            )

    def _key(self, row: KeyRow) -> MachineKey:
        return MachineKey(
            id=row.id,
            name=row.name,
            role=Role(row.role),
            districts=tuple(json.loads(row.districts)),
            created_at=row.created_at,
            created_by=row.created_by,
            expires_on=datetime.fromtimestamp(row.expires_at, self._now().tzinfo).date(),
            revoked_at=row.revoked_at or "",
            is_expired=self._is_expired(row),
        )

    def _is_expired(self, row: KeyRow) -> bool:
        return row.expires_at <= int(self._now().timestamp())
