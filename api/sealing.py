"""Sealing an answer, and how a sealed answer stands today."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from api.keys import Keyring
from screening.record import Record, canonical, spelled_together
from screening.seal import FORMAT, digest_of_spelled
from screening.validity import Validity
from screening.words import Text, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a sealed document holds beside question and record.

    Attributes:
        digest: SHA-256 over question and record.
        valid_until: Last day on which the answer may be relied on.
        valid_because: What ends then.
    """

    digest: str
    key_id: str
    valid_until: date
    valid_because: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an answer stands on a day.

    Attributes:
        is_expired: Whether its last day has passed.
        newer_release: The release now in force, if it is another than the answer rests on; empty else.
        is_without_release: Whether no release is in force at all.
        refreshed_by: Id of the latest screening that put its question again; empty if none did.
    """

    is_expired: bool
    newer_release: str
    is_without_release: bool
    refreshed_by: str

    @property
    def is_current(self) -> bool:
        """Whether it may be relied on."""
        return not (self.is_expired or self.newer_release or self.is_without_release)

    @property
    def words(self) -> Text:
        """In one sentence."""
        found = []
        if self.is_expired:
            found.append(Text("已过有效期", "its validity has passed"))
        if self.newer_release:
            name = self.newer_release
            found.append(Text(f"现行成果已是 {name}", f"release {name} is in force now"))
        if self.is_without_release:
            found.append(Text("目前没有现行成果", "no release is in force now"))
        if not found:
            return Text("有效期内，所依据的成果仍为现行", "Valid; the release it rests on is in force")
        told = joined(found, zh="，", en="; ")
        return Text(f"{told.zh}：请刷新后再用", f"{told.en[0].upper()}{told.en[1:]}: refresh before use")


def seal_over(case_id: str, issued_at: str, question: bytes, record: bytes, valid: Validity, keys: Keyring) -> Record:
    """What a sealed document says beside question and record, the signature over all of it included.

    Args:
        question: In canonical spelling.
        record: Likewise.

    Raises:
        SigningKeyError: The key cannot be read.
    """
    said = {
        "format": FORMAT,
        "id": case_id,
        "digest": digest_of_spelled(question, record),
        "issued_at": issued_at,
        "valid_until": valid.until.isoformat(),
        "valid_because": [{"zh": text.zh, "en": text.en} for text in valid.because],
    }
    spelled = {name: canonical(value) for name, value in said.items()}
    signed = spelled_together({**spelled, "question": question, "record": record})
    return {**said, "signature": keys.sign(signed)}


def kept_seal(document: Record) -> str:
    """What of a sealed document is kept beside question and record."""
    return canonical({name: value for name, value in document.items() if name not in ("question", "record")}).decode()


def document_of(seal: str, question: str, record: str) -> bytes:
    """A sealed document from its three kept parts, byte for byte as it was signed."""
    spelled = {name: canonical(value) for name, value in json.loads(seal).items()}
    return spelled_together({**spelled, "question": question.encode(), "record": record.encode()})


def seal_of(kept: str) -> Seal:
    """The kept part of a seal, for reading."""
    seal = json.loads(kept)
    reasons = [Text(one["zh"], one["en"]) for one in seal["valid_because"]]
    return Seal(
        digest=seal["digest"],
        key_id=seal["signature"]["key_id"],
        valid_until=date.fromisoformat(seal["valid_until"]),
        valid_because=joined(reasons, zh="；", en="; "),
    )
