"""A small static outline map: one shape among its neighbours, as paths of an SVG that needs no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

SIDE = 320  # of the picture, in its own units
MARGIN = 0.12  # of the greater extent, left around the shape
FINEST = 0.75  # of a unit of the picture: smaller bends are not drawn
BARS_M = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
WIDEST_BAR = 0.35  # of the picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What to draw, in units of the picture, y down.

    Attributes:
        path: The shape.
        neighbours: Paths of what adjoins, clipped to the picture.
        bar: Length of the scale bar.
        bar_words: What the bar stands for.
        width_km, height_km: Of the shape.
    """

    path: str
    neighbours: tuple[str, ...]
    bar: float
    bar_words: str
    width_km: float
    height_km: float


def outline(shape: BaseGeometry, neighbours: Sequence[BaseGeometry]) -> Outline:
    """The picture of a shape on the plane, metres, x east and y north."""
    west, south, east, north = shape.bounds
    extent = max(east - west, north - south)
    frame_side = extent * (1 + 2 * MARGIN)
    scale = SIDE / frame_side
    left = (west + east - frame_side) / 2
    top = (south + north + frame_side) / 2
    frame = (left, top - frame_side, left + frame_side, top)
    bar_m = max((one for one in BARS_M if one * scale <= SIDE * WIDEST_BAR), default=BARS_M[0])

    def drawn(one: BaseGeometry) -> str:
        return _path(shapely.simplify(one, FINEST / scale), left, top, scale)

    return Outline(
        path=drawn(shape),
        neighbours=tuple(path for one in neighbours if (path := drawn(shapely.clip_by_rect(one, *frame)))),
        bar=round(bar_m * scale, 1),
        bar_words=f"{bar_m // 1000} km" if bar_m >= 1000 else f"{bar_m} m",
        width_km=(east - west) / 1000,
        height_km=(north - south) / 1000,
    )


def _path(shape: BaseGeometry, left: float, top: float, scale: float) -> str:
    return "".join(_ring(ring, left, top, scale) for ring in _rings(shape))


def _rings(shape: BaseGeometry) -> Iterable[shapely.LinearRing]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield part.exterior
            yield from part.interiors


def _ring(ring: shapely.LinearRing, left: float, top: float, scale: float) -> str:
    points = np.round((shapely.get_coordinates(ring)[:-1] - [left, top]) * [scale, -scale], 1)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"
