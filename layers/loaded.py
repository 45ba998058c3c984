"""One layer of a release in memory: its zones, their shapes, and what of a site touches them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from layers.edges import Edges
from layers.generalised import generalised, hidden
from layers.index import SURE_M, Lying, Relations
from layers.partition import Depth
from screening.accuracy import Band, Footprint, band
from screening.evidence import Contact
from screening.model import Layer, Zone
from screening.overlay import is_thread, measure, measure_apart, measure_contained
from screening.published import Disclosure, Published, Shown, nearest

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]
Areas = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class LoadedLayer:
    """One layer ready to answer.

    Attributes:
        zones: In the order of `shapes`.
        shapes: On the jurisdiction's plane, prepared.
        source: Reads the same in EPSG:4490.
        disclosure: What of it the city publishes; None where all of it.
    """

    layer: Layer
    zones: tuple[Zone, ...]
    shapes: Shapes
    tree: shapely.STRtree
    source: Callable[[], Shapes]
    disclosure: Disclosure | None = None

    @cached_property
    def degrees(self) -> Shapes:
        """Exact geometry in EPSG:4490, read when first asked for; not for a door."""
        return self.source()

    @property
    def is_hidden(self) -> bool:
        """Whether the city publishes none of its geometry."""
        return self.disclosure is not None and self.disclosure.shown is Shown.HIDDEN

    @cached_property
    def published(self) -> Shapes:
        """What anybody may see, on the plane; empty where a zone is not shown."""
        if self.disclosure is None:
            return self.shapes
        if self.is_hidden:
            return hidden(self.shapes)
        return generalised(self.shapes, self.disclosure.step_m, tiles=self.layer.tiles)

    def told_m2(self, area_m2: float) -> float:
        """The area of a zone as it may be told."""
        return area_m2 if self.disclosure is None else nearest(area_m2, self.disclosure.cell_m2)

    @cached_property
    def areas(self) -> Areas:
        """Of the zones, square metres."""
        found: Areas = shapely.area(self.shapes)
        return found

    @cached_property
    def counties(self) -> Mapping[str, str]:
        """County of every zone by its code."""
        return {zone.code: zone.county for zone in self.zones}

    def contacts(self, site: Footprint, within_m: float, known: Relations | None = None) -> list[Contact]:
        """Zones that meet the site or come within a distance of it, or within the accuracy of both.

        Args:
            known: What the index says of the site, if anything.
        """
        width = site.band_width(self.layer.accuracy_m)
        farthest = within_m + width
        lying = known.found(self.layer.id, farthest) if known else None
        if lying is not None:
            return [self._contact_as(site, one) for one in lying]
        if farthest > 0:
            found = self.tree.query(site.shape, predicate="dwithin", distance=farthest)
        else:
            found = self.tree.query(site.shape, predicate="intersects")
        return [self._contact(site, i) for i in sorted(found)]

    def nearest(self, site: Footprint, within_m: Mapping[str, float], known: Relations | None = None) -> list[Contact]:
        """The one zone nearest to a site that lies outside the layer, if any lies within the layer's distance."""
        lying = known.nearest(self.layer.id, within_m) if known else None
        if lying is not None:
            return [self._contact_as(site, one) for one in lying]
        farthest = within_m[self.layer.id]
        found, _ = self.tree.query_nearest(site.shape, max_distance=farthest, return_distance=True, all_matches=False)
        return [self._contact(site, i) for i in found]

    @cached_property
    def edges(self) -> Edges:
        """Of the zones."""
        return Edges.of(self.shapes)

    def _contact_as(self, site: Footprint, known: Lying) -> Contact:
        """The contact with a zone of which the index knows how it lies: `measure` and `band` would find the same."""
        index, accuracy_m = known.zone, self.layer.accuracy_m
        if known.holds and known.edge_m > site.band_width(accuracy_m) + SURE_M:
            if site.shape.area > 0.0 and is_thread(site.shape):
                return self._contact(site, index)
            found = measure_contained(site.shape, float(self.areas[index]))
            lies = band(site, self.shapes[index], found, accuracy_m, is_all_deep=True)
        elif not known.meets and known.edge_m > SURE_M:
            found = measure_apart(self.edges.distance(site.shape, index, known.edge_m + SURE_M))
            lies = band(site, self.shapes[index], found, accuracy_m)
        else:
            return self._contact(site, index, known.depth)
        return self._told(index, lies)

    def _contact(self, site: Footprint, index: int, depth: Depth = Depth.UNSURE) -> Contact:
        shape = self.shapes[index]
        is_certain = None if depth is Depth.UNSURE else depth is Depth.DEEP
        found = measure(site.shape, shape)
        return self._told(index, band(site, shape, found, self.layer.accuracy_m, is_certain=is_certain))

    def _told(self, index: int, lies: Band) -> Contact:
        public = Published(disclosure=self.disclosure, shape=self.published[index]) if self.disclosure else None
        return Contact(zone=self.zones[index], measure=lies.found, band=lies, published=public)
