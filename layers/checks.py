"""Checks over all layers of a delivery: codes, partition, list against units."""

from __future__ import annotations

import re
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.issues import Issue, error, warning
from layers.jurisdiction import Jurisdiction
from screening.access import AccessList, Level
from screening.crs import Plane
from screening.model import Ceiling, Layer, Objective, Realm
from screening.overlay import THREAD_WIDTH_M
from screening.words import Text

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]
MOST_REPORTED = 50  # places of one kind in one layer; the count is always whole


def check_codes(layer: Layer, zones: gpd.GeoDataFrame, pattern: re.Pattern[str] | None) -> list[Issue]:
    """Codes against the jurisdiction's pattern and against the class column; nothing where there is no pattern."""
    if pattern is None:
        return []
    issues = []
    for code, cls in zip(zones["code"], zones["cls"], strict=True):
        found = pattern.match(code)
        if found is None:
            issues.append(error(layer.id, code, Text(f"编码“{code}”不合规范", f"the code “{code}” is not official")))
        elif cls and int(found["cls"]) != cls:
            text = Text(f"编码“{code}”的分类位与分类 {cls} 不一致", f"the class digit of “{code}” is not class {cls}")
            issues.append(error(layer.id, code, text))
    return issues


def check_partition(layer: Layer, zones: gpd.GeoDataFrame, territory: BaseGeometry, plane: Plane) -> list[Issue]:
    """Gaps and overlaps of a layer that must tile.

    Args:
        zones: The layer's zones, EPSG:4490.
        territory: What they must cover, on the plane.
    """
    shapes = plane.from_degrees(np.asarray(zones.geometry.values))
    issues = _overlaps(layer, zones, shapes, plane)
    gaps = shapely.get_parts(shapely.difference(territory, union_of(shapes)))
    wide = [gap for gap in gaps if gap.area > THREAD_WIDTH_M * gap.length / 2]
    for gap in sorted(wide, key=lambda g: -g.area)[:MOST_REPORTED]:
        text = Text(f"缺口 {gap.area:,.1f} m²（共 {len(wide)} 处）", f"gap of {gap.area:,.1f} m² ({len(wide)} in all)")
        issues.append(error(layer.id, "gap", text, _at(gap, plane)))
    return issues


def _overlaps(layer: Layer, zones: gpd.GeoDataFrame, shapes: Shapes, plane: Plane) -> list[Issue]:
    if shapely.coverage_is_valid(shapes):
        return []
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    pairs = [(i, j) for i, j in zip(left, right, strict=True) if i < j]
    issues = []
    for i, j in pairs:
        common = shapely.intersection(shapes[i], shapes[j])
        if common.area > THREAD_WIDTH_M * common.length / 2:
            codes = f"{zones['code'][i]} / {zones['code'][j]}"
            text = Text(f"重叠 {common.area:,.1f} m²", f"overlap of {common.area:,.1f} m²")
            issues.append(error(layer.id, codes, text, _at(common, plane)))
    return issues[:MOST_REPORTED]


def check_triggers(access_list: AccessList, subtypes: Mapping[str, frozenset[str]]) -> list[Issue]:
    """Sub-types that clauses name and no zone has: such a clause would never speak and nobody would notice.

    Args:
        access_list: The list.
        subtypes: Sub-types present, by layer id.
    """
    issues = []
    for clause in access_list.clauses:
        for trigger in clause.scope.zones:
            for subtype in sorted(trigger.subtypes - subtypes.get(trigger.layer_id, frozenset())):
                text = Text(
                    f"图层 {trigger.layer_id} 没有细类“{subtype}”",
                    f"layer {trigger.layer_id} has no sub-type “{subtype}”",
                )
                issues.append(warning("access_list", f"{clause.row} 空间条件", text))
    return issues


def check_list(access_list: AccessList, unit_codes: frozenset[str], jurisdiction: Jurisdiction) -> list[Issue]:
    """The list against the units, both ways, and against the levels and districts of the jurisdiction."""
    issues = []
    named: set[str] = set()
    districts = set(jurisdiction.districts) | set(jurisdiction.districts.values())
    for clause in access_list.clauses:
        for code in sorted(clause.scope.units - unit_codes):
            text = Text(f"没有单元“{code}”", f"there is no unit “{code}”")
            issues.append(error("access_list", f"{clause.row} 适用单元编码", text))
        for district in sorted(clause.scope.districts - districts):
            text = Text(f"没有区县“{district}”", f"there is no district “{district}”")
            issues.append(error("access_list", f"{clause.row} 适用区县", text))
        if clause.level is Level.UNIT:
            named |= clause.scope.units
    for code in sorted(unit_codes - named):
        text = Text(f"单元“{code}”没有清单条款", f"unit “{code}” has no clause of its own")
        issues.append(error("access_list", code, text))
    for level in sorted(jurisdiction.levels - {clause.level for clause in access_list.clauses}):
        issues.append(error("access_list", level.name, Text("缺少该层级的条款", "no clause of this level")))
    return issues


def check_holders(
    ceilings: tuple[Ceiling, ...],
    objectives: tuple[Objective, ...],
    zone_codes: frozenset[str],
    jurisdiction: Jurisdiction,
) -> list[Issue]:
    """Ceilings and objectives must belong to a unit, an element zone or a district that exists."""
    known = zone_codes | set(jurisdiction.districts)
    strangers = sorted(({one.holder for one in ceilings} | {one.holder for one in objectives}) - known)
    return [
        error(
            "lines", holder, Text(f"没有单元、分区或区县“{holder}”", f"there is no unit, zone or district “{holder}”")
        )
        for holder in strangers
    ]


def check_present(jurisdiction: Jurisdiction, delivered: frozenset[str]) -> list[Issue]:
    """Layers the jurisdiction requires and the delivery lacks."""
    issues = []
    for layer_id, row in jurisdiction.layers.items():
        if layer_id not in delivered:
            text = Text(f"缺少图层“{row['name_zh']}”", f"the layer “{row['name_en']}” is missing")
            issues.append((error if row["required"] else warning)(layer_id, "layer", text))
    return issues


def union_of(shapes: Shapes) -> BaseGeometry:
    """The union of shapes; many times faster where they are a coverage, which most layers that tile are."""
    union: BaseGeometry = (
        shapely.coverage_union_all(shapes) if shapely.coverage_is_valid(shapes) else shapely.union_all(shapes)
    )
    return union


def territory_of(realm: Realm, land: BaseGeometry, sea: BaseGeometry) -> BaseGeometry:
    """What a layer of a realm must cover, on the plane."""
    match realm:
        case Realm.LAND:
            return land
        case Realm.SEA:
            return sea
        case Realm.BOTH:
            return shapely.union(land, sea)


def as_mapping(layers: Mapping[str, Layer]) -> dict[str, str]:
    """Layer id by Chinese name, as the access-list workbook spells it."""
    return {layer.name.zh: layer_id for layer_id, layer in layers.items()}


def _at(shape: BaseGeometry, plane: Plane) -> tuple[float, float]:
    point = plane.to_degrees(shapely.point_on_surface(shape))
    return float(point.x), float(point.y)
