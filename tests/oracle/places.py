"""How a site lies to zones, from the definitions of ADR 7 and ADR 14: whole zones, exact distances, negative buffers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from tests.oracle.release import City, Layer, Row, Shapes

THREAD_M = 0.001  # ADR 7: on average narrower than this is contact along an edge
ARC = 0.01  # a buffer's arcs are drawn as chords; nearer than this share of its width nothing is said
QUARTER = 12


class TooCloseToSayError(Exception):
    """A relation turns on less than the chords of an arc: no two ways of computing need agree."""


@dataclass(frozen=True)
class Seen:
    """One zone from one site."""

    layer_id: str
    index: int
    row: Row
    relation: str
    certainty: str
    distance: float
    area: float
    share: float

    @property
    def overlaps(self) -> bool:
        return self.relation == "overlaps"

    @property
    def may_overlap(self) -> bool:
        return self.overlaps or self.certainty == "borderline"


@dataclass
class Place:
    """A site on the plane among the layers of a city."""

    city: City
    shape: BaseGeometry
    accuracy: float
    _near: dict[str, list[Seen]] = field(default_factory=dict)
    _resolved: dict[float, bool] = field(default_factory=dict)

    @property
    def is_point(self) -> bool:
        return bool(self.shape.area == 0.0)

    def epsilon(self, layer: Layer) -> float:
        return float(layer.about["accuracy_m"]) + self.accuracy

    def is_resolved(self, layer: Layer) -> bool:
        """Whether something of it is deeper than ε."""
        width = self.epsilon(layer)
        return width == 0.0 or self._reaches_deeper(width)

    def slack(self, layer: Layer) -> float:
        """How far it may lie elsewhere: by its own accuracy, by ε where it cannot be told from its neighbours."""
        return self.accuracy if self.is_resolved(layer) else self.epsilon(layer)

    def _reaches_deeper(self, width: float) -> bool:
        if width not in self._resolved:
            less, more = (shapely.buffer(self.shape, -w, quad_segs=QUARTER) for w in around(width))
            if less.is_empty != more.is_empty:
                raise TooCloseToSayError
            self._resolved[width] = not more.is_empty
        return self._resolved[width]

    def within(self, layer_id: str, distance: float) -> list[Seen]:
        """Zones within a distance, or within ε if that is more."""
        layer = self.city.layers[layer_id]
        reach = max(distance, 0.0) + self.epsilon(layer)
        found = self._near.get(layer_id)
        if found is None or distance > 0.0:
            found = [self._seen(layer_id, int(i)) for i in self._boxed(layer, reach)]
            found = [one for one in found if one.distance <= reach]
            if distance == 0.0:
                self._near[layer_id] = found
        return found

    def nearest(self, layer_id: str, limit: float) -> Seen | None:
        layer = self.city.layers[layer_id]
        ids = self._boxed(layer, limit)
        found = [(float(shapely.distance(self.shape, layer.shapes[i])), int(i)) for i in ids]
        best = min(found, default=None)
        return self._seen(layer_id, best[1]) if best and best[0] <= limit else None

    def _boxed(self, layer: Layer, reach: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        west, south, east, north = self.shape.bounds
        b, r = layer.bounds, reach + 1.0
        return np.flatnonzero(
            (b[:, 0] <= east + r) & (b[:, 2] >= west - r) & (b[:, 1] <= north + r) & (b[:, 3] >= south - r)
        )

    def _seen(self, layer_id: str, index: int) -> Seen:
        layer = self.city.layers[layer_id]
        zone, width = layer.shapes[index], self.epsilon(layer)
        distance = float(shapely.distance(self.shape, zone))
        common = polygons(shapely.intersection(self.shape, zone)) if distance == 0.0 and not self.is_point else []
        overlaps = bool(shapely.contains(zone, self.shape)) if self.is_point else bool(broad(common))
        area = sum(one.area for one in common) if overlaps else 0.0
        share = (1.0 if self.is_point else area / self.shape.area) if overlaps else 0.0
        relation = "overlaps" if overlaps else "touches" if distance <= THREAD_M else "apart"
        certainty = self._certainty(layer, index, relation=relation, distance=distance, width=width)
        return Seen(layer_id, index, layer.rows[index], relation, certainty, distance, area, share)

    def _certainty(self, layer: Layer, index: int, *, relation: str, distance: float, width: float) -> str:
        if width == 0.0 or (relation != "overlaps" and distance > width):
            return "certain"
        if relation == "overlaps":
            return "certain" if self.deep_part(layer, [index]) is not None else "borderline"
        if relation == "touches" and self.is_resolved(layer):
            return "beside"
        return "borderline" if distance <= self.slack(layer) else "beside"

    def deep_part(self, layer: Layer, indices: Sequence[int]) -> BaseGeometry | None:
        """What of the site lies deeper than ε inside the union of zones; None if nothing."""
        width = self.epsilon(layer)
        if not indices:
            return None
        if width == 0.0:
            return self._some(shapely.intersection(self.shape, shapely.union_all(layer.shapes[list(indices)])))
        less, more = around(width)
        sure = self._some(shapely.intersection(self.shape, shrunk(layer, indices, more)))
        if sure is not None:
            return sure
        if self._some(shapely.intersection(self.shape, shrunk(layer, indices, less))) is not None:
            raise TooCloseToSayError
        return None

    def _some(self, part: BaseGeometry) -> BaseGeometry | None:
        return part if holds_something(part, is_point=self.is_point) else None


def around(width: float) -> tuple[float, float]:
    """A little less and a little more than a width."""
    return max(width * (1 - ARC) - 2 * THREAD_M, 0.0), width * (1 + ARC) + 2 * THREAD_M


def shrunk(layer: Layer, indices: Sequence[int], depth: float) -> BaseGeometry:
    """The union of zones less everything nearer than a depth to its edge; a border between two is no edge."""
    if len(indices) > 1:
        return shapely.buffer(whole(layer.shapes[list(indices)]), -depth - THREAD_M, quad_segs=QUARTER)
    key = (indices[0], depth)
    if key not in layer.shrunk:
        layer.shrunk[key] = shapely.buffer(layer.shapes[indices[0]], -depth, quad_segs=QUARTER)
    return layer.shrunk[key]


def whole(zones: Shapes | Sequence[BaseGeometry]) -> BaseGeometry:
    """The union of zones, grown by a thread's width so that threads between two of them close."""
    return shapely.union_all([shapely.buffer(one, THREAD_M) for one in zones])


def polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    return [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon"]


def broad(pieces: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Pieces that are more than threads of rounding."""
    return [one for one in pieces if one.area > THREAD_M * one.length / 2]


def holds_something(part: BaseGeometry, *, is_point: bool) -> bool:
    return not part.is_empty if is_point else bool(broad(polygons(part)))


def remainder(shape: BaseGeometry, covers: Sequence[BaseGeometry]) -> BaseGeometry:
    """What of a site lies in none of several shapes, threads of rounding left out."""
    rest = shapely.difference(shape, shapely.union_all(list(covers))) if covers else shape
    return rest if shape.area == 0.0 else shapely.union_all(broad(polygons(rest)))
