"""Checks over all layers of a delivery: codes, partition, list against units."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.issues import Issue, error, warning
from layers.jurisdiction import Jurisdiction
from layers.layer_record import Partition
from screening.access import AccessList, Level
from screening.crs import Plane
from screening.model import Ceiling, Layer, Objective, Realm
from screening.overlay import THREAD_WIDTH_M
from screening.words import Text

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]
DISTRICT = "district"  # the layer of the jurisdiction's parts; land is what it covers
MOST_REPORTED = 50  # places of one kind in one layer; the count is always whole


def check_codes(layer: Layer, zones: gpd.GeoDataFrame, jurisdiction: Jurisdiction) -> list[Issue]:
    """Codes against the jurisdiction's pattern, the class column and the districts."""
    issues = []
    pattern = jurisdiction.code_pattern(layer)
    for code, cls, district in zip(zones["code"], zones["cls"], zones["district"], strict=True):
        texts = _code_faults(code, int(cls), district, pattern, jurisdiction) if pattern else []
        if district and layer.role in ("unit", "element") and district not in jurisdiction.district_words:
            texts.append(Text(f"没有区县“{district}”", f"there is no district “{district}”"))
        issues += [error(layer.id, code or "code", text) for text in texts]
    if layer.id == DISTRICT:
        issues += _district_faults(zones, jurisdiction)
    return issues


def _code_faults(
    code: str, cls: int, district: str, pattern: re.Pattern[str], jurisdiction: Jurisdiction
) -> list[Text]:
    found = pattern.match(code)
    if found is None:
        return [Text(f"编码“{code}”不合规范", f"the code “{code}” is not official")]
    texts = []
    names = {**jurisdiction.districts, jurisdiction.code: jurisdiction.name.zh}
    if cls and int(found["cls"]) != cls:
        texts.append(
            Text(f"编码“{code}”的分类位与分类 {cls} 不一致", f"the class digit of “{code}” is not class {cls}")
        )
    county = found["county"]
    if county not in names:
        texts.append(Text(f"编码“{code}”中没有区县 {county}", f"“{code}” names the district {county}, which is none"))
    elif district in jurisdiction.district_words and district not in (county, names.get(county)):
        texts.append(Text(f"编码“{code}”与区县“{district}”不一致", f"“{code}” is not a code of {district}"))
    return texts


def _district_faults(zones: gpd.GeoDataFrame, jurisdiction: Jurisdiction) -> list[Issue]:
    """Districts of the layer against those of the jurisdiction, both ways."""
    present = frozenset(zones["code"])
    issues = [
        error(DISTRICT, code, Text(f"缺少区县“{name}”的图形", f"the district “{name}” has no shape"))
        for code, name in jurisdiction.districts.items()
        if code not in present
    ]
    return issues + [
        error(DISTRICT, code, Text(f"辖区没有区县 {code}", f"the jurisdiction has no district {code}"))
        for code in sorted(present - jurisdiction.districts.keys())
    ]


def check_partition(
    layer: Layer, zones: gpd.GeoDataFrame, territory: BaseGeometry, plane: Plane
) -> tuple[Partition, list[Issue]]:
    """Gaps and overlaps of a layer that must tile.

    Args:
        zones: The layer's zones, EPSG:4490.
        territory: What they must cover, on the plane.
    """
    shapes = plane.from_degrees(np.asarray(zones.geometry.values))
    union = union_of(shapes)
    gaps = shapely.get_parts(shapely.difference(territory, union))
    wide = sorted((gap for gap in gaps if _is_place(gap)), key=lambda gap: -gap.area)
    overlaps = _overlaps(zones, shapes)
    issues = []
    for codes, common in overlaps[:MOST_REPORTED]:
        text = Text(
            f"重叠 {common.area:,.1f} m²（共 {len(overlaps)} 处）",
            f"overlap of {common.area:,.1f} m² ({len(overlaps)} in all)",
        )
        issues.append(error(layer.id, codes, text, _at(common, plane)))
    for gap in wide[:MOST_REPORTED]:
        text = Text(f"缺口 {gap.area:,.1f} m²（共 {len(wide)} 处）", f"gap of {gap.area:,.1f} m² ({len(wide)} in all)")
        issues.append(error(layer.id, "gap", text, _at(gap, plane)))
    gap_m2 = float(shapely.area(gaps).sum())
    partition = Partition(
        territory_m2=territory.area,
        sum_m2=float(shapely.area(shapes).sum()),
        union_m2=union.area,
        gap_m2=gap_m2,
        gaps=len(wide),
        overlap_m2=sum(common.area for _, common in overlaps),
        overlaps=len(overlaps),
        outside_m2=max(0.0, union.area - (territory.area - gap_m2)),  # |U ∖ T| = |U| − |T| + |T ∖ U|
    )
    return partition, issues


def _overlaps(zones: gpd.GeoDataFrame, shapes: Shapes) -> list[tuple[str, BaseGeometry]]:
    """Pairs of codes and what they have in common, the largest first."""
    if shapely.coverage_is_valid(shapes):
        return []
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    common = shapely.intersection(shapes[left[once]], shapes[right[once]])
    pairs = zip(left[once], right[once], common, strict=True)
    found = [(f"{zones['code'][i]} / {zones['code'][j]}", shape) for i, j, shape in pairs if _is_place(shape)]
    return sorted(found, key=lambda pair: -pair[1].area)


def _is_place(shape: BaseGeometry) -> bool:
    """Whether a gap or an overlap is more than a thread."""
    return bool(shape.area > THREAD_WIDTH_M * shape.length / 2)


def check_triggers(access_list: AccessList, zones: Mapping[str, gpd.GeoDataFrame]) -> list[Issue]:
    """Sub-types and attributes that clauses name and no zone has: such a clause would never speak unnoticed.

    Args:
        access_list: The list.
        zones: Canonical zones by layer id.
    """
    subtypes = {layer_id: frozenset(frame["subtype"]) for layer_id, frame in zones.items()}
    attributes = _attribute_values(access_list, zones)
    issues = []
    for clause in access_list.clauses:
        for trigger in clause.scope.zones:
            layer_id = trigger.layer_id
            absent = [f"细类“{one}”" for one in sorted(trigger.subtypes - subtypes.get(layer_id, frozenset()))]
            absent += [
                f"{name}=“{value}”"
                for name, values in trigger.attributes
                for value in sorted(values - attributes.get((layer_id, name), frozenset()))
            ]
            issues += [
                warning(
                    "access_list",
                    f"{clause.row} 空间条件",
                    Text(f"图层 {layer_id} 没有{words}", f"layer {layer_id} has no zone with {words}"),
                )
                for words in absent
            ]
    return issues


def _attribute_values(
    access_list: AccessList, zones: Mapping[str, gpd.GeoDataFrame]
) -> dict[tuple[str, str], frozenset[str]]:
    """Values present of the attributes that clauses name, by layer and attribute."""
    asked = {
        (trigger.layer_id, name)
        for clause in access_list.clauses
        for trigger in clause.scope.zones
        for name, _ in trigger.attributes
    }
    return {
        (layer_id, name): _values_of(zones[layer_id], name) if layer_id in zones else frozenset()
        for layer_id, name in asked
    }


def _values_of(frame: gpd.GeoDataFrame, column: str) -> frozenset[str]:
    own = {"编码": "code", "名称": "name"}  # as `Zone.value_of`
    found = {str(json.loads(row).get(column, "")) for row in frame["attributes"]}
    return frozenset(found | set(frame[own[column]] if column in own else ()))


def check_list(access_list: AccessList, unit_codes: frozenset[str], jurisdiction: Jurisdiction) -> list[Issue]:
    """The list against the units, both ways, and against the levels and districts of the jurisdiction."""
    issues = []
    named: set[str] = set()
    ids = {clause.id for clause in access_list.clauses}
    for clause in access_list.clauses:
        for code in sorted(clause.scope.units - unit_codes):
            text = Text(f"没有单元“{code}”", f"there is no unit “{code}”")
            issues.append(error("access_list", f"{clause.row} 适用单元编码", text))
        for district in sorted(clause.scope.districts - jurisdiction.district_words):
            text = Text(f"没有区县“{district}”", f"there is no district “{district}”")
            issues.append(error("access_list", f"{clause.row} 适用区县", text))
        for exempted in sorted(clause.exempts - ids):
            text = Text(f"没有条款“{exempted}”", f"there is no clause “{exempted}”")
            issues.append(error("access_list", f"{clause.row} 例外于条款", text))
        if clause.level is Level.UNIT:
            named |= clause.scope.units
            if not clause.scope.units:
                text = Text("单元层级的条款须指明单元", "a clause of the unit level must name its units")
                issues.append(error("access_list", f"{clause.row} 适用单元编码", text))
    for code in sorted(unit_codes - named):
        text = Text(f"单元“{code}”没有清单条款", f"unit “{code}” has no clause of its own")
        issues.append(error("access_list", code, text))
    for level in sorted(jurisdiction.levels - {clause.level for clause in access_list.clauses}):
        issues.append(error("access_list", level.name, Text("缺少该层级的条款", "no clause of this level")))
    return issues


def check_lines_present(
    ceilings: tuple[Ceiling, ...], objectives: tuple[Objective, ...], jurisdiction: Jurisdiction
) -> list[Issue]:
    """Districts without a required ceiling or objective which other districts have."""
    present = {(one.holder, one.fact) for one in ceilings} | {(one.holder, one.fact) for one in objectives}
    by_district = {fact for holder, fact in present if holder in jurisdiction.districts}
    return [
        warning(
            "lines",
            code,
            Text(f"{name}没有“{fact}”的上线或目标", f"{name} has no ceiling or objective for {fact}"),
        )
        for code, name in jurisdiction.districts.items()
        for fact in jurisdiction.required_lines
        if fact in by_district and (code, fact) not in present
    ]


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
            text = Text(f"缺少图层“{row.name_zh}”", f"the layer “{row.name_en}” is missing")
            issues.append((error if row.required else warning)(layer_id, "layer", text))
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
