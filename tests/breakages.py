"""Ways to break a delivered folder or a city before it delivers, and what must come of it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import geopandas as gpd
import numpy as np
import openpyxl  # type: ignore[import-untyped]
import pyogrio
import shapely

from layers.issues import Severity
from screening.errors import DeliveryError, ThreeLinesError
from tests.smallcity import DRIVERS, Rows, SmallCity

City = Callable[[SmallCity], object]
Folder = Callable[[Path], object]
Entries = dict[str, bytes]
HTML = b"<html><body>502 Bad Gateway</body></html>"


@dataclass(frozen=True, slots=True)
class Refused:
    """The delivery is not read at all; the message holds `says` and the error's place holds `place`, both fragments."""

    says: str
    place: str = ""
    error: type[ThreeLinesError] = DeliveryError


@dataclass(frozen=True, slots=True)
class Found:
    """The delivery is read and an issue is logged; `place` and `says` are fragments."""

    layer: str
    place: str
    says: str
    severity: Severity = Severity.ERROR


def unchanged(_: object) -> None:
    """Break nothing."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken delivery.

    Attributes:
        name: In words, the id of the test.
        comes: What must come of it.
        city: Breaks the city before it delivers.
        folder: Breaks what it delivered.
    """

    name: str
    comes: Refused | Found
    city: City = unchanged
    folder: Folder = unchanged


# -- files -------------------------------------------------------------------------------------------------------------


def gone(name: str) -> Folder:
    return lambda folder: (folder / name).unlink()


def written(name: str, content: bytes) -> Folder:
    return lambda folder: (folder / name).write_bytes(content)


def halved(name: str) -> Folder:
    def halve(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return halve


def made_directory(name: str) -> Folder:
    def replace(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return replace


def beside(name: str) -> Folder:
    """Put a file beside the delivery folder and point to it there."""

    def step_out(folder: Path) -> None:
        (folder / name).rename(folder.parent / name)
        edited("delivery.toml", f'"{name}"', f'"../{name}"')(folder)

    return step_out


def edited(name: str, old: str, new: str) -> Folder:
    def edit(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def described(layer_id: str, old: str, new: str) -> Folder:
    """Change a part of one layer's block in delivery.toml."""

    def edit(folder: Path) -> None:
        path = folder / "delivery.toml"
        before, mark, block = path.read_text(encoding="utf-8").partition(f'id = "{layer_id}"')
        block, rest = (block[: (end := block.find("[[layer]]"))], block[end:]) if "[[layer]]" in block else (block, "")
        assert old in mark + block
        path.write_text(before + (mark + block).replace(old, new, 1) + rest, encoding="utf-8")

    return edit


def described_twice(layer_id: str) -> Folder:
    """Repeat a layer's block in delivery.toml, with the table of another layer."""

    def repeat(folder: Path) -> None:
        path = folder / "delivery.toml"
        text = path.read_text(encoding="utf-8")
        block = next(block for block in text.split("[[layer]]") if f'id = "{layer_id}"' in block)
        other = block.replace(f'table = "{layer_id}"', 'table = "eco_space"')
        path.write_text(f"{text}\n[[layer]]{other}", encoding="utf-8")

    return repeat


def profiled(layer_id: str, content: str) -> Folder:
    """Give a layer a profile."""

    def write(folder: Path) -> None:
        (folder / f"{layer_id}.toml").write_text(content, encoding="utf-8")
        described(layer_id, "surveyed", f'profile = "{layer_id}.toml"\nsurveyed')(folder)

    return write


# -- zips --------------------------------------------------------------------------------------------------------------


def repacked(name: str, change: Callable[[Entries], Entries]) -> Folder:
    def repack(folder: Path) -> None:
        with ZipFile(folder / name) as archive:
            entries = {entry: archive.read(entry) for entry in archive.namelist()}
        (folder / name).write_bytes(zipped(change(entries)))

    return repack


def zipped(entries: Entries) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)
    return packed.getvalue()


def only(*suffixes: str) -> Callable[[Entries], Entries]:
    return lambda entries: {name: content for name, content in entries.items() if Path(name).suffix in suffixes}


def encrypted(name: str) -> Folder:
    """Say of every entry that it needs a password."""

    def mark(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            for found in re.finditer(re.escape(signature), bytes(content)):
                content[found.start() + flags] |= 1
        (folder / name).write_bytes(content)

    return mark


# -- workbooks ---------------------------------------------------------------------------------------------------------


def workbook(name: str, change: Callable[[Any], object]) -> Folder:
    """Change a delivered workbook in place."""

    def rewrite(folder: Path) -> None:
        book = openpyxl.load_workbook(folder / name)
        change(book)
        book.save(folder / name)

    return rewrite


def column_of(sheet: Any, label: str) -> tuple[int, int]:
    """Row of the header and number of a column."""
    for row in sheet.iter_rows(max_row=5):
        for cell in row:
            if cell.value == label:
                return cell.row, cell.column
    raise AssertionError(label)


def listed(row: int, column: str, value: object, sheet: str = "总体清单") -> Folder:
    """Put a value into a cell of list.xlsx."""
    return workbook("list.xlsx", lambda book: _put(book[sheet], row, column, value))


def lined(row: int, column: str, value: object, sheet: str = "资源利用上线") -> Folder:
    """Put a value into a cell of lines.xlsx."""
    return workbook("lines.xlsx", lambda book: _put(book[sheet], row, column, value))


def _put(sheet: Any, row: int, column: str, value: object) -> None:
    sheet.cell(row, column_of(sheet, column)[1]).value = value


def without_column(name: str, sheet: str, column: str) -> Folder:
    def drop(book: Any) -> None:
        book[sheet].delete_cols(column_of(book[sheet], column)[1])

    return workbook(name, drop)


def without_sheet(name: str, sheet: str) -> Folder:
    return workbook(name, lambda book: book.remove(book[sheet]))


def without_rows(name: str, sheet: str, column: str, value: str) -> Folder:
    """Delete every row of a sheet that holds a value in a column."""

    def drop(book: Any) -> None:
        header, number = column_of(book[sheet], column)
        for row in range(book[sheet].max_row, header, -1):
            if book[sheet].cell(row, number).value == value:
                book[sheet].delete_rows(row)

    return workbook(name, drop)


# -- layers ------------------------------------------------------------------------------------------------------------


def relayered(
    layer_id: str, change: Callable[[Rows], object] = unchanged, *, crs: int | None = 4490, suffix: str = "gpkg"
) -> Folder:
    """Deliver one layer anew, in a file of its own, with changed rows and a stated CRS."""

    def rewrite(folder: Path) -> None:
        rows = SmallCity().layers[layer_id]
        columns = list(rows[0])
        change(rows)
        frame = gpd.GeoDataFrame(rows, columns=None if rows else columns, geometry="geometry", crs=crs)
        frame.to_file(folder / f"{layer_id}-anew.{suffix}", layer=layer_id)
        _point_to(folder, layer_id, f"{layer_id}-anew.{suffix}")

    return rewrite


def as_geojson(layer_id: str, geometry: object) -> Folder:
    """Deliver one layer anew as GeoJSON whose first geometry is written as given, well formed or not."""

    def rewrite(folder: Path) -> None:
        rows = SmallCity().layers[layer_id]
        shapes = [geometry, *(shapely.geometry.mapping(row["geometry"]) for row in rows[1:])]
        features = [
            {"type": "Feature", "properties": {k: v for k, v in row.items() if k != "geometry"}, "geometry": shape}
            for row, shape in zip(rows, shapes, strict=True)
        ]
        path = folder / f"{layer_id}.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        _point_to(folder, layer_id, path.name)

    return rewrite


def as_parquet(layer_id: str, change: Callable[[Rows], object]) -> Folder:
    """Deliver one layer anew as GeoParquet, which keeps every coordinate as it is."""

    def rewrite(folder: Path) -> None:
        rows = SmallCity().layers[layer_id]
        with np.errstate(invalid="ignore"):  # what is no number is what we want to write
            change(rows)
            gpd.GeoDataFrame(rows, geometry="geometry", crs=4490).to_parquet(folder / f"{layer_id}.parquet")
        _point_to(folder, layer_id, f"{layer_id}.parquet")

    return rewrite


def as_file(layer_id: str, name: str, write: Callable[[gpd.GeoDataFrame, Path], object]) -> Folder:
    """Deliver one layer anew in a file that a function writes."""

    def rewrite(folder: Path) -> None:
        write(gpd.GeoDataFrame(SmallCity().layers[layer_id], geometry="geometry", crs=4490), folder / name)
        _point_to(folder, layer_id, name)

    return rewrite


def without_geometry(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write a table of attributes only."""
    pyogrio.write_dataframe(frame.drop(columns="geometry"), path, layer=path.stem)


def half_of(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write the first half of a layer's file."""
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, driver=DRIVERS[path.suffix[1:]])
    halved(path.name)(path.parent)


def _point_to(folder: Path, layer_id: str, name: str) -> None:
    old = "unit_land.zip" if layer_id == "unit_land" else "unit_sea.zip" if layer_id == "unit_sea" else "city.gpkg"
    described(layer_id, f'file = "{old}"', f'file = "{name}"')(folder)


def shaped(layer_id: str, shape: object, row: int = 0) -> City:
    """Give a zone another shape."""
    return attributed(layer_id, "geometry", shape, row)


def attributed(layer_id: str, column: str, value: object, row: int = 0) -> City:
    """Give a zone another attribute."""
    return lambda city: city.layers[layer_id][row].__setitem__(column, value)


def renamed(layer_id: str, old: str, new: str | None) -> City:
    """Rename a column, or leave it out."""

    def rename(city: SmallCity) -> None:
        for row in city.layers[layer_id]:
            value = row.pop(old)
            if new is not None:
                row[new] = value

    return rename


def moved(layer_id: str, change: Callable[[Any], Any]) -> City:
    """Change every coordinate of a layer."""

    def move(city: SmallCity) -> None:
        for row in city.layers[layer_id]:
            row["geometry"] = shapely.transform(row["geometry"], change)

    return move
