"""Which releases are in force when: one small file, replaced whole."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from layers.release import read_manifest
from screening.errors import BrokenReleaseError, NoReleaseError, UnknownReleaseError
from screening.words import Text

_FILE = "publications.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One act of publishing.

    Attributes:
        effective_from: First day in force.
        effective_until: Last day in force; None while open.
        published_at: Instant of publishing, ISO 8601 with offset.
    """

    release: str
    effective_from: date
    effective_until: date | None
    published_at: str
    published_by: str

    def is_in_force(self, day: date) -> bool:
        """Whether it is in force on a day, first and last day included."""
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)


def publish(store: Path, release_id: str, *, at: str, by: str) -> Publication:
    """The publication of a release; the one there is, if it was published already.

    Raises:
        UnknownReleaseError: The store has no such release.
        BrokenReleaseError: Its manifest cannot be read.
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
    )
    with _locked(store):
        known = publications(store)
        for one in known:
            if one.release == release_id:
                return one
        _replace(store, [*known, new])
    return new


def publications(store: Path) -> list[Publication]:
    """All publications, in the order in which they were made.

    Raises:
        BrokenReleaseError: The file cannot be read.
    """
    try:
        rows = json.loads((store / _FILE).read_bytes())
    except FileNotFoundError:
        return []
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as problem:
        raise BrokenReleaseError.of("-", _FILE, Text(f"读不出：{problem}", f"cannot be read: {problem}")) from problem
    return [
        Publication(
            release=row["release"],
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=date.fromisoformat(row["effective_until"]) if row["effective_until"] else None,
            published_at=row["published_at"],
            published_by=row["published_by"],
        )
        for row in rows
    ]


def in_force(store: Path, day: date) -> Publication:
    """The publication in force on a day: of several, the one that took effect last, then the one published last.

    Raises:
        NoReleaseError: None is.
    """
    standing = [
        (one.effective_from, number, one) for number, one in enumerate(publications(store)) if one.is_in_force(day)
    ]
    if not standing:
        raise NoReleaseError.of(day.isoformat())
    return max(standing, key=lambda item: item[:2])[2]


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
