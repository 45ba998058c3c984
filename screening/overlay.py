"""How a site lies to a zone: overlap, contact or distance, measured on one plane in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import shapely
from shapely.geometry.base import BaseGeometry

# Two outlines that follow one border through different vertices enclose threads of rounding. An overlap of which every
# piece is on average narrower than one millimetre is contact along an edge; a small compact one (a well of 0.9 m²) never is.
THREAD_WIDTH_M = 0.001


class Relation(StrEnum):
    """空间关系 of a site to a zone."""

    OVERLAPS = "overlaps"  # 重叠
    TOUCHES = "touches"  # 相邻
    APART = "apart"  # 相离


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What was measured between a site and a zone, on the plane.

    Attributes:
        area_m2: Overlap area; 0.0 for a point.
        share_of_site: Part of the site inside the zone, 0 to 1; 1.0 for a point inside.
        share_of_zone: Part of the zone the site takes, 0 to 1.
        distance_m: Edge to edge; 0.0 where they meet.
        overlap: The common area on the plane; None where they do not overlap.
    """

    relation: Relation
    area_m2: float
    share_of_site: float
    share_of_zone: float
    distance_m: float
    overlap: BaseGeometry | None


def measure(site: BaseGeometry, zone: BaseGeometry) -> Measure:
    """Relation and measures of one site and one zone on the same plane, one relation computed once.

    >>> site, zone = shapely.box(0, 0, 10, 10), shapely.box(5, 0, 30, 10)
    >>> found = measure(site, zone)
    >>> found.relation.value, found.area_m2, found.share_of_site, found.share_of_zone
    ('overlaps', 50.0, 0.5, 0.2)
    >>> measure(site, shapely.box(10, 0, 20, 10)).relation.value
    'touches'
    """
    if not shapely.intersects(site, zone):
        return _without_overlap(site, zone)
    if site.area == 0.0:
        return _of_point(site, zone)
    common = site if shapely.contains_properly(zone, site) else areal(shapely.intersection(site, zone))
    if is_thread(common):
        return _without_overlap(site, zone)
    return _of_area(site, zone.area, common)


def measure_contained(site: BaseGeometry, zone_area_m2: float) -> Measure:
    """What `measure` finds for a site, no thread, that is known to lie inside a zone with no edge of the zone on it.

    >>> measure_contained(shapely.box(0, 0, 10, 10), 1000.0).share_of_zone
    0.1
    """
    return _inside_as_point(site) if site.area == 0.0 else _of_area(site, zone_area_m2, site)


def measure_apart(distance_m: float) -> Measure:
    """What `measure` finds for a site and a zone that do not overlap, by their distance."""
    relation = Relation.TOUCHES if distance_m <= THREAD_WIDTH_M else Relation.APART
    return Measure(
        relation=relation, area_m2=0.0, share_of_site=0.0, share_of_zone=0.0, distance_m=distance_m, overlap=None
    )


def is_thread(shape: BaseGeometry) -> bool:
    """Whether every piece of an area is on average narrower than one millimetre."""
    return bool(shape.area <= THREAD_WIDTH_M * shape.length / 2 and _without_threads(shape).is_empty)


def _of_area(site: BaseGeometry, zone_area_m2: float, common: BaseGeometry) -> Measure:
    area = common.area
    return Measure(
        relation=Relation.OVERLAPS,
        area_m2=area,
        share_of_site=min(1.0, area / site.area),
        share_of_zone=min(1.0, area / zone_area_m2) if zone_area_m2 > 0 else 0.0,
        distance_m=0.0,
        overlap=common,
    )


def covered_share(site: BaseGeometry, overlaps: Sequence[BaseGeometry]) -> float:
    """Part of the site that lies in at least one of its overlaps, 0 to 1; overlapping zones count once.

    >>> covered_share(shapely.box(0, 0, 10, 10), [shapely.box(0, 0, 5, 10), shapely.box(2, 0, 5, 10)])
    0.5
    """
    if not overlaps:
        return 0.0
    if site.area == 0.0 or any(one is site for one in overlaps):
        return 1.0
    rest = uncovered(site, overlaps)
    return 1.0 if rest.is_empty else 1.0 - rest.area / site.area


def uncovered(site: BaseGeometry, overlaps: Sequence[BaseGeometry]) -> BaseGeometry:
    """The part of an areal site outside all overlaps, without threads of rounding; empty if none."""
    return _without_threads(shapely.difference(site, shapely.union_all(list(overlaps))))


def common_part(places: Sequence[BaseGeometry]) -> BaseGeometry:
    """The part of a site that lies in every one of several parts of it, without threads of rounding; empty if none.

    >>> common_part([shapely.box(0, 0, 5, 10), shapely.box(2, 0, 9, 10)]).area
    30.0
    >>> common_part([shapely.box(0, 0, 5, 10), shapely.box(5, 0, 9, 10)]).is_empty
    True
    """
    common = places[0]
    for place in places[1:]:
        common = shapely.intersection(common, place)
    return common if places[0].area == 0.0 else _without_threads(common)


def _without_threads(shape: BaseGeometry) -> BaseGeometry:
    pieces = [one for one in shapely.get_parts(areal(shape)) if one.area > THREAD_WIDTH_M * one.length / 2]
    return shapely.multipolygons(pieces) if pieces else shapely.MultiPolygon()


def _without_overlap(site: BaseGeometry, zone: BaseGeometry) -> Measure:
    return measure_apart(float(shapely.distance(site, zone)))


def _of_point(site: BaseGeometry, zone: BaseGeometry) -> Measure:
    if not shapely.contains(zone, site):  # on the border
        return _without_overlap(site, zone)
    return _inside_as_point(site)


def _inside_as_point(site: BaseGeometry) -> Measure:
    return Measure(
        relation=Relation.OVERLAPS, area_m2=0.0, share_of_site=1.0, share_of_zone=0.0, distance_m=0.0, overlap=site
    )


def areal(shape: BaseGeometry) -> BaseGeometry:
    """Only the polygons of a shape: shared edges and corners have no area."""
    pieces = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if len(pieces) == 1:
        return pieces[0]
    return shapely.multipolygons(pieces) if pieces else shapely.MultiPolygon()
