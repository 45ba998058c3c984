"""The results of a sweep as one file: GeoParquet, GeoPackage or Excel, written some thousand rows at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import xlsxwriter
from pyproj import CRS

from api.sweeps.work import COLUMNS
from screening.errors import SiteFileError
from screening.words import Language, Text

FORMATS = (".parquet", ".gpkg", ".xlsx")
MOST_EXCEL_ROWS = 1_048_575
LONGEST_CELL = 32_767
LABELS = ("release", "as_of", "nature")
"""What the answers rest on, in every row of a GeoPackage: whoever copies a row takes it along."""
_LAYER = "sites"
_HEADERS: dict[str, tuple[Text, int]] = {
    "place": (Text("位置", "Place"), 14),
    "name": (Text("名称", "Name"), 26),
    "conclusion": (Text("结论", "Conclusion"), 14),
    "deciding": (Text("决定性依据", "What decides"), 40),
    "findings": (Text("要点", "Findings"), 60),
    "to_declare": (Text("尚待申报", "Still to declare"), 36),
    "area_m2": (Text("面积（平方米）", "Area (m²)"), 14),
    "problems": (Text("未研判的原因", "Why it was not screened"), 60),
}


def require_format(path: Path) -> None:
    """Refuse results in a form nobody writes, before any work is done.

    Raises:
        SiteFileError: It is none of `FORMATS`.
    """
    if path.suffix.lower() not in FORMATS:
        what = Text(f"结果不能写成“{path.suffix}”", f"results cannot be written as “{path.suffix}”")
        cure = Text("请改用 .parquet、.gpkg 或 .xlsx。", "Use .parquet, .gpkg or .xlsx.")
        raise SiteFileError.of(path.name, what, cure, value=path.suffix, candidates=FORMATS)


def write(path: Path, drafts: Path, tables: Iterable[pa.Table], about: Mapping[str, str], language: Language) -> None:
    """The results, whole or not at all; the same for the same answers, byte for byte.

    Args:
        drafts: Folder beside them, in which they are written.
        tables: Of `COLUMNS`; at least one.
        about: What the answers rest on; it goes into the file.

    Raises:
        SiteFileError: A workbook cannot hold so many rows.
    """
    draft = drafts / path.name
    {".parquet": _parquet, ".gpkg": _geopackage, ".xlsx": _workbook}[path.suffix.lower()](
        draft, tables, about, language
    )
    with draft.open("rb") as opened:
        os.fsync(opened.fileno())
    draft.replace(path)


def _parquet(path: Path, tables: Iterable[pa.Table], about: Mapping[str, str], language: Language) -> None:
    column = {"encoding": "WKB", "geometry_types": [], "crs": CRS.from_epsg(4490).to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    described = {b"geo": json.dumps(geo), b"threelines": json.dumps(dict(about), ensure_ascii=False)}
    with pq.ParquetWriter(path, COLUMNS.with_metadata(described), compression="zstd") as opened:
        for table in tables:
            opened.write_table(table.replace_schema_metadata(described))


def _geopackage(path: Path, tables: Iterable[pa.Table], about: Mapping[str, str], language: Language) -> None:
    labels = {key: about[key] for key in LABELS}
    columns = pa.schema(
        [(key, pa.float64() if key == "area_m2" else pa.string()) for key in _HEADERS]
        + [(key, pa.string()) for key in labels]
    )
    described = {"dataset_metadata": dict(about)}
    with _on_day(about["as_of"]):
        for number, table in enumerate(tables):
            rows = [{**_flat(row, language), **labels} for row in table.drop_columns(["geometry"]).to_pylist()]
            pyogrio.write_arrow(
                pa.Table.from_pylist(rows, columns).append_column("geometry", table["geometry"]),
                path,
                layer=_LAYER,
                driver="GPKG",
                geometry_name="geometry",
                geometry_type="Unknown",
                crs="EPSG:4490",
                append=number > 0,
                **(described if number == 0 else {}),
            )


@contextmanager
def _on_day(day: str) -> Iterator[None]:
    """What GDAL writes bears that day: a GeoPackage says when it was made."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _workbook(path: Path, tables: Iterable[pa.Table], about: Mapping[str, str], language: Language) -> None:
    plainly = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, plainly) as book:
        book.set_properties({"created": datetime.fromisoformat(about["as_of"])})
        sheet = book.add_worksheet("结果" if language == "zh" else "Results")
        sheet.freeze_panes(1, 2)
        for at, (label, width) in enumerate(_HEADERS.values()):
            sheet.write(0, at, label.in_(language))
            sheet.set_column(at, at, width)
        row = 0
        for table in tables:
            for told in table.drop_columns(["geometry"]).to_pylist():
                row += 1
                if row > MOST_EXCEL_ROWS:
                    raise _too_long(path)
                for at, value in enumerate(_flat(told, language).values()):
                    _write_cell(sheet, row, at, value)
        notes = book.add_worksheet("说明" if language == "zh" else "About")
        for at, (key, value) in enumerate(about.items()):
            notes.write_string(at, 0, key)
            notes.write_string(at, 1, value)


def _write_cell(sheet: Any, row: int, at: int, value: object) -> None:
    if isinstance(value, float):
        sheet.write_number(row, at, value)
    elif isinstance(value, str):
        whole = len(value) <= LONGEST_CELL
        sheet.write_string(row, at, value if whole else f"{value[: LONGEST_CELL - 1]}…")


def _too_long(path: Path) -> SiteFileError:
    what = Text("行数超过工作表的上限", "it would have more rows than a worksheet can hold")
    cure = Text(
        f"请改用 .parquet：把“{path.name}.parts”改名为“{path.stem}.parquet.parts”后重复同一命令，已完成的不必重做。",
        f"Use .parquet: rename “{path.name}.parts” to “{path.stem}.parquet.parts” and repeat the command with that"
        " name; what is done need not be done again.",
    )
    return SiteFileError.of(path.name, what, cure)


def _flat(row: Mapping[str, object], language: Language) -> dict[str, object]:
    """A row in the words of one language, lists as lines."""
    findings = row["findings"] if isinstance(row["findings"], list) else []
    return {
        "place": row["place"],
        "name": row["name"],
        "conclusion": row[f"conclusion_{language}"],
        "deciding": _lines(row["deciding"]),
        "findings": _lines([f"{one['key']}: {one['outcome']}" for one in findings]),
        "to_declare": _lines(row["to_declare"]),
        "area_m2": row["area_m2"],
        "problems": _lines(row[f"problems_{language}"]),
    }


def _lines(words: object) -> str | None:
    return "\n".join(words) if isinstance(words, list) and words else None
