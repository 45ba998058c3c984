"""From a centre line or points to the land they take: a width, or a radius, laid out on the jurisdiction's plane."""

from __future__ import annotations

import math
from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from screening.crs import Plane, Points
from screening.model import NamedPoint

LINES = ("LineString", "MultiLineString")
POINTS = ("Point", "MultiPoint")
_QUARTER = 32  # sides in a quarter circle: their corners stand 0.03 % outside it


def strip(line: BaseGeometry, width_m: float, plane: Plane) -> BaseGeometry:
    """The land on both sides of a centre line, half the width to each; ends are cut square.

    Args:
        line: EPSG:4490 degrees, in any number of parts.
        width_m: Full width.
        plane: Where it is laid out.
    """
    flat = shapely.buffer(plane.from_degrees(line), width_m / 2, cap_style="flat", join_style="mitre")
    return plane.to_degrees(flat)


def discs(points: BaseGeometry, radius_m: float, plane: Plane) -> BaseGeometry:
    """The land within a radius of any of some points.

    Args:
        points: EPSG:4490 degrees, one or several.
        radius_m: Around each; the polygon encloses the circle, so that nothing within the radius is lost.
        plane: Where it is laid out.
    """
    enclosing = radius_m / math.cos(math.pi / (4 * _QUARTER))
    return plane.to_degrees(shapely.buffer(plane.from_degrees(points), enclosing, quad_segs=_QUARTER))


def named_points(places: Points, names: Sequence[str] = ()) -> tuple[NamedPoint, ...]:
    """Points with their names, numbered from 1 where they have none.

    Args:
        places: Shape (n, 2), EPSG:4490 degrees.
        names: As many as places, or none.
    """
    called = [name or f"{number}" for number, name in enumerate(names or [""] * len(places), start=1)]
    return tuple(
        NamedPoint(name=name, longitude=float(lon), latitude=float(lat))
        for name, (lon, lat) in zip(called, places, strict=True)
    )
