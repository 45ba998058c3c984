"""How thousands of sites lie to all zones of a release, where that alone decides what the rules say of them.

Two sites that certainly lie in the same zones, by the same kind of relation, and certainly away from the same others, are
in one *situation*: whatever no rule reads off their shapes is the same for both (`screening.situation`). Here sites are
sorted by situation, with the index and a handful of array operations. A site on a border within the accuracy, at the end
of the data, at the very limit of a distance, or in doubt for any other reason has none, and is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cached_property, partial
from typing import Any

import numpy as np
import shapely

from layers.gaps import Gaps
from layers.index import SURE_M, ZoneIndex, certain_depths
from layers.loaded import LoadedLayer
from layers.partition import Depth, Outlines, outlines_of
from layers.snapshot import Snapshot
from screening.access import Position
from screening.accuracy import Footprint
from screening.evidence import Contact
from screening.overlay import THREAD_WIDTH_M
from screening.situation import UndrawnEvidence, beside, overlapping, reaching_in

Array = np.ndarray[Any, np.dtype[Any]]
Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]

NEARER = 0.9  # of ε: an edge as near is within ε also of a site grown by arcs of few segments
KINDS = 1 << 20


class Kind(IntEnum):
    """How a site certainly lies to a zone; from `APART` on, twice the number of limits the distance exceeds is added,
    and one where the site can be told from its neighbours."""

    UNSURE = 0
    INSIDE = 1  # all of it, no edge within ε
    NEAR_EDGE = 2  # all of it, part of it deeper than ε
    ACROSS = 3  # part of it deeper than ε, perhaps not all of it
    SHALLOW = 4  # part of it or all, and nothing of that deeper than ε
    APART = 5


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """What sites that lie alike have in common; the same object for all of them.

    Attributes:
        accuracy_m: Of the sites.
        relations: Number of the zone among all zones, kind, and distance of one such site.
        border_m: The greatest limit that the distance to the end of the data exceeds; infinite if it exceeds all.
    """

    accuracy_m: float
    relations: tuple[tuple[int, int, float], ...]
    border_m: float


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Of sites and zones: arrays of one length."""

    site: Array
    zone: Array
    layer: Array
    kind: Array
    distance_m: Array


@dataclass(frozen=True)
class Situations:
    """Sorts sites by situation; one for a snapshot and a day.

    Attributes:
        gaps: What the layers that must tile leave open.
    """

    snapshot: Snapshot
    index: ZoneIndex
    as_of: date
    gaps: Gaps
    _known: dict[bytes, Situation] = field(default_factory=dict, repr=False)

    def of(self, shapes: Shapes, accuracy_m: Array) -> list[Situation | None]:
        """The situation of each site; None where it has none.

        Args:
            shapes: On the plane; valid.
            accuracy_m: Of each site.
        """
        found: list[Situation | None] = [None] * len(shapes)
        usable = np.isin(shapely.get_type_id(shapes), _AREAS) & ~shapely.is_empty(shapes)
        usable &= shapely.area(shapes) > 1.001 * THREAD_WIDTH_M * shapely.length(shapes) / 2
        for accuracy in np.unique(accuracy_m[usable]):
            chosen = np.flatnonzero(usable & (accuracy_m == accuracy))
            for number, situation in zip(chosen, self._of_one_accuracy(shapes[chosen], float(accuracy)), strict=True):
                found[number] = situation
        return found

    def evidence(self, situation: Situation, area_m2: float) -> UndrawnEvidence:
        """What the release says of every site in a situation.

        Args:
            area_m2: Of the site; sites of one situation differ in it.

        Raises:
            UndrawnError: What follows from the layers turns on more than the situation.
        """
        contacts = tuple(self._contact(*one, situation.accuracy_m) for one in situation.relations)
        lies: dict[str, list[tuple[int, int]]] = {one: [] for one in self.index.layer_ids}
        for number, kind, _ in situation.relations:
            lies[self._layers[self._layer_numbers[number]].layer.id].append((number, kind))
        to_all = (situation.accuracy_m, situation.border_m)
        consulted = [
            self.snapshot.consulted(
                one.layer, 1.0, max(0.0, situation.border_m - one.layer.accuracy_m - situation.accuracy_m), self.as_of
            )
            for one in self._layers
        ]
        return self.snapshot.evidence(
            partial(UndrawnEvidence, lies={layer_id: (to_all, *found) for layer_id, found in lies.items()}),
            contacts,
            consulted,
            uncovered_share=0.0,
            area_m2=area_m2,
        )

    def forget(self) -> None:
        """Let go of the situations met so far; the next of each kind is a new one."""
        self._known.clear()

    # -- in numbers ------------------------------------------------------------------------------------------------------

    def _of_one_accuracy(self, shapes: Shapes, accuracy_m: float) -> Iterator[Situation | None]:
        widths = np.array([one.layer.accuracy_m + accuracy_m for one in self._layers])
        outlines = outlines_of(shapes)
        pairs, border_m, is_sure = self._related(shapes, outlines, widths, accuracy_m)
        is_sure &= self._is_covered(shapes, pairs)
        order = np.lexsort((pairs.zone, pairs.site))
        codes, distances = (pairs.zone * KINDS + pairs.kind)[order], pairs.distance_m[order]
        starts = np.searchsorted(pairs.site[order], np.arange(len(shapes) + 1))
        for number, (sure, border) in enumerate(zip(is_sure.tolist(), border_m.tolist(), strict=True)):
            own = slice(starts[number], starts[number + 1])
            yield self._situation(codes[own], distances[own], accuracy_m, border) if sure else None

    def _situation(self, codes: Array, distances: Array, accuracy_m: float, border_m: float) -> Situation:
        key = np.array([accuracy_m, border_m]).tobytes() + codes.tobytes()
        known = self._known.get(key)
        if known is None:
            zones, kinds = np.divmod(codes, KINDS)
            relations = tuple(zip(zones.tolist(), kinds.tolist(), distances.tolist(), strict=True))
            known = self._known[key] = Situation(accuracy_m, relations, border_m)
        return known

    def _related(
        self, shapes: Shapes, outlines: Outlines, widths: Array, accuracy_m: float
    ) -> tuple[_Pairs, Array, Array]:
        """Every certain relation of the sites to zones, how far there is data around them, and of which all is certain."""
        search = np.array([self.snapshot.search_m.get(one.layer.id, 0.0) for one in self._layers])
        farthest = search + widths
        border = float((farthest + widths).max(initial=0.0))
        found = self.index.partition.near(outlines, [*(farthest + SURE_M), border + SURE_M])
        layer = self._layer_of[found.zone]
        parts = (
            np.add.reduceat(outlines.is_shell.astype(np.int64), outlines.shape_at[:-1]) if len(shapes) else found.site
        )
        holds, meets = found.parts == parts[found.site], found.parts > 0

        is_border = layer == len(self._layers)
        is_sure, border_m = np.zeros(len(shapes), bool), np.zeros(len(shapes))
        in_territory = is_border & holds
        inner = found.site[in_territory]
        border_m[inner], is_sure[inner] = self._border(found.distance_m[in_territory], widths, accuracy_m)

        own = ~is_border
        site, zone, layer, edge = found.site[own], found.zone[own], layer[own], found.distance_m[own]
        holds, meets = holds[own], meets[own]
        width, far = widths[layer], farthest[layer]
        kind = np.full(len(site), Kind.UNSURE, np.int64)
        kind[holds & (edge > width + SURE_M)] = Kind.INSIDE
        apart = ~meets & (edge > THREAD_WIDTH_M + SURE_M) & (edge < far - SURE_M)
        gone = ~meets & (edge > far + SURE_M)
        self._place_apart(kind, np.flatnonzero(apart), shapes, site, layer, edge, widths, accuracy_m)
        rest = np.flatnonzero((kind == Kind.UNSURE) & ~apart & ~gone & (width > 0))
        depth = certain_depths(self.index.partition, outlines, site[rest], zone[rest], width[rest])
        kind[rest[depth == Depth.SHALLOW]] = Kind.SHALLOW
        deep = rest[depth == Depth.DEEP]
        within = holds[deep] & (edge[deep] > SURE_M)
        is_near = within & (edge[deep] < NEARER * width[deep])
        kind[deep[is_near]] = Kind.NEAR_EDGE
        kind[deep[~within & (~holds[deep] | (edge[deep] == 0.0))]] = Kind.ACROSS

        is_sure[site[(kind == Kind.UNSURE) & ~gone]] = False
        kept = ~gone & is_sure[site]
        return _Pairs(site[kept], zone[kept], layer[kept], kind[kept], edge[kept]), border_m, is_sure

    def _border(self, distance_m: Array, widths: Array, accuracy_m: float) -> tuple[Array, Array]:
        """The limit that the distance of sites to the end of the data exceeds, and whether it is sure what follows from it.

        A layer answers about a distance if there is data so far around the site and its slack, which is the site's own
        accuracy or all of ε: between the two it is not sure here.
        """
        limits, sure = {0.0}, distance_m > SURE_M
        for loaded, width in zip(self._layers, widths.tolist(), strict=True):
            for one in self._near_triggers.get(loaded.layer.id, ()):
                limits.add(one.distance_m + width)
                sure &= (distance_m < one.distance_m + accuracy_m - SURE_M) | (
                    distance_m > one.distance_m + width + SURE_M
                )
        steps = np.array(sorted(limits))
        at = np.searchsorted(steps, distance_m)
        return np.where(at == len(steps), np.inf, steps[np.maximum(at, 1) - 1]), sure

    def _place_apart(
        self,
        kind: Array,
        pairs: Array,
        shapes: Shapes,
        site: Array,
        layer: Array,
        edge: Array,
        widths: Array,
        accuracy_m: float,
    ) -> None:
        """Sort pairs apart by the limits their distance exceeds, the slack among them."""
        for number in np.unique(layer[pairs]):
            own, width = pairs[layer[pairs] == number], float(widths[number])
            resolved = {
                one: Footprint(shapes[one], accuracy_m).is_resolved(width - accuracy_m) for one in np.unique(site[own])
            }
            flags = np.array([resolved[one] for one in site[own]], dtype=bool)
            for flag in (False, True):
                chosen, slack = own[flags == flag], accuracy_m if flag else width
                near = [trigger.distance_m for trigger in self._near_triggers.get(self._layers[number].layer.id, ())]
                limits = np.unique([slack, width, *(one - width for one in near), *(one + slack for one in near)])
                distance = edge[chosen]
                at_limit = (np.abs(distance[:, None] - limits[None, :]) <= SURE_M).any(axis=1)
                sure = ~at_limit
                kind[chosen[sure]] = Kind.APART + 2 * np.searchsorted(limits, distance[sure]) + flag

    def _is_covered(self, shapes: Shapes, pairs: _Pairs) -> Array:
        """Whether the units, and each layer that must tile, certainly speak of all of a site."""
        covered = np.full(len(shapes), all(self._speaking))  # without layers of units nobody speaks
        holding = (pairs.kind == Kind.INSIDE) | (pairs.kind == Kind.NEAR_EDGE)
        for layers in self._speaking if covered.any() else ():
            held = np.zeros(len(shapes), bool)
            held[pairs.site[holding & np.isin(pairs.layer, layers)]] = True
            names, unheld = [self._layers[one].layer.id for one in layers], np.flatnonzero(~held)
            held[unheld] = self.gaps.are_clear_of(names, shapes[unheld])
            covered &= held
        return covered

    # -- as contacts -----------------------------------------------------------------------------------------------------

    def _contact(self, number: int, kind: int, distance_m: float, accuracy_m: float) -> Contact:
        layer = self._layer_numbers[number]
        loaded = self._layers[layer]
        zone = loaded.zones[number - self.index.partition.layer_at[layer]]
        width = loaded.layer.accuracy_m + accuracy_m
        if kind == Kind.SHALLOW:
            return reaching_in(zone, width)
        if kind < Kind.APART:
            return overlapping(zone, width, has_edge=kind != Kind.INSIDE)
        is_resolved = bool((kind - Kind.APART) % 2)
        slack = accuracy_m if is_resolved else width
        return beside(zone, width, distance_m=distance_m, slack_m=slack, is_resolved=is_resolved)

    @cached_property
    def _layers(self) -> tuple[LoadedLayer, ...]:
        return tuple(self.snapshot.layers[one] for one in self.index.layer_ids)

    @cached_property
    def _layer_of(self) -> Array:
        return np.asarray(self.index.partition.arrays["layer_of"])

    @cached_property
    def _layer_numbers(self) -> list[int]:
        """The same, for one zone at a time."""
        numbers: list[int] = self._layer_of.tolist()
        return numbers

    @cached_property
    def _speaking(self) -> list[list[int]]:
        """Groups of layers, by number, of which each must cover a site."""
        numbers = {one: number for number, one in enumerate(self.index.layer_ids)}
        groups = {
            tuple(sorted(numbers[one.layer.id] for one in self.snapshot.speaking_for(loaded.layer)))
            for loaded in self._layers
        }
        return [list(one) for one in sorted(groups)]

    @cached_property
    def _near_triggers(self) -> Mapping[str, list[Any]]:
        triggers = self.snapshot.access_list.in_force_on(self.as_of).triggers
        return {
            layer_id: [one for one in of_layer if one.position is Position.NEAR]
            for layer_id, of_layer in triggers.items()
        }


_AREAS = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))
