"""Look-ups over published releases: a unit's dossier and history, law search, news. What is costly is kept per release."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from layers.basis import library
from layers.difference import Difference, difference
from layers.law_search import LawHit, LawSearch
from layers.news import ReleaseNews, release_news
from layers.publication import publications
from layers.release_parts import read_manifest
from layers.snapshot import Snapshot
from layers.unit_dossier import TOO_SLOW, UnitDossier, unit_dossier
from layers.unit_history import UnitEntry, UnitIndex, read_unit_index, unit_history

LONGEST_SECONDS = 8.0  # for one dossier; layers not reached by then are told as unanswered
MOST_DOSSIERS = 256
MOST_RELEASES = 8  # with their indexes and searches
MOST_DIFFERENCES = 24

Value = TypeVar("Value")


@dataclass(slots=True)
class Kept(Generic[Value]):
    """The last values made, the oldest let go first."""

    most: int
    _values: dict[Hashable, Value] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(
        self, key: Hashable, make: Callable[[], Value], is_lasting: Callable[[Value], bool] = lambda _: True
    ) -> Value:
        """The value kept under a key, or a new one, kept if it is worth keeping."""
        with self._lock:
            if key in self._values:
                return self._values[key]
        made = make()
        if is_lasting(made):
            with self._lock:
                while len(self._values) >= self.most:
                    del self._values[next(iter(self._values))]
                self._values[key] = made
        return made


class LookUps:
    """Look-ups over one store of releases."""

    def __init__(self, store: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._dossiers: Kept[UnitDossier] = Kept(MOST_DOSSIERS)
        self._indexes: Kept[UnitIndex] = Kept(MOST_RELEASES)
        self._searches: Kept[LawSearch] = Kept(MOST_RELEASES)
        self._differences: Kept[Difference] = Kept(MOST_DIFFERENCES)

    def dossier(self, snapshot: Snapshot, code: str, day: date) -> UnitDossier:
        """Everything a release holds about a unit, computed within a time limit.

        Raises:
            UnknownUnitError: The release has no unit of that code.
        """
        end = self._clock() + LONGEST_SECONDS
        return self._dossiers.get(
            (snapshot.release.id, code, day),
            lambda: unit_dossier(snapshot, code, day, lambda: self._clock() > end),
            lambda made: all(one.answer is not TOO_SLOW for one in made.unanswered),
        )

    def history(self, code: str) -> list[UnitEntry]:
        """A unit through all published releases, the newest first.

        Raises:
            BrokenReleaseError: The list of publications cannot be read.
        """
        return unit_history(code, publications(self._store)[::-1], self._index, self.changes)

    def news(self) -> list[ReleaseNews]:
        """What each publication brought, the newest first.

        Raises:
            BrokenReleaseError: The list of publications, or a manifest, cannot be read.
        """
        published = [(one, read_manifest(self._store / one.release)) for one in publications(self._store)[::-1]]
        return release_news(published, self.changes)

    def law_search(self, snapshot: Snapshot) -> LawSearch:
        """Search over the basis library and the access list of a release."""
        return self._searches.get(snapshot.release.id, lambda: LawSearch(library(), snapshot.access_list.clauses))

    def search(self, words: str, snapshot: Snapshot | None) -> list[LawHit]:
        """Documents, repeals and clauses that hold all the words; without clauses where no release can be read."""
        if snapshot is not None:
            return self.law_search(snapshot).search(words)
        return self._searches.get("", lambda: LawSearch(library(), [])).search(words)

    def changes(self, old: str, new: str) -> Difference:
        """What changed from one release of the store to another.

        Raises:
            BrokenReleaseError: A part is missing or changed.
        """
        return self._differences.get((old, new), lambda: difference(self._store / old, self._store / new))

    def _index(self, release_id: str) -> UnitIndex:
        return self._indexes.get(release_id, lambda: read_unit_index(self._store / release_id))
