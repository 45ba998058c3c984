"""受影响的审批: cases whose sites lie where two releases differ, and why; so that they can be screened anew.

Only places are asked. What changed without one (`ChangedPlaces.everywhere`) is handed on, and so is how many cases have no known place:
a case that is not listed is not thereby untouched.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.roles import Action, Principal, allows, require
from api.approvals.casebook import Casebook
from api.approvals.tables import SiteRow
from api.cases import ScreeningRow
from api.places.lines import PlacedLine, lines_of, parts
from api.places.nearby import without_place
from api.places.register import CaseRegister, Held, Registered, known
from api.service import ScreeningService
from layers.changed_places import ChangedPlace, ChangedPlaces
from layers.difference import RowChange
from screening.approval_errors import CaseInputError
from screening.crs import Plane
from screening.words import Text

PAGE_SIZE = 50
FARTHEST_M = 5_000.0
_MOST_KEPT = 3  # pairs of releases, and answers about them, held in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which releases, the earlier first, and how near to what changed; an empty layer asks for all."""

    old: str
    new: str
    within_m: float = 0.0
    layer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One changed place that a site meets or comes near.

    Attributes:
        distance_m: 0 where they meet; None where the layer is not published in full.
    """

    place: ChangedPlace
    distance_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedSite:
    """One site.

    Attributes:
        written: Its coordinates as they are written; empty where only the verdict has them.
        screening_id: Its verdict; empty without.
        is_current: Whether that verdict rests on the later release already.
        refreshed_by: A later screening of the same question that does, though the case does not rest on it; empty without.
    """

    position: int
    name: str
    written: str
    screening_id: str
    is_current: bool
    refreshed_by: str
    touches: tuple[Touch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedCase:
    """One case with the sites of it that are affected."""

    line: PlacedLine
    sites: tuple[AffectedSite, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedCases:
    """Cases of one pair of releases.

    Attributes:
        cases: One page, or all: registered ones first, then approved ones, the newest number first.
        total: In all.
        layers: Of the changed places by id, with their names and how many places changed.
        everywhere: What changed without a place.
        without_place: Cases of which nobody knows whether they are affected.
    """

    asked: Asked
    cases: tuple[AffectedCase, ...]
    total: int
    layers: Mapping[str, tuple[Text, int]]
    everywhere: tuple[RowChange, ...]
    without_place: int


_Hit = tuple[int, float]  # number of the changed place, distance
_Hits = Mapping[str, Mapping[int, Sequence[_Hit]]]  # by case and position of the site


class Affected:
    """Finds cases by what changed under them."""

    def __init__(self, book: Casebook, register: CaseRegister, screenings: ScreeningService) -> None:
        self._book = book
        self._register = register
        self._screenings = screenings
        self._places: OrderedDict[tuple[str, str], ChangedPlaces] = OrderedDict()
        self._hits: OrderedDict[tuple[str, str, float, int, bool], _Hits] = OrderedDict()
        self._working = threading.Lock()

    def between(
        self, who: Principal, asked: Asked, *, page: int | None = None, is_exact: bool = False
    ) -> AffectedCases:
        """The affected cases that somebody may see.

        Args:
            who: For whom.
            asked: About what.
            page: From 1; None for all of them.
            is_exact: Whether distances to layers that are not published in full are measured and told.

        Raises:
            ForbiddenError: The role may not ask.
            UnknownReleaseError: One release was never published here.
            BrokenReleaseError: A part of either is missing or changed.
            NoReleaseError: No release is in force.
            CaseInputError: Both releases are the same, the distance is out of range, or nothing changed in that layer.
        """
        require(who, Action.AFFECTED)
        _require_sound(asked)
        held = self._register.now()
        with self._working:  # one at a time: a pair of releases is read and compared once
            changed = self._changed(asked.old, asked.new)
            hits = self._found(held, changed, asked, is_exact=is_exact)
        layers = _counted(changed.places)
        if asked.layer and asked.layer not in layers:
            none = Text("两个版本之间该图层没有变化。", "Nothing changed in that layer.")
            raise CaseInputError.of("layer", none, asked.layer[:60])
        wanted = {number for number, one in enumerate(changed.places) if asked.layer in ("", one.layer)}
        seen = [
            one
            for one in known(held, hits)
            if allows(who, Action.AFFECTED, one.target) and _touches_any(hits[one.id], wanted)
        ]
        seen.sort(key=_newest_first, reverse=True)
        chosen = seen if page is None else seen[PAGE_SIZE * (page - 1) : PAGE_SIZE * page]
        return AffectedCases(
            asked=asked,
            cases=tuple(self._told(who, chosen, hits, wanted, changed, is_exact=is_exact)),
            total=len(seen),
            layers=layers,
            everywhere=changed.everywhere,
            without_place=without_place(held, who, Action.AFFECTED),
        )

    def _changed(self, old: str, new: str) -> ChangedPlaces:
        if (old, new) not in self._places:
            _make_room(self._places)
            self._places[old, new] = self._screenings.changed_places(old, new)
        return self._places[old, new]

    def _found(self, held: Held, changed: ChangedPlaces, asked: Asked, *, is_exact: bool) -> _Hits:
        key = changed.old, changed.new, asked.within_m, held.version, is_exact
        if key not in self._hits:
            _make_room(self._hits)
            self._hits[key] = _hits(held, changed, asked.within_m, is_exact=is_exact)
        return self._hits[key]

    def _told(
        self,
        who: Principal,
        cases: Sequence[Registered],
        hits: _Hits,
        wanted: Collection[int],
        changed: ChangedPlaces,
        *,
        is_exact: bool,
    ) -> list[AffectedCase]:
        ids = [one.id for one in cases]
        with self._book.database.reading() as session:
            lines, sites = lines_of(session, who, Action.AFFECTED, ids), _sites_of(session, ids, changed.new)
        return [
            AffectedCase(
                line=lines[one],
                sites=tuple(
                    replace(
                        sites[one, position],
                        touches=tuple(
                            _touch(changed.places[number], distance, is_exact=is_exact)
                            for number, distance in found
                            if number in wanted
                        ),
                    )
                    for position, found in sorted(hits[one].items())
                    if (one, position) in sites and any(number in wanted for number, _ in found)
                ),
            )
            for one in ids
            if one in lines
        ]


def _require_sound(asked: Asked) -> None:
    if asked.old == asked.new:
        same = Text("请选择两个不同的成果版本。", "Choose two different releases.")
        raise CaseInputError.of("old", same, asked.old[:80])
    if not 0.0 <= asked.within_m <= FARTHEST_M:
        bound = Text(f"距离应为 0～{FARTHEST_M:g} 米。", f"The distance must be 0 to {FARTHEST_M:g} metres.")
        raise CaseInputError.of("within_m", bound, f"{asked.within_m:g}")


def _hits(held: Held, changed: ChangedPlaces, within_m: float, *, is_exact: bool) -> _Hits:
    """Every site with the changed places it meets or comes near; so near as layer and site together are accurate in any case."""
    found: dict[str, dict[int, list[_Hit]]] = {}
    for number, place in enumerate(changed.places):
        is_told = is_exact or not place.is_withheld
        asked_m = within_m if is_told else 0.0
        reach_m = max(asked_m, place.accuracy_m + held.greatest_m)
        where = place.where if changed.epsg == held.epsg else _onto(place.where, changed.epsg, held.epsg)
        for site, distance in held.index.within(where, reach_m):
            if distance > max(asked_m, place.accuracy_m + held.accuracy_m.get(site, held.greatest_m)):
                continue
            case_id, position = site
            found.setdefault(case_id, {}).setdefault(position, []).append((number, distance))
    return found


def _onto(where: BaseGeometry, source: int, target: int) -> BaseGeometry:
    """Onto the plane of the index, where the releases lie on another."""
    return Plane(target).from_degrees(Plane(source).to_degrees(where))


def _touch(place: ChangedPlace, distance_m: float, *, is_exact: bool) -> Touch:
    return Touch(place=place, distance_m=distance_m if is_exact or not place.is_withheld else None)


def _touches_any(sites: Mapping[int, Sequence[_Hit]], wanted: Collection[int]) -> bool:
    return any(number in wanted for found in sites.values() for number, _ in found)


def _newest_first(case: Registered) -> tuple[bool, str]:
    return not case.is_approved, case.number


def _counted(places: Sequence[ChangedPlace]) -> dict[str, tuple[Text, int]]:
    counts: dict[str, tuple[Text, int]] = {}
    for one in places:
        _, count = counts.get(one.layer, (one.layer_name, 0))
        counts[one.layer] = one.layer_name, count + 1
    return dict(sorted(counts.items()))


def _sites_of(session: Session, ids: list[str], release: str) -> dict[tuple[str, int], AffectedSite]:
    """What is known of the sites of cases, by case and position; without what they touch."""
    found: dict[tuple[str, int], AffectedSite] = {}
    for part in parts(ids):
        asked = (
            select(SiteRow, ScreeningRow.release)
            .outerjoin(ScreeningRow, ScreeningRow.id == SiteRow.screening_id)
            .where(SiteRow.case_id.in_(part))
        )
        rows = session.execute(asked).all()
        verdicts = [site.screening_id for site, of in rows if site.screening_id and of != release]
        later = _refreshed(session, verdicts, release)
        for site, of in rows:
            found[site.case_id, site.position] = AffectedSite(
                position=site.position,
                name=site.name,
                written=site.written,
                screening_id=site.screening_id or "",
                is_current=of == release,
                refreshed_by=later.get(site.screening_id or "", ""),
                touches=(),
            )
    return found


def _refreshed(session: Session, screenings: list[str], release: str) -> dict[str, str]:
    """The newest screening against a release that puts the question of another again, by the other."""
    found: dict[str, str] = {}
    for part in parts(screenings):
        asked = select(ScreeningRow.refreshes, ScreeningRow.id).where(
            ScreeningRow.refreshes.in_(part), ScreeningRow.release == release
        )
        for refreshes, made in session.execute(asked.order_by(ScreeningRow.created_at, ScreeningRow.id)):
            found[str(refreshes)] = made
    return found


def _make_room(kept: OrderedDict[Any, Any]) -> None:
    while len(kept) >= _MOST_KEPT:
        kept.popitem(last=False)
