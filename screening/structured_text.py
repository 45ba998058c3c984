"""Sites written as WKT or GeoJSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.errors import (
    UnreadableSiteError,
)
from screening.hints import read_hints
from screening.layouts import AxisOrder
from screening.readings import Draft
from screening.understood import Circumstances, Understood, finest_place, suspicion, understood, with_hints
from screening.words import Text

_WKT_WORD = r"(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION"
_WKT = re.compile(
    rf"^(?:SRID=(?P<srid>\d{{1,6}});\s*)?(?P<wkt>(?:{_WKT_WORD})\s{{0,5}}(?:Z|M|ZM)?\s{{0,5}}(?:\(|EMPTY).*)$",
    re.IGNORECASE | re.DOTALL,
)
_NAMED_WKT = re.compile(
    rf"^(?P<name>[^(]{{0,80}}?)[\s:：,，]{{0,5}}(?P<wkt>(?:SRID=\d{{1,6}};\s{{0,5}})?(?:{_WKT_WORD})\s*\(.*)$",
    re.IGNORECASE,
)
WKT = Text("WKT", "WKT")
GEOJSON = Text("GeoJSON", "GeoJSON")


def parsed_json(written: str) -> Any:
    """What a text that begins like JSON holds; None where it is none."""
    try:
        return json.loads(written)
    except (ValueError, RecursionError):  # ValueError also for a number of thousands of digits
        return None


def geojson_sites(content: Mapping[str, Any], written: str, asked: Circumstances) -> tuple[Understood, ...]:
    """Every feature or geometry of a GeoJSON object as a site."""
    if "crs" in content and not re.search(r"4490|CRS84|4326", json.dumps(content["crs"])):
        why = Text("GeoJSON 声明了其他坐标系", "the GeoJSON names another coordinate system")
        raise UnreadableSiteError.of(written, why)
    features: list[Any] = [content]
    if content.get("type") == "FeatureCollection":
        listed = content.get("features")
        features = listed if isinstance(listed, list) else []
        if not features or not all(isinstance(one, dict) for one in features):
            raise UnreadableSiteError.of(written, Text("需要至少一个图斑", "at least one feature is needed"))
    return tuple(
        _feature(one, written if len(features) == 1 else json.dumps(one, ensure_ascii=False), asked) for one in features
    )


def _feature(feature: Mapping[str, Any], written: str, asked: Circumstances) -> Understood:
    geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
    properties = feature.get("properties") if feature.get("type") == "Feature" else None
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError) as problem:
        raise UnreadableSiteError.of(written, Text(f"GeoJSON 有误：{problem}", f"bad GeoJSON: {problem}")) from problem
    numbers = json.dumps(geometry.get("coordinates")) if isinstance(geometry, Mapping) else ""
    draft = _draft_of(shape, numbers, written, GEOJSON, AxisOrder.EAST_FIRST)
    name = _feature_name(properties) if isinstance(properties, Mapping) else ""
    return understood([draft], written, asked, name=name, suspected=suspicion(written, asked))


def _feature_name(properties: Mapping[str, Any]) -> str:
    named = (properties.get(key) for key in ("name", "名称", "项目名称", "地块名称", "Name", "NAME"))
    return next((str(one) for one in named if one), "")


def wkt_sites(written: str, asked: Circumstances) -> tuple[Understood, ...]:
    """Sites in WKT: one, over any number of lines, or one in each line, perhaps after a name; empty if it is no WKT."""
    if _WKT.match(written.strip()) and len(re.findall(_WKT_WORD, written, re.IGNORECASE)) == 1:
        return (_wkt("", written, asked),)
    lines = [line for line in written.splitlines() if line.strip()]
    named = [_NAMED_WKT.match(line.strip()) for line in lines]
    if not lines or not all(named):
        return (_wkt("", written, asked),) if _WKT.match(written.strip()) else ()
    return tuple(_wkt(one["name"].strip(" \t:：,，"), one["wkt"], asked) for one in named if one)


def _wkt(name: str, written: str, asked: Circumstances) -> Understood:
    found = _WKT.match(written.strip())
    assert found is not None
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # what is no finite number is refused below
            shape = shapely.from_wkt(found["wkt"])
    except shapely.errors.GEOSException as problem:
        raise UnreadableSiteError.of(written, Text(f"WKT 有误：{problem}", f"bad WKT: {problem}")) from problem
    draft = _draft_of(shape, found["wkt"], written, WKT, None)
    hints = read_hints(f"SRID={found['srid']};" if found["srid"] else "")
    return understood([draft], written, with_hints(asked, hints, written), name=name, suspected=suspicion(name, asked))


def _draft_of(shape: BaseGeometry, numbers: str, written: str, form: Text, axes: AxisOrder | None) -> Draft:
    shape = shapely.force_2d(shape)
    points = shapely.get_coordinates(shape)
    if shape.is_empty or not np.isfinite(points).all():
        raise UnreadableSiteError.of(written, Text("没有坐标", "it holds no coordinates"))
    if shape.geom_type == "GeometryCollection":
        why = Text(
            "只接受点、多个带半径的点、带宽度的线或面",
            "only a point, points with a radius, a line with a width, or an area is accepted",
        )
        raise UnreadableSiteError.of(written, why)
    return Draft(
        values=points,
        step=finest_place(numbers),
        unit=None,
        axes=axes,
        form=form,
        build=lambda placed: shapely.transform(shape, lambda _: placed),
    )
