"""Words, lengths and paths of a drawing: the parts that every map made as SVG text shares."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from html import escape

import shapely
from shapely.geometry.base import BaseGeometry


def words_at(x: float, y: float, words: str, *, size: int, anchor: str = "start") -> str:
    """Words at a place; what could be read as markup is escaped."""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'


def scale_bar(x: float, y: float, *, longest_m: float, pixels: float, size: int) -> str:
    """A scale bar of a round length.

    Args:
        x, y: Its left end.
        longest_m: What it may stand for at most, metres.
        pixels: Of the drawing to the metre.
        size: Of its figure.
    """
    length_m = round_length(longest_m)
    long = round(length_m * pixels, 1)
    label = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    return (
        f'<g data-scale-m="{length_m:g}"><rect x="{x - 6}" y="{y - 20}" width="{long + 14}" height="28" fill="#fff" fill-opacity=".85"/>'
        f'<path d="M{x} {y - 5}V{y}H{x + long}V{y - 5}" fill="none" stroke="#000" stroke-width="2"/>'
        f"{words_at(x + long / 2, y - 7, label, size=size, anchor='middle')}</g>"
    )


def north_arrow(x: float, y: float, label: str, *, size: int) -> str:
    """An arrow to grid north, its tip a little above y."""
    return (
        f'<g data-north="grid"><rect x="{x - 36}" y="{y - 8}" width="70" height="56" fill="#fff" fill-opacity=".85"/>'
        f'<path d="M{x} {y - 4}L{x + 8} {y + 24}L{x} {y + 18}L{x - 8} {y + 24}Z"/>'
        f"{words_at(x, y + 42, label, size=size, anchor='middle')}</g>"
    )


def path_of(shape: BaseGeometry, place: Callable[[float, float], tuple[float, float]]) -> str:
    """The rings of an areal shape as the data of an SVG path; empty where it has none.

    Args:
        shape: On a plane, metres.
        place: From the plane to the drawing.
    """
    rings = [
        ring
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    return "".join(_ring(ring, place) for ring in rings)


def dms(degrees: float) -> str:
    """Degrees, minutes and seconds to a hundredth of a second.

    >>> dms(36.3285), dms(119.9999999)
    ('36°19′42.60″', '120°00′00.00″')
    """
    hundredths = round(degrees * 360_000)
    minutes, seconds = divmod(hundredths, 6000)
    whole, rest = divmod(minutes, 60)
    return f"{whole}°{rest:02d}′{seconds / 100:05.2f}″"


def round_length(most_m: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten that is not more.

    >>> round_length(740.0), round_length(0.3)
    (500.0, 0.2)
    """
    power = math.floor(math.log10(most_m))
    step: int = max(step for step in (1, 2, 5) if step * 10.0**power <= most_m)
    return float(round(step * 10.0**power, 9))


def lines_of(words: str, size: float, room: float) -> list[str]:
    """Words in lines no wider than the room: English broken at blanks, Chinese anywhere.

    >>> lines_of("示意图 only a sketch", 10, 60)
    ['示意图 only', 'a sketch']
    """
    lines = [""]
    for piece in re.findall(r"[\u0021-\u024f]+ ?| |.", words):
        if lines[-1] and _breadth(lines[-1] + piece.rstrip(), size) > room:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _ring(ring: BaseGeometry, place: Callable[[float, float], tuple[float, float]]) -> str:
    points = [place(x, y) for x, y in list(ring.coords)[:-1]]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z" if points else ""


def _breadth(words: str, size: float) -> float:
    """About how wide words are in a usual sans-serif."""
    return sum(size * (0.56 if ord(letter) < 0x250 else 1.0) for letter in words)
