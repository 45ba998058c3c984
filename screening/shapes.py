"""From points in the order written to a point, a line or an area with its holes and parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.crs import Points
from screening.words import Text

MOST_RINGS = 500  # of one site; telling holes from parts compares each with each


class Kind(StrEnum):
    """What a row of points stands for."""

    POINT = "point"
    POINTS = "points"
    LINE = "line"
    AREA = "area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """How points hang together.

    Attributes:
        rings: Positions of the points of each ring, not closed; of the one line; of the one point or the several.
    """

    kind: Kind
    rings: tuple[tuple[int, ...], ...]

    @property
    def name(self) -> Text:
        """For people."""
        corners = sum(len(ring) for ring in self.rings)
        match self.kind:
            case Kind.POINT:
                return Text("点", "point")
            case Kind.POINTS:
                return Text(f"{corners} 个点位", f"{corners} points")
            case Kind.LINE:
                return Text(f"{corners} 个点连成的线", f"line of {corners} points")
            case Kind.AREA:
                several = (
                    Text(f"、{len(self.rings)} 圈", f" in {len(self.rings)} rings")
                    if len(self.rings) > 1
                    else Text("", "")
                )
                return Text(f"{corners} 个界址点{several.zh}围成的面", f"area of {corners} corners{several.en}")

    @property
    def build(self) -> Callable[[Points], BaseGeometry]:
        """From the points, placed, to the shape."""

        def shape(points: Points) -> BaseGeometry:
            match self.kind:
                case Kind.POINT:
                    return shapely.Point(points[self.rings[0][0]])
                case Kind.POINTS:
                    return shapely.MultiPoint(points[list(self.rings[0])])
                case Kind.LINE:
                    return shapely.LineString(points[list(self.rings[0])])
                case Kind.AREA:
                    return area([points[list(ring)] for ring in self.rings])

        return shape


def structure(
    values: Points, rings: Sequence[int] = (), *, is_line: bool = False, are_points: bool = False
) -> Structure | None:
    """How points in the order written hang together; None where some are left over.

    One point is a point, two are a line, three and more an area unless a line is meant. A point that repeats the first
    of its ring closes the ring; what follows is the next.

    Args:
        values: Shape (n, 2), as written.
        rings: Ring number of each point; empty without.
        is_line: A width or a start and an end were given; only a closed row of points is an area then.
        are_points: A radius was given: every point stands for itself.
    """
    count = len(values)
    if count == 1:
        return Structure(kind=Kind.POINT, rings=((0,),))
    if are_points:
        return Structure(kind=Kind.POINTS, rings=(tuple(range(count)),))
    found = _by_number(values, rings) if rings else _by_closing(values)
    closed = len(found) > 1 or (count > 3 and bool((values[0] == values[-1]).all()))
    if count == 2 or (is_line and not closed):
        return Structure(kind=Kind.LINE, rings=(tuple(range(count)),))
    if len(found) > MOST_RINGS or any(len(ring) < 3 for ring in found):
        return None
    return Structure(kind=Kind.AREA, rings=tuple(found))


def area(rings: Sequence[Points]) -> BaseGeometry:
    """The area that rings enclose: a ring inside an odd number of others is a hole.

    Rings are taken as they are; whether they cross is for the one who asks to check.
    """
    faces = [shapely.Polygon(ring) for ring in rings]
    if len(faces) == 1:
        return faces[0]
    inside = [
        [other for other in range(len(faces)) if other != one and _within(faces, one, other)]
        for one in range(len(faces))
    ]
    outer = [one for one in range(len(faces)) if len(inside[one]) % 2 == 0]
    parts = [
        shapely.Polygon(
            rings[one],
            [
                rings[hole]
                for hole in range(len(faces))
                if one in inside[hole] and len(inside[hole]) == len(inside[one]) + 1
            ],
        )
        for one in outer
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _within(faces: Sequence[BaseGeometry], one: int, other: int) -> bool:
    """Ring by ring: every corner of one in or on the other, which is larger."""
    if faces[one].area >= faces[other].area:
        return False
    return bool(
        shapely.covers(shapely.buffer(faces[other], 0), shapely.points(shapely.get_coordinates(faces[one]))).all()
    )


def _by_number(values: Points, rings: Sequence[int]) -> list[tuple[int, ...]]:
    groups: dict[int, list[int]] = {}
    for position, ring in enumerate(rings):
        groups.setdefault(ring, []).append(position)
    return [part for group in groups.values() for part in _by_closing(values, group)]


def _by_closing(values: Points, positions: Sequence[int] | None = None) -> list[tuple[int, ...]]:
    rings: list[tuple[int, ...]] = []
    ring: list[int] = []
    for position in range(len(values)) if positions is None else positions:
        if len(ring) >= 3 and np.array_equal(values[position], values[ring[0]]):
            rings.append(tuple(ring))
            ring = []
        else:
            ring.append(position)
    return [*rings, tuple(ring)] if ring else rings
