"""The only place where coordinates change system.

Layers and sites are kept in EPSG:4490 (CGCS2000, degrees, longitude first). Relations and measures are computed on one
plane per jurisdiction: its three-degree Gauss–Krüger belt, in which areas of control units are published.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer
from shapely.geometry.base import BaseGeometry

from screening.words import Text

DEGREES = 4490
WEB_MERCATOR = 3857  # for map tiles only; its areas are 53 % too large at 36°N

# A straight edge in degrees is a curve on the plane: along a parallel at 36°N a chord of 0.001° (90 m) parts from it by
# 0.1 mm, so that two zones sharing a border through different vertices still meet within overlay.THREAD_WIDTH_M.
LONGEST_EDGE_DEGREES = 0.001
LONGEST_CHORD_M = 500.0  # on the ellipsoid: a geodesic so long parts from the plane's straight edge by millimetres
ELLIPSOID = Geod(a=6_378_137.0, rf=298.257222101)  # of CGCS2000, GB 22021-2008
DENSE_DIGITS = 12  # 1e-12° is a tenth of a micrometre

Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Shapes = TypeVar("Shapes", BaseGeometry, "np.ndarray[tuple[int], np.dtype[np.object_]]")


class AreaMethod(StrEnum):
    """面积算法: how areas in an answer are computed."""

    PLANE = "plane"  # on the jurisdiction's Gauss–Krüger plane, in which areas of units are published
    ELLIPSOID = "ellipsoid"  # on the CGCS2000 ellipsoid, on request


@dataclass(frozen=True, slots=True)
class Plane:
    """A projected CRS in metres, x east and y north.

    >>> Plane(4549).area_method().en
    'plane area, CGCS2000 / 3-degree Gauss-Kruger CM 120E (EPSG:4549)'
    """

    epsg: int

    def area_method(self, method: AreaMethod = AreaMethod.PLANE) -> Text:
        """How areas of an answer are named in it."""
        if method is AreaMethod.ELLIPSOID:
            return Text("椭球面积，CGCS2000（EPSG:4490）", "ellipsoidal area, CGCS2000 (EPSG:4490)")
        name = _name_of(self.epsg)
        return Text(f"平面面积，{name}（EPSG:{self.epsg}）", f"plane area, {name} (EPSG:{self.epsg})")

    def area_m2(self, shape: BaseGeometry, method: AreaMethod) -> float:
        """Area of a shape on this plane, square metres; its edges are straight on the plane by either method.

        >>> import shapely
        >>> site = shapely.box(500_000, 4_000_000, 501_000, 4_001_000)
        >>> Plane(4549).area_m2(site, AreaMethod.PLANE), round(Plane(4549).area_m2(site, AreaMethod.ELLIPSOID))
        (1000000.0, 1000000)
        """
        if method is AreaMethod.PLANE or shape.is_empty:
            return float(shape.area)
        degrees = self.to_degrees(shapely.segmentize(shape, LONGEST_CHORD_M))
        area, _ = ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(degrees))
        return abs(float(area))

    def from_degrees(self, shapes: Shapes) -> Shapes:
        """Shapes in EPSG:4490 degrees, long edges densified, onto the plane in metres."""
        dense = shapely.segmentize(shapes, LONGEST_EDGE_DEGREES)
        # A border shared by two zones is densified from either end; rounding makes both get the same points.
        same_points = shapely.transform(dense, lambda points: points.round(DENSE_DIGITS))
        return _moved(same_points, DEGREES, self.epsg)

    def to_degrees(self, shapes: Shapes) -> Shapes:
        """Shapes on the plane back to EPSG:4490 degrees."""
        return _moved(shapes, self.epsg, DEGREES)


def degrees_of(points: Points, epsg: int) -> Points:
    """Eastings and northings of a projected CRS as CGCS2000 longitudes and latitudes; infinite where it has none.

    Args:
        points: Shape (n, 2), metres, x east and y north.
        epsg: A projection of CGCS2000 or WGS 84.
    """
    return np.column_stack(_transformer(epsg, DEGREES).transform(points[:, 0], points[:, 1]))


def densified(shape: BaseGeometry, longest: float) -> BaseGeometry:
    """A shape with points added on long edges and nothing else changed.

    `shapely.segmentize` mends an invalid polygon without a word, and half of it may be gone; this goes ring by ring.
    """
    if shape.geom_type == "Polygon":
        rings = [shapely.segmentize(ring, longest) for ring in (shape.exterior, *shape.interiors)]
        return shapely.Polygon(rings[0], rings[1:])
    if shape.geom_type in ("MultiPolygon", "GeometryCollection"):
        return type(shape)([densified(part, longest) for part in shape.geoms])
    dense: BaseGeometry = shapely.segmentize(shape, longest)
    return dense


def to_web_mercator(shapes: Shapes) -> Shapes:
    """Shapes in EPSG:4490 degrees as EPSG:3857, for drawing and nothing else."""
    return _moved(shapes, DEGREES, WEB_MERCATOR)


def _moved(shapes: Shapes, source: int, target: int) -> Shapes:
    transformer = _transformer(source, target)

    def move(points: Points) -> Points:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    moved: Shapes = shapely.transform(shapes, move)
    return moved


@lru_cache(maxsize=128)
def _name_of(epsg: int) -> str:
    return str(CRS.from_epsg(epsg).name)


@lru_cache(maxsize=128)
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
