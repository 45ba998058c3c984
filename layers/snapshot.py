"""One release in memory, answering for sites: what they touch, and which layers answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers import codec
from layers.edges import Edges
from layers.facts import derived_facts, fact_schema
from layers.index import SURE_M, Relations, ZoneIndex, opened_index
from layers.jurisdiction import Jurisdiction, read_jurisdiction
from layers.loaded import LoadedLayer, Shapes
from layers.release_parts import index_sources, read_document, read_manifest
from layers.zone_table import open_plane_zones, read_zones
from screening.access import AccessList, Position
from screening.accuracy import Footprint, deep_in_any
from screening.crs import AreaMethod, Plane
from screening.errors import BrokenReleaseError, SiteOutsideError
from screening.evidence import AbsentLine, Answer, Consulted, Contact, Evidence, ReleaseName
from screening.lines import is_met
from screening.model import Ceiling, FactValue, Layer, Nature, Objective, Realm, Site, Zone, ZoneClass
from screening.overlay import covered_share
from screening.words import Text

Gathered = TypeVar("Gathered", bound=Evidence)

LAND = "land_m2"
"""The fact that the measured area of a site establishes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A release as it answers on any day: immutable, shared by all requests.

    Attributes:
        layers: Layers that could be read.
        silent: Layers that could not, with the reason.
        outline: The jurisdiction's territory on its plane.
        index: Over these very layers; without it the same is found by GEOS alone.
    """

    release: ReleaseName
    manifest: Mapping[str, Any]
    jurisdiction: Jurisdiction
    layers: Mapping[str, LoadedLayer]
    silent: Mapping[str, tuple[Layer, Answer, Text]]
    access_list: AccessList
    ceilings: tuple[Ceiling, ...]
    objectives: tuple[Objective, ...]
    outline: BaseGeometry
    search_m: Mapping[str, float]
    index: ZoneIndex | None = None
    _border: list[Edges] = field(default_factory=list, init=False, compare=False, repr=False)

    def __repr__(self) -> str:
        return f"Snapshot({self.release.id})"

    def gather(self, site: Site, as_of: date, method: AreaMethod = AreaMethod.PLANE) -> Evidence:
        """Everything the release says about a site, areas by one method.

        Raises:
            SiteOutsideError: The site lies beyond the extent of the jurisdiction.
        """
        self.require_inside(site)
        plane = self.jurisdiction.plane
        shape = plane.from_degrees(site.geometry)
        footprint = Footprint(shape, site.accuracy_m or 0.0)
        known = self._known(footprint)
        reach_m = self._distance_to_border(shape, known)
        contacts = tuple(
            contact for loaded in self.layers.values() for contact in self._contacts(loaded, footprint, known)
        )
        overlaps = _overlaps_by_layer(contacts)
        units = [one.layer.id for one in self.layers.values() if one.layer.role == "unit"]
        units_silent = not units or any(layer.role == "unit" for layer, _, _ in self.silent.values())
        unit_share = covered_share(shape, [overlap for one in units for overlap in overlaps.get(one, [])])
        consulted = [
            self._consulted(one, footprint, overlaps, unit_share, reach_m, as_of) for one in self.layers.values()
        ]
        area = plane.area_m2(shape, method) or None
        if area is not None and method is not AreaMethod.PLANE:
            contacts = tuple(_measured(contact, plane, method, area) for contact in contacts)
        return self.evidence(
            partial(Evidence, site_shape=shape, area_method=method),
            contacts,
            consulted,
            uncovered_share=None if units_silent and unit_share < 1.0 else 1.0 - unit_share,
            area_m2=area,
        )

    def evidence(
        self,
        make: Callable[..., Gathered],
        contacts: tuple[Contact, ...],
        consulted: Iterable[Consulted],
        *,
        uncovered_share: float | None,
        area_m2: float | None,
    ) -> Gathered:
        """All that follows from what a site touches and who answered.

        Args:
            make: Takes what is found here, and knows the rest.
            consulted: The layers that could be read, in any order.
        """
        order = list(self.jurisdiction.layers)
        everybody = [*consulted, *(_silent(*entry) for entry in self.silent.values())]
        holders, doubtful = self._holders(contacts)
        objectives = tuple(one for one in self.objectives if one.holder in holders)
        return make(
            release=self.release,
            plane=self.jurisdiction.plane,
            site_area_m2=area_m2,
            contacts=contacts,
            consulted=tuple(sorted(everybody, key=lambda one: order.index(one.layer.id))),
            uncovered_share=uncovered_share,
            districts=tuple(sorted({c.zone.code for c in contacts if c.overlaps} & self.jurisdiction.districts.keys())),
            access_list=self.access_list,
            ceilings=tuple(one for one in self.ceilings if one.holder in holders),
            objectives=objectives,
            absent_lines=self._absent_lines(holders),
            derived_facts=_derived(objectives, area_m2, doubtful, lambda held: _certainly_in_any(contacts, held)),
            doubtful_holders=doubtful,
            undeclarable=derived_facts(),
            disclosures=self.jurisdiction.disclosures,
        )

    def published_degrees(self, layer_id: str) -> Shapes:
        """What anybody may see of a layer, EPSG:4490; empty shapes where zones are not shown."""
        loaded = self.layers[layer_id]
        return loaded.degrees if loaded.disclosure is None else self.jurisdiction.plane.to_degrees(loaded.published)

    def units_at(self, longitude: float, latitude: float) -> list[tuple[Layer, Zone]]:
        """Control units at a point, EPSG:4490 degrees; several on a shared border, none outside."""
        point = self.jurisdiction.plane.from_degrees(shapely.Point(longitude, latitude))
        return [
            (one.layer, one.zones[i])
            for one in self.layers.values()
            if one.layer.role == "unit"
            for i in sorted(one.tree.query(point, predicate="intersects"))
        ]

    def require_inside(self, site: Site) -> None:
        """That a site meets the extent of the jurisdiction.

        Raises:
            SiteOutsideError: It does not.
        """
        west, south, east, north = self.jurisdiction.extent
        if not shapely.intersects(site.geometry, shapely.box(west, south, east, north)):
            centre = shapely.centroid(site.geometry)
            extent = f"{west:g}–{east:g}°E, {south:g}–{north:g}°N"
            raise SiteOutsideError.of(centre.x, centre.y, self.jurisdiction.name, extent)

    def _known(self, site: Footprint) -> Relations | None:
        """What the index knows of a site: about all it will be asked for, and the border farther than anything looks."""
        if self.index is None:
            return None
        widths = {one.layer.id: site.band_width(one.layer.accuracy_m) for one in self.layers.values()}
        reach = {layer_id: self.search_m.get(layer_id, 0.0) + width for layer_id, width in widths.items()}
        border = max((max(reach[i], one.layer.nearest_m + widths[i]) for i, one in self.layers.items()), default=0.0)
        return self.index.relations(site.shape, reach, widths, border)

    @property
    def _nearest_m(self) -> dict[str, float]:
        """How far each layer's nearest zone is told, metres."""
        return {layer_id: one.layer.nearest_m for layer_id, one in self.layers.items()}

    def _distance_to_border(self, shape: BaseGeometry, known: Relations | None) -> float:
        """How far one can look from the site before the territory, and with it the data, ends; infinite where it is known
        to be farther than anything looks."""
        near_m = known.border_m if known and self.index and self.index.outline is self.outline else None
        if near_m == np.inf:
            return np.inf
        if near_m is not None and near_m > SURE_M:  # inside, and about so far: the same number as below, sooner
            if not self._border:
                self._border.append(Edges.of(np.array([self.outline], dtype=object)))
            return self._border[0].distance(shape, 0, near_m + SURE_M)
        if not shapely.contains(self.outline, shape):
            return 0.0
        return float(shapely.distance(self.outline.boundary, shape))

    def _contacts(self, loaded: LoadedLayer, site: Footprint, known: Relations | None) -> list[Contact]:
        if self.index is None or not self.index.is_of(loaded.layer.id, loaded.shapes):
            known = None
        found = loaded.contacts(site, self.search_m.get(loaded.layer.id, 0.0), known)
        if not found and loaded.layer.nearest_m > 0:
            found = loaded.nearest(site, self._nearest_m, known)
        return sorted(found, key=lambda one: (one.measure.distance_m, -one.measure.area_m2, one.zone.code))

    def _consulted(
        self,
        loaded: LoadedLayer,
        site: Footprint,
        overlaps: Mapping[str, list[BaseGeometry]],
        unit_share: float,
        reach_m: float,
        as_of: date,
    ) -> Consulted:
        layer = loaded.layer
        share = self._tiled_share(loaded, site.shape, overlaps) if layer.tiles and layer.role != "unit" else unit_share
        nearer_m = site.slack_m(layer.accuracy_m)  # by which it may lie to where the data ends
        return self.consulted(layer, share, max(0.0, reach_m - nearer_m), as_of)

    def consulted(self, layer: Layer, share: float, reach_m: float, as_of: date) -> Consulted:
        """Whether a layer that could be read answers for a site.

        Args:
            share: Part of the site for which it speaks.
            reach_m: How far from the site there is data, metres.
        """
        searched = min(max(self.search_m.get(layer.id, 0.0), layer.nearest_m), reach_m)
        answer, reason = Answer.ANSWERED, None
        if stale := _stale(layer, as_of):
            answer, reason = Answer.STALE, stale
        elif share < 1.0 and layer.role != "unit":
            answer, reason = Answer.NOT_COVERING, _not_covering(layer, share)
        return Consulted(layer=layer, answer=answer, searched_m=searched, covered_share=share, reason=reason)

    def _tiled_share(
        self, loaded: LoadedLayer, shape: BaseGeometry, overlaps: Mapping[str, list[BaseGeometry]]
    ) -> float:
        """Part of the site a tiling layer speaks for; where it need not speak (a land layer at sea) counts as said."""
        speaking = self.speaking_for(loaded.layer)
        return covered_share(shape, [overlap for one in speaking for overlap in overlaps.get(one.layer.id, [])])

    def speaking_for(self, layer: Layer) -> list[LoadedLayer]:
        """Layers of which one must cover each place for a layer to have spoken of it: itself, and units of the other realm
        where it need not speak; for one that does not tile, those of the units."""
        units = [one for one in self.layers.values() if one.layer.role == "unit"]
        if layer.role == "unit" or not layer.tiles:
            return units
        return [self.layers[layer.id], *(one for one in units if layer.realm not in (Realm.BOTH, one.layer.realm))]

    def _absent_lines(self, holders: set[str]) -> tuple[AbsentLine, ...]:
        """Required ceilings and objectives that a district of the site has neither itself nor through its units and zones."""
        counties = {code: one.counties[code] for one in self.layers.values() for code in holders & one.counties.keys()}
        lines = [(one.holder, one.fact) for one in self.ceilings if one.holder in holders]
        lines += [(one.holder, one.fact) for one in self.objectives if one.holder in holders]
        return tuple(
            AbsentLine(holder=district, fact=fact, name=fact_schema()[fact].label)
            for district in sorted(holders & self.jurisdiction.districts.keys())
            for fact in self.jurisdiction.required_lines
            if not any(known == fact and district in (holder, counties.get(holder)) for holder, known in lines)
        )

    def _holders(self, contacts: tuple[Contact, ...]) -> tuple[set[str], frozenset[str]]:
        """Codes under which ceilings and objectives are kept for the site's units, element zones and districts.

        Also those of them in which the site lies only within the accuracy of the lines.
        """
        roles = {one.layer.id: one.layer.role for one in self.layers.values()}
        holding = [
            c for c in contacts if roles[c.zone.layer_id] in ("unit", "element") or c.zone.layer_id == "district"
        ]
        sure = {contact.zone.code for contact in holding if contact.certainly_overlaps}
        possible = {contact.zone.code for contact in holding if contact.may_overlap}
        return sure | possible, frozenset(possible - sure)


def load_snapshot(folder: Path) -> Snapshot:
    """A release read from its folder.

    A layer that is missing or damaged stays out and is named as silent; everything else about the release must be
    whole.

    Raises:
        BrokenReleaseError: Manifest, access list, lines, jurisdiction or outline are missing or damaged.
    """
    manifest = read_manifest(folder)
    jurisdiction = read_jurisdiction(read_document(folder, manifest, "jurisdiction.json"), "jurisdiction.json")
    access_list = codec.access_list_from_json(read_document(folder, manifest, "access_list.json"))
    layers: dict[str, LoadedLayer] = {}
    silent: dict[str, tuple[Layer, Answer, Text]] = {}
    for layer_id, description in manifest["layers"].items():
        layer = codec.layer_from_json(description)
        try:
            layers[layer_id] = _load_layer(folder, manifest, layer, jurisdiction)
        except BrokenReleaseError as problem:
            there = (folder / f"{layer_id}.parquet").exists()
            silent[layer_id] = (layer, Answer.BROKEN if there else Answer.MISSING, problem.what)
    shapes = {layer_id: one.shapes for layer_id, one in layers.items()}
    outline = shapely.from_wkb(read_document(folder, manifest, "outline.json")["wkb"])
    return Snapshot(
        release=_release_name(manifest, jurisdiction),
        manifest=manifest,
        jurisdiction=jurisdiction,
        layers=layers,
        silent=silent,
        access_list=access_list,
        ceilings=tuple(codec.ceiling_from_json(row) for row in read_document(folder, manifest, "ceilings.json")),
        objectives=tuple(codec.objective_from_json(row) for row in read_document(folder, manifest, "objectives.json")),
        outline=outline,
        search_m=_search_distances(access_list),
        index=None if silent else opened_index(folder, shapes, outline, index_sources(manifest)),
    )


def _release_name(manifest: Mapping[str, Any], jurisdiction: Jurisdiction) -> ReleaseName:
    until = manifest["effective_until"]
    return ReleaseName(
        id=manifest["id"],
        title=codec.text_from_json(manifest["title"]),
        nature=Nature(manifest["nature"]),
        jurisdiction=jurisdiction.name,
        list_version=manifest["list_version"],
        effective_from=date.fromisoformat(manifest["effective_from"]),
        effective_until=date.fromisoformat(until) if until else None,
    )


def _load_layer(folder: Path, manifest: Mapping[str, Any], layer: Layer, jurisdiction: Jurisdiction) -> LoadedLayer:
    found = open_plane_zones(folder, manifest, layer.id)
    shapely.prepare(found.shapes)

    def source() -> Shapes:
        return read_zones(folder, manifest, layer.id).shapes

    zones = tuple(
        Zone(
            layer_id=layer.id,
            code=row["code"],
            name=row["name"],
            cls=ZoneClass(row["cls"]) if row["cls"] else None,
            subtype=row["subtype"],
            district=row["district"],
            county=row["county"],
            attributes=json.loads(row["attributes"]),
        )
        for row in found.rows
    )
    return LoadedLayer(
        layer=layer,
        zones=zones,
        shapes=found.shapes,
        tree=shapely.STRtree(found.shapes),
        source=source,
        disclosure=jurisdiction.disclosures.get(layer.id),
    )


def _overlaps_by_layer(contacts: tuple[Contact, ...]) -> dict[str, list[BaseGeometry]]:
    by_layer: dict[str, list[BaseGeometry]] = {}
    for contact in contacts:
        if contact.measure.overlap is not None:
            by_layer.setdefault(contact.zone.layer_id, []).append(contact.measure.overlap)
    return by_layer


def _search_distances(access_list: AccessList) -> dict[str, float]:
    """How far beyond a site each layer must be searched for the list's distance clauses, metres."""
    farthest: dict[str, float] = {}
    for clause in access_list.clauses:
        for trigger in clause.scope.zones:
            if trigger.position is Position.NEAR:
                farthest[trigger.layer_id] = max(farthest.get(trigger.layer_id, 0.0), trigger.distance_m)
    return farthest


def _measured(contact: Contact, plane: Plane, method: AreaMethod, site_area_m2: float) -> Contact:
    """A contact with its area and shares by another method; relations stay those on the plane."""
    if contact.measure.overlap is None:
        return contact
    area, zone_area = plane.area_m2(contact.measure.overlap, method), plane.area_m2(contact.band.zone, method)
    measured = replace(
        contact.measure,
        area_m2=area,
        share_of_site=min(1.0, area / site_area_m2),
        share_of_zone=min(1.0, area / zone_area),
    )
    return replace(contact, measure=measured)


def _certainly_in_any(contacts: tuple[Contact, ...], codes: set[str]) -> bool:
    """Whether the site certainly lies in some places taken together, if in none of them alone."""
    bands = [one.band for one in contacts if one.zone.code in codes and (one.overlaps or one.band.has_edge)]
    return bool(bands) and deep_in_any(bands) is not None


def _derived(
    objectives: tuple[Objective, ...],
    area_m2: float | None,
    doubtful: frozenset[str],
    lies_in_any: Callable[[set[str]], bool],
) -> dict[str, FactValue]:
    """Facts the layers establish: objectives met (all of a kind must be), and the measured area as land demand.

    A place in which the site lies only within accuracy establishes nothing, yet may keep a fact from being known; of
    several such places the site must certainly lie in one (`lies_in_any`, asked with their codes).
    """
    facts: dict[str, FactValue] = {}
    for name in sorted({one.fact for one in objectives}):
        kind = [one for one in objectives if one.fact == name]
        met = [is_met(one) for one in kind]
        if any(is_met(one) is False for one in kind if one.holder not in doubtful):
            facts[name] = False
        elif all(met) and (
            any(one.holder not in doubtful for one in kind) or lies_in_any({one.holder for one in kind})
        ):
            facts[name] = True
    if area_m2 is not None:
        facts[LAND] = area_m2
    return facts


def _silent(layer: Layer, answer: Answer, reason: Text) -> Consulted:
    return Consulted(layer=layer, answer=answer, searched_m=0.0, covered_share=0.0, reason=reason)


def _stale(layer: Layer, as_of: date) -> Text | None:
    until = layer.current_until
    if until is None or as_of <= until:
        return None
    return Text(
        f"数据反映 {layer.surveyed} 的状况，有效至 {until}，基准日 {as_of} 已过期",
        f"it shows {layer.surveyed} and was current until {until}; the day asked for is {as_of}",
    )


def _not_covering(layer: Layer, share: float) -> Text:
    return Text(
        f"该图层只覆盖选址的 {share:.1%}，其余部分没有数据",
        f"it covers {share:.1%} of the site; the rest is without data",
    )
