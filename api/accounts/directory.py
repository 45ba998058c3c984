"""Accounts: made, changed, disabled and signed in; each of it is an event of the audit chain."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api import audit
from api.accounts.lockout import Lockout
from api.accounts.passwords import hashed, is_outdated, is_right, require_strong
from api.accounts.roles import GIVEN_ROLES, Principal, Role
from api.accounts.tables import AccountRow, SessionRow
from api.database import Database
from screening.approval_errors import (
    AccountError,
    AccountLockedError,
    SingleSignOnError,
    UnknownAccountError,
    WrongCredentialsError,
)
from screening.words import Text

_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-@")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account as it is shown.

    Attributes:
        districts: Six-digit codes an approver works for.
        is_single_sign_on: Whether it has no password here.
        disabled_at: Instant; empty while it is in use.
    """

    id: str
    name: str
    display: str
    role: Role
    districts: tuple[str, ...]
    is_single_sign_on: bool
    created_at: str
    disabled_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who changes an account, as the audit chain names them."""

    id: str
    name: str

    @classmethod
    def of(cls, principal: Principal) -> Actor:
        """For somebody signed in."""
        return cls(id=principal.id, name=principal.display)


class Directory:
    """The accounts of one database.

    Args:
        districts: Codes that exist, with their names; empty takes any six digits.
        password_cost: log2 of scrypt's N for passwords kept from now on.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        *,
        lockout: Lockout,
        password_cost: int,
    ) -> None:
        self._database = database
        self._now = now
        self._lockout = lockout
        self._cost = password_cost
        self._nobodys = hashed(secrets.token_hex(16), password_cost)  # names nobody has take as long as others

    def add(
        self, actor: Actor, *, name: str, display: str, role: Role, districts: Iterable[str], password: str
    ) -> Account:
        """A new account with a password.

        Raises:
            AccountError: The name is taken or cannot be one, or role and districts do not fit.
            PasswordRuleError: The password is weak.
        """
        name = _usable_name(name)
        codes = usable_districts(role, districts)
        require_strong(password, name)
        kept = hashed(password, self._cost)
        with self._database.writing() as session:
            _refuse_taken(session, name)
            row = self._made(session, name, display.strip() or name, role, codes)
            row.password = kept
            self._log(session, actor, "account_added", name, {"role": role.value, "districts": list(codes)})
            return account_of(row)

    def listed(self) -> list[Account]:
        """All accounts, by name."""
        with self._database.reading() as session:
            return [account_of(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name))]

    def find(self, name: str) -> Account:
        """An account by its name.

        Raises:
            UnknownAccountError: Nobody has it.
        """
        with self._database.reading() as session:
            return account_of(_row(session, name))

    def by_ids(self, ids: Iterable[str]) -> Mapping[str, Account]:
        """Accounts by id; ids nobody has are left out."""
        wanted = set(ids)
        with self._database.reading() as session:
            found = session.scalars(select(AccountRow).where(AccountRow.id.in_(wanted)))
            return {row.id: account_of(row) for row in found}

    def change(self, actor: Actor, name: str, *, display: str, role: Role, districts: Iterable[str]) -> Account:
        """Give an account another name to show, role or districts.

        Raises:
            UnknownAccountError: Nobody has the name.
            AccountError: Role and districts do not fit, or nobody would be left to administrate.
        """
        codes = usable_districts(role, districts)
        with self._database.writing() as session:
            row = _row(session, name)
            if role is not Role.ADMINISTRATOR:
                _refuse_last_administrator(session, row)
            before = {"role": row.role, "districts": json.loads(row.districts)}
            row.display, row.role, row.districts = display.strip() or name, role.value, json.dumps(codes)
            after = {"role": role.value, "districts": list(codes)}
            self._log(session, actor, "account_changed", name, {"before": before, "after": after})
            return account_of(row)

    def disable(self, actor: Actor, name: str) -> Account:
        """Keep an account from signing in; its sessions end now.

        Raises:
            UnknownAccountError: Nobody has the name.
            AccountError: Nobody would be left to administrate.
        """
        with self._database.writing() as session:
            row = _row(session, name)
            _refuse_last_administrator(session, row)
            row.disabled_at = self._instant()
            session.execute(delete(SessionRow).where(SessionRow.account_id == row.id))
            self._log(session, actor, "account_disabled", name, {})
            return account_of(row)

    def enable(self, actor: Actor, name: str) -> Account:
        """Let an account sign in again, its failures forgotten.

        Raises:
            UnknownAccountError: Nobody has the name.
        """
        with self._database.writing() as session:
            row = _row(session, name)
            row.disabled_at = None
            self._lockout.forget(session, name)
            self._log(session, actor, "account_enabled", name, {})
            return account_of(row)

    def set_password(self, actor: Actor, name: str, password: str) -> None:
        """Give an account another password; its sessions end now and its failures are forgotten.

        Raises:
            UnknownAccountError: Nobody has the name.
            AccountError: It signs in elsewhere.
            PasswordRuleError: The password is weak.
        """
        require_strong(password, name)
        kept = hashed(password, self._cost)
        with self._database.writing() as session:
            row = _row(session, name)
            if row.subject:
                elsewhere = Text(
                    "该账户由统一身份认证登录，这里没有密码。",
                    "This account signs in elsewhere and has no password here.",
                )
                raise AccountError.of(elsewhere, "password", name)
            row.password = kept
            session.execute(delete(SessionRow).where(SessionRow.account_id == row.id))
            self._lockout.forget(session, name)
            self._log(session, actor, "password_changed", name, {})

    def change_own_password(self, principal: Principal, old: str, new: str) -> None:
        """Another password for oneself, who knows the old one; wrong ones count as at sign-in.

        Raises:
            WrongCredentialsError: The old password is wrong.
            AccountLockedError: It was wrong too often.
            PasswordRuleError: The new one is weak.
        """
        self.sign_in(principal.name, old)
        self.set_password(Actor.of(principal), principal.name, new)

    def sign_in(self, name: str, password: str) -> Account:
        """The account of a name and its password.

        Raises:
            WrongCredentialsError: They do not belong together, or the account is disabled.
            AccountLockedError: There were too many wrong passwords for the name.
        """
        name, now = name.strip().lower(), int(self._now().timestamp())
        with self._database.reading() as session:
            locked = self._lockout.locked_until(session, name, now)
            row = session.scalars(select(AccountRow).where(AccountRow.name == name)).first()
            kept = row.password if row and row.password and not row.disabled_at else None
        if locked:
            raise AccountLockedError.until(self._clock(locked), self._lockout.failures)
        if is_right(password, kept or self._nobodys) and kept is not None:
            return self._signed_in(name, password, is_outdated(kept, self._cost))
        left = self._refused(name, now)
        if left:
            raise WrongCredentialsError.of(left)
        raise AccountLockedError.until(self._clock(now + 60 * self._lockout.minutes), self._lockout.failures)

    def signed_on(self, subject: str, *, name: str, display: str, role: Role, districts: Iterable[str]) -> Account:
        """The account of a person proven by the identity provider, made or brought up to date by its claims.

        Raises:
            SingleSignOnError: The account was disabled here, or its name belongs to an account with a password.
        """
        codes = usable_districts(role, districts)
        with self._database.writing() as session:
            row = session.scalars(select(AccountRow).where(AccountRow.subject == subject)).first()
            actor = Actor(id="single-sign-on", name=display)
            if row is None:
                name = _usable_name(name)
                if session.scalars(select(AccountRow.id).where(AccountRow.name == name)).first():
                    taken = Text(f"账户名“{name}”已被本地账户使用。", f"The name “{name}” belongs to a local account.")
                    raise SingleSignOnError.of(taken, name)
                row = self._made(session, name, display, role, codes)
                row.subject = subject
                self._log(session, actor, "account_added", name, {"role": role.value, "districts": list(codes)})
            if row.disabled_at:
                raise SingleSignOnError.of(Text("账户已停用。", "The account is disabled."), row.name)
            if (row.role, json.loads(row.districts)) != (role.value, list(codes)):
                before = {"role": row.role, "districts": json.loads(row.districts)}
                row.role, row.districts = role.value, json.dumps(codes)
                after = {"role": role.value, "districts": list(codes)}
                self._log(session, actor, "account_changed", row.name, {"before": before, "after": after})
            self._log(session, Actor(id=row.id, name=row.display), "signed_in", row.name, {"by": "single sign-on"})
            return account_of(row)

    def signed_out(self, principal: Principal) -> None:
        """Note that somebody signed out."""
        with self._database.writing() as session:
            self._log(session, Actor.of(principal), "signed_out", principal.name, {})

    def _signed_in(self, name: str, password: str, outdated: bool) -> Account:
        kept = hashed(password, self._cost) if outdated else None
        with self._database.writing() as session:
            row = _row(session, name)
            row.password = kept or row.password
            self._lockout.forget(session, name)
            self._log(session, Actor(id=row.id, name=row.display), "signed_in", name, {"by": "password"})
            return account_of(row)

    def _refused(self, name: str, now: int) -> int:
        """Count a wrong password; only names that exist enter the chain, or anybody could fill it."""
        with self._database.writing() as session:
            left = self._lockout.count(session, name, now)
            row = session.scalars(select(AccountRow).where(AccountRow.name == name)).first()
            if row is not None:
                kind = "sign_in_refused" if left else "sign_in_locked"
                self._log(session, Actor(id=row.id, name=row.display), kind, name, {"left": left})
            return left

    def _made(self, session: Session, name: str, display: str, role: Role, codes: tuple[str, ...]) -> AccountRow:
        row = AccountRow(
            id=secrets.token_hex(8),
            name=name,
            display=display[:80],
            role=role.value,
            districts=json.dumps(codes),
            created_at=self._instant(),
        )
        session.add(row)
        session.flush()
        return row

    def _log(self, session: Session, actor: Actor, kind: str, subject: str, body: Mapping[str, object]) -> None:
        audit.append(
            session, at=self._instant(), actor=actor.id, actor_name=actor.name, kind=kind, subject=subject, body=body
        )

    def _instant(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _clock(self, seconds: int) -> str:
        return datetime.fromtimestamp(seconds, self._now().tzinfo).strftime("%H:%M")


def principal_of(row: AccountRow) -> Principal:
    """Who an account is when it asks."""
    return Principal(
        id=row.id,
        name=row.name,
        display=row.display,
        role=Role(row.role),
        districts=frozenset(json.loads(row.districts)),
    )


def account_of(row: AccountRow) -> Account:
    """A row as a value."""
    return Account(
        id=row.id,
        name=row.name,
        display=row.display,
        role=Role(row.role),
        districts=tuple(json.loads(row.districts)),
        is_single_sign_on=row.subject is not None,
        created_at=row.created_at,
        disabled_at=row.disabled_at or "",
    )


def usable_districts(role: Role, districts: Iterable[str]) -> tuple[str, ...]:
    """Districts of a role, sorted.

    Raises:
        AccountError: A code is not six digits, an approver has none, or the role is for machines' bounds only.
    """
    codes = tuple(sorted({one.strip() for one in districts if one.strip()}))
    wrong = next((one for one in codes if not (one.isascii() and one.isdigit() and len(one) == 6)), "")
    if role not in GIVEN_ROLES:
        raise AccountError.of(
            Text("该角色不能授予账户。", "This role is not given to accounts."), "role", role.value, GIVEN_ROLES
        )
    if wrong:
        raise AccountError.of(
            Text(f"“{wrong}”不是六位区县代码。", f"“{wrong}” is not a six-digit district code."), "districts", wrong
        )
    if role is Role.APPROVER and not codes:
        none = Text("审批人员至少要负责一个区县。", "An approver works for one district at least.")
        raise AccountError.of(none, "districts", "")
    return codes


def _usable_name(name: str) -> str:
    name = name.strip().lower()
    if not 3 <= len(name) <= _LONGEST_NAME or not set(name) <= _NAME_CHARACTERS:
        rule = Text(
            f"账户名用 3～{_LONGEST_NAME} 个小写字母、数字或 . _ - @。",
            f"A name has 3 to {_LONGEST_NAME} letters, digits or . _ - @.",
        )
        raise AccountError.of(rule, "name", name[:_LONGEST_NAME])
    return name


def _refuse_taken(session: Session, name: str) -> None:
    if session.scalars(select(AccountRow.id).where(AccountRow.name == name)).first():
        raise AccountError.of(Text(f"账户名“{name}”已被使用。", f"The name “{name}” is taken."), "name", name)


def _refuse_last_administrator(session: Session, row: AccountRow) -> None:
    others = select(AccountRow.id).where(
        AccountRow.role == Role.ADMINISTRATOR.value, AccountRow.disabled_at.is_(None), AccountRow.id != row.id
    )
    if row.role == Role.ADMINISTRATOR.value and not row.disabled_at and session.scalars(others).first() is None:
        last = Text("这是唯一在用的系统管理员。", "This is the only administrator in use.")
        raise AccountError.of(last, "role", row.name)


def _row(session: Session, name: str) -> AccountRow:
    row = session.scalars(select(AccountRow).where(AccountRow.name == name.strip().lower())).first()
    if row is None:
        raise UnknownAccountError.of(name[:_LONGEST_NAME])
    return row
