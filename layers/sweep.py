"""Verdicts in short on many sites at once: every situation is judged once, and what has none is judged by itself.

The same rules speak in both ways, and a verdict in short is the same as that of `screen` on what `Snapshot.gather` finds.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from layers.gaps import FILE, Gaps
from layers.release_parts import index_sources
from layers.situations import Shapes, Situation, Situations
from layers.snapshot import LAND, Snapshot
from screening.evidence import Evidence
from screening.lines import standing_under
from screening.model import Ceiling, Project, Site
from screening.rulings import RememberedRules, what_counts
from screening.situation import ShortVerdict, UndrawnError, UndrawnEvidence, shortened
from screening.verdict import Placed, place, screen

MOST_KNOWN = 50_000  # verdicts held in memory
MOST_FINDINGS = 100_000  # held in memory, about 1 kB each
MOST_HELD = 10_000  # situations held in memory, about 40 kB each


@dataclass(frozen=True, slots=True)
class Swept:
    """One site and what was found about it.

    Attributes:
        area_m2: On the plane; None for a point.
    """

    verdict: ShortVerdict
    area_m2: float | None


@dataclass(frozen=True, slots=True)
class _Held:
    """A situation that was met, and suffices for the rules.

    Attributes:
        placed: What the list says there.
        on_land: Ceilings on the land a site takes.
        is_by_area: Whether some clause asks for the area itself.
    """

    evidence: UndrawnEvidence
    placed: Placed
    on_land: tuple[Ceiling, ...]
    is_by_area: bool


class Sweep:
    """Judges sites against one release as of one day."""

    def __init__(self, snapshot: Snapshot, as_of: date, folder: Path | None = None) -> None:
        """Ready to judge.

        Args:
            folder: Of the release, to keep there what takes long to find out; None keeps nothing.
        """
        self._snapshot, self._as_of = snapshot, as_of
        self._situations: Situations | None = None
        if snapshot.index is not None:
            shapes = {layer_id: one.shapes for layer_id, one in snapshot.layers.items()}
            file, made_from = (folder / FILE, index_sources(snapshot.manifest)) if folder else (None, {})
            gaps = Gaps(snapshot.outline, shapes, file, made_from)
            self._situations = Situations(snapshot, snapshot.index, as_of, gaps)
        self._known: dict[tuple[object, ...], ShortVerdict | None] = {}
        self._held: dict[Situation, _Held | None] = {}
        self._rules = RememberedRules(MOST_FINDINGS)
        self._on_land = frozenset(
            clause.id for clause in snapshot.access_list.in_force_on(as_of).clauses if LAND in clause.fact_names
        )
        self.alone = 0
        """How many sites had to be judged by themselves."""

    def __call__(self, sites: Sequence[Site], projects: Sequence[Project]) -> Iterator[Swept]:
        """What is found about each site and the project on it, in their order.

        Raises:
            SiteOutsideError: A site lies beyond the extent of the jurisdiction.
        """
        degrees: Shapes = np.array([one.geometry for one in sites], dtype=object)
        shapes = self._snapshot.jurisdiction.plane.from_degrees(degrees)
        areas = shapely.area(shapes)
        found: Sequence[Situation | None] = [None] * len(sites)
        if self._situations is not None:
            found = self._situations.of(shapes, np.array([one.accuracy_m or 0.0 for one in sites]))
        for site, project, situation, area in zip(sites, projects, found, areas.tolist(), strict=True):
            verdict = None if situation is None else self._of_situation(situation, site, project, area)
            if verdict is None:
                self.alone += 1
                evidence: Evidence = self._snapshot.gather(site, self._as_of)
                verdict = shortened(screen(project, site, evidence, self._as_of, rules=self._rules))
            yield Swept(verdict, area or None)

    def _of_situation(self, situation: Situation, site: Site, project: Project, area_m2: float) -> ShortVerdict | None:
        """The verdict on a project in a situation; None where the rules ask for more than that."""
        if len(self._known) >= MOST_KNOWN or len(self._held) >= MOST_HELD:
            self._forget()
        if situation not in self._held:
            self._held[situation] = self._hold(situation, area_m2)
        held = self._held[situation]
        if held is None:
            return None
        turning: object = area_m2 if held.is_by_area else tuple(standing_under(one, area_m2) for one in held.on_land)
        key = (situation, what_counts(project), turning)
        if key in self._known:
            return self._known[key]
        evidence = replace(
            held.evidence, site_area_m2=area_m2, derived_facts={**held.evidence.derived_facts, LAND: area_m2}
        )
        try:
            self._known[key] = shortened(screen(project, site, evidence, self._as_of, held.placed, self._rules))
        except UndrawnError:
            self._known[key] = None
        return self._known[key]

    def _forget(self) -> None:
        assert self._situations is not None
        self._known.clear()
        self._held.clear()
        self._situations.forget()

    def _hold(self, situation: Situation, area_m2: float) -> _Held | None:
        """What is to be held of a situation; None where the rules ask for more."""
        assert self._situations is not None
        try:
            evidence = self._situations.evidence(situation, area_m2)
            placed = place(evidence, self._as_of, self._rules)
        except UndrawnError:
            return None
        is_by_area = any(clause.id in self._on_land for clause, _ in placed.reached)
        return _Held(evidence, placed, tuple(one for one in evidence.ceilings if one.fact == LAND), is_by_area)


def settle() -> None:
    """Spare the memory of a process that does nothing but sweep from being searched for garbage again and again.

    What a sweep remembers is none, and looking through it took a sixth of the time.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
