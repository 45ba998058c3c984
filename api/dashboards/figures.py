"""What dashboards are made of: tables with charts beside them, and the one definition of a percentile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from screening.words import Text

NOTHING = Text("", "")
Cell = str | int | float | date | Text | None


class ColumnKind(StrEnum):
    """What a column holds: how it is aligned, linked and written into a workbook."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"  # of 1
    DAY = "day"
    CASE = "case"  # number of a case, which leads to it
    PLACE = "place"  # “longitude,latitude”, which leads to the map


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    key: str
    title: Text
    kind: ColumnKind = ColumnKind.NUMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What of a table is drawn.

    Attributes:
        kind: `bars` or `lines`.
        values: Keys of the columns drawn.
        most: Of bars, rows drawn; the rest is in the table.
    """

    kind: str
    title: Text
    label: str
    values: tuple[str, ...]
    most: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table; a cell that is None is not known.

    Attributes:
        note: How to read it.
        charts: What of it is drawn beside it.
    """

    key: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text = NOTHING
    charts: tuple[Chart, ...] = ()

    def column(self, key: str) -> tuple[Cell, ...]:
        """The cells of one column."""
        at = [one.key for one in self.columns].index(key)
        return tuple(row[at] for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One dashboard.

    Attributes:
        cases: How many cases its figures rest on.
        demonstration: How many of them are invented.
        notes: What a reader must know about the figures.
    """

    key: str
    title: Text
    cases: int
    demonstration: int
    tables: tuple[Table, ...]
    notes: tuple[Text, ...] = ()


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least so many per cent of the values do not exceed; None of none.

    >>> nearest_rank([1, 2, 3, 4], 50), nearest_rank([1, 2, 3, 4], 90), nearest_rank([], 50)
    (2, 4, None)
    """
    if not 0 < percent <= 100:
        raise ValueError(percent)
    if not values:
        return None
    return sorted(values)[-(-percent * len(values) // 100) - 1]


def share(part: int, whole: int) -> float | None:
    """A part of a whole; None of nothing."""
    return round(part / whole, 4) if whole else None
