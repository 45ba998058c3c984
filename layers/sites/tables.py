"""Tables of sites, CSV or workbook: one point a row, corner points of parcels, or coordinates as text in a column."""

from __future__ import annotations

import csv
import io
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import python_calamine
import shapely
from shapely.geometry.base import BaseGeometry

from layers.issues import Issue, error, warning
from layers.sites.parcels import MOST_POINTS, Parcel, RawFile, WrittenRow, decoded
from layers.spreadsheet import cell_text
from screening.errors import SiteFileError, UnreadableSiteError
from screening.layouts import AxisOrder
from screening.numerals import Number, angle, plain_marks, read_records
from screening.shapes import Kind, structure
from screening.words import Text

KIND = Text("坐标表格", "table of coordinates")
_HEADER_ROWS = 20
_SQUARE_METRES = {"area_m2": 1.0, "area_ha": 10_000.0, "area_mu": 10_000 / 15}
_PAIRS = (("longitude", "latitude"), ("east", "north"), ("first", "second"))
_BRACKETS = re.compile(r"[(（\[].*?[)）\]]")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: where it stands, and its cells as text."""

    place: str
    cells: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV or of every sheet of a workbook; blank rows left out.

    Raises:
        SiteFileError: It is no table.
    """
    return list(_csv_rows(path) if path.suffix.lower() in (".csv", ".tsv") else _sheet_rows(path))


def read_table_of_sites(path: Path) -> RawFile | str:
    """The sites of a table; the bare rows as text where it has no header and so is but a list of numbers.

    Raises:
        SiteFileError: It is no table, is empty, or leaves open what its rows are.
    """
    rows = read_rows(path)
    if not rows:
        raise SiteFileError.of(path.name, Text("没有内容", "holds nothing"), Text("请重新导出。", "Export it again."))
    if len(rows) > MOST_POINTS:
        cure = Text("请分批提交。", "Send it in parts.")
        raise SiteFileError.of(path.name, Text("行数过多", "has too many rows"), cure)
    for at, row in enumerate(rows[:_HEADER_ROWS]):
        columns = _columns(row.cells)
        if "written" in columns or any(set(pair) <= columns.keys() for pair in _PAIRS):
            return _sites(path.name, columns, rows[at], rows[at + 1 :])
    if any(re.search(r"[^\W\d_]{2}", cell) for cell in rows[0].cells):
        what = Text("表头没有认得的坐标列", "the header names no column of coordinates that is known")
        known = [names[0] for field, names in _aliases().items() if field in sum(_PAIRS, ("written",))]
        cure = Text("请把坐标列命名为“经度、纬度”或“X、Y”。", "Name the columns 经度 and 纬度, or X and Y.")
        raise SiteFileError.of(path.name, what, cure, value=" | ".join(rows[0].cells)[:80], candidates=known)
    return "\n".join("\t".join(row.cells) for row in rows)


def cell_number(cell: str) -> Number | None:
    """The one number or angle of a cell; None if there is none, or more."""
    try:
        rows = read_records(plain_marks(cell)).rows
    except UnreadableSiteError:
        return None
    if len(rows) != 1 or rows[0].label:
        return None
    numbers = rows[0].numbers
    found = angle(*numbers) if len(numbers) in (2, 3) else (numbers[0] if len(numbers) == 1 else None)
    return found if found is not None and math.isfinite(found.value) else None


def _sites(file: str, columns: Mapping[str, int], header: Row, rows: Sequence[Row]) -> RawFile:
    spoken = " ".join((*header.cells, file))
    if not rows:
        raise SiteFileError.of(
            file, Text("只有表头", "has a header only"), Text("请填写坐标。", "Fill in coordinates.")
        )
    pair = next((pair for pair in _PAIRS if set(pair) <= columns.keys()), None)
    if pair is None:
        return _written(file, columns, rows, spoken)
    issues: list[Issue] = []
    points: list[tuple[Row, Number, Number]] = []
    for row in rows:
        first, second = (cell_number(_cell(row, columns, name)) for name in pair)
        if first is None or second is None:
            shown = " | ".join(_cell(row, columns, name) for name in pair)
            issues.append(
                error(file, row.place, Text(f"坐标“{shown}”读不懂", f"the coordinates “{shown}” cannot be read"))
            )
        else:
            points.append((row, first, second))
    parcels = list(_grouped(file, columns, points, issues)) if points else []
    return RawFile(
        kind=KIND,
        parcels=tuple(parcels),
        issues=tuple(issues),
        step=min((number.step for _, *both in points for number in both), default=1.0),
        axes=None if pair == ("first", "second") else AxisOrder.EAST_FIRST,
        spoken=spoken,
    )


def _written(file: str, columns: Mapping[str, int], rows: Sequence[Row], spoken: str) -> RawFile:
    issues = [
        error(file, row.place, Text("没有坐标", "holds no coordinates"))
        for row in rows
        if not _cell(row, columns, "written")
    ]
    written = tuple(
        WrittenRow(
            place=row.place,
            name=_name(row, columns),
            text=_cell(row, columns, "written"),
            declared_area_m2=_area_m2([row], columns),
        )
        for row in rows
        if _cell(row, columns, "written")
    )
    return RawFile(kind=KIND, parcels=(), issues=tuple(issues), step=1.0, written=written, spoken=spoken)


def _grouped(
    file: str, columns: Mapping[str, int], points: Sequence[tuple[Row, Number, Number]], issues: list[Issue]
) -> Iterator[Parcel]:
    """Rows as parcels: by the column that names the parcel, else all corners as one, else every row a point."""
    groups: dict[str, list[tuple[Row, Number, Number]]] = {}
    has_corners = "corner" in columns or "ring" in columns
    by_site = "site" in columns and (has_corners or _repeats(columns, points))
    for position, point in enumerate(points):
        key = _cell(point[0], columns, "site") if by_site else ("" if has_corners else str(position))
        groups.setdefault(key, []).append(point)
    if not by_site and not has_corners and "name" not in columns and "site" not in columns and len(points) > 1:
        what = Text(
            f"{len(points)} 行坐标没有名称：是一处选址的界址点，还是各自的选址",
            f"{len(points)} rows without names: corners of one site, or sites of their own",
        )
        cure = Text(
            "请加一列“点号”（一处选址的界址点）或“名称”（各自的选址）。",
            "Add a column 点号 for corners or 名称 for sites.",
        )
        raise SiteFileError.of(file, what, cure)
    for key, members in groups.items():
        first = members[0][0]
        values = np.array([[one.value, two.value] for _, one, two in members])
        shape = _shape(columns, members, values, is_corner=by_site or has_corners)
        if shape is None:
            issues.append(error(file, first.place, Text("点不足以围成地块", "the points enclose nothing")))
            continue
        area_m2 = _area_m2([row for row, _, _ in members], columns)
        if len(members) > 1 and area_m2 is None and _disagree(members, columns):
            issues.append(
                warning(
                    file, first.place, Text("各行面积不一致，未采用", "the rows state different areas; none is used")
                )
            )
        yield Parcel(
            place=first.place, name=key if by_site else _name(first, columns), shape=shape, declared_area_m2=area_m2
        )


def _shape(
    columns: Mapping[str, int],
    members: Sequence[tuple[Row, Number, Number]],
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    *,
    is_corner: bool,
) -> BaseGeometry | None:
    if not is_corner:
        return shapely.Point(values[0])
    rings = [cell_number(_cell(row, columns, "ring")) for row, _, _ in members] if "ring" in columns else []
    numbers = tuple(int(ring.value) if ring is not None else 0 for ring in rings)
    has_width = "width" in columns and any(_cell(row, columns, "width") for row, _, _ in members)
    made = structure(values, numbers if any(numbers) else (), is_line=has_width)
    if made is None or (made.kind is Kind.POINT and len(values) > 1):
        return None
    return made.build(values)


def _repeats(columns: Mapping[str, int], points: Sequence[tuple[Row, Number, Number]]) -> bool:
    names = [_cell(row, columns, "site") for row, _, _ in points]
    return len(set(names)) < len(names)


def _name(row: Row, columns: Mapping[str, int]) -> str:
    return _cell(row, columns, "name") or _cell(row, columns, "site") or _cell(row, columns, "number")


def _area_m2(rows: Sequence[Row], columns: Mapping[str, int]) -> float | None:
    stated = _stated_areas(rows, columns)
    return stated.pop() if len(stated) == 1 else None


def _disagree(members: Sequence[tuple[Row, Number, Number]], columns: Mapping[str, int]) -> bool:
    return len(_stated_areas([row for row, _, _ in members], columns)) > 1


def _stated_areas(rows: Sequence[Row], columns: Mapping[str, int]) -> set[float]:
    found = set()
    for field, scale in _SQUARE_METRES.items():
        for row in rows:
            number = cell_number(_cell(row, columns, field)) if field in columns else None
            if number is not None and number.value > 0:
                found.add(number.value * scale)
    return found


def _cell(row: Row, columns: Mapping[str, int], field: str) -> str:
    at = columns.get(field)
    return row.cells[at] if at is not None and at < len(row.cells) else ""


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Our field → position, first alias first; brackets are tried with and without."""
    spelled: dict[str, int] = {}
    for position, cell in enumerate(cells):
        for form in (_plain(cell), _plain(_BRACKETS.sub("", cell))):
            spelled.setdefault(form, position)
    found: dict[str, int] = {}
    for field, aliases in _aliases().items():
        at = next((spelled[_plain(alias)] for alias in aliases if _plain(alias) in spelled), None)
        if at is not None and at not in found.values():
            found[field] = at
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s_]+", "", plain_marks(name)).lower()


@cache
def _aliases() -> dict[str, list[str]]:
    with files("layers").joinpath("reference/site_columns.toml").open("rb") as opened:
        table = tomllib.load(opened)
    return {field: list(names) for field, names in table["columns"].items()}


def _csv_rows(path: Path) -> Iterator[Row]:
    text, _ = decoded(path)
    sample = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max("\t;,，|", key=sample.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                yield Row(f"{number}", stripped)
    except csv.Error as problem:
        what = Text(f"不是完好的 CSV：{problem}", f"is no sound CSV: {problem}")
        raise SiteFileError.of(path.name, what, Text("请重新导出。", "Export it again.")) from problem


def _sheet_rows(path: Path) -> Iterator[Row]:
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError) as problem:
        what = Text(f"不是完好的工作簿：{problem}", f"is no sound workbook: {problem}")
        raise SiteFileError.of(path.name, what, Text("请另存为 .xlsx。", "Save it as .xlsx.")) from problem
    filled = [(name, rows) for name, rows in sheets if any(cell_text(cell) for row in rows for cell in row)]
    if len(filled) > 1:
        what = Text("有多张非空工作表", "holds several sheets with content")
        cure = Text("请只保留一张。", "Keep one of them.")
        raise SiteFileError.of(path.name, what, cure, candidates=[name for name, _ in filled])
    for name, rows in filled:
        for number, cells in enumerate(rows, start=1):
            words = tuple(cell_text(cell) for cell in cells)
            if any(words):
                yield Row(f"{name}!{number}", words)
