"""Tables of accounts, sessions, keys and failed sign-ins; times of sessions and locks in seconds since 1970."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.cases import ScreeningRow
from api.database import Base


class AccountRow(Base):
    """One person; an account of single sign-on has a subject and no password."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    display: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    districts: Mapped[str] = mapped_column(Text)
    password: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(String(400), unique=True)
    created_at: Mapped[str] = mapped_column(String(40))
    disabled_at: Mapped[str | None] = mapped_column(String(40))


class SessionRow(Base):
    """One signed-in browser, by the hash of its token."""

    __tablename__ = "account_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey(AccountRow.id), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[int] = mapped_column(BigInteger)


class KeyRow(Base):
    """One key of a machine, by its hash; the key itself is shown once and kept nowhere."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    districts: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(String(40))
    created_by: Mapped[str] = mapped_column(String(80))
    expires_at: Mapped[int] = mapped_column(BigInteger)
    revoked_at: Mapped[str | None] = mapped_column(String(40))


class FailureRow(Base):
    """Wrong passwords in a row for one name, whether anybody has the name or not."""

    __tablename__ = "sign_in_failure"

    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    locked_until: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[int] = mapped_column(BigInteger)


class SignOnRow(Base):
    """A single sign-on that was begun; used once and gone."""

    __tablename__ = "sign_on"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    next: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[int] = mapped_column(BigInteger)


class SavedSiteRow(Base):
    """A screening somebody keeps under a name of their own."""

    __tablename__ = "saved_site"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey(AccountRow.id), index=True)
    screening_id: Mapped[str] = mapped_column(ForeignKey(ScreeningRow.id))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(String(40))
