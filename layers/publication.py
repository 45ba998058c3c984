"""Which releases are in force when: one small file, replaced whole."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from layers.gate import compare
from layers.jurisdiction import read_jurisdiction
from layers.release_parts import read_document, read_manifest
from screening.errors import BrokenReleaseError, GateError, NoReleaseError, UnknownReleaseError
from screening.words import Text

_FILE = "publications.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One act of publishing.

    Attributes:
        effective_from: First day in force.
        effective_until: Last day in force; None while open.
        published_at: Instant of publishing, ISO 8601 with offset.
        override: Why it was published although it lost much against the one before; empty if it did not.
        withdrawn_at, withdrawn_by, withdrawn_because: Set when it was taken back; from then on it is never in force.
    """

    release: str
    effective_from: date
    effective_until: date | None
    published_at: str
    published_by: str
    override: str = ""
    withdrawn_at: str = ""
    withdrawn_by: str = ""
    withdrawn_because: str = ""

    def is_in_force(self, day: date) -> bool:
        """Whether it is in force on a day, first and last day included."""
        if self.withdrawn_at:
            return False
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)


def publish(store: Path, release_id: str, *, at: str, by: str, override: str = "") -> Publication:
    """The publication of a release; the one there is, if it was published already and not withdrawn.

    Args:
        store: Folder of the release store.
        release_id: A release in it.
        at: Instant, ISO 8601 with offset.
        by: Who publishes.
        override: Why it may lose much against the release before it; empty lets the gate decide.

    Raises:
        UnknownReleaseError: The store has no such release.
        BrokenReleaseError: Its manifest cannot be read.
        GateError: It lost more against the release before it than the jurisdiction allows.
    """
    if not (store / release_id).is_dir():
        raise UnknownReleaseError.of(release_id, [one.release for one in publications(store)])
    manifest = read_manifest(store / release_id)
    until = manifest["effective_until"]
    new = Publication(
        release=release_id,
        effective_from=date.fromisoformat(manifest["effective_from"]),
        effective_until=date.fromisoformat(until) if until else None,
        published_at=at,
        published_by=by,
        override=override,
    )
    with _locked(store):
        known = publications(store)
        for one in known:
            if one.release == release_id and not one.withdrawn_at:
                return one
        if not override:
            _pass_gate(store, new, known, manifest)
        _replace(store, [*known, new])
    return new


def withdraw(store: Path, release_id: str, *, at: str, by: str, because: str) -> Publication:
    """Take a published release back: from now on it is never in force. The act stays on record.

    Raises:
        UnknownReleaseError: It is not published, or was withdrawn already.
    """
    with _locked(store):
        known = publications(store)
        for position, one in enumerate(known):
            if one.release == release_id and not one.withdrawn_at:
                known[position] = replace(one, withdrawn_at=at, withdrawn_by=by, withdrawn_because=because)
                _replace(store, known)
                return known[position]
    raise UnknownReleaseError.of(release_id, [one.release for one in known if not one.withdrawn_at])


def _pass_gate(store: Path, new: Publication, known: list[Publication], manifest: Mapping[str, Any]) -> None:
    """Compare with the release that would have been in force on the new one's first day, or failing that the newest."""
    standing = [one for one in known if not one.withdrawn_at]
    before = _last(standing, new.effective_from) or (standing[-1] if standing else None)
    if before is None:
        return
    content = read_document(store / new.release, manifest, "jurisdiction.json")
    limits = read_jurisdiction(content, "jurisdiction.json").gate
    losses = compare(read_manifest(store / before.release), manifest, limits)
    if losses:
        raise GateError.of(new.release, before.release, losses)


def publications(store: Path) -> list[Publication]:
    """All publications, in the order in which they were made.

    Raises:
        BrokenReleaseError: The file cannot be read.
    """
    path = store / _FILE
    try:
        found = path.stat()
        return list(_read(path, (found.st_ino, found.st_mtime_ns, found.st_size)))
    except FileNotFoundError:
        return []
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as problem:
        raise BrokenReleaseError.of("-", _FILE, Text(f"读不出：{problem}", f"cannot be read: {problem}")) from problem


@lru_cache(maxsize=8)
def _read(path: Path, _version: tuple[int, int, int]) -> tuple[Publication, ...]:
    """The publications in a file that is replaced whole, never written to: read once for each file that stood there."""
    return tuple(
        Publication(
            release=row["release"],
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=date.fromisoformat(row["effective_until"]) if row["effective_until"] else None,
            published_at=row["published_at"],
            published_by=row["published_by"],
            override=row["override"],
            withdrawn_at=row["withdrawn_at"],
            withdrawn_by=row["withdrawn_by"],
            withdrawn_because=row["withdrawn_because"],
        )
        for row in json.loads(path.read_bytes())
    )


def in_force(store: Path, day: date) -> Publication:
    """The publication in force on a day: of several, the one that took effect last, then the one published last.

    Raises:
        NoReleaseError: None is.
    """
    found = _last(publications(store), day)
    if found is None:
        raise NoReleaseError.of(day.isoformat())
    return found


def _last(known: list[Publication], day: date) -> Publication | None:
    standing = [(one.effective_from, number, one) for number, one in enumerate(known) if one.is_in_force(day)]
    return max(standing, key=lambda item: item[:2])[2] if standing else None


def _replace(store: Path, rows: list[Publication]) -> None:
    content = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1, default=str).encode()
    draft = store / f".{_FILE}.{os.getpid()}"
    with draft.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(store / _FILE)


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    """One publisher at a time; readers need no lock because the file is replaced whole."""
    with (store / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
