"""GCJ-02 and BD-09, the shifted coordinates of China's map providers, to and from CGCS2000.

The shift is a published sum of sines (in the open since 2010, first as the function `transform` of the "eviltransform"
family). CGCS2000 and WGS 84 are taken as equal within `CONVERSION_ERROR_M`. Inside mainland China the shift is 100–700 m.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from screening.words import Text

Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]

_AXIS_M = 6_378_245.0  # Krasovsky 1940, as the formula uses it
_ECCENTRICITY_2 = 0.00669342162296594323
_ORIGIN_LON, _ORIGIN_LAT = 105.0, 35.0
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_LON, _BD_LAT = 0.0065, 0.006
_ROUNDS = 30  # fixed-point rounds; the shift contracts by about 1e-3 a round, so this is far past rounding

INVERSE_ERROR_M = 0.01  # how far a round trip may end from its start, see tests


class Datum(StrEnum):
    """What longitude and latitude are measured against."""

    CGCS2000 = "CGCS2000"
    WGS84 = "WGS 84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


DATUM_NAME = {
    Datum.CGCS2000: Text("CGCS2000", "CGCS2000"),
    Datum.WGS84: Text("WGS 84", "WGS 84"),
    Datum.GCJ02: Text("GCJ-02（高德、腾讯等）", "GCJ-02 (AMap, Tencent and others)"),
    Datum.BD09: Text("BD-09（百度）", "BD-09 (Baidu)"),
}

# The frames of CGCS2000 (epoch 2000.0) and of today's WGS 84 are alike to centimetres, but East China has moved about
# 3 cm a year since, which a present-day receiver shows. For the two shifts the published formula is known to follow the
# providers' own within 1–2 m; no official figure exists, so these are cautious and unverified.
CONVERSION_ERROR_M = {Datum.CGCS2000: 0.0, Datum.WGS84: 1.0, Datum.GCJ02: 2.0, Datum.BD09: 3.0}
SHIFTED = frozenset({Datum.GCJ02, Datum.BD09})


def to_cgcs2000(points: Points, datum: Datum) -> Points:
    """Degrees (longitude, latitude) of any of the four as CGCS2000 degrees, within `CONVERSION_ERROR_M`."""
    match datum:
        case Datum.GCJ02:
            return from_gcj02(points)
        case Datum.BD09:
            return from_bd09(points)
        case _:
            return points


def to_gcj02(points: Points) -> Points:
    """CGCS2000 degrees (longitude, latitude) as GCJ-02 degrees.

    >>> to_gcj02(np.array([[120.38, 36.07]])).round(6).tolist()
    [[120.385132, 36.070275]]
    """
    x, y = points[:, 0] - _ORIGIN_LON, points[:, 1] - _ORIGIN_LAT
    latitude = np.radians(points[:, 1])
    bulge = 1 - _ECCENTRICITY_2 * np.sin(latitude) ** 2
    root = np.sqrt(bulge)
    north = np.degrees(_north(x, y) / (_AXIS_M * (1 - _ECCENTRICITY_2) / (bulge * root)))
    east = np.degrees(_east(x, y) / (_AXIS_M / root * np.cos(latitude)))
    moved: Points = points + np.column_stack([east, north])
    return moved


def from_gcj02(points: Points) -> Points:
    """GCJ-02 degrees as CGCS2000 degrees, by fixed-point iteration to within `INVERSE_ERROR_M`."""
    return _inverse(to_gcj02, points)


def to_bd09(points: Points) -> Points:
    """CGCS2000 degrees as BD-09 degrees."""
    gcj = to_gcj02(points)
    x, y = gcj[:, 0], gcj[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return np.column_stack([radius * np.cos(angle) + _BD_LON, radius * np.sin(angle) + _BD_LAT])


def from_bd09(points: Points) -> Points:
    """BD-09 degrees as CGCS2000 degrees, by fixed-point iteration to within `INVERSE_ERROR_M`."""
    return _inverse(to_bd09, points)


def _inverse(forward: Callable[[Points], Points], points: Points) -> Points:
    guess = points.copy()
    for _ in range(_ROUNDS):
        guess = guess + (points - forward(guess))
    return guess


def _waves(x: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0


def _north(
    x: np.ndarray[tuple[int], np.dtype[np.float64]], y: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Metres north."""
    metres = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + _waves(x)
    metres = metres + (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    return metres + (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0


def _east(
    x: np.ndarray[tuple[int], np.dtype[np.float64]], y: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Metres east."""
    metres = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + _waves(x)
    metres = metres + (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    return metres + (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0
