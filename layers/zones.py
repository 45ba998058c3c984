"""From a delivered table to zones: our columns, normalised values, valid geometry, one order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.fields import match_columns, zone_class
from layers.issues import Issue, error, warning
from screening.crs import DEGREES
from screening.model import Layer, ZoneClass
from screening.words import Text

COLUMNS = ["code", "name", "cls", "subtype", "district", "county", "attributes", "geometry"]
COORDINATE_DIGITS = 9  # 1e-9° is 0.1 mm: far below any survey, and one spelling for one point
MOST_REPAIR_SHARE = 1e-6  # a repair that changes a zone's area by more needs its maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How one source names its columns and classes, where the alias table does not know or would err.

    Attributes:
        columns: Our field → their column.
        classes: Their word → 1, 2 or 3.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, int] = field(default_factory=dict)


def to_zones(
    frame: gpd.GeoDataFrame,
    layer: Layer,
    profile: Profile | None = None,
    pattern: re.Pattern[str] | None = None,
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """Zones of one delivered table, sorted by code, and what was wrong with it.

    Args:
        frame: As delivered, geometry in EPSG:4490.
        layer: What the layer is.
        profile: What its source calls things, before the alias table.
        pattern: How the layer's codes are made, with groups `county` and `cls`; None for codes of no pattern.

    Returns:
        Columns `COLUMNS`; `cls` is 1/2/3 or 0 for none; `attributes` is JSON of all other delivered columns.
    """
    profile = profile or Profile()
    issues = [
        error(layer.id, column, Text(f"配置的列“{column}”不存在", f"the profile's column “{column}” is not there"))
        for column in profile.columns.values()
        if column not in frame.columns
    ]
    known = {name: column for name, column in profile.columns.items() if column in frame.columns}
    found = match_columns([str(c) for c in frame.columns if c not in known.values()]) | known
    words = {name: _words(frame, found.get(name)) for name in ("code", "name", "cls", "subtype", "district")}
    others = sorted(str(c) for c in frame.columns if c != "geometry" and c not in found.values())
    if not len(frame):
        issues.append(error(layer.id, "layer", Text("图层没有任何要素", "the layer has no features")))
    geometry, repairs = _sound(np.asarray(frame.geometry.values), layer)
    issues += repairs
    if "cls" not in found and layer.role in ("unit", "element"):
        text = Text("没有管控分类列", "there is no column for the class")
        issues.append(error(layer.id, "columns", text))
    if "code" not in found and pattern is not None:
        issues.append(error(layer.id, "columns", Text("没有编码列", "there is no column for the code")))
    classes, unclear = _classes(words["cls"], layer, "cls" in found, profile.classes)
    issues += unclear
    zones = gpd.GeoDataFrame(
        {
            "code": words["code"],
            "name": words["name"],
            "cls": classes,
            "subtype": words["subtype"],
            "district": words["district"],
            "county": [_county(code, pattern) for code in words["code"]],
            "attributes": [_attributes(row) for row in frame[others].to_dict("records")],
        },
        geometry=geometry,
        crs=DEGREES,
    )
    if "code" not in found:
        zones = _numbered(zones, layer.id)
    else:
        issues += _code_issues(zones["code"], layer)
    return zones.sort_values("code", kind="stable").reset_index(drop=True)[COLUMNS], issues


def _county(code: str, pattern: re.Pattern[str] | None) -> str:
    found = pattern.match(code) if pattern else None
    return found["county"] if found else ""


def _words(frame: gpd.GeoDataFrame, column: str | None) -> list[str]:
    if column is None:
        return [""] * len(frame)
    return ["" if pd.isna(value) else _plain(value) for value in frame[column]]


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _attributes(row: dict[Any, Any]) -> str:
    kept = {str(key): _plain(value) for key, value in row.items() if not pd.isna(value) and _plain(value)}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _classes(
    written: list[str], layer: Layer, has_column: bool, known: Mapping[str, int]
) -> tuple[list[int], list[Issue]]:
    if not has_column:
        return [0] * len(written), []
    classes, issues = [], []
    for number, words in enumerate(written, start=1):
        cls = ZoneClass(known[words]) if words in known else zone_class(words)
        if cls is None:
            text = Text(f"管控分类“{words}”不是 1/2/3 或其名称", f"the class “{words}” is none of 1/2/3")
            issues.append(error(layer.id, f"row {number}", text))
        classes.append(int(cls) if cls else 0)
    return classes, issues


def _sound(
    geometry: np.ndarray[tuple[int], np.dtype[np.object_]], layer: Layer
) -> tuple[np.ndarray[tuple[int], np.dtype[np.object_]], list[Issue]]:
    """Areas rounded to one spelling and valid, an empty polygon in place of what is none.

    A repair that changes area is an error, not a repair.
    """
    unusable = _unusable(geometry)
    issues = [error(layer.id, f"row {i + 1}", text) for i, text in unusable.items()]
    sound = geometry.copy()
    sound[list(unusable)] = shapely.Polygon()
    sound = shapely.transform(sound, lambda points: points.round(COORDINATE_DIGITS))
    alone = shapely.get_num_geometries(sound) == 1  # some formats know only multipolygons
    sound[alone] = shapely.get_geometry(sound[alone], 0)
    west, south, east, north = shapely.bounds(sound).T
    on_earth = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)  # the others are reported as misplaced
    for i in np.flatnonzero(~shapely.is_valid(sound) & on_earth):
        repaired = shapely.make_valid(sound[i], method="structure")
        before, after = sound[i].area, repaired.area  # in square degrees: only their ratio counts
        point = shapely.get_coordinates(sound[i])[0]
        place, at = f"row {i + 1}", (float(point[0]), float(point[1]))
        reason = shapely.is_valid_reason(sound[i])
        if before == 0 or abs(after - before) > MOST_REPAIR_SHARE * before:
            issues.append(error(layer.id, place, Text(f"图形无效：{reason}", f"invalid geometry: {reason}"), at))
            sound[i] = shapely.Polygon()
        else:
            text = Text(f"图形已修复，面积不变：{reason}", f"geometry repaired, area unchanged: {reason}")
            issues.append(warning(layer.id, place, text, at))
            sound[i] = repaired
    return sound, issues


def _unusable(geometry: np.ndarray[tuple[int], np.dtype[np.object_]]) -> dict[int, Text]:
    """Rows that hold no area, with the reason."""
    numbers, owners = shapely.get_coordinates(geometry, return_index=True)
    not_numbers = np.unique(owners[~np.isfinite(numbers).all(axis=1)])
    area = np.isin(shapely.get_type_id(geometry), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    reasons = {
        int(i): Text(f"应为面，实为 {geometry[i].geom_type}", f"must be an area, is a {geometry[i].geom_type}")
        for i in np.flatnonzero(~area & ~empty)
    }
    reasons |= {int(i): Text("有的坐标不是数", "some coordinate is not a number") for i in not_numbers}
    return reasons | {int(i): Text("没有图形", "has no geometry") for i in np.flatnonzero(empty)}


def _numbered(zones: gpd.GeoDataFrame, layer_id: str) -> gpd.GeoDataFrame:
    """Codes for a layer that has none, in an order that depends on content only."""
    ordered = zones.assign(_wkb=shapely.to_wkb(zones.geometry.values)).sort_values(["name", "subtype", "_wkb"])
    ordered["code"] = [f"{layer_id}-{serial:04d}" for serial in range(1, len(ordered) + 1)]
    return ordered.drop(columns="_wkb")


def _code_issues(codes: pd.Series[str], layer: Layer) -> list[Issue]:
    issues = [
        error(layer.id, f"row {i + 1}", Text("没有编码", "has no code")) for i, code in enumerate(codes) if not code
    ]
    doubled = sorted(set(codes[codes.duplicated() & (codes != "")]))
    issues += [error(layer.id, code, Text(f"编码“{code}”重复", f"the code “{code}” occurs twice")) for code in doubled]
    return issues
