"""饮用水水源保护区: which there are, in which a site lies, how far the nearest is, and what the list says about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import shapely

from layers.loaded import LoadedLayer
from layers.snapshot import Snapshot
from screening.access import Clause, Position
from screening.disclosure import public_consulted
from screening.evidence import Consulted, Contact, Evidence, ReleaseName
from screening.model import Layer, Site, Zone
from screening.published import floored
from screening.truth import Truth
from screening.words import Text

WATER_SOURCE = "water_source"
LEVELS = ("一级保护区", "二级保护区", "准保护区")  # strictest first
NO_LAYER = Text(
    "本辖区的成果没有饮用水水源保护区图层。", "The release has no layer of drinking-water protection areas."
)


class WaterStanding(StrEnum):
    """How a site stands to the protection areas of drinking-water sources."""

    INSIDE = "inside"
    MAYBE = "maybe"  # only within the accuracy of site and layer
    OUTSIDE = "outside"  # the layer answered for the whole site and none is there
    UNKNOWN = "unknown"  # the layer did not answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionArea:
    """A protection area of the release in force.

    Attributes:
        point: Longitude and latitude of a point within it, EPSG:4490; None where its place is not published.
        area_m2: On the jurisdiction's plane.
    """

    zone: Zone
    area_m2: float
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAreas:
    """Protection areas of one level, by name, and the clauses that mean that level."""

    level: str
    areas: tuple[ProtectionArea, ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterListing:
    """All protection areas of a release.

    Attributes:
        silence: Why they cannot be listed, or not be relied on; None where the layer answers.
        layer: None where the release has no such layer.
    """

    release: ReleaseName
    layer: Layer | None
    levels: tuple[LevelAreas, ...]
    silence: Text | None


@dataclass(frozen=True, kw_only=True)
class Met:
    """A protection area in which a site lies, or may lie, and the clauses that mean it."""

    contact: Contact
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, kw_only=True)
class WaterAnswer:
    """How a site stands to protection areas, on a day.

    Attributes:
        met: Those in which it lies or may lie, the certain ones first.
        nearest: The nearest of the others with its distance, rounded down where the layer is not published in full; None
            where the release has no other.
        reason: Why the layer did not answer; None if it did.
        near: Clauses about the surroundings of protection areas that reach the site.
        step_m: Step to which the distance is rounded; None where it is exact.
    """

    site: Site
    as_of: date
    release: ReleaseName
    standing: WaterStanding
    met: tuple[Met, ...]
    nearest: tuple[ProtectionArea, float] | None
    near: tuple[Clause, ...]
    reason: Text | None
    consulted: Consulted | None
    step_m: float | None


def water_sources(snapshot: Snapshot, as_of: date) -> WaterListing:
    """The protection areas of a release by level, the strictest first, with what the list says about each level."""
    loaded = snapshot.layers.get(WATER_SOURCE)
    if loaded is None:
        silent = snapshot.silent.get(WATER_SOURCE)
        reason = silent[2] if silent else NO_LAYER
        return WaterListing(release=snapshot.release, layer=silent[0] if silent else None, levels=(), silence=reason)
    clauses = _water_clauses(snapshot, as_of)
    subtypes = sorted({zone.subtype for zone in loaded.zones}, key=_strictness)
    return WaterListing(
        release=snapshot.release,
        layer=loaded.layer,
        levels=tuple(
            LevelAreas(level=level, areas=tuple(_areas(loaded, snapshot, level)), clauses=_of_level(clauses, level))
            for level in subtypes
        ),
        silence=_stale(loaded.layer, as_of),
    )


def water_check(snapshot: Snapshot, site: Site, as_of: date) -> WaterAnswer:
    """How a site stands to the protection areas; where their layer did not answer, that is unknown and never clear.

    Raises:
        SiteOutsideError: The site lies beyond the extent of the jurisdiction.
    """
    evidence = snapshot.gather(site, as_of)
    consulted = evidence.answer_of(WATER_SOURCE)
    contacts = sorted(
        (one for one in evidence.of_layer(WATER_SOURCE) if one.may_overlap),
        key=lambda one: (not one.certainly_overlaps, _strictness(one.zone.subtype), one.measure.distance_m),
    )
    clauses = _water_clauses(snapshot, as_of)
    met = tuple(Met(contact=one, clauses=_meaning(clauses, one.zone, Position.WITHIN)) for one in contacts)
    silent = consulted is None or not consulted.answered
    told = public_consulted(consulted, evidence) if consulted else None
    step = evidence.disclosures.get(WATER_SOURCE)
    return WaterAnswer(
        site=site,
        as_of=as_of,
        release=snapshot.release,
        standing=_standing(contacts, is_silent=silent),
        met=met,
        nearest=_nearest(snapshot, evidence, {one.zone.code for one in contacts}),
        near=tuple(_near(clauses, evidence)),
        reason=(told.reason if told else NO_LAYER) if silent else None,
        consulted=told,
        step_m=step.step_m if step else None,
    )


def _standing(contacts: list[Contact], *, is_silent: bool) -> WaterStanding:
    if any(one.certainly_overlaps for one in contacts):
        return WaterStanding.INSIDE
    if contacts:
        return WaterStanding.MAYBE
    return WaterStanding.UNKNOWN if is_silent else WaterStanding.OUTSIDE


def _water_clauses(snapshot: Snapshot, as_of: date) -> list[Clause]:
    return [
        one
        for one in snapshot.access_list.clauses
        if one.binds_on(as_of) and any(trigger.layer_id == WATER_SOURCE for trigger in one.scope.zones)
    ]


def _meaning(clauses: Iterable[Clause], zone: Zone, position: Position) -> tuple[Clause, ...]:
    """Clauses that mean a zone, or may mean it where it leaves blank what would tell."""
    return tuple(
        one for one in clauses if any(t.position is position and t.means(zone) is not Truth.NO for t in one.scope.zones)
    )


def _near(clauses: list[Clause], evidence: Evidence) -> Iterable[Clause]:
    for one in clauses:
        for trigger in one.scope.zones:
            reached = any(
                contact.measure.distance_m <= trigger.distance_m + contact.band.width_m
                and trigger.means(contact.zone) is not Truth.NO
                for contact in evidence.of_layer(WATER_SOURCE)
            )
            if trigger.position is Position.NEAR and reached:
                yield one
                break


def _of_level(clauses: list[Clause], level: str) -> tuple[Clause, ...]:
    return tuple(
        one
        for one in clauses
        if any(t.layer_id == WATER_SOURCE and (not t.subtypes or level in t.subtypes) for t in one.scope.zones)
    )


def _areas(loaded: LoadedLayer, snapshot: Snapshot, level: str) -> Iterable[ProtectionArea]:
    chosen = [index for index, zone in enumerate(loaded.zones) if zone.subtype == level]
    for index in sorted(chosen, key=lambda one: (loaded.zones[one].name, loaded.zones[one].code)):
        yield _area(loaded, snapshot, index)


def _area(loaded: LoadedLayer, snapshot: Snapshot, index: int) -> ProtectionArea:
    area, shape = float(shapely.area(loaded.shapes[index])), loaded.published[index]
    point = None
    if not shape.is_empty:
        found = snapshot.jurisdiction.plane.to_degrees(shapely.point_on_surface(shape))
        point = (found.x, found.y)
    return ProtectionArea(zone=loaded.zones[index], area_m2=loaded.told_m2(area), point=point)


def _nearest(snapshot: Snapshot, evidence: Evidence, met: set[str]) -> tuple[ProtectionArea, float] | None:
    """The nearest area in which the site does not lie, however far; there may be a nearer one beyond the jurisdiction."""
    loaded = snapshot.layers.get(WATER_SOURCE)
    if loaded is None:
        return None
    distances = [
        (float(distance), index)
        for index, distance in enumerate(shapely.distance(evidence.site_shape, loaded.shapes))
        if loaded.zones[index].code not in met
    ]
    if not distances:
        return None
    distance, index = min(distances)
    step = loaded.disclosure
    return _area(loaded, snapshot, index), distance if step is None else floored(distance, step.step_m)


def _strictness(level: str) -> tuple[int, str]:
    return (LEVELS.index(level) if level in LEVELS else len(LEVELS), level)


def _stale(layer: Layer, as_of: date) -> Text | None:
    until = layer.current_until
    if until is None or as_of <= until:
        return None
    return Text(
        f"图层反映 {layer.surveyed} 的状况，有效至 {until}，已过期：不能据此认为别处没有保护区。",
        f"The layer shows {layer.surveyed} and was current until {until}: that none is shown elsewhere proves nothing.",
    )
