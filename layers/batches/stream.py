"""A file of projects a few thousand rows at a time, so that a million fit into a small machine.

Text tables and GeoParquet are read as they are needed. Workbooks and other vector files are read whole, as for a batch,
and handed on in parts: they hold what a spreadsheet program or a desktop holds.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq

from layers.batches.features import KIND, feature_sheet, stated_datum
from layers.batches.files import TEXTS, read_source, text_rows, text_source
from layers.batches.headers import HEADER_ROWS, header_of, project_sheets
from layers.batches.sources import Sheet, Source, SourceRow
from layers.sites.parcels import require_size
from screening.errors import DeliveryError, SiteFileError
from screening.readings import Declaration
from screening.words import Text

Thing = TypeVar("Thing")
BLOCK = 1 << 20
GEOPARQUET = ".parquet"


def parts_of(path: Path, mapping: Mapping[str, str], declared: Declaration, size: int) -> Iterator[Source]:
    """The file as sources of at most so many rows, in its order; each has the header and can be read by itself.

    Args:
        path: Filled template, text table or vector file.
        mapping: Key → column name, as for `read_batch`.
        declared: Of the whole file, likewise.

    Raises:
        SiteFileError: It cannot be read, at its beginning or farther down.
        ReaderStoppedError: Reading it took too much.
        UnsafeArchiveError: A zip is not safe to unpack.
    """
    require_size(path)
    if path.suffix.lower() in TEXTS:
        yield from _of_text(path, mapping, size)
    elif path.suffix.lower() == GEOPARQUET:
        yield from _of_parquet(path, declared, size)
    else:
        source = read_source(path, declared)
        notices = list(source.notices)
        sheets = [part for one in project_sheets(source, mapping, notices) for part in _of_sheet(one, mapping, size)]
        for number, part in enumerate(sheets):
            yield replace(source, sheets=(part,), notices=() if number else tuple(notices))


def rows_in(path: Path) -> int | None:
    """How many rows it holds, where that is told without reading it."""
    if path.suffix.lower() != GEOPARQUET:
        return None
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowInvalid, OSError):
        return None


def digest_of(path: Path) -> str:
    """SHA-256 of a file of any size, in hexadecimal."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _of_sheet(sheet: Sheet, mapping: Mapping[str, str], size: int) -> Iterator[Sheet]:
    if sheet.header is not None:
        yield from (replace(sheet, grid=tuple(part)) for part in _lists(sheet.grid, size))
        return
    head, below = _parted(sheet, mapping)
    for part in _lists(below, size):
        yield replace(sheet, grid=(*head, *part))


def _parted(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[tuple[SourceRow, ...], tuple[SourceRow, ...]]:
    """The row of the header, and the rows below it."""
    _, below = header_of(sheet, mapping)
    at = len(sheet.grid) - len(below)
    return sheet.grid[at - 1 : at], sheet.grid[at:]


def _lists(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    waiting = iter(things)
    while part := list(islice(waiting, size)):
        yield part


# -- text --------------------------------------------------------------------------------------------------------------


def _of_text(path: Path, mapping: Mapping[str, str], size: int) -> Iterator[Source]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as opened:
        sample = next((line for line in opened if line.strip()), "")
    with path.open(encoding=encoding, newline="") as opened:
        rows = text_rows(path.name, opened, sample)
        first = list(islice(rows, max(size, HEADER_ROWS)))
        if not any(not row.is_blank for row in first):
            yield text_source(path.name, ())
            return
        head, below = _parted(Sheet(name="", grid=tuple(first)), mapping)
        for part in _lists(chain(below, rows), size):
            yield text_source(path.name, (*head, *part))


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


def _of_parquet(path: Path, declared: Declaration, size: int) -> Iterator[Source]:
    datum = stated_datum(path.name, path.name, declared)
    cure = Text("请另存为 GeoParquet，含一个图形列。", "Save it as GeoParquet with a geometry column.")
    try:
        with pq.ParquetFile(path, memory_map=True) as opened:
            first = 1
            for batch in opened.iter_batches(batch_size=size):
                frame = gpd.GeoDataFrame.from_arrow(pa.Table.from_batches([batch]))
                sheet = feature_sheet(path.stem, frame, datum, declared.epsg, first)
                first += len(frame)
                yield Source(file=path.name, kind=KIND, sheets=(sheet,))
    except DeliveryError as problem:
        raise SiteFileError(
            what=problem.what, why=problem.why, cure=problem.cure, field=path.name, candidates=problem.candidates
        ) from problem
    except (pa.ArrowException, ValueError, TypeError) as problem:
        what = Text(f"不是可读的 GeoParquet：{problem}", f"is no GeoParquet that can be read: {problem}")
        raise SiteFileError.of(path.name, what, cure) from problem
