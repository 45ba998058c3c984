"""Sites that come and go, found by place: their boxes in an R-tree that changes, then their exact shapes.

The index of a release (`layers/index.py`) is made once and never changes; this one is for what changes all day. Boxes: R*-tree of libspatialindex (Beckmann
et al. 1990), packed by sorting (Leutenegger et al. 1997) where many come at once. What a box says is only who may be near; GEOS says who is.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import numpy as np
import shapely
from rtree.index import Index
from shapely.geometry.base import BaseGeometry

Key = TypeVar("Key", bound=Hashable)
Box = tuple[float, float, float, float]
SURE_M = 1e-6  # boxes are sought so much wider: rounding at coordinates of 10⁷ m is a thousandth of it
_LIBRARY = threading.Lock()  # libspatialindex is made for one thread, whichever tree it asks


class SiteIndex(Generic[Key]):
    """Shapes on one plane by key; safe to ask and to change from several threads.

    >>> index = SiteIndex([("a", shapely.Point(0, 0)), ("b", shapely.box(3, 0, 4, 1))])
    >>> index.within(shapely.Point(0, 0), 3.0)
    [('a', 0.0), ('b', 3.0)]
    >>> index.put("a", shapely.Point(9, 9)), index.remove("b"), index.within(shapely.Point(0, 0), 3.0)
    (True, True, [])
    """

    def __init__(self, sites: Iterable[tuple[Key, BaseGeometry]] = ()) -> None:
        self._sites: dict[int, tuple[Key, BaseGeometry]] = {}
        self._numbers: dict[Key, int] = {}
        self._last = 0
        for key, shape in sites:
            self._note(key, shape)
        with _LIBRARY:
            # Without a first item there is no stream: the bulk loader takes an empty one for an error.
            self._boxes: Any = Index(self._stream()) if self._sites else Index()

    def __len__(self) -> int:
        return len(self._sites)

    def __contains__(self, key: Key) -> bool:
        return key in self._numbers

    def put(self, key: Key, shape: BaseGeometry) -> bool:
        """Add a site, or change where it lies; whether that changed anything.

        Raises:
            ValueError: The shape is empty.
        """
        known = self._numbers.get(key)
        if known is not None and self._sites[known][1].equals_exact(shape, 0.0):
            return False
        with _LIBRARY:  # one step for whoever asks meanwhile
            self._forget(key)
            number = self._note(key, shape)
            self._boxes.insert(number, shape.bounds)
        return True

    def remove(self, key: Key) -> bool:
        """Take a site out; whether there was one."""
        with _LIBRARY:
            return self._forget(key)

    def within(self, shape: BaseGeometry, distance_m: float = 0.0) -> list[tuple[Key, float]]:
        """Sites no farther from a shape than a distance, with their distance, the nearest first; 0 where they meet.

        A shape of many parts is asked part by part: the box of all of them would hold nearly everybody.

        Args:
            shape: On the plane.
            distance_m: 0 asks for those that meet it, a common point included.
        """
        found: dict[int, float] = {}
        known: dict[int, tuple[Key, BaseGeometry]] = {}
        for part in shapely.get_parts(shape):
            near = self._near(part, distance_m)
            known |= near
            for number, distance in _measured(part, near, distance_m):
                found[number] = min(distance, found.get(number, distance))
        ordered = sorted(found.items(), key=lambda one: (one[1], one[0]))
        return [(known[number][0], distance) for number, distance in ordered]

    def _near(self, part: BaseGeometry, distance_m: float) -> dict[int, tuple[Key, BaseGeometry]]:
        if part.is_empty:
            return {}
        west, south, east, north = part.bounds
        margin = distance_m + SURE_M
        box: Box = (west - margin, south - margin, east + margin, north + margin)
        with _LIBRARY:
            return {number: self._sites[number] for number in self._boxes.intersection(box)}

    def _note(self, key: Key, shape: BaseGeometry) -> int:
        if shape.is_empty:
            raise ValueError(key)
        self._last += 1
        self._sites[self._last], self._numbers[key] = (key, shape), self._last
        return self._last

    def _forget(self, key: Key) -> bool:
        number = self._numbers.pop(key, None)
        if number is None:
            return False
        _, shape = self._sites.pop(number)
        self._boxes.delete(number, shape.bounds)
        return True

    def _stream(self) -> Iterator[tuple[int, Box, None]]:
        for number, (_, shape) in self._sites.items():
            yield number, shape.bounds, None


def _measured(
    part: BaseGeometry, near: dict[int, tuple[Any, BaseGeometry]], distance_m: float
) -> Iterator[tuple[int, float]]:
    """Those really no farther than a distance; it is measured only where they do not meet."""
    numbers, shapes = list(near), np.array([shape for _, shape in near.values()], dtype=object)
    shapely.prepare(part)
    meets = shapely.intersects(part, shapes)
    yield from ((numbers[at], 0.0) for at in np.flatnonzero(meets))
    if distance_m > 0.0:
        close = np.flatnonzero(~meets)
        close = close[shapely.dwithin(part, shapes[close], distance_m)]
        measured = shapely.distance(part, shapes[close])
        yield from ((numbers[at], float(one)) for at, one in zip(close, measured, strict=True))
