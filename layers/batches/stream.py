"""A file of projects a few thousand rows at a time, so that a million fit into a small machine.

Text tables and GeoParquet are read as they are needed. Workbooks and other vector files are read whole, as for a batch,
and handed on in parts: they hold what a spreadsheet program or a desktop holds.
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, dropwhile, islice
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj.exceptions import CRSError

from layers.batches.columns import require_columns
from layers.batches.features import KIND, feature_sheet, stated_datum
from layers.batches.files import TEXTS, read_source, text_rows, text_source
from layers.batches.headers import HEADER_ROWS, header_at, header_of, project_sheets
from layers.batches.sources import Sheet, Source, SourceRow
from layers.sites.parcels import MOST_BYTES, require_size
from screening.errors import DeliveryError, SiteFileError
from screening.readings import Declaration
from screening.words import Text

Thing = TypeVar("Thing")
BLOCK = 1 << 20
GEOPARQUET = ".parquet"
SHAPEFILE = (".dbf", ".shx", ".prj", ".cpg")  # read with a `.shp`
SQLITE = ("-wal", "-journal")  # of a GeoPackage that is being written


def parts_of(path: Path, mapping: Mapping[str, str], declared: Declaration, size: int) -> Iterator[Source]:
    """The file as sources of at most so many rows, in its order; each has the header and can be read by itself.

    Args:
        path: Filled template, text table or vector file.
        mapping: Key → column name, as for `read_batch`; that it fits the file is seen to here.
        declared: Of the whole file, likewise.

    Raises:
        SiteFileError: It cannot be read, at its beginning or farther down.
        UnusableMappingError: The mapping names a column that the file does not have.
        ReaderStoppedError: Reading it took too much.
        UnsafeArchiveError: A zip is not safe to unpack.
    """
    require_readable(path)
    if path.suffix.lower() in TEXTS:
        yield from _of_text(path, mapping, size)
    elif path.suffix.lower() == GEOPARQUET:
        yield from _of_parquet(path, mapping, declared, size)
    else:
        source = read_source(path, declared)
        notices = list(source.notices)
        sheets = list(project_sheets(source, mapping, notices))
        require_columns(mapping, [header_of(sheet, mapping)[0] for sheet in sheets])
        parts = [part for sheet in sheets for part in _of_sheet(sheet, mapping, size)]
        for number, part in enumerate(parts):
            yield replace(source, sheets=(part,), notices=() if number else tuple(notices))
        if not parts:
            yield source


def require_readable(path: Path) -> None:
    """Refuse a file that is missing, a link, empty or being written; or too large, where it has to be read whole.

    Raises:
        SiteFileError: It is.
    """
    require_size(path, None if path.suffix.lower() in (*TEXTS, GEOPARQUET) else MOST_BYTES)
    for one in _read_with(path):
        if one.name.endswith(SQLITE):
            what = Text(f"还被别的程序打开着（{one.name}）", f"is open in another program ({one.name})")
            raise SiteFileError.of(path.name, what, Text("请保存并关闭后再试。", "Save and close it there first."))


def rows_in(path: Path) -> int | None:
    """How many rows it holds, where that is told without reading it."""
    if path.suffix.lower() != GEOPARQUET:
        return None
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError):
        return None


def rows_of(part: Source) -> int:
    """How many rows a part of a file brings, blank ones included."""
    tables = [one for one in part.sheets if one.header is not None or one.header_at is not None]
    return sum(len(one.grid) - (one.header is None) for one in tables)


def digest_of(path: Path) -> str:
    """SHA-256 of a file of any size with those that are read with it, or of a folder with all in it, in hexadecimal."""
    if path.is_dir():
        return _digest_of_all({str(one.relative_to(path)): one for one in path.rglob("*") if one.is_file()})
    beside = _read_with(path)
    return _digest_of_all({one.name: one for one in (path, *beside)}) if beside else _digest_of_one(path)


def _digest_of_one(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _digest_of_all(files: Mapping[str, Path]) -> str:
    each = {name: _digest_of_one(one) for name, one in files.items()}
    return hashlib.sha256(json.dumps(each, sort_keys=True).encode()).hexdigest()


def _read_with(path: Path) -> list[Path]:
    """Files beside another that hold a part of what it says."""
    suffix = path.suffix.lower()
    if suffix not in (".shp", ".gpkg"):
        return []
    beside = [one for one in path.parent.iterdir() if one.is_file()]
    if suffix == ".gpkg":
        return [one for one in beside if one.name in [f"{path.name}{end}" for end in SQLITE] and one.stat().st_size]
    return [one for one in beside if one.stem.lower() == path.stem.lower() and one.suffix.lower() in SHAPEFILE]


def _of_sheet(sheet: Sheet, mapping: Mapping[str, str], size: int) -> Iterator[Sheet]:
    if sheet.header is not None:
        yield from (replace(sheet, grid=tuple(part)) for part in _lists(sheet.grid, size))
        return
    at = header_at(sheet, mapping)
    for part in _lists(sheet.grid[at + 1 :], size):
        yield _under(sheet, at, part)


def _under(sheet: Sheet, at: int, rows: Iterable[SourceRow]) -> Sheet:
    """Some rows of a sheet under its header."""
    return replace(sheet, grid=(sheet.grid[at], *rows), header_at=0)


def _lists(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    waiting = iter(things)
    while part := list(islice(waiting, size)):
        yield part


# -- text --------------------------------------------------------------------------------------------------------------


def _of_text(path: Path, mapping: Mapping[str, str], size: int) -> Iterator[Source]:
    with path.open(encoding=_encoding(path), newline="") as opened:
        rows = text_rows(path.name, opened)
        top = tuple(islice(rows, HEADER_ROWS))
        if all(row.is_blank for row in top):
            top = tuple(islice(dropwhile(lambda row: row.is_blank, rows), 1))
        source = text_source(path.name, top)
        if not top:
            yield source
            return
        (sheet,) = source.sheets
        at = header_at(sheet, mapping)
        require_columns(mapping, [header_of(sheet, mapping)[0]])
        below = chain(top[at + 1 :], rows)
        first = list(islice(below, size))  # none, in a file that is a header only
        for part in chain([first], _lists(below, size)):
            yield replace(source, sheets=(_under(sheet, at, part),))


def _encoding(path: Path) -> str:
    """UTF-8 with or without mark, UTF-16 by its mark, else GB 18030: the first in which all of it can be read."""
    with path.open("rb") as opened:
        start = opened.read(2)
    for encoding in ("utf-16",) if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ("utf-8-sig", "gb18030"):
        if _is_in(path, encoding):
            return encoding
    what = Text("不是文本文件，或编码不是 UTF-8、GB18030", "is no text, or not in UTF-8 or GB18030")
    raise SiteFileError.of(path.name, what, Text("请另存为 UTF-8 文本。", "Save it as UTF-8 text."))


def _is_in(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as opened:
            while block := opened.read(BLOCK):
                if "\0" in decoder.decode(block):
                    return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


# -- GeoParquet --------------------------------------------------------------------------------------------------------


def _of_parquet(path: Path, mapping: Mapping[str, str], declared: Declaration, size: int) -> Iterator[Source]:
    datum = stated_datum(path.name, path.name, declared)
    try:
        with pq.ParquetFile(path, memory_map=True) as opened:
            first = 1
            for table in _tables(opened, size):
                frame = _frame(table, opened.schema_arrow)
                sheet = feature_sheet(path.stem, frame, datum, declared.epsg, first)
                if first == 1 and sheet.header is not None:
                    require_columns(mapping, [sheet.header])
                first += len(frame)
                yield Source(file=path.name, kind=KIND, sheets=(sheet,))
    except DeliveryError as problem:
        raise SiteFileError(
            what=problem.what, why=problem.why, cure=problem.cure, field=path.name, candidates=problem.candidates
        ) from problem
    except (pa.ArrowException, shapely.errors.ShapelyError, CRSError, OSError, ValueError, TypeError) as problem:
        what = Text(f"不是可读的 GeoParquet：{problem}", f"is no GeoParquet that can be read: {problem}")
        cure = Text("请另存为 GeoParquet，含一个图形列。", "Save it as GeoParquet with a geometry column.")
        raise SiteFileError.of(path.name, what, cure) from problem


def _tables(opened: pq.ParquetFile, size: int) -> Iterator[pa.Table]:
    """Its rows in parts; of a file without rows one part without rows, whose columns are looked at all the same."""
    if not opened.metadata.num_rows:
        yield opened.schema_arrow.empty_table()
    for batch in opened.iter_batches(batch_size=size):
        yield pa.Table.from_batches([batch])


def _frame(table: pa.Table, schema: pa.Schema) -> gpd.GeoDataFrame:
    """Some rows of a GeoParquet file, read as the file would be: what its metadata say of the geometry holds."""
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(schema.metadata), sink)
    return gpd.read_parquet(pa.BufferReader(sink.getvalue()))
