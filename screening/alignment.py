"""Where a centre line runs within zones, by stations, and which points of a point project lie in which zone.

Measured on the jurisdiction's plane over the geometry as given. Running along a border, or within a zone by less than a
thread of rounding, is no crossing; the land beside the line may still overlap the zone and then counts as it always does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.crs import Plane, Points
from screening.evidence import Contact, Evidence
from screening.model import NamedPoint, Site
from screening.overlay import THREAD_WIDTH_M

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """穿越段: one stretch of a centre line within one zone.

    Attributes:
        part: Which part of the centre line, from 1; each has stations of its own.
        from_m: Station where it enters, metres.
        to_m: Station where it leaves.
        enters: Longitude and latitude, EPSG:4490 degrees.
        leaves: Likewise.
    """

    part: int
    from_m: float
    to_m: float
    enters: tuple[float, float]
    leaves: tuple[float, float]

    @property
    def length_m(self) -> float:
        """Of the stretch, along the line."""
        return self.to_m - self.from_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """线路与分区: how a centre line runs within a zone that the land of the line overlaps.

    Attributes:
        length_m: Within the zone; 0.0 where only the land beside the line reaches it.
        share: Part of the whole centre line, 0 to 1.
        crossings: In the order of parts and stations.
    """

    contact: Contact
    length_m: float
    share: float
    crossings: tuple[Crossing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """点位与分区: which points of a project lie in a zone that their radius overlaps.

    Attributes:
        inside: In the order given.
        reaching: Points outside whose radius reaches the zone, with their distance in metres, nearest first.
    """

    contact: Contact
    inside: tuple[NamedPoint, ...]
    reaching: tuple[tuple[NamedPoint, float], ...]


def alignment_length_m(site: Site, plane: Plane) -> float:
    """Length of a centre line over all its parts; 0.0 for a site without one."""
    return 0.0 if site.alignment is None else float(shapely.length(plane.from_degrees(site.alignment)))


def alignment_parts(alignment: BaseGeometry) -> tuple[BaseGeometry, ...]:
    """Parts of a centre line that run on from end to start joined, in the order given.

    >>> shape = shapely.MultiLineString([[(1, 0), (2, 0)], [(5, 5), (6, 6)], [(0, 0), (1, 0)]])
    >>> [len(one.coords) for one in alignment_parts(shape)]
    [2, 3]
    """
    given = list(shapely.get_parts(alignment))
    if len(given) == 1:
        return (given[0],)
    starts = [tuple(shapely.get_coordinates(one)[0]) for one in given]
    joined = shapely.get_parts(shapely.line_merge(alignment, directed=True))
    return tuple(sorted(joined, key=lambda one: starts.index(tuple(shapely.get_coordinates(one)[0]))))


def passages(site: Site, evidence: Evidence) -> tuple[Passage, ...]:
    """How the centre line of a site runs within each zone its land overlaps, in the order of stations.

    Zones that the centre line does not enter come last. Empty for a site without a centre line.
    """
    if site.alignment is None or site.width_m is None:
        return ()
    parts = [evidence.plane.from_degrees(part) for part in alignment_parts(site.alignment)]
    total = float(sum(part.length for part in parts))
    thread = min(THREAD_WIDTH_M, site.width_m / 8)  # the sides of the strip are borders of its overlaps, too
    found = []
    for contact in evidence.contacts:
        if contact.measure.overlap is not None:
            stretches = [within(part, contact.measure.overlap, thread) for part in parts]
            crossings = tuple(_crossings(parts, stretches, site.start_m, evidence.plane))
            length = float(sum(end - start for part in stretches for start, end in part))
            share = min(1.0, length / total) if total > 0 else 0.0
            found.append(Passage(contact=contact, length_m=length, share=share, crossings=crossings))
    return tuple(sorted(found, key=_by_station))


def placements(site: Site, evidence: Evidence) -> tuple[Placement, ...]:
    """Which points of a point project lie in each zone their radius overlaps, in the order of the contacts.

    Empty for a site without such points.
    """
    if not site.points or site.radius_m is None:
        return ()
    places = [shapely.Point(one.longitude, one.latitude) for one in site.points]
    flat = evidence.plane.from_degrees(np.array(places))
    found = []
    for contact in evidence.contacts:
        overlap = contact.measure.overlap
        if overlap is not None:
            inside = shapely.contains_properly(overlap, flat)
            away = shapely.distance(overlap, flat)
            near = [int(at) for at in np.argsort(away, kind="stable") if not inside[at] and away[at] < site.radius_m]
            found.append(
                Placement(
                    contact=contact,
                    inside=tuple(point for point, is_in in zip(site.points, inside, strict=True) if is_in),
                    reaching=tuple((site.points[at], float(away[at])) for at in near),
                )
            )
    return tuple(found)


def within(line: BaseGeometry, zone: BaseGeometry, thread_m: float = THREAD_WIDTH_M) -> tuple[Interval, ...]:
    """Stretches of a line inside an area, metres along the line, ascending; stretches that meet are one.

    Taken side by side of the line, so that a line that crosses or follows itself keeps its order.

    Args:
        line: One part, metres on the plane.
        zone: On the same plane.
        thread_m: Nothing that stays this near to the border is inside.

    >>> within(shapely.LineString([(0, 5), (100, 5)]), shapely.box(20, 0, 50, 10))
    ((20.0, 50.0),)
    >>> within(shapely.LineString([(0, 10), (100, 10)]), shapely.box(20, 0, 50, 10))
    ()
    """
    points = shapely.get_coordinates(line)
    lengths = np.hypot(*np.diff(points, axis=0).T)
    starts = np.concatenate([[0.0], np.cumsum(lengths)])
    sides = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    shapely.prepare(zone)
    whole = shapely.contains_properly(zone, sides)
    partly = shapely.intersects(zone, sides) & ~whole
    found: list[Interval] = [(float(starts[at]), float(starts[at + 1])) for at in np.flatnonzero(whole)]
    for at in np.flatnonzero(partly):
        for start, end in _pieces(sides[at], zone, thread_m):
            found.append((float(starts[at]) + start, min(float(starts[at]) + end, float(starts[at + 1]))))
    return _merged(found)


def _pieces(side: BaseGeometry, zone: BaseGeometry, thread_m: float) -> Iterator[Interval]:
    """Stretches of one straight side within an area, metres from its start."""
    origin = shapely.get_coordinates(side)[0]
    for piece in shapely.get_parts(shapely.intersection(side, zone)):
        if piece.geom_type != "LineString":
            continue
        points = shapely.get_coordinates(piece)
        for one, other in itertools.pairwise(points):
            if not _is_border(one, other, zone, thread_m):
                start, end = sorted((float(np.hypot(*(one - origin))), float(np.hypot(*(other - origin)))))
                yield start, end


def _is_border(one: Points, other: Points, zone: BaseGeometry, thread_m: float) -> bool:
    """Whether a straight piece within an area stays within a thread of its border."""
    middle = shapely.Point((one + other) / 2)
    if shapely.distance(zone.boundary, middle) > thread_m:
        return False
    piece = shapely.LineString([one, other])
    near = shapely.intersection(zone.boundary, shapely.box(*piece.buffer(2 * thread_m).bounds))
    return bool(shapely.is_empty(shapely.difference(piece, shapely.buffer(near, thread_m))))


def _merged(found: Sequence[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for start, end in sorted(found):
        if merged and start - merged[-1][1] <= THREAD_WIDTH_M:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif end > start:
            merged.append((start, end))
    return tuple(merged)


def _crossings(
    parts: Sequence[BaseGeometry], stretches: Sequence[Sequence[Interval]], start_m: float, plane: Plane
) -> Iterator[Crossing]:
    for number, (part, own) in enumerate(zip(parts, stretches, strict=True), start=1):
        for start, end in own:
            ends = plane.to_degrees(shapely.line_interpolate_point(part, np.array([start, end])))
            (enter_lon, enter_lat), (leave_lon, leave_lat) = shapely.get_coordinates(ends)
            yield Crossing(
                part=number,
                from_m=start_m + start,
                to_m=start_m + end,
                enters=(float(enter_lon), float(enter_lat)),
                leaves=(float(leave_lon), float(leave_lat)),
            )


def _by_station(found: Passage) -> tuple[bool, int, float, str, str]:
    zone = found.contact.zone
    first = found.crossings[0] if found.crossings else None
    where = (first.part, first.from_m) if first else (0, 0.0)
    return (first is None, *where, zone.layer_id, zone.code)
