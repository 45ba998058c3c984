"""Which numbers of a record make a point: pairs, numbered pairs, pairs with a height, degrees and minutes in columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from screening.crs import Points
from screening.numerals import Axis, Number, NumberRecord, Records, Unit, angle

Pair = tuple[Number, Number]
_MOST_CORNERS = 100_000  # numbers of points stay below; smaller than any northing in China
_MOST_RINGS = 99
_HALF_A_POINT = 1.0  # a third number this near one of two coordinates is the next point cut short, not a height


class AxisOrder(StrEnum):
    """Which of two numbers came first."""

    EAST_FIRST = "east_first"  # longitude first, or easting first
    NORTH_FIRST = "north_first"  # latitude first, or northing first, as Chinese surveyors write x, y


@dataclass(frozen=True, slots=True, kw_only=True)
class PointTable:
    """The points of a text under one layout, not yet placed on Earth.

    Attributes:
        values: Shape (n, 2), in the order written; turned to east first where labels say which is which.
        step: Finest place value written, because programs drop trailing zeros.
        unit: None where the writing leaves it open.
        axes: From labels or a heading; None leaves it open.
        rings: Ring number of each point; empty where none is written.
        parts: 3 if some number has seconds, 2 if minutes, else 1.
    """

    values: Points
    step: float
    unit: Unit | None
    axes: AxisOrder | None
    rings: tuple[int, ...]
    parts: int


def tables(records: Records) -> Iterator[PointTable]:
    """Every layout under which all records make points.

    A text whose lines hold one number, or one angle in columns, is also tried with two lines to a point.
    """
    for rows in (records.rows, _two_by_two(records.rows)):
        for layout in _LAYOUTS if rows else ():
            found = [layout(row) for row in rows]
            if all(found):
                pairs = [pair for one in found if one for pair in one[0]]
                rings = tuple(one[1] for one in found if one for _ in one[0])
                table = _table(pairs, rings, records)
                if table is not None:
                    yield table


def _table(pairs: list[Pair], rings: tuple[int, ...], records: Records) -> PointTable | None:
    numbers = [number for pair in pairs for number in pair]
    units = {number.unit for number in numbers if number.unit}
    orders = {_order(pair) for pair in pairs}
    if len(units) > 1 or any(first.axis and first.axis is second.axis for first, second in pairs):
        return None
    values = np.array([[first.value, second.value] for first, second in pairs])
    axes = next(iter(orders)) if len(orders) == 1 else None
    if len(orders) > 1:
        if None in orders:
            return None
        north_first = np.array([_order(pair) is AxisOrder.NORTH_FIRST for pair in pairs])
        values[north_first] = values[north_first][:, ::-1]
        axes = AxisOrder.EAST_FIRST
    if axes is None and records.header:
        axes = AxisOrder.EAST_FIRST if records.header[0] is Axis.EAST else AxisOrder.NORTH_FIRST
    return PointTable(
        values=values,
        step=min(number.step for number in numbers),
        unit=next(iter(units), None),
        axes=axes,
        rings=rings if any(rings) else (),
        parts=max(number.parts for number in numbers),
    )


def _order(pair: Pair) -> AxisOrder | None:
    first, second = pair[0].axis, pair[1].axis
    if first is Axis.EAST or second is Axis.NORTH:
        return AxisOrder.EAST_FIRST
    if first is Axis.NORTH or second is Axis.EAST:
        return AxisOrder.NORTH_FIRST
    return None


Layout = Callable[[NumberRecord], tuple[list[Pair], int] | None]


def _two_by_two(rows: Sequence[NumberRecord]) -> tuple[NumberRecord, ...]:
    """Every two records as one, where each may be half a point."""
    if len(rows) % 2 or any(len(row.numbers) not in (1, 2, 3) for row in rows):
        return ()
    return tuple(
        NumberRecord(label=first.label, numbers=first.numbers + second.numbers)
        for first, second in zip(rows[::2], rows[1::2], strict=True)
    )


def _paired(numbers: Sequence[Number]) -> list[Pair]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _pairs(row: NumberRecord) -> tuple[list[Pair], int] | None:
    return (_paired(row.numbers), 0) if row.numbers and len(row.numbers) % 2 == 0 else None


def _numbered(row: NumberRecord) -> tuple[list[Pair], int] | None:
    """`1 120.38 36.07`; after a label such as J1 the number is the ring's."""
    if len(row.numbers) != 3 or not _is_counting(row.numbers[0], _MOST_RINGS if row.label else _MOST_CORNERS):
        return None
    return [(row.numbers[1], row.numbers[2])], int(row.numbers[0].value) if row.label else 0


def _numbered_in_rings(row: NumberRecord) -> tuple[list[Pair], int] | None:
    """`1,1,3993000.12,40527014.95`: point, ring, two coordinates."""
    numbers = row.numbers
    if len(numbers) != 4 or not _is_counting(numbers[0], _MOST_CORNERS) or not _is_counting(numbers[1], _MOST_RINGS):
        return None
    return [(numbers[2], numbers[3])], int(numbers[1].value)


def _with_height(row: NumberRecord) -> tuple[list[Pair], int] | None:
    numbers = row.numbers[1:] if len(row.numbers) == 4 and _is_counting(row.numbers[0], _MOST_CORNERS) else row.numbers
    if len(numbers) != 3 or (numbers[0].whole and numbers[1].whole and max(n.value for n in numbers[:2]) <= 180):
        return None
    if min(abs(numbers[2].value - one.value) for one in numbers[:2]) < _HALF_A_POINT:
        return None
    return [(numbers[0], numbers[1])], 0


def _angles(row: NumberRecord, parts: int) -> tuple[list[Pair], int] | None:
    numbers = row.numbers
    if len(numbers) % (2 * parts) == 1 and _is_counting(numbers[0], _MOST_CORNERS):
        numbers = numbers[1:]
    if not numbers or len(numbers) % (2 * parts):
        return None
    found = [angle(*numbers[at : at + parts]) for at in range(0, len(numbers), parts)]
    whole = [one for one in found if one is not None]
    return (_paired(whole), 0) if len(whole) == len(found) else None


def _seconds(row: NumberRecord) -> tuple[list[Pair], int] | None:
    return _angles(row, 3)


def _minutes(row: NumberRecord) -> tuple[list[Pair], int] | None:
    return _angles(row, 2)


def _is_counting(number: Number, most: int) -> bool:
    return number.whole and number.unit is None and number.axis is None and 0 <= number.value <= most


_LAYOUTS: tuple[Layout, ...] = (_pairs, _numbered, _numbered_in_rings, _with_height, _seconds, _minutes)
