"""The edges of a layer's zones in short runs: the exact distance to a zone without looking at all of it.

GEOS finds the distance of two shapes that do not meet as the least over all pairs of their segments. Where it is known
about how far a zone is, only runs whose box comes so near can hold the least, and it is the same number, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Array = np.ndarray[Any, np.dtype[Any]]
Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]

RUN = 32  # edges


@dataclass(frozen=True, slots=True)
class Edges:
    """Of all zones of a layer.

    Attributes:
        runs: Lines of at most `RUN` edges as drawn, those of a zone together.
        boxes: Of the runs, shape (n, 4).
        first: Of every zone, and one more: its first run.
    """

    runs: Shapes
    boxes: Array
    first: Array

    @staticmethod
    def of(zones: Shapes) -> Edges:
        """Of polygons and multipolygons."""
        parts, zone_of_part = shapely.get_parts(zones, return_index=True)
        rings, part_of_ring = shapely.get_rings(parts, return_index=True)
        xy = shapely.get_coordinates(rings)
        ends = np.cumsum(shapely.get_num_coordinates(rings))
        edges = np.diff(ends, prepend=0) - 1
        per_ring = -(-edges // RUN)
        ring = np.repeat(np.arange(len(rings)), per_ring)
        within = np.arange(len(ring)) - np.repeat(np.cumsum(per_ring) - per_ring, per_ring)
        start = (ends - edges - 1)[ring] + RUN * within
        length = np.minimum(RUN, ends[ring] - 1 - start) + 1
        before = np.cumsum(length) - length
        vertex = np.repeat(start - before, length) + np.arange(length.sum())
        runs: Shapes = shapely.linestrings(xy[vertex], indices=np.repeat(np.arange(len(ring)), length))
        zone = zone_of_part[part_of_ring[ring]]
        return Edges(runs, shapely.bounds(runs), np.searchsorted(zone, np.arange(len(zones) + 1)))

    def distance(self, shape: BaseGeometry, zone: int, at_most_m: float) -> float:
        """What GEOS would say is the distance of a shape to a zone it does not meet.

        Args:
            at_most_m: The zone is known to be no farther.
        """
        own = slice(self.first[zone], self.first[zone + 1])
        west, south, east, north = shape.bounds
        boxes = self.boxes[own]
        across = np.maximum(boxes[:, 0] - east, west - boxes[:, 2])
        along = np.maximum(boxes[:, 1] - north, south - boxes[:, 3])
        is_near = np.hypot(np.maximum(across, 0.0), np.maximum(along, 0.0)) <= at_most_m
        return float(shapely.distance(shape, self.runs[own][is_near]).min())
