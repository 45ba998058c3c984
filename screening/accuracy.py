"""Positional accuracy: does a site certainly lie in a zone, or only within the accuracy to which both are known?

The model is the epsilon band (J. Perkal, "On epsilon length", Bulletin de l'Académie polonaise des sciences 4, 1956;
N. R. Chrisman, "A theory of cartographic error and its measurement in digital data bases", Auto-Carto 5, 1982): a line
known to ±ε lies somewhere within ε of where it is drawn. ε is the layer's accuracy plus the site's.

An overlap with any point deeper than ε inside the zone survives every shift of the lines and is certain. One that is
nowhere so deep is borderline, and a person decides. Beside a zone, the published line is the line of the law, and only
the site may lie elsewhere: by its own accuracy, or by ε where it is so small that nothing of it is deeper than ε and
nobody can tell it from its neighbours. That is its slack. A zone apart by no more is possible; to share an edge is no
measurement but a statement, and to adjoin is not to overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.overlay import THREAD_WIDTH_M, Measure, Relation, areal, uncovered

COARSE = 0.01  # of ε: how finely depths are found, and edges followed where only their band matters


class Certainty(StrEnum):
    """How sure the relation of a site to a zone is, as far as positions go."""

    CERTAIN = "certain"  # 确定
    BORDERLINE = "borderline"  # 临界: it may lie in the zone or not
    BESIDE = "beside"  # 相邻: no overlap, though within ε of the line


@dataclass(frozen=True, slots=True)
class Footprint:
    """A site on the plane with its accuracy, asked about many zones.

    Attributes:
        accuracy_m: Of the site; zero where nobody stated any.
    """

    shape: BaseGeometry
    accuracy_m: float = 0.0
    _grown: dict[float, BaseGeometry] = field(default_factory=dict, repr=False)
    _resolved: dict[float, bool] = field(default_factory=dict, repr=False)

    def band_width(self, layer_accuracy_m: float) -> float:
        """How far lines of such a layer and the site may shift against each other, metres."""
        return layer_accuracy_m + self.accuracy_m

    def is_resolved(self, layer_accuracy_m: float) -> bool:
        """Whether the site is large enough to be told apart from its neighbours: some of it is deeper than ε."""
        width = self.band_width(layer_accuracy_m)
        if width not in self._resolved:
            self._resolved[width] = (
                _has_deep_centre(self.shape, width) or not shapely.buffer(self.shape, -width).is_empty
            )
        return self._resolved[width]

    def slack_m(self, layer_accuracy_m: float) -> float:
        """How far the site may lie elsewhere while the lines of such a layer stay where they are drawn, metres."""
        return self.accuracy_m if self.is_resolved(layer_accuracy_m) else self.band_width(layer_accuracy_m)

    def grown(self, width_m: float) -> BaseGeometry:
        """The site with everything within a distance of it."""
        if width_m not in self._grown:
            self._grown[width_m] = shapely.buffer(self.shape, width_m)
        return self._grown[width_m]


@dataclass(frozen=True, kw_only=True)
class Band:
    """What accuracy makes of the relation of one site to one zone, on the plane.

    Attributes:
        width_m: Accuracy of the layer plus that of the site (ε).
        slack_m: How far the site may lie elsewhere; see the module.
        is_resolved: Whether the site can be told from its neighbours.
        has_edge: Whether an edge of the zone comes within ε of the site.
    """

    footprint: Footprint = field(repr=False)
    zone: BaseGeometry = field(repr=False)
    found: Measure = field(repr=False)
    width_m: float
    certainty: Certainty
    slack_m: float
    is_resolved: bool
    has_edge: bool

    @property
    def overlaps(self) -> bool:
        """Whether they do as drawn."""
        return self.found.relation is Relation.OVERLAPS

    @property
    def overlap(self) -> BaseGeometry | None:
        """The common part as drawn; None where they do not overlap."""
        return self.found.overlap

    @property
    def adjoins(self) -> bool:
        """Whether site and zone share an edge, and that is all they share."""
        return self.found.relation is Relation.TOUCHES and self.is_resolved

    @cached_property
    def deep(self) -> BaseGeometry | None:
        """The part of the overlap deeper than ε; None where there is none."""
        if self.overlap is None or not self.has_edge:
            return self.overlap
        return deeper_than(self.overlap, self.zone, self.width_m)

    @cached_property
    def least_m2(self) -> float:
        """Overlap area that survives every shift within the accuracy."""
        return 0.0 if self.deep is None else float(self.deep.area)

    @cached_property
    def most_m2(self) -> float:
        """Overlap area that is possible within the accuracy."""
        if not self.has_edge:
            return self.found.area_m2
        near = shapely.simplify(self.near(self.footprint.shape, self.width_m), self.width_m * COARSE)
        grown = shapely.intersection(self.footprint.shape, shapely.buffer(near, self.width_m))
        return max(self.found.area_m2, float(grown.area))

    @cached_property
    def flip_m(self) -> float | None:
        """How far lines must shift for a borderline relation to become its opposite; None where it is not borderline."""
        if self.certainty is not Certainty.BORDERLINE:
            return None
        return self.found.distance_m if self.overlap is None else depth(self.overlap, self.zone, self.width_m)

    @property
    def told_flip(self) -> str:
        """The same in metres, as it is told; empty where it is not borderline."""
        return "" if self.flip_m is None else f"{self.flip_m:,.1f} m"

    def near(self, shape: BaseGeometry, width_m: float) -> BaseGeometry:
        """The zone in a window so much larger than a shape that the window's frame is beyond a band of that width."""
        return areal(shapely.intersection(self.zone, _window(shape, width_m)))


def band(
    footprint: Footprint,
    zone: BaseGeometry,
    found: Measure,
    layer_accuracy_m: float,
    *,
    is_all_deep: bool = False,
    is_certain: bool | None = None,
) -> Band:
    """What the accuracy of a layer and a site makes of their relation.

    Args:
        zone: On the plane of the footprint; prepared where it answers often.
        found: What `measure` found for the two.
        is_all_deep: Whether all of an overlapping site is known to be deeper inside the zone than the accuracy of both.
        is_certain: Whether some of the overlap is known to be, or none; None where it is to be found out.

    >>> from screening.overlay import measure
    >>> site, park = shapely.box(0, 0, 100, 100), shapely.box(95, 0, 300, 100)
    >>> found = band(Footprint(site), park, measure(site, park), 10.0)
    >>> found.certainty.value, found.least_m2, round(found.flip_m, 1)
    ('borderline', 0.0, 5.0)
    >>> beside = shapely.box(100, 0, 300, 100)
    >>> band(Footprint(site), beside, measure(site, beside), 10.0).certainty.value
    'beside'
    """
    width = footprint.band_width(layer_accuracy_m)
    is_resolved, slack = footprint.is_resolved(layer_accuracy_m), footprint.slack_m(layer_accuracy_m)
    if found.relation is not Relation.OVERLAPS:
        has_edge = width > 0.0 and found.distance_m <= width
        adjoins = found.relation is Relation.TOUCHES and is_resolved
        is_possible = found.distance_m <= slack and not adjoins
        certainty = without_overlap(has_edge=has_edge, is_possible=is_possible)
    else:
        has_edge = width > 0.0 and not (is_all_deep or shapely.contains_properly(zone, footprint.grown(width)))
        if is_certain is None:
            is_certain = not has_edge or depth(found.overlap or footprint.shape, zone, width) > width
        certainty = Certainty.CERTAIN if is_certain else Certainty.BORDERLINE
    return Band(
        footprint=footprint,
        zone=zone,
        found=found,
        width_m=width,
        certainty=certainty,
        slack_m=slack,
        is_resolved=is_resolved,
        has_edge=has_edge,
    )


def _has_deep_centre(shape: BaseGeometry, width_m: float) -> bool:
    """Whether a shape's centroid lies deeper in it than a width, and some more: most shapes show here how large they are."""
    if width_m == 0.0:
        return True
    centre = shapely.centroid(shape)
    return bool(shapely.distance(centre, shape.boundary) > 1.05 * width_m and shapely.intersects(shape, centre))


def without_overlap(*, has_edge: bool, is_possible: bool) -> Certainty:
    """How sure it is that a site and a zone that do not overlap as drawn do not at all.

    Args:
        is_possible: Whether they would, were the site elsewhere within its slack.
    """
    if not has_edge:
        return Certainty.CERTAIN
    return Certainty.BORDERLINE if is_possible else Certainty.BESIDE


def deeper_than(part: BaseGeometry, zone: BaseGeometry, depth_m: float) -> BaseGeometry | None:
    """What of a part of a zone lies farther than a depth from the zone's edge; None if nothing does.

    Edges are simplified by one percent of the depth, and that percent is added to it: what is left is never too much.
    """
    edge = _edge_near(part, zone, depth_m)
    if part.area == 0.0:
        return part if edge.is_empty or shapely.distance(part, edge) > depth_m else None
    strip = shapely.buffer(shapely.simplify(edge, depth_m * COARSE), depth_m * (1 + COARSE))
    rest = uncovered(part, [strip])
    return None if rest.is_empty else rest


def deep_in_any(bands: Sequence[Band]) -> BaseGeometry | None:
    """The part of a site that certainly lies in at least one of several zones of one layer; None if no part does.

    A border between two of the zones is no border of the whole.

    Args:
        bands: Of the zones, those beside the site included: they, too, may hold what is beyond a common border.
    """
    if len(bands) == 1:
        return bands[0].deep
    met = [one for one in bands if one.overlap is not None]
    certain = [one.overlap for one in met if not one.has_edge]
    edged = [one for one in bands if one.has_edge]
    crossed = [one.overlap for one in edged if one.overlap is not None]
    if crossed:
        shape = edged[0].footprint.shape
        width = max(one.width_m for one in bands)
        together = shapely.union_all([one.near(shape, width) for one in edged])
        deep = deeper_than(shapely.union_all(crossed), together, width)
        certain += [deep] if deep is not None else []
    return shapely.union_all(certain) if certain else None


def is_all_inside(bands: Sequence[Band]) -> bool:
    """Whether one of the zones holds the site so far inside that no edge of it comes within the accuracy."""
    return any(one.overlaps and not one.has_edge and one.width_m > 0 for one in bands)


def might_stick_out(shape: BaseGeometry, bands: Sequence[Band]) -> bool:
    """Whether a shape that zones cover might reach out of them, were it elsewhere within its slack.

    Args:
        bands: Of the zones, those beside the site included. An edge the shape shares with their whole holds it.
    """
    slack = max((one.slack_m for one in bands), default=0.0)
    if slack == 0.0 or is_all_inside(bands):
        return False
    together = shapely.union_all([one.near(one.footprint.shape, slack) for one in bands])
    whole = shapely.buffer(together, THREAD_WIDTH_M, quad_segs=1)  # threads between two of them close
    edge = _edge_near(shape, whole, slack)
    distance = float("inf") if edge.is_empty else float(shapely.distance(shape, edge))
    if distance <= 2 * THREAD_WIDTH_M:
        return not all(one.is_resolved for one in bands)
    return distance <= slack


def _edge_near(part: BaseGeometry, zone: BaseGeometry, width_m: float) -> BaseGeometry:
    """Those edges of a zone that come within a distance of a part of it, and some more."""
    west, south, east, north = part.bounds
    margin = width_m + 1.0
    return shapely.clip_by_rect(zone.boundary, west - margin, south - margin, east + margin, north + margin)


def _window(shape: BaseGeometry, width_m: float) -> BaseGeometry:
    west, south, east, north = shape.bounds
    margin = 2 * width_m + 1.0
    return shapely.box(west - margin, south - margin, east + margin, north + margin)


def depth(part: BaseGeometry, zone: BaseGeometry, enough_m: float) -> float:
    """How deep a part of a zone reaches below its edge, metres; once it is more than enough, that is all that is told.

    The greatest distance to the edge, by branch and bound over square cells: a distance changes by no more than one steps
    aside (as in V. Agafonkin's polylabel, 2016). It is found to a hundredth of `enough_m`, and never said too great.
    """
    edge = _edge_near(part, zone, enough_m)
    if edge.is_empty:
        return np.inf
    if part.area == 0.0:
        return float(shapely.distance(part, edge))
    segments = shapely.STRtree(_segments(edge))
    shapely.prepare(part)
    deepest = float(_distances(segments, np.array([part.point_on_surface()]))[0])
    centres, half = _cells(part.bounds)
    while len(centres) and deepest <= enough_m:
        points = shapely.points(centres)
        radius = half * np.sqrt(2)
        near = shapely.dwithin(part, points, radius)
        centres, points = centres[near], points[near]
        distances = _distances(segments, points)
        inside = shapely.intersects(part, points)
        deepest = max(deepest, float(distances[inside].max(initial=0.0)))
        if radius <= enough_m * COARSE:
            break
        centres = centres[distances + radius > max(deepest, enough_m * COARSE)]
        half /= 2
        quarters = np.array([[-half, -half], [-half, half], [half, -half], [half, half]])
        centres = (centres[:, None, :] + quarters[None, :, :]).reshape(-1, 2)
    return deepest


def _cells(
    bounds: tuple[float, float, float, float],
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], float]:
    """Centres of the squares that cover a rectangle, and half their side."""
    west, south, east, north = bounds
    half = max(min(east - west, north - south), max(east - west, north - south) / 16) / 2
    xs, ys = np.arange(west + half, east + half, 2 * half), np.arange(south + half, north + half, 2 * half)
    return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2), half


def _segments(edge: BaseGeometry) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Every straight piece of some lines."""
    points, line = shapely.get_coordinates(shapely.get_parts(edge), return_index=True)
    same = line[1:] == line[:-1]
    pieces: np.ndarray[tuple[int], np.dtype[np.object_]] = shapely.linestrings(
        np.stack([points[:-1][same], points[1:][same]], axis=1)
    )
    return pieces


def _distances(
    segments: shapely.STRtree, points: np.ndarray[tuple[int], np.dtype[np.object_]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    found: np.ndarray[tuple[int], np.dtype[np.float64]]
    _, found = segments.query_nearest(points, return_distance=True, all_matches=False)
    return found
