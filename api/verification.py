"""Verifying a sealed document offline: is it whole, who signed it, and does the named release still answer the same?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from api.kept_questions import answer
from api.keys import PublicKeys, Signed, checked
from layers.proof import prove_release
from layers.snapshot import Snapshot, load_snapshot
from screening import ENGINE_VERSION
from screening.errors import BrokenReleaseError, UnknownReleaseError
from screening.record import Record, as_record, canonical
from screening.seal import (
    Difference,
    asked_in,
    differences,
    is_canonical,
    opened,
    release_of,
    sealed_digest,
    signed_bytes,
)
from screening.words import Text


class Result(IntEnum):
    """What verifying found; the exit codes of `threelines verify` (2 is a refused command)."""

    EQUAL = 0
    DIFFERS = 1
    TAMPERED = 3
    RELEASE_NOT_AT_HAND = 4
    NOT_SEALED = 5
    UNKNOWN_KEY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found, and everything to tell about it.

    Attributes:
        result: The gravest of what was found.
        notes: In order: digest, signature, engine, release, comparison.
        differences: Between the sealed record (old) and the recomputed one (new).
    """

    result: Result
    notes: tuple[Text, ...]
    differences: tuple[Difference, ...] = ()


FindSnapshot = Callable[[str], Snapshot]


def verify(content: bytes, trusted: PublicKeys, find_snapshot: FindSnapshot) -> Verification:
    """Whether a file is a sealed verdict, unchanged, by a trusted key, and what its release answers today.

    Args:
        content: The whole file.
        trusted: Public keys by id.
        find_snapshot: Gives a release by its id, proved whole.

    Raises:
        SealedFileError: It is no sealed verdict.
        ThreeLinesError: The question cannot be put to this version.
    """
    document = opened(content)
    tampered, signed = _tampered(document, content, trusted)
    if tampered:
        return Verification(result=Result.TAMPERED, notes=tampered)
    notes = [_INTACT, _signature_words(signed, document["signature"]["key_id"]), *_engine_words(document["record"])]
    try:
        snapshot = find_snapshot(release_of(document))
    except (UnknownReleaseError, BrokenReleaseError) as problem:
        return Verification(result=Result.RELEASE_NOT_AT_HAND, notes=(*notes, problem.what))
    found = differences(document["record"], _recomputed(document, snapshot))
    notes.append(_compared(len(found), snapshot.release.id))
    result = Result.DIFFERS if found else Result.EQUAL if signed is Signed.KNOWN else Result.UNKNOWN_KEY
    return Verification(result=result, notes=tuple(notes), differences=found)


def snapshot_in(store: Path) -> FindSnapshot:
    """Releases of a store, published or not, each proved whole against its id before it is used."""

    def find(release_id: str) -> Snapshot:
        folder = store / release_id
        if not folder.is_dir():
            known = sorted(one.name for one in store.glob("*") if (one / "manifest.json").is_file())
            raise UnknownReleaseError.of(release_id, known)
        prove_release(folder)
        return load_snapshot(folder)

    return find


def _recomputed(document: Mapping[str, Any], snapshot: Snapshot) -> Record:
    asked = asked_in(document["question"])
    record: Record = json.loads(canonical(as_record(*answer(asked, snapshot, asked.as_of))))
    return record


def _tampered(document: Mapping[str, Any], content: bytes, trusted: PublicKeys) -> tuple[tuple[Text, ...], Signed]:
    """What shows that a file was changed after it was sealed, and what its signature proves."""
    if not is_canonical(document, content):
        return (_RESPELLED,), Signed.BROKEN
    found = []
    if sealed_digest(document["question"], document["record"]) != document["digest"]:
        found.append(_WRONG_DIGEST)
    signed = checked(document["signature"], signed_bytes(document), trusted)
    if signed is Signed.BROKEN:
        found.append(_BROKEN_SIGNATURE)
    return tuple(found), signed


def _signature_words(signed: Signed, key_id: str) -> Text:
    if signed is Signed.KNOWN:
        return Text(f"签名有效，密钥 {key_id}", f"The signature holds, key {key_id}")
    return Text(
        f"签名完整，但这里不认识密钥 {key_id}：请向签发单位索取公钥，用 --key 指定",
        f"The signature is whole, but key {key_id} is not known here: get the issuer's public key and give it with --key",
    )


def _engine_words(record: Mapping[str, Any]) -> list[Text]:
    then = record.get("engine_version")
    if then == ENGINE_VERSION:
        return []
    return [
        Text(
            f"软件版本不同：当时 {then}，现在 {ENGINE_VERSION}；仍按现在的版本重算比较",
            f"Another engine: {then} then, {ENGINE_VERSION} now; recomputed with this one all the same",
        )
    ]


def _compared(count: int, release_id: str) -> Text:
    if not count:
        return Text(f"按版本 {release_id} 重新计算，完全一致", f"Recomputed from release {release_id}: equal")
    return Text(
        f"按版本 {release_id} 重新计算，有 {count} 处不同：",
        f"Recomputed from release {release_id}: {count} differences:",
    )


_INTACT = Text("文件和摘要完整", "File and digest are whole")
_RESPELLED = Text(
    "文件不是签发时的字节（另存、排版、多一个空格也算改动）",
    "The file is not the bytes that were issued (saving again, formatting, one space more count as changes)",
)
_WRONG_DIGEST = Text("摘要与内容不符：问题或记录被改动过", "The digest does not fit: question or record were changed")
_BROKEN_SIGNATURE = Text("签名与内容不符：签章之后被改动过", "The signature does not fit: it was changed after sealing")
