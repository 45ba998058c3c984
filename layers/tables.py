"""Tables people keep: CSV or the first sheet of a workbook, row by row, and the reading of their cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from layers.issues import Issue, error
from layers.spreadsheet import CellError, SheetRow, Workbook
from screening.errors import DeliveryError
from screening.words import Text

ENCODINGS = ("utf-8-sig", "gb18030")
YES, NO = ("true", "是", "1"), ("false", "否", "0", "")
SEPARATOR = re.compile(r"[；;|]")
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_SURPLUS = ""  # the name under which cells beyond the header are kept

Entry = TypeVar("Entry")


def table_rows(path: Path, required: tuple[str, ...]) -> Iterator[SheetRow]:
    """Rows of a `.xlsx`'s first sheet or of a CSV, whichever the name says.

    Raises:
        DeliveryError: The file is missing or unreadable, or lacks a required column.
    """
    if path.suffix.lower() == ".xlsx":
        book = Workbook(path)
        return book.rows(book.sheets[0], required)
    return csv_rows(path, required)


def csv_rows(path: Traversable | Path, required: tuple[str, ...]) -> Iterator[SheetRow]:
    """Rows of a CSV in UTF-8 or GB 18030 whose first line holds the required columns; blank rows are left out.

    Raises:
        DeliveryError: The file is missing or unreadable, or lacks a required column.
    """
    table = _table(path)
    header = [cell.strip() for cell in table[0]] if table else []
    missing = [column for column in required if column not in header]
    if missing:
        listed = "、".join(missing)
        raise DeliveryError.wrong(
            path.name,
            Text(f"缺少列：{listed}", f"lacks columns: {listed}"),
            Text("请使用同样的列名。", "Use the same column names."),
            candidates=header,
        )
    return _rows(path.name, header, table[1:])


def gathered(
    rows: Iterable[SheetRow], read: Callable[[SheetRow], Entry], key: Callable[[Entry], str], layer: str
) -> tuple[tuple[Entry, ...], list[Issue]]:
    """What every row became: an entry or an issue. Of two rows with one key the second is an issue."""
    entries: dict[str, Entry] = {}
    issues: list[Issue] = []
    for row in rows:
        try:
            entry = read(row)
        except CellError as problem:
            issues.append(error(layer, f"{row.place} {problem.column}".strip(), problem.text))
            continue
        if key(entry) in entries:
            text = Text(f"“{key(entry)}”重复", f"“{key(entry)}” occurs twice")
            issues.append(error(layer, row.place, text))
            continue
        entries[key(entry)] = entry
    return tuple(entries.values()), issues


def whole(row: SheetRow) -> SheetRow:
    """The row, if it has no more cells than the header; a stray comma moves every cell after it."""
    if row[_SURPLUS]:
        raise CellError("", Text("单元格多于表头，可能有未加引号的逗号", "more cells than columns: a stray comma?"))
    return row


def listed(row: SheetRow, column: str) -> tuple[str, ...]:
    """The parts of a cell, separated by semicolons."""
    return tuple(word.strip() for word in SEPARATOR.split(row[column]) if word.strip())


def flag(row: SheetRow, column: str) -> bool:
    """Yes or no; empty means no."""
    word = row[column].lower()
    if word not in (*YES, *NO):
        raise CellError(column, Text(f"“{row[column]}”应为是或否", f"“{row[column]}” is neither yes nor no"))
    return word in YES


def day(row: SheetRow, column: str) -> date:
    """A date as `2026-08-15`, `2026/8/15` or `2026年8月15日`."""
    words = row.required(column)
    found = _DATE.match(words)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError as problem:
        raise CellError(column, Text(f"“{words}”不是日期", f"“{words}” is not a date")) from problem
    raise CellError(column, Text(f"“{words}”不是日期", f"“{words}” is not a date"))


def optional_day(row: SheetRow, column: str) -> date | None:
    """A date, or None where the cell is empty."""
    return day(row, column) if row[column] else None


def _table(path: Traversable | Path) -> list[list[str]]:
    try:
        content = path.read_bytes()
    except FileNotFoundError as problem:
        raise DeliveryError.missing_file(path.name, "reference.toml") from problem
    try:
        return list(csv.reader(io.StringIO(_decoded(content, path.name), newline="")))
    except csv.Error as problem:
        raise DeliveryError.unreadable(path.name, str(problem)) from problem


def _decoded(content: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DeliveryError.unreadable(name, "neither UTF-8 nor GB 18030")


def _rows(name: str, header: list[str], table: list[list[str]]) -> Iterator[SheetRow]:
    for number, row in enumerate(table, start=2):
        cells = {column: cell.strip() for column, cell in zip(header, row, strict=False)}
        cells[_SURPLUS] = "".join(row[len(header) :]).strip()
        if any(cells.values()):
            yield SheetRow(f"{name}!{number}", cells)
