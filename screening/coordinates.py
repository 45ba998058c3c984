"""From what people write to a `Site`: longitude,latitude; WKT; GeoJSON; a line with a width.

All coordinates are CGCS2000 (EPSG:4490) degrees, longitude first. Nothing is guessed: what cannot be read is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.crs import Plane
from screening.errors import InvalidSiteError, UnreadableSiteError
from screening.model import Site
from screening.words import Text

_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_PAIR = re.compile(rf"^\s*({_NUMBER})\s*[,，;；\s]\s*({_NUMBER})\s*$")
_WKT = re.compile(r"^\s*(POINT|LINESTRING|POLYGON|MULTIPOLYGON)\b", re.IGNORECASE)
_INVALID = re.compile(r"^(?P<reason>[^\[]+)\[(?P<x>\S+) (?P<y>\S+)\]")

POINT_PAIR = Text("“经度,纬度”，CGCS2000（度）", "“longitude,latitude”, CGCS2000 degrees")
WKT = Text("WKT，CGCS2000（度）", "WKT, CGCS2000 degrees")
GEOJSON = Text("GeoJSON，经纬度（度），按 CGCS2000", "GeoJSON, degrees, taken as CGCS2000")


def read_site(written: str, *, plane: Plane, name: str = "", width_m: float | None = None) -> Site:
    """The site somebody wrote as text.

    Args:
        written: `120.38,36.07`, WKT or GeoJSON.
        plane: Where the width of a line is laid out.
        name: What the applicant calls the site.
        width_m: Full width of a line, metres; needed for lines only.

    Raises:
        UnreadableSiteError: It is none of these, or out of range, or a line without a width.
        InvalidSiteError: The boundary crosses itself or encloses nothing.

    >>> read_site("120.38, 36.07", plane=Plane(4549)).geometry.wkt
    'POINT (120.38 36.07)'
    """
    if pair := _PAIR.match(written):
        shape: BaseGeometry = shapely.Point(float(pair[1]), float(pair[2]))
        return _checked(shape, written, POINT_PAIR, plane, name, width_m)
    if _WKT.match(written):
        try:
            shape = shapely.from_wkt(written)
        except shapely.errors.GEOSException as problem:
            raise UnreadableSiteError.of(written, Text(f"WKT 有误：{problem}", f"bad WKT: {problem}")) from problem
        return _checked(shape, written, WKT, plane, name, width_m)
    try:
        content = json.loads(written)
    except json.JSONDecodeError as problem:
        raise UnreadableSiteError.of(written, _NO_FORM) from problem
    if not isinstance(content, dict):
        raise UnreadableSiteError.of(written, _NO_FORM)
    return read_geojson(content, plane=plane, name=name, width_m=width_m)


def read_geojson(content: Mapping[str, Any], *, plane: Plane, name: str = "", width_m: float | None = None) -> Site:
    """The site in a GeoJSON geometry, feature, or collection of one feature (RFC 7946).

    Raises:
        UnreadableSiteError: It is not such an object, or holds several features.
        InvalidSiteError: The boundary crosses itself or encloses nothing.
    """
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    geometry = _geometry_of(content, written)
    if "crs" in content and "4490" not in json.dumps(content["crs"]) and "CRS84" not in json.dumps(content["crs"]):
        why = Text("GeoJSON 声明了其他坐标系", "the GeoJSON names another coordinate system")
        raise UnreadableSiteError.of(written, why)
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError) as problem:
        raise UnreadableSiteError.of(written, Text(f"GeoJSON 有误：{problem}", f"bad GeoJSON: {problem}")) from problem
    return _checked(shape, written, GEOJSON, plane, name, width_m)


_NO_FORM = Text("既不是“经度,纬度”，也不是 WKT 或 GeoJSON", "it is neither “longitude,latitude” nor WKT nor GeoJSON")


def _geometry_of(content: Mapping[str, Any], written: str) -> Any:
    match content.get("type"):
        case "FeatureCollection":
            features = content.get("features")
            if not isinstance(features, list) or len(features) != 1 or not isinstance(features[0], dict):
                why = Text("需要恰好一个图斑", "exactly one feature is needed")
                raise UnreadableSiteError.of(written, why)
            return features[0].get("geometry")
        case "Feature":
            return content.get("geometry")
        case _:
            return content


def _checked(shape: BaseGeometry, written: str, read_as: Text, plane: Plane, name: str, width_m: float | None) -> Site:
    shape = shapely.force_2d(shape)
    points = shapely.get_coordinates(shape)
    if shape.is_empty or not np.isfinite(points).all():
        raise UnreadableSiteError.of(written, Text("没有坐标", "it holds no coordinates"))
    if (np.abs(points) > (180.0, 90.0)).any():
        why = Text(
            "经度或纬度超出范围；投影坐标请先换算为经纬度",
            "longitude or latitude is out of range; convert projected coordinates first",
        )
        raise UnreadableSiteError.of(written, why)
    if shape.geom_type in ("LineString", "MultiLineString"):
        shape = _widened(shape, written, plane, width_m)
        read_as = Text(f"{read_as.zh}；线宽 {width_m:g} m", f"{read_as.en}; line {width_m:g} m wide")
    if shape.geom_type not in ("Point", "Polygon", "MultiPolygon"):
        why = Text("只接受点、带宽度的线或面", "only a point, a line with a width, or an area is accepted")
        raise UnreadableSiteError.of(written, why)
    _require_valid(shape)
    return Site(name=name, geometry=shape, as_written=written, read_as=read_as)


def _widened(line: BaseGeometry, written: str, plane: Plane, width_m: float | None) -> BaseGeometry:
    if width_m is None or width_m <= 0:
        why = Text("线状选址须给出宽度（米）", "a line needs its width in metres")
        raise UnreadableSiteError.of(written, why)
    area = shapely.buffer(plane.from_degrees(line), width_m / 2, cap_style="flat", join_style="mitre")
    return plane.to_degrees(area)


def _require_valid(shape: BaseGeometry) -> None:
    if shapely.is_valid(shape):
        return
    reason = shapely.is_valid_reason(shape)
    found = _INVALID.match(reason)
    x, y = (float(found["x"]), float(found["y"])) if found else tuple(shapely.get_coordinates(shape)[0])
    raise InvalidSiteError.of(found["reason"].strip() if found else reason, x, y)
