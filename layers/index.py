"""What the index knows of a site before any geometry is computed: which zones hold it, and whose edges come how near.

Where it leaves no doubt, nothing else is asked; where an edge comes nearer than the accuracy of site and layer, GEOS
measures; where rounding could decide, the plain path answers. So evidence is the same, byte for byte, with the index and
without it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.kernel import Kernel, installed
from layers.partition import Array, Depth, Outlines, Partition, Shapes, is_indexed, outline_of
from layers.partition_arrays import MOST_LAYERS
from screening.overlay import THREAD_WIDTH_M

FILE = "zones.index"
SURE_M = 1e-6  # beyond this rounding decides nothing: a thousand times what coordinates of 10⁷ m leave to it
DEEPER = 1.05  # of ε: so deep must a point of the site lie in a zone that every way of measuring finds it certain
CLEAR = 0.03  # of ε: so far from the site's own edge
SHALLOWER = 0.98  # of ε: where nothing lies deeper, every way of measuring finds that it is not certain

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lying:
    """How one zone lies to the site.

    Attributes:
        zone: Number within its layer.
        holds: Whether every part of the site begins in it.
        meets: Whether some part does.
        edge_m: Distance of the site to the zone's edge; 0 where it meets the site, infinite beyond what was searched.
        depth: Whether their overlap is certain; unsure where it was not asked.
    """

    zone: int
    holds: bool
    meets: bool
    edge_m: float
    depth: Depth = Depth.UNSURE


@dataclass(frozen=True, slots=True)
class Relations:
    """Of one site to all zones of a release.

    Attributes:
        by_layer: The zones that hold it, and those with an edge within the reach asked for.
        border_m: Distance to the border of the territory if it is near, infinite if it is farther than was asked; None
            where the site is not inside.
    """

    index: ZoneIndex
    outline: Outlines
    by_layer: Mapping[str, list[Lying]]
    border_m: float | None
    _nearest: dict[str, list[Lying]] = field(default_factory=dict, repr=False)

    def found(self, layer_id: str, farthest_m: float) -> list[Lying] | None:
        """Zones no farther than a distance; None where rounding decides whether one is."""
        lying = self.by_layer.get(layer_id, [])
        if any(abs(one.edge_m - farthest_m) <= SURE_M and not (one.meets and one.edge_m > SURE_M) for one in lying):
            return None
        return [one for one in lying if one.meets or one.edge_m <= farthest_m]

    def nearest(self, layer_id: str, within_m: Mapping[str, float]) -> list[Lying] | None:
        """The zone nearest to a site outside all of its layer, if within a distance; None where rounding decides which.

        Args:
            within_m: For every layer that may be asked about; the first question finds the nearest of all of them.
        """
        if not self._nearest:
            self._nearest.update({one: [] for one in within_m})
            reach = [
                within_m[one] + SURE_M if within_m.get(one) and one not in self.by_layer else -1.0
                for one in self.index.layer_ids
            ]
            found = self.index.partition.nearest(self.outline, reach, SURE_M)
            for zone, edge in zip(found.zone.tolist(), found.distance_m.tolist(), strict=True):
                lying, of_layer = self.index.lying(zone, edge)
                self._nearest[of_layer].append(lying)
        nearest = self._nearest[layer_id]
        if (
            layer_id in self.by_layer
            or len(nearest) > 1
            or any(one.edge_m > within_m[layer_id] - SURE_M for one in nearest)
        ):
            return None
        return nearest


@dataclass(frozen=True, slots=True)
class ZoneIndex:
    """The index over a release's layers and, last, the outline of its territory.

    Attributes:
        layers: The very arrays it was made over; it answers for no others.
    """

    partition: Partition
    layers: Mapping[str, Shapes]
    outline: BaseGeometry
    layer_ids: tuple[str, ...]
    _layer_of: list[int] = field(repr=False)

    @staticmethod
    def over(partition: Partition, layers: Mapping[str, Shapes], outline: BaseGeometry) -> ZoneIndex:
        """A partition whose layers are these and the outline."""
        return ZoneIndex(partition, layers, outline, tuple(layers), partition.arrays["layer_of"].tolist())

    def is_of(self, layer_id: str, shapes: Shapes) -> bool:
        """Whether it was made over these zones."""
        return self.layers.get(layer_id) is shapes

    def lying(self, zone: int, edge_m: float) -> tuple[Lying, str]:
        """A zone in which no part of the site begins, and its layer."""
        layer = self._layer_of[zone]
        return Lying(zone - self.partition.layer_at[layer], False, False, edge_m), self.layer_ids[layer]

    def relations(
        self, shape: BaseGeometry, reach_m: Mapping[str, float], width_m: Mapping[str, float], border_m: float
    ) -> Relations | None:
        """How a site lies to all zones; None if the index can say nothing of it (a line, or an empty shape).

        Args:
            shape: On the plane.
            reach_m: How far each layer's edges are sought.
            width_m: Accuracy of each layer and the site.
            border_m: How far the border of the territory is.
        """
        if not is_indexed(shape):
            return None
        outline = outline_of(shape)
        reach = [reach_m.get(one, -1.0) + SURE_M for one in self.layer_ids]
        found = self.partition.near(outline, [*reach, border_m + SURE_M])
        parts, layer_at = outline.parts, self.partition.layer_at
        width = np.array([width_m.get(one, 0.0) for one in (*self.layer_ids, "")])[
            self.partition.arrays["layer_of"][found.zone]
        ]
        depths = np.zeros(len(found.zone), np.uint8)
        meets = (found.parts > 0) | (found.distance_m == 0.0)
        asked = np.flatnonzero(meets & (found.distance_m <= width) & (width > 0.0))
        if len(asked) and shape.area > 0.0:
            depths[asked] = certain_depths(self.partition, outline, found.site[asked], found.zone[asked], width[asked])
        by_layer: dict[str, list[Lying]] = {}
        border: float | None = None
        pairs = zip(*(one.tolist() for one in (found.zone, found.parts, found.distance_m, depths)), strict=True)
        for zone, count, edge, depth in pairs:
            layer = self._layer_of[zone]
            if layer == len(self.layer_ids):
                border = edge if count == parts else border
                continue
            lying = Lying(zone - layer_at[layer], count == parts, count > 0, edge, Depth(depth))
            by_layer.setdefault(self.layer_ids[layer], []).append(lying)
        return Relations(self, outline, by_layer, border)


def certain_depths(partition: Partition, sites: Outlines, site: Array, zone: Array, width: Array) -> Array:
    """Of pairs of site and zone, the `Depth` that makes their overlap certain or borderline by every way of measuring.

    Args:
        site: Numbers of areas; arrays of one length.
        width: Accuracy of both (ε), metres; more than zero.
    """
    return partition.depths(
        sites,
        site,
        zone,
        deep_m=DEEPER * width + SURE_M,
        shallow_m=SHALLOWER * width,
        clear_m=CLEAR * width,
        thread_m=THREAD_WIDTH_M,
    )


def build_index(layers: Mapping[str, Shapes], outline: BaseGeometry, kernel: Kernel) -> ZoneIndex | None:
    """The index over layers on one plane; None where there are too many of them, or some zones have no area."""
    shapes = [*layers.values(), np.array([outline], dtype=object)]
    if len(shapes) > MOST_LAYERS or not all(shapely.get_dimensions(one).min(initial=2) == 2 for one in shapes):
        return None
    try:
        return ZoneIndex.over(Partition.build(shapes, kernel), layers, outline)
    except MemoryError:
        log.warning("no memory for an index over %d layers", len(layers))
        return None


def opened_index(
    folder: Path, layers: Mapping[str, Shapes], outline: BaseGeometry, made_from: Mapping[str, str]
) -> ZoneIndex | None:
    """The index beside a release: memory-mapped, or built now and written there for the next time; None without a kernel.

    Args:
        layers: All of the release's.
        made_from: Digests of the files of these layers and the outline.
    """
    kernel = installed()
    if kernel is None:
        return None
    layers = {layer_id: layers[layer_id] for layer_id in sorted(layers)}
    partition = Partition.open(folder / FILE, made_from, kernel)
    ends = np.cumsum([0, *(len(one) for one in layers.values()), 1]).tolist()
    if partition is not None and list(partition.layer_at) == ends:
        return ZoneIndex.over(partition, layers, outline)
    built = build_index(layers, outline, kernel)
    if built is not None:
        try:
            built.partition.write(folder / FILE, made_from)
        except OSError as problem:
            log.warning("the index of %s is kept in memory only: %s", folder.name, problem)
    return built
