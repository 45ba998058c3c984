"""One door for files of batches: workbook, CSV or vector file, read in a process of its own, unjudged."""

from __future__ import annotations

import csv
import io
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from layers import sandbox
from layers.archive import unpack
from layers.batches.features import read_features
from layers.batches.headers import HEADER_ROWS
from layers.batches.sources import BLANK, Cell, CellKind, Sheet, Source, SourceRow, text_cell
from layers.sandbox import Cap
from layers.sites.parcels import decoded, require_size
from layers.vector import ARCHIVES, layer_files
from screening.errors import DeliveryError, SiteFileError
from screening.readings import Declaration
from screening.words import Text

WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")
VECTORS = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".gdb", ".parquet")
ACCEPTED = (*WORKBOOKS, *TEXTS, *VECTORS, *ARCHIVES)
_LARGEST_FIELD = 10_000_000
_DELIMITERS = "\t;,，|"
_BOOK = Text("Excel 工作簿", "Excel workbook")
_CSV = Text("文本表格", "text table")


def read_source(path: Path, declared: Declaration, cap: Cap | None = sandbox.DEFAULT) -> Source:
    """The tables of a file, every cell as it stands.

    Args:
        path: `.xlsx`, CSV in UTF-8 or GB18030, a vector file, or a zip with one or several vector files.
        declared: For a vector file: EPSG code where it names no system; datum where its name speaks of a map provider.
        cap: What reading may take, in a process of its own; None reads here, for files that are our own.

    Raises:
        SiteFileError: It cannot be read.
        ReaderStoppedError: Reading took too much.
        UnsafeArchiveError: A zip is not safe to unpack.
    """
    require_size(path)
    if path.suffix.lower() not in ACCEPTED:
        what = Text(f"不接受“{path.suffix}”文件", f"“{path.suffix}” files are not accepted")
        cure = Text("请另存为 .xlsx 或 .csv，或用 Shapefile 压缩包。", "Save it as .xlsx or .csv, or zip a Shapefile.")
        raise SiteFileError.of(path.name, what, cure, value=path.suffix, candidates=ACCEPTED)
    if cap is None:
        return read_here(path, declared)
    return sandbox.run(path.name, cap, read_here, path, declared)


def read_here(path: Path, declared: Declaration) -> Source:
    """What `read_source` returns, in this process.

    Raises:
        SiteFileError: It cannot be read.
        UnsafeArchiveError: A zip is not safe to unpack.
    """
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        return _workbook(path)
    if suffix in TEXTS:
        return _text_table(path)
    if suffix not in ARCHIVES:
        return read_features([path], path.name, declared)
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = layer_files(unpack(path, Path(folder)))
        except DeliveryError as problem:
            raise SiteFileError(what=problem.what, why=problem.why, cure=problem.cure, field=path.name) from problem
        if not found:
            what = Text("压缩包内没有可读的图层", "holds no layer that can be read")
            cure = Text("Shapefile 须含 .shp、.shx、.dbf、.prj。", "A Shapefile needs .shp, .shx, .dbf and .prj.")
            raise SiteFileError.of(path.name, what, cure)
        return read_features(found, path.name, declared)


def _workbook(path: Path) -> Source:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of extensions that say nothing about cells
            shown = openpyxl.load_workbook(path, data_only=True)
            written = openpyxl.load_workbook(path)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, SyntaxError) as problem:
        what = Text(f"不是完好的工作簿：{problem}", f"is no sound workbook: {problem}")
        raise SiteFileError.of(path.name, what, Text("请另存为 .xlsx。", "Save it as .xlsx.")) from problem
    sheets = tuple(
        Sheet(name=one.title, grid=tuple(_grid(one, written[one.title])), hidden=one.sheet_state != "visible")
        for one in shown.worksheets
    )
    return Source(file=path.name, kind=_BOOK, sheets=sheets)


def _grid(shown: Any, written: Any) -> Iterator[SourceRow]:
    merged = {
        (row, column)
        for block in shown.merged_cells.ranges
        for row in range(block.min_row, block.max_row + 1)
        for column in range(block.min_col, block.max_col + 1)
    }
    rows = [
        SourceRow(
            number=number,
            cells=tuple(
                _cell(one, other, (number, column) in merged)
                for column, (one, other) in enumerate(zip(values, formulas, strict=True), start=1)
            ),
            hidden=bool(shown.row_dimensions[number].hidden),
        )
        for number, (values, formulas) in enumerate(zip(shown.iter_rows(), written.iter_rows(), strict=True), start=1)
    ]
    return _without_tail(rows)


def _without_tail(rows: Sequence[SourceRow]) -> Iterator[SourceRow]:
    """Rows up to the last that says anything; sheets go on for ever."""
    last = max((at for at, row in enumerate(rows) if not row.is_blank), default=-1)
    yield from rows[: last + 1]


def _cell(shown: Any, written: Any, merged: bool) -> Cell:
    value = shown.value
    if value is None:
        formula = getattr(written.value, "text", written.value)  # an array formula keeps its text apart
        return text_cell(str(formula), merged=merged) if formula is not None else replace(BLANK, merged=merged)
    if isinstance(value, bool):
        return Cell(CellKind.BOOLEAN, value, merged)
    if isinstance(value, int | float):
        return Cell(CellKind.NUMBER, value, merged)
    if isinstance(value, date | time | timedelta):
        return Cell(CellKind.DATE, value, merged)
    return text_cell(str(value), merged=merged)


def _text_table(path: Path) -> Source:
    text, _ = decoded(path)
    return text_source(path.name, text_rows(path.name, io.StringIO(text, newline="")))


def text_rows(file: str, lines: Iterable[str]) -> Iterator[SourceRow]:
    """Rows of a text table, up to the last that says anything.

    Args:
        lines: With their ends as they are; the first that has columns shows what parts them.

    Raises:
        SiteFileError: Quotes do not pair, or a field has no end.
    """
    waiting = iter(lines)
    begun = list(_up_to_columns(waiting))
    delimiter = max(_DELIMITERS, key=begun[-1].count) if begun else _DELIMITERS[0]
    csv.field_size_limit(_LARGEST_FIELD)
    blank: list[int] = []
    try:
        for number, cells in enumerate(csv.reader(chain(begun, waiting), delimiter=delimiter, strict=True), start=1):
            row = SourceRow(number=number, cells=tuple(text_cell(cell) for cell in cells))
            if row.is_blank:
                blank.append(number)  # held back without its cells: some programs write a million of them
                continue
            yield from (SourceRow(number=one, cells=()) for one in blank)
            blank.clear()
            yield row
    except csv.Error as problem:
        what = Text(f"不是完好的 CSV：{problem}", f"is no sound CSV: {problem}")
        cure = Text("请检查引号是否成对，或另存为 .xlsx。", "See whether quotes are paired, or save it as .xlsx.")
        raise SiteFileError.of(file, what, cure) from problem


def _up_to_columns(lines: Iterator[str]) -> Iterator[str]:
    """Lines up to the first that is parted into columns: titles above the header are not."""
    titles = 0
    for line in lines:
        yield line
        titles += bool(line.strip())
        if titles == HEADER_ROWS or any(one in line for one in _DELIMITERS):
            return


def text_source(file: str, rows: Iterable[SourceRow]) -> Source:
    """A text table as a source."""
    return Source(file=file, kind=_CSV, sheets=(Sheet(name="", grid=tuple(rows), ragged_is_fault=True),))
