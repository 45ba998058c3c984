"""Charts of dashboards as numbers for a template: bars by per cent, lines by points; drawn as SVG without any script."""

from __future__ import annotations

from dataclasses import dataclass

from api.dashboards.figures import Cell, Chart, Table
from screening.words import Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series, in words."""

    title: str
    mark: int  # 1 is drawn solid, 2 hatched or dashed


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: how long, in per cent of the longest, and its figure."""

    mark: int
    percent: float
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its points on a field of 100 by 100, in parts where a value is not known between."""

    mark: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart ready to draw.

    Attributes:
        left_out: Rows beyond those drawn; they are in the table.
        first, last: Labels of the ends of the axis, of lines.
        top: The greatest figure.
    """

    kind: str
    title: str
    series: tuple[Series, ...]
    bars: tuple[tuple[str, tuple[Bar, ...]], ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: int = 0
    first: str = ""
    last: str = ""
    top: str = ""


def drawn(table: Table, chart: Chart, language: Language) -> Drawn | None:
    """A chart of a table; None where there is nothing to draw."""
    titles = {one.key: one.title.in_(language) for one in table.columns}
    labels = [shown(cell, language) for cell in table.column(chart.label)]
    values = [[_number(cell) for cell in table.column(key)] for key in chart.values]
    top = max((value for row in values for value in row if value is not None), default=0.0)
    if not labels or top <= 0:
        return None
    series = tuple(Series(title=titles[key], mark=at) for at, key in enumerate(chart.values, start=1))
    title = chart.title.in_(language)
    if chart.kind == "bars":
        rows = list(zip(*values, strict=True))[: chart.most]
        bars = tuple((label, _bars(row, top)) for label, row in zip(labels, rows, strict=False))
        left_out = max(0, len(labels) - chart.most)
        return Drawn(kind="bars", title=title, series=series, bars=bars, left_out=left_out)
    lines = tuple(Line(mark=at, parts=_parts(row, top)) for at, row in enumerate(values, start=1))
    return Drawn(
        kind="lines", title=title, series=series, lines=lines, first=labels[0], last=labels[-1], top=f"{top:g}"
    )


def shown(cell: Cell, language: Language) -> str:
    """A cell in words; a dash where nobody knows."""
    if cell is None:
        return "—"
    if isinstance(cell, Text):
        return cell.in_(language)
    return f"{cell:,.10g}" if isinstance(cell, float) else str(cell)


def _bars(values: tuple[float | None, ...], top: float) -> tuple[Bar, ...]:
    return tuple(
        Bar(mark=at, percent=round(100 * (value or 0.0) / top, 2), value="—" if value is None else f"{value:g}")
        for at, value in enumerate(values, start=1)
    )


def _parts(values: list[float | None], top: float) -> tuple[str, ...]:
    step = 100 / max(1, len(values) - 1)
    parts: list[list[str]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            parts.append([])
        else:
            parts[-1].append(f"{at * step:.2f},{100 - 100 * value / top:.2f}")
    return tuple(" ".join(one) for one in parts if one)


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None
