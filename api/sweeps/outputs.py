"""The results of a sweep as one file: GeoParquet, GeoPackage or Excel, written some thousand rows at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import xlsxwriter
from pyproj import CRS

from api.sweeps.work import COLUMNS
from screening.errors import SiteFileError
from screening.words import Language, Text

FORMATS = (".parquet", ".gpkg", ".xlsx")
MOST_EXCEL_ROWS = 1_048_575
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


def write(path: Path, tables: Iterable[pa.Table], about: Mapping[str, str], language: Language) -> None:
    """The results, whole or not at all.

    Args:
        tables: Of `COLUMNS`.
        about: What the answers rest on; it goes into the file.

    Raises:
        SiteFileError: A workbook cannot hold so many rows.
    """
    draft = path.with_name(f".draft-{path.name}")
    draft.unlink(missing_ok=True)
    try:
        {".parquet": _parquet, ".gpkg": _geopackage, ".xlsx": _workbook}[path.suffix.lower()](
            draft, tables, about, language
        )
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _parquet(path: Path, tables: Iterable[pa.Table], about: Mapping[str, str], language: Language) -> None:
    column = {"encoding": "WKB", "geometry_types": [], "crs": CRS.from_epsg(4490).to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    described = {b"geo": json.dumps(geo), b"threelines": json.dumps(dict(about), ensure_ascii=False)}
    with pq.ParquetWriter(path, COLUMNS.with_metadata(described), compression="zstd") as opened:
        for table in tables:
            opened.write_table(table.replace_schema_metadata(described))


def _geopackage(path: Path, tables: Iterable[pa.Table], about: Mapping[str, str], language: Language) -> None:
    for number, table in enumerate(tables):
        rows = table.drop_columns(["geometry"]).to_pylist()
        plain = [{**_flat(row, language), **about} for row in rows]
        shapes = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))
        frame = gpd.GeoDataFrame(plain, geometry=shapes, crs="EPSG:4490", columns=[*_HEADERS, *about, "geometry"])
        mode = "a" if number else "w"
        frame.to_file(path, layer=_LAYER, driver="GPKG", mode=mode, engine="pyogrio", geometry_type="Unknown")


def _workbook(path: Path, tables: Iterable[pa.Table], about: Mapping[str, str], language: Language) -> None:
    with xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
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
                    what = Text("行数超过工作表的上限", "it would have more rows than a worksheet can hold")
                    raise SiteFileError.of(path.name, what, Text("请改用 .parquet。", "Use .parquet."))
                for at, value in enumerate(_flat(told, language).values()):
                    if value is not None:
                        sheet.write(row, at, value)
        notes = book.add_worksheet("说明" if language == "zh" else "About")
        for at, (key, value) in enumerate(about.items()):
            notes.write(at, 0, key)
            notes.write(at, 1, value)


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
    return "\n".join(words)[:32_000] if isinstance(words, list) and words else None
