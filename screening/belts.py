"""分带: the Gauss–Krüger belts of CGCS2000, three and six degrees wide, with and without the zone number in the easting.

Source: EPSG codes 4491–4512 (six degrees) and 4513–4554 (three degrees).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from screening.crs import Points, degrees_of
from screening.words import Text

_MILLION = 1_000_000.0
_NORTHMOST = 6_300_000.0  # 56.8°N; China ends at 53.6°N
# A city uses one belt beyond its edge rather than two: half a degree more than the belt is wide.
_REACH = {3: 2.0, 6: 3.5}


@dataclass(frozen=True, slots=True)
class Belt:
    """One belt.

    Attributes:
        width: 3 or 6 degrees.
        zone: 带号, 25–45 of three degrees, 13–23 of six.
        prefixed: The easting begins with the zone number: 40,527,014.95 rather than 527,014.95.

    >>> Belt(3, 40, True).epsg, Belt(3, 40, False).epsg, Belt(6, 20, True).epsg, Belt(6, 20, False).meridian
    (4528, 4549, 4498, 117)
    """

    width: int
    zone: int
    prefixed: bool

    @property
    def meridian(self) -> int:
        """Central meridian, degrees east."""
        return self.zone * 3 if self.width == 3 else self.zone * 6 - 3

    @property
    def epsg(self) -> int:
        """EPSG code of the belt."""
        if self.width == 3:
            return (4513 if self.prefixed else 4534) + self.zone - 25
        return (4491 if self.prefixed else 4502) + self.zone - 13

    @property
    def name(self) -> Text:
        """The belt as people say it."""
        with_number = Text("加带号", "with zone number") if self.prefixed else Text("不加带号", "without zone number")
        return Text(
            f"CGCS2000 高斯-克吕格 {self.width} 度带第 {self.zone} 带（中央经线 {self.meridian}°E，{with_number.zh}，"
            f"EPSG:{self.epsg}）",
            f"CGCS2000 Gauss–Krüger {self.width}° zone {self.zone} (CM {self.meridian}°E, {with_number.en}, "
            f"EPSG:{self.epsg})",
        )

    def degrees(self, points: Points) -> Points | None:
        """Eastings and northings in this belt as degrees; None where they cannot lie in it."""
        east, north = points[:, 0], points[:, 1]
        local = east - self.zone * _MILLION if self.prefixed else east
        if (local < 0).any() or (local >= _MILLION).any() or (north <= 0).any() or (north > _NORTHMOST).any():
            return None
        placed = degrees_of(points, self.epsg)
        off = np.abs(placed[:, 0] - self.meridian)
        return placed if bool((off <= _REACH[self.width]).all()) else None


def all_belts() -> Iterator[Belt]:
    """Every belt, three degrees before six, with zone number before without."""
    for width, zones in ((3, range(25, 46)), (6, range(13, 24))):
        for zone in zones:
            for prefixed in (True, False):
                yield Belt(width, zone, prefixed)


def belt_of(epsg: int) -> Belt | None:
    """The belt of an EPSG code; None for any other CRS."""
    return next((belt for belt in all_belts() if belt.epsg == epsg), None)
