"""What crosses the HTTP door about sealed verdicts."""

from __future__ import annotations

from pydantic import BaseModel, Field


class SealOut(BaseModel):
    """The seal of a screening, and how it stands today."""

    digest: str = Field(description="SHA-256 over question and record, see `docs/sealed-verdicts.md`")
    key_id: str = Field(description="SHA-256 of the public key that verifies the sealed file")
    file: str = Field(description="where the sealed file is")
    valid_until: str = Field(description="last day on which the answer may be relied on")
    valid_because: str = Field(description="what ends then")
    is_current: bool = Field(description="not expired, and the release it rests on is in force")
    is_expired: bool
    newer_release: str = Field(description="the release now in force, if it is another; empty else")
    standing: str = Field(description="the same in a sentence")
    refreshed_by: str = Field(description="id of the latest screening that put the question again; empty if none did")


class RecordChangesOut(BaseModel):
    """What changed against the screening that was refreshed, in sentences."""

    since: str = Field(description="id of that screening")
    same_conclusion: bool
    conclusion: str
    basis: list[str] = Field(description="release, day and engine, where they changed")
    added: list[str] = Field(description="findings that were not there")
    removed: list[str]
    changed: list[str]
    others: int = Field(description="how many other places of the record differ")


class KeyOut(BaseModel):
    """A public key."""

    id: str
    is_current: bool = Field(description="whether new verdicts are sealed with it")
    pem: str = Field(description="SubjectPublicKeyInfo, PEM")


class KeysOut(BaseModel):
    """All public keys by which seals of this service verify, the one in use first."""

    items: list[KeyOut]
