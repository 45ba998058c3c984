"""Whether a delivered layer can be what it says: in place, in the right datum, of believable shapes."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.checks import Shapes, union_of
from layers.issues import Issue, error, warning
from layers.jurisdiction import Jurisdiction
from screening.crs import Plane
from screening.datums import Points, from_bd09, from_gcj02
from screening.model import Layer
from screening.words import Text

PROVIDERS: dict[str, Callable[[Points], Points]] = {"GCJ-02": from_gcj02, "BD-09": from_bd09}
MISFIT_SHARE = 1e-4  # of the land: below this a layer fits the districts well enough not to ask why not
SUSPICION = 0.5  # moved by a provider's shift, the misfit must at least halve
OUTSIDE_SHARE = 0.01  # of a zone; borders of neighbours are drawn by others and differ a little
SPIKE_DEGREES = 1.0  # an interior angle this sharp with long sides is a slip of the hand (龙须)
SPIKE_SIDES_ACCURACIES = 5.0  # "long": against the layer's own accuracy
MOST_REPORTED = 50

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


def in_place(zones: gpd.GeoDataFrame, jurisdiction: Jurisdiction) -> gpd.GeoDataFrame:
    """Zones that have a shape and lie, at least in part, within the jurisdiction's extent."""
    return zones[are_in_place(np.asarray(zones.geometry.values), jurisdiction)].reset_index(drop=True)


def are_in_place(shapes: Shapes, jurisdiction: Jurisdiction) -> Flags:
    """Whether each of some shapes, EPSG:4490 degrees, is one and lies, at least in part, within the jurisdiction's extent."""
    bounds = shapely.bounds(shapes)
    placed: Flags = ~_beyond(bounds, jurisdiction.extent) & ~np.isnan(bounds[:, 0])
    return placed


def check_place(layer: Layer, zones: gpd.GeoDataFrame, jurisdiction: Jurisdiction) -> list[Issue]:
    """Zones beyond the extent of the jurisdiction, with the likeliest cause."""
    bounds = shapely.bounds(np.asarray(zones.geometry.values))
    beyond = _beyond(bounds, jurisdiction.extent)
    issues = []
    for position in np.flatnonzero(beyond)[:MOST_REPORTED]:
        x, y = float(bounds[position, 0]), float(bounds[position, 1])
        cause = _cause(x, y, jurisdiction.extent)
        text = Text(
            f"图形在辖区范围之外（共 {int(beyond.sum())} 个）：{cause.zh}",
            f"lies beyond the jurisdiction ({int(beyond.sum())} in all): {cause.en}",
        )
        issues.append(error(layer.id, zones["code"][position], text, (x, y)))
    return issues


def check_within(layer: Layer, zones: gpd.GeoDataFrame, territory: BaseGeometry, plane: Plane) -> list[Issue]:
    """Zones that reach out of the territory by more than their neighbours' borders differ."""
    shapes = plane.from_degrees(np.asarray(zones.geometry.values))
    shapely.prepare(territory)
    issues = []
    for position in np.flatnonzero(~shapely.covered_by(shapes, territory)):
        rest = shapely.difference(shapes[position], territory)
        if rest.area > OUTSIDE_SHARE * shapes[position].area:
            share = rest.area / shapes[position].area
            text = Text(f"有 {share:.1%} 在辖区之外", f"{share:.1%} of it lies outside the territory")
            issues.append(warning(layer.id, zones["code"][position], text, _point(rest, plane)))
    return issues[:MOST_REPORTED]


def check_datum(layer: Layer, zones: gpd.GeoDataFrame, land: BaseGeometry, plane: Plane) -> list[Issue]:
    """A layer that should cover the land and fits it far better once moved by a map provider's shift."""
    degrees: Shapes = np.asarray(zones.geometry.values)
    here = _misfit(degrees, land, plane)
    if here <= MISFIT_SHARE * land.area:
        return []
    for name, back in PROVIDERS.items():
        moved: Shapes = shapely.transform(degrees, back)
        there = _misfit(moved, land, plane)
        if there < SUSPICION * here:
            metres = float(
                shapely.distance(
                    plane.from_degrees(shapely.centroid(degrees[0])), plane.from_degrees(shapely.centroid(moved[0]))
                )
            )
            text = Text(
                f"疑为 {name} 坐标：整体偏移约 {metres:.0f} m，按此纠正后与行政区划相符",
                f"looks like {name}: off by about {metres:.0f} m; moved back it fits the districts",
            )
            return [error(layer.id, "datum", text)]
    return []


def check_districts(layer: Layer, zones: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, plane: Plane) -> list[Issue]:
    """Units whose code names one district while their land lies in another."""
    shapes = plane.from_degrees(np.asarray(zones.geometry.values))
    counties = plane.from_degrees(np.asarray(districts.geometry.values))
    names = dict(zip(districts["code"], districts["name"], strict=True))
    left, right = shapely.STRtree(counties).query(shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(shapes[left], counties[right]))
    issues = []
    for position, county in enumerate(zones["county"]):
        if county not in names:
            continue
        parts = {districts["code"][j]: area for i, j, area in zip(left, right, common, strict=True) if i == position}
        stray = sum(area for code, area in parts.items() if code != county)
        if stray <= OUTSIDE_SHARE * shapes[position].area:
            continue
        most = max(parts, key=lambda code: parts[code])
        share = stray / shapes[position].area
        text = Text(
            f"编码属{names[county]}，有 {share:.1%} 在其他区县（主要为{names[most]}）",
            f"coded for {names[county]}; {share:.1%} lies in other districts (mostly {names[most]})",
        )
        say = error if most != county else warning
        issues.append(say(layer.id, zones["code"][position], text, _point(shapes[position], plane)))
    return issues


def check_detail(layer: Layer, zones: gpd.GeoDataFrame, jurisdiction: Jurisdiction) -> list[Issue]:
    """A layer drawn with so few corners that it must have been generalised for small maps."""
    degrees = np.asarray(zones.geometry.values)
    corners = int(shapely.get_num_coordinates(degrees).sum())
    length = float(shapely.length(jurisdiction.plane.from_degrees(degrees)).sum())
    if not corners or length <= jurisdiction.coarse_edge_m * corners:
        return []
    text = Text(
        f"图形过于概略：{corners} 个拐点，平均边长 {length / corners:,.0f} m，与精度 ±{layer.accuracy_m:g} m 不符",
        f"too coarse: {corners} corners, edges of {length / corners:,.0f} m on average, "
        f"which cannot be accurate to ±{layer.accuracy_m:g} m",
    )
    return [warning(layer.id, "detail", text)]


def check_shapes(layer: Layer, zones: gpd.GeoDataFrame, plane: Plane) -> list[Issue]:
    """Zones thinner than the layer is accurate, and spikes."""
    shapes = plane.from_degrees(np.asarray(zones.geometry.values))
    width = 2 * shapely.area(shapes) / np.maximum(shapely.length(shapes), 1e-9)
    issues = [
        warning(
            layer.id,
            zones["code"][position],
            Text(
                f"图形平均宽度仅 {width[position]:.1f} m，窄于图层精度",
                f"on average only {width[position]:.1f} m wide, less than the layer is accurate",
            ),
            _point(shapes[position], plane),
        )
        for position in np.flatnonzero(width < layer.accuracy_m)
    ]
    for position, shape in enumerate(shapes):
        for ring in _rings(shape):
            issues += [
                warning(
                    layer.id,
                    zones["code"][position],
                    Text("边界有尖刺（龙须）", "the border has a spike"),
                    _point(shapely.Point(at), plane),
                )
                for at in _spikes(ring, SPIKE_SIDES_ACCURACIES * layer.accuracy_m)
            ]
    return issues[:MOST_REPORTED]


def _beyond(
    bounds: np.ndarray[tuple[int, int], np.dtype[np.float64]], extent: tuple[float, float, float, float]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    west, south, east, north = extent
    beyond: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        (bounds[:, 2] < west) | (bounds[:, 0] > east) | (bounds[:, 3] < south) | (bounds[:, 1] > north)
    )
    return beyond


def _cause(x: float, y: float, extent: tuple[float, float, float, float]) -> Text:
    west, south, east, north = extent
    if abs(x) > 360 or abs(y) > 360:
        return Text("坐标像是投影坐标（米），却按度交付", "the figures are metres, delivered as degrees")
    if west <= y <= east and south <= x <= north:
        return Text("经纬度顺序颠倒", "longitude and latitude are swapped")
    return Text("坐标错误，或属于其他城市", "wrong coordinates, or another city's")


def _misfit(degrees: Shapes, land: BaseGeometry, plane: Plane) -> float:
    return float(shapely.symmetric_difference(union_of(plane.from_degrees(degrees)), land).area)


def _rings(shape: BaseGeometry) -> list[BaseGeometry]:
    return [
        ring
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]


def _spikes(ring: BaseGeometry, long_m: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Corners with an angle below `SPIKE_DEGREES` between two long sides."""
    points = shapely.get_coordinates(ring)[:-1]
    before, after = np.roll(points, 1, axis=0) - points, np.roll(points, -1, axis=0) - points
    lengths = np.hypot(*before.T), np.hypot(*after.T)
    cosine = (before * after).sum(axis=1) / np.maximum(lengths[0] * lengths[1], 1e-12)
    sharp = cosine > np.cos(np.radians(SPIKE_DEGREES))
    found: np.ndarray[tuple[int, int], np.dtype[np.float64]] = points[
        sharp & (lengths[0] > long_m) & (lengths[1] > long_m)
    ]
    return found


def _point(shape: BaseGeometry, plane: Plane) -> tuple[float, float]:
    point = plane.to_degrees(shapely.point_on_surface(shape))
    return float(point.x), float(point.y)
