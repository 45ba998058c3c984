"""Everything a release holds about one control unit: requirements, zones inside, neighbours, ceilings, objectives."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import shapely
from shapely.geometry.base import BaseGeometry

from layers.loaded import LoadedLayer
from layers.snapshot import Snapshot
from layers.unit_search import FoundUnit, district_of, unit_of
from screening.access import Clause
from screening.crs import Plane
from screening.disclosure import PARTLY_COVERED
from screening.evidence import Answer, ReleaseName
from screening.model import Ceiling, Layer, Objective, Realm, Zone
from screening.overlay import covered_share, measure
from screening.published import Disclosure, coarse_share, nearest, share_step
from screening.terms import ANSWER
from screening.words import Text

PARK = "park"
DISTRICT = "district"
ADJOINS_M = 1.0  # borders drawn by different hands (coast and sea) meet to within this
WHOLE = 1 - 1e-9
TOO_SLOW = Text("限定时间内未能算完", "not computed within the time allowed")
COMPASS = (
    Text("北", "north"),
    Text("东北", "north-east"),
    Text("东", "east"),
    Text("东南", "south-east"),
    Text("南", "south"),
    Text("西南", "south-west"),
    Text("西", "west"),
    Text("西北", "north-west"),
)


class Bound(StrEnum):
    """Why a clause speaks about a unit."""

    UNIT = "unit"  # it names the unit
    CLASS = "class"  # it names the unit's class
    DISTRICT = "district"  # it names the unit's district


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitClause:
    """A clause that is bound to the unit.

    Attributes:
        binds: Whether it is in force on the day asked for.
    """

    clause: Clause
    bound: Bound
    binds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneInside:
    """A zone of another layer that shares area with the unit.

    Attributes:
        share: Part of the unit, 0 to 1.
        share_of_zone: Part of the zone, 0 to 1.
    """

    layer: Layer
    zone: Zone
    area_m2: float
    share: float
    share_of_zone: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A layer whose silence about the unit means nothing."""

    layer: Layer
    answer: Text
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A unit that adjoins.

    Attributes:
        direction: In which it lies, from centre to centre.
        shape: On the plane, as published.
    """

    layer: Layer
    zone: Zone
    direction: Text
    shape: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class UnitDossier:
    """One control unit of one release on one day.

    Attributes:
        shape: On the jurisdiction's plane, as published; empty where it is not.
        disclosure: What of the unit's layer the city publishes; None where all of it.
        point: Longitude and latitude of a point within it, EPSG:4490; None where its place is not published.
        bounds: West, south, east, north, EPSG:4490 degrees; likewise.
        general: How many clauses in force are bound to no unit, class or district.
        inside: By layer in the jurisdiction's order, the greatest share first.
    """

    release: ReleaseName
    as_of: date
    unit: FoundUnit
    district: str
    method: Text
    shape: BaseGeometry
    disclosure: Disclosure | None
    point: tuple[float, float] | None
    bounds: tuple[float, float, float, float] | None
    clauses: tuple[UnitClause, ...]
    general: int
    inside: tuple[ZoneInside, ...]
    unanswered: tuple[Unanswered, ...]
    neighbours: tuple[Neighbour, ...]
    ceilings: tuple[Ceiling, ...]
    objectives: tuple[Objective, ...]

    @property
    def parks(self) -> tuple[ZoneInside, ...]:
        """Industrial parks that share area with the unit."""
        return tuple(one for one in self.inside if one.layer.id == PARK)


def unit_dossier(snapshot: Snapshot, code: str, as_of: date, is_late: Callable[[], bool]) -> UnitDossier:
    """The dossier of a unit.

    Args:
        snapshot: The release that answers.
        code: Of the unit.
        as_of: Day on which clauses must bind and layers be current.
        is_late: Asked before each layer; layers not reached in time are told as unanswered, never as empty.

    Raises:
        UnknownUnitError: The release has no unit of that code.
    """
    unit = unit_of(snapshot, code)
    plane, loaded = snapshot.jurisdiction.plane, snapshot.layers[unit.layer.id]
    shape, public = loaded.shapes[unit.index], loaded.published[unit.index]
    inside, unanswered = _inside(snapshot, shape, unit.layer, as_of, is_late)
    point, bounds = _place(plane, public)
    holders = _holders(unit, inside)
    clauses = tuple(_bound_clauses(snapshot, unit, as_of))
    everywhere = [one for one in snapshot.access_list.clauses if one.scope.is_everywhere and one.binds_on(as_of)]
    return UnitDossier(
        release=snapshot.release,
        as_of=as_of,
        unit=unit,
        district=district_of(unit.zone, snapshot.jurisdiction),
        method=plane.area_method(),
        shape=public,
        disclosure=loaded.disclosure,
        point=point,
        bounds=bounds,
        clauses=clauses,
        general=len(everywhere),
        inside=inside,
        unanswered=unanswered,
        neighbours=_neighbours(snapshot, unit, shape),
        ceilings=tuple(one for one in snapshot.ceilings if one.holder in holders),
        objectives=tuple(one for one in snapshot.objectives if one.holder in holders),
    )


def _place(
    plane: Plane, shape: BaseGeometry
) -> tuple[tuple[float, float] | None, tuple[float, float, float, float] | None]:
    """A point within a published shape and its bounds, in degrees; neither for one that is not shown."""
    if shape.is_empty:
        return None, None
    point = plane.to_degrees(shapely.point_on_surface(shape))
    west, south, east, north = plane.to_degrees(shape).bounds
    return (point.x, point.y), (west, south, east, north)


def _inside(
    snapshot: Snapshot, shape: BaseGeometry, unit: Layer, as_of: date, is_late: Callable[[], bool]
) -> tuple[tuple[ZoneInside, ...], tuple[Unanswered, ...]]:
    """Zones of all other layers that share area with a unit, and the layers whose silence means nothing."""
    found: list[ZoneInside] = []
    unanswered = [
        Unanswered(layer=layer, answer=ANSWER[answer], reason=reason)
        for layer, answer, reason in snapshot.silent.values()
        if layer.role != "unit"
    ]
    for layer_id in snapshot.jurisdiction.layers:
        loaded = snapshot.layers.get(layer_id)
        if loaded is None or loaded.layer.role == "unit":
            continue
        if is_late():
            unanswered.append(Unanswered(layer=loaded.layer, answer=TOO_SLOW, reason=TOO_SLOW))
            continue
        here, overlaps = _zones_inside(loaded, shape)
        steps = [one.step_m for one in (loaded.disclosure, snapshot.layers[unit.id].disclosure) if one]
        found += [_coarse(one, shape, max(steps)) for one in here] if steps else here
        if silence := _silence(loaded.layer, unit, shape, overlaps, as_of, is_rounded=bool(steps)):
            unanswered.append(silence)
    return tuple(found), tuple(unanswered)


def _zones_inside(loaded: LoadedLayer, shape: BaseGeometry) -> tuple[list[ZoneInside], list[BaseGeometry]]:
    found: list[ZoneInside] = []
    overlaps: list[BaseGeometry] = []
    for index in loaded.tree.query(shape, predicate="intersects"):
        measured = measure(shape, loaded.shapes[index])
        if measured.overlap is not None:
            overlaps.append(measured.overlap)
            found.append(
                ZoneInside(
                    layer=loaded.layer,
                    zone=loaded.zones[index],
                    area_m2=measured.area_m2,
                    share=measured.share_of_site,
                    share_of_zone=measured.share_of_zone,
                )
            )
    return sorted(found, key=lambda one: (-one.area_m2, one.zone.code)), overlaps


def _coarse(inside: ZoneInside, unit: BaseGeometry, step_m: float) -> ZoneInside:
    """A zone inside a unit with its measures rounded."""
    share = coarse_share(inside.share, share_step(unit, step_m))
    ratio = share / inside.share if inside.share else 1.0
    return replace(
        inside,
        area_m2=nearest(share * float(unit.area), step_m * step_m),
        share=share,
        share_of_zone=round(min(1.0, inside.share_of_zone * ratio), 2),
    )


def _silence(
    layer: Layer, unit: Layer, shape: BaseGeometry, overlaps: list[BaseGeometry], as_of: date, *, is_rounded: bool
) -> Unanswered | None:
    until = layer.current_until
    if until is not None and as_of > until:
        reason = Text(
            f"数据反映 {layer.surveyed} 的状况，有效至 {until}", f"shows {layer.surveyed}, current until {until}"
        )
        return Unanswered(layer=layer, answer=ANSWER[Answer.STALE], reason=reason)
    speaks_here = Realm.BOTH in (layer.realm, unit.realm) or layer.realm is unit.realm
    if layer.tiles and speaks_here and (share := covered_share(shape, overlaps)) < WHOLE:
        reason = Text(
            f"只覆盖单元的 {share:.2%}，其余没有数据", f"covers {share:.2%} of the unit; the rest is without data"
        )
        return Unanswered(
            layer=layer, answer=ANSWER[Answer.NOT_COVERING], reason=PARTLY_COVERED if is_rounded else reason
        )
    if not speaks_here:
        reason = Text("该图层不涉及这一区域（陆域／海域）", "the layer does not speak about this realm (land or sea)")
        return None if overlaps else Unanswered(layer=layer, answer=ANSWER[Answer.NOT_COVERING], reason=reason)
    return None


def _bound_clauses(snapshot: Snapshot, unit: FoundUnit, as_of: date) -> list[UnitClause]:
    """Clauses bound to the unit, its class or its district, the narrowest first; others apply everywhere or by zone."""
    zone, place = unit.zone, {unit.zone.district, unit.zone.county} - {""}
    found = []
    for clause in snapshot.access_list.clauses:
        scope = clause.scope
        fits = (
            not (scope.is_everywhere or (scope.units and zone.code not in scope.units))
            and not (scope.classes and zone.cls not in scope.classes)
            and not (scope.districts and place.isdisjoint(scope.districts))
            and (scope.realm is Realm.BOTH or scope.realm is unit.layer.realm)
        )
        if fits:
            bound = Bound.UNIT if scope.units else Bound.DISTRICT if scope.districts else Bound.CLASS
            found.append(UnitClause(clause=clause, bound=bound, binds=clause.binds_on(as_of)))
    return sorted(found, key=lambda one: (one.clause.dimension, -one.clause.level, one.clause.id))


def _neighbours(snapshot: Snapshot, unit: FoundUnit, shape: BaseGeometry) -> tuple[Neighbour, ...]:
    found = []
    for loaded in snapshot.layers.values():
        if loaded.layer.role != "unit":
            continue
        for index in sorted(loaded.tree.query(shape, predicate="dwithin", distance=ADJOINS_M)):
            zone = loaded.zones[index]
            if zone.code != unit.zone.code:
                direction = COMPASS[compass_point(shape.centroid, loaded.shapes[index].centroid)]
                public = loaded.published[index]
                found.append(Neighbour(layer=loaded.layer, zone=zone, direction=direction, shape=public))
    return tuple(sorted(found, key=lambda one: (COMPASS.index(one.direction), one.zone.code)))


def compass_point(here: shapely.Point, there: shapely.Point) -> int:
    """In which of eight directions one point of the plane lies from another: 0 north, 2 east, 4 south, 6 west.

    >>> compass_point(shapely.Point(0, 0), shapely.Point(5, 5))
    1
    """
    bearing = math.degrees(math.atan2(there.x - here.x, there.y - here.y)) % 360
    return round(bearing / 45) % 8


def _holders(unit: FoundUnit, inside: tuple[ZoneInside, ...]) -> set[str]:
    """Codes under which ceilings and objectives are kept: the unit, its element zones, and its district.

    The district is the one its code names; for a unit of none, every district it shares area with.
    """
    districts = {one.zone.code for one in inside if one.layer.id == DISTRICT}
    own = {unit.zone.county} if unit.zone.county in districts else districts
    return {unit.zone.code} | own | {one.zone.code for one in inside if one.layer.role == "element"}
