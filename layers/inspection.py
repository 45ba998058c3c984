"""What a delivered file holds and how it would be read: the first look before a delivery is described."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from layers.archive import unpack
from layers.fields import CANONICAL, match_columns, zone_class
from layers.vector import ARCHIVES, Declared, VectorTable, layer_files, read_table
from screening.errors import DeliveryError, ThreeLinesError
from screening.words import Text

SAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInspection:
    """One table of a file.

    Attributes:
        crs, encoding: As found, and how.
        columns: Our field → their column, as far as the alias table knows.
        unmatched: Their other columns with a few values each; kept as attributes.
        classes: Words of the class column → 1/2/3, or 0 for a word nobody knows.
        problem: Why it cannot be read as it is; None if it can.
    """

    file: str
    table: str
    rows: int
    shapes: tuple[str, ...]
    crs: Text
    encoding: Text
    bounds: tuple[float, ...]
    columns: dict[str, str]
    unmatched: dict[str, tuple[str, ...]]
    classes: dict[str, int]
    problem: Text | None = None

    @property
    def profile(self) -> str:
        """A profile in TOML to correct and name in `delivery.toml`."""
        lines = [f"# {self.file} · {self.table}", "[columns]"]
        for field in CANONICAL:
            found = self.columns.get(field)
            lines.append(f"{field} = {_quoted(found)}" if found else f'# {field} = ""')
        unknown = [word for word, cls in self.classes.items() if cls == 0]
        if unknown:
            lines += ["", "[classes]", *(f"# {_quoted(word)} = 1" for word in unknown)]
        return "\n".join(lines)


def inspect(path: Path, declared: Declared | None = None) -> list[TableInspection]:
    """Every table of a file, FileGDB folder, zip or KMZ.

    Raises:
        DeliveryError: There is no such file, or nothing in it can be opened.
        UnsafeArchiveError: The archive is not safe to unpack.
    """
    declared = declared or Declared()
    if not path.exists():
        raise DeliveryError.missing_file(path.name, "layers inspect")
    if path.suffix.lower() not in ARCHIVES:
        return list(_tables(path, declared))
    with tempfile.TemporaryDirectory() as folder:
        files = layer_files(unpack(path, Path(folder)))
        if not files:
            raise DeliveryError.unreadable(path.name, "no layer inside")
        return [one for file in files for one in _tables(file, declared)]


def _tables(path: Path, declared: Declared) -> Iterator[TableInspection]:
    if path.suffix.lower() == ".parquet":
        names = [path.stem]
    else:
        try:
            names = [str(name) for name, _ in pyogrio.list_layers(path)]
        except pyogrio.errors.DataSourceError as problem:
            raise DeliveryError.unreadable(path.name, str(problem)) from problem
    for name in names:
        try:
            yield _inspected(path.name, name, read_table(path, name, declared))
        except ThreeLinesError as problem:
            yield _unreadable(path.name, name, problem)


def _inspected(file: str, name: str, table: VectorTable) -> TableInspection:
    frame = table.frame
    found = match_columns([str(column) for column in frame.columns])
    others = [str(c) for c in frame.columns if c != "geometry" and str(c) not in found.values()]
    words = sorted({_word(value) for value in frame[found["cls"]]}) if "cls" in found else []
    return TableInspection(
        file=file,
        table=name,
        rows=len(frame),
        shapes=tuple(sorted({str(kind) for kind in frame.geom_type.dropna()})),
        crs=table.crs,
        encoding=table.encoding,
        bounds=tuple(round(float(edge), 6) for edge in frame.total_bounds) if len(frame) else (),
        columns=found,
        unmatched={column: _samples(frame, column) for column in others},
        classes={word: int(zone_class(word) or 0) for word in words},
    )


def _unreadable(file: str, name: str, problem: ThreeLinesError) -> TableInspection:
    return TableInspection(
        file=file,
        table=name,
        rows=0,
        shapes=(),
        crs=Text("", ""),
        encoding=Text("", ""),
        bounds=(),
        columns={},
        unmatched={},
        classes={},
        problem=Text(f"{problem.what.zh}{problem.cure.zh}", f"{problem.what.en} {problem.cure.en}"),
    )


def _samples(frame: gpd.GeoDataFrame, column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_word(value) for value in frame[column].dropna().head(50)))[:SAMPLES]


def _word(value: object) -> str:
    return "" if pd.isna(value) else str(value).strip()  # type: ignore[call-overload]


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
