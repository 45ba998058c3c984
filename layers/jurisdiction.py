"""A jurisdiction as it describes itself: in TOML where a city hands it over, in JSON where a release keeps it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.described import CURE, JurisdictionTable, LayerKindTable, described
from layers.gate import Limits
from screening.access import Level
from screening.crs import Plane
from screening.errors import DeliveryError
from screening.model import Layer, Realm
from screening.published import Disclosure, Shown
from screening.sensitivity import AreaSource
from screening.words import Text

WEB_MERCATOR = 3857


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """辖区: the city that answers, and which layers it answers from.

    Attributes:
        plane: Where relations and measures are computed.
        extent: West, south, east, north in EPSG:4490 degrees; sites beyond it are refused.
        districts: Name by six-digit code.
        levels: Levels the access list must hold.
        required_lines: Facts for which every district on land must have a ceiling or an objective.
        codes: How codes are made, by layer or by role (`unit`, `element`), with groups `county` and `cls`.
        gate: What a release may lose against the one before without somebody answering for it.
        coarse_edge_m: Mean length of a border's edges above which a layer that tiles counts as generalised.
        sensitive_areas: Which zones show which sensitive area of the EIA catalogue, by name of its fact.
        layers: What each layer is to the law, by id; accuracy, date and source come with a delivery.
        disclosures: Decisions on the layers whose geometry is not published in full, by id.
    """

    code: str
    name: Text
    plane: Plane
    extent: tuple[float, float, float, float]
    map_review_number: str
    attribution: Text
    levels: frozenset[Level]
    required_lines: tuple[str, ...]
    districts: Mapping[str, str]
    codes: Mapping[str, re.Pattern[str]]
    gate: Limits
    coarse_edge_m: float
    layers: Mapping[str, LayerKindTable]
    sensitive_areas: Mapping[str, tuple[AreaSource, ...]]
    disclosures: Mapping[str, Disclosure] = field(default_factory=dict)

    @property
    def district_words(self) -> frozenset[str]:
        """Codes and names by which a district may be called; waters may belong to the city itself."""
        return frozenset({self.code, self.name.zh, *self.districts, *self.districts.values()})

    def code_pattern(self, layer: Layer) -> re.Pattern[str] | None:
        """How codes of a layer are made; None where nothing is said."""
        return self.codes.get(layer.id) or self.codes.get(layer.role)

    def layer(self, layer_id: str, *, accuracy_m: float, surveyed: date, source: Text) -> Layer:
        """A delivered layer, with what the jurisdiction says about its kind."""
        kind = self.layers[layer_id]
        return Layer(
            id=layer_id,
            name=Text(kind.name_zh, kind.name_en),
            role=kind.role,
            realm=Realm(kind.realm),
            required=kind.required,
            tiles=kind.tiles,
            accuracy_m=accuracy_m,
            surveyed=surveyed,
            current_days=kind.current_days,
            nearest_m=kind.nearest_m,
            needs_clause=kind.needs_clause,
            source=source,
        )


def read_jurisdiction(content: Mapping[str, Any], place: str) -> Jurisdiction:
    """The jurisdiction in a parsed TOML or JSON document.

    Raises:
        DeliveryError: A key is missing or holds the wrong thing.
    """
    table = described(JurisdictionTable, content, place)
    west, south, east, north = table.extent
    return Jurisdiction(
        code=table.code,
        name=Text(table.name_zh, table.name_en),
        plane=_plane(table.plane, place),
        extent=(west, south, east, north),
        map_review_number=table.map_review_number,
        attribution=Text(table.attribution_zh, table.attribution_en),
        levels=frozenset(Level[name.upper()] for name in table.levels),
        required_lines=tuple(table.required_lines),
        districts={row.code: row.name for row in table.district},
        codes={role: re.compile(pattern) for role, pattern in table.codes.items()},
        coarse_edge_m=table.coarse_edge_m,
        gate=Limits(rows=table.gate.rows, area=table.gate.area, extent=table.gate.extent),
        layers={row.id: row for row in table.layer},
        sensitive_areas=_sensitive_areas(table),
        disclosures={
            row.layer: Disclosure(
                shown=Shown(row.shown),
                step_m=row.step_m,
                source=Text(row.source_zh, row.source_en),
                decided_on=date.fromisoformat(row.decided_on),
            )
            for row in table.publication
        },
    )


def _sensitive_areas(table: JurisdictionTable) -> dict[str, tuple[AreaSource, ...]]:
    found: dict[str, tuple[AreaSource, ...]] = {}
    for row in table.sensitive_area:
        source = AreaSource(
            layer_id=row.layer, column=row.column, values=frozenset(row.values), is_complete=row.complete
        )
        found[row.area] = (*found.get(row.area, ()), source)
    return found


def _plane(epsg: int, place: str) -> Plane:
    """A plane in metres that measures areas; Web Mercator does not."""
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError as problem:
        raise DeliveryError.wrong(
            place, Text(f"plane {epsg}：{problem}", f"plane {epsg}: {problem}"), CURE
        ) from problem
    if not crs.is_projected or epsg == WEB_MERCATOR or {axis.unit_name for axis in crs.axis_info} != {"metre"}:
        text = Text(
            f"plane {epsg}（{crs.name}）不是以米为单位、可量算面积的投影",
            f"plane {epsg} ({crs.name}) is no projection in metres that measures areas",
        )
        raise DeliveryError.wrong(place, text, CURE)
    return Plane(epsg)
