"""Where the cases lie: one index over their sites, brought up to date from the database before every question.

The database is the truth, the index a cache of one process that may be dropped at any time. Every change to a case is told by an event of the audit
chain, written in the transaction of the change and numbered without gaps by one writer at a time (`Database.writing`). Whoever has read the cases at
event n is up to date once they have read again those that later events name; one look at the end of the chain tells whether there are any, whichever
process wrote them. If event n is not there as it was seen, this is another history (a restored database): everything is read anew.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby, islice
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from api import audit
from api.accounts.roles import Target
from api.approvals.flow import Decision
from api.approvals.tables import CaseRow, SiteRow
from api.audit import EventRow
from api.cases import ScreeningRow
from api.database import Database
from api.service import ScreeningService
from layers.jurisdiction import Jurisdiction
from layers.map_providers import map_providers
from layers.site_index import SiteIndex
from screening.coordinates import read_site
from screening.errors import ThreeLinesError, UnknownScreeningError
from screening.model import Site
from screening.seal import asked_in

APPROVED = (Decision.APPROVED.value, Decision.CONDITIONAL.value)
KEPT = ("", *APPROVED)  # decisions of the cases whose place matters: registered ones, and those that may be built
_AT_ONCE = 400
SiteKey = tuple[str, int]  # id of the case, position of the site
_Line = Row[str, str, str, str, str, int, str, str | None, str | None]  # as of `_sites`
_versions = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A case as the index knows it.

    Attributes:
        lacks_place: Whether it has no site, or one whose place is not known.
    """

    id: str
    number: str
    district: str
    owner: str
    is_approved: bool
    lacks_place: bool

    @property
    def target(self) -> Target:
        """What the table of roles must know of it."""
        return Target(district=self.district, owner=self.owner)


@dataclass(slots=True)
class Held:
    """What was read.

    Attributes:
        epsg: Of the plane on which the sites lie.
        seen: Number and hash of the event up to which it stands.
        version: Another one whenever a case or its place is.
        positions: Of the sites of a case that have a place.
        accuracy_m: Of those sites, metres; zero where nobody stated any.
        greatest_m: No site was ever less accurate.
        unplaced: Ids of the cases that lack one.
    """

    epsg: int
    ground: tuple[object, ...]
    seen: tuple[int, str]
    index: SiteIndex[SiteKey]
    cases: dict[str, Registered]
    by_number: dict[str, str]
    positions: dict[str, tuple[int, ...]]
    unplaced: set[str]
    accuracy_m: dict[SiteKey, float] = field(default_factory=dict)
    greatest_m: float = 0.0
    version: int = field(default_factory=lambda: next(_versions))


class CaseRegister:
    """The sites of registered cases and of approved projects, those of the past included, as the database has them now.

    Refused, declined and withdrawn cases leave it.
    """

    def __init__(self, database: Database, screenings: ScreeningService) -> None:
        self._database = database
        self._screenings = screenings
        self._held: Held | None = None
        self._reading = threading.Lock()

    def now(self) -> Held:
        """The cases as they stand; those that changed since the last question are read again first.

        Raises:
            NoReleaseError: No release is in force, so the plane is not known.
            ApprovalStoreError: The database did not answer.
        """
        city = self._screenings.snapshot(self._screenings.today()).jurisdiction
        with self._reading, self._database.reading() as session:
            held = self._held
            news = _news(session, held.seen) if held is not None and held.ground == _ground(city) else None
            if held is None or news is None:
                self._held = held = _read_all(session, city)
            elif news:
                _read_again(session, city, held, dict.fromkeys(one.subject for one in news))
                held.seen = news[-1].seq, news[-1].hash
            return held

    def drop(self) -> None:
        """Forget everything; the next question reads it anew."""
        with self._reading:
            self._held = None

    def shapes(self, session: Session, case_id: str, city: Jurisdiction) -> list[BaseGeometry]:
        """The sites of one case on the plane, whatever became of it; those without a known place are left out."""
        rows = session.execute(_sites().where(CaseRow.id == case_id))
        return [spot.shape for case in _cases(rows, session, city) for _, spot in case.sites]


class Spot(NamedTuple):
    """Where a site lies and how accurately it was written, metres; zero where nobody stated it."""

    shape: BaseGeometry
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class _Read:
    case: Registered
    sites: list[tuple[int, Spot]]  # on the plane


def known(held: Held, ids: Iterable[str]) -> list[Registered]:
    """The cases of these ids; one that left a moment ago is none."""
    found = (held.cases.get(one) for one in ids)
    return [one for one in found if one is not None]


def _ground(city: Jurisdiction) -> tuple[object, ...]:
    """By what written coordinates are read and where they lie."""
    return city.plane.epsg, city.extent


def _news(session: Session, seen: tuple[int, str]) -> Sequence[Row[int, str, str]] | None:
    """Events after the one seen; None if it is not there as it was."""
    asked = select(EventRow.seq, EventRow.hash, EventRow.subject).where(EventRow.seq >= seen[0])
    found = session.execute(asked.order_by(EventRow.seq)).all()
    if not seen[0]:
        return found
    return found[1:] if found and (found[0].seq, found[0].hash) == seen else None


def _read_all(session: Session, city: Jurisdiction) -> Held:
    head = audit.head(session)  # before the rows: what is written meanwhile is read once more, and nothing is missed
    held = Held(
        epsg=city.plane.epsg,
        ground=_ground(city),
        seen=(head.seq, head.hash) if head else (0, ""),
        index=SiteIndex(),
        cases={},
        by_number={},
        positions={},
        unplaced=set(),
    )

    def sites() -> Iterator[tuple[SiteKey, BaseGeometry]]:
        rows = session.execute(_sites().where(CaseRow.decision.in_(KEPT)).execution_options(yield_per=_AT_ONCE))
        for one in _cases(rows, session, city):
            _note(held, one)
            yield from (((one.case.id, position), spot.shape) for position, spot in one.sites)

    held.index = SiteIndex(sites())
    return held


def _read_again(session: Session, city: Jurisdiction, held: Held, subjects: Iterable[str]) -> None:
    """The cases that events name, as they stand now; subjects that are no cases are nobody's number."""
    waiting = iter(subjects)
    while numbers := list(islice(waiting, _AT_ONCE)):
        asked = _sites().where(CaseRow.number.in_(numbers), CaseRow.decision.in_(KEPT))
        found = {one.case.number: one for one in _cases(session.execute(asked), session, city)}
        for number in numbers:
            gone = held.by_number.get(number)
            if number in found:
                _put(held, found[number])
            elif gone is not None:
                _remove(held, gone)


def _note(held: Held, read: _Read) -> None:
    case = read.case
    held.cases[case.id], held.by_number[case.number] = case, case.id
    held.positions[case.id] = tuple(position for position, _ in read.sites)
    for position, spot in read.sites:
        held.accuracy_m[case.id, position] = spot.accuracy_m
        held.greatest_m = max(held.greatest_m, spot.accuracy_m)
    (held.unplaced.add if case.lacks_place else held.unplaced.discard)(case.id)


def _put(held: Held, read: _Read) -> None:
    case = read.case
    before, positions = held.cases.get(case.id), held.positions.get(case.id, ())
    accuracies = {one: held.accuracy_m[case.id, one] for one in positions}
    _note(held, read)  # first, so that whoever finds a site finds its case
    changed = [held.index.put((case.id, position), spot.shape) for position, spot in read.sites]
    gone = [one for one in positions if one not in held.positions[case.id]]
    changed += [_take_out(held, (case.id, one)) for one in gone]
    if any(changed) or before != case or accuracies != {position: spot.accuracy_m for position, spot in read.sites}:
        held.version = next(_versions)


def _take_out(held: Held, site: SiteKey) -> bool:
    del held.accuracy_m[site]
    return held.index.remove(site)


def _remove(held: Held, case_id: str) -> None:
    for position in held.positions.pop(case_id):
        _take_out(held, (case_id, position))
    del held.by_number[held.cases.pop(case_id).number]
    held.unplaced.discard(case_id)
    held.version = next(_versions)


def _sites() -> Select[str, str, str, str, str, int, str, str | None, str | None]:
    return (
        select(
            CaseRow.id,
            CaseRow.number,
            CaseRow.district,
            CaseRow.owner_id,
            CaseRow.decision,
            SiteRow.position,
            SiteRow.written,
            SiteRow.screening_id,
            ScreeningRow.question,
        )
        .outerjoin(SiteRow, SiteRow.case_id == CaseRow.id)
        .outerjoin(ScreeningRow, ScreeningRow.id == SiteRow.screening_id)
        .order_by(CaseRow.id, SiteRow.position)
    )


def _cases(rows: Iterable[_Line], session: Session, city: Jurisdiction) -> Iterator[_Read]:
    """Cases of rows in order of their ids, so many at once brought onto the plane together."""
    groups = ([*group] for _, group in groupby(rows, key=lambda row: row.id))
    while several := list(islice(groups, _AT_ONCE)):
        read = [[(row.position, _spot(row, session, city)) for row in case] for case in several]
        shapes = [spot.shape for case in read for _, spot in case if spot is not None]
        placed = iter(city.plane.from_degrees(np.array(shapes, dtype=object)))
        for case, sites in zip(several, read, strict=True):
            on_plane = [(position, spot._replace(shape=next(placed))) for position, spot in sites if spot is not None]
            yield _Read(_registered(case[0], lacks_place=len(on_plane) < len(sites)), on_plane)


def _registered(row: _Line, *, lacks_place: bool) -> Registered:
    return Registered(
        id=row.id,
        number=row.number,
        district=row.district,
        owner=row.owner_id,
        is_approved=row.decision in APPROVED,
        lacks_place=lacks_place,
    )


def _spot(row: _Line, session: Session, city: Jurisdiction) -> Spot | None:
    """A site as its verdict has it, else as it is written, EPSG:4490; None where neither tells a place."""
    try:
        if row.screening_id:
            spot = screened_site(session, row.screening_id, row.question)
        elif row.written:
            spot = _of(read_site(row.written, plane=city.plane, name="", extent=city.extent, providers=map_providers()))
        else:
            return None
    except ThreeLinesError:
        return None
    return None if spot.shape.is_empty else spot


def screened_site(session: Session, screening_id: str, question: str | None = None) -> Spot:
    """The site of a kept screening, EPSG:4490; its question is read where it is not at hand.

    Raises:
        UnknownScreeningError: There is none of that id.
        SealedFileError: The question as it is kept cannot be read.
    """
    row = session.get(ScreeningRow, screening_id) if question is None else None
    question = row.question if row else question
    if question is not None:
        return _of(asked_in(json.loads(question)).site)
    if row is None:
        raise UnknownScreeningError.of(screening_id)
    site = json.loads(row.record)["site"]  # of a screening older than sealed questions
    return Spot(shapely.from_geojson(json.dumps(site["geometry"])), site.get("accuracy_m") or 0.0)


def _of(site: Site) -> Spot:
    return Spot(site.geometry, site.accuracy_m or 0.0)
