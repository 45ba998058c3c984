"""Reading one delivered vector table: driver by content from a closed list, text decoded, CRS brought to EPSG:4490."""

from __future__ import annotations

import json
import tempfile
import warnings
from dataclasses import dataclass
from math import inf
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.archive import unpack
from screening.crs import DEGREES
from screening.errors import DeliveryError
from screening.words import Text

DRIVERS = frozenset({"ESRI Shapefile", "GPKG", "GeoJSON", "FlatGeobuf", "OpenFileGDB", "KML", "LIBKML"})
EQUAL_TO_CGCS2000 = (4490, 4326)  # WGS 84 and CGCS2000 agree within centimetres
WEB_MERCATOR = 3857
REPLACEMENT = "\ufffd"
FORMAT_IS_UTF8 = Text("UTF-8（格式规定）", "UTF-8 (as the format prescribes)")
_FILES = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".parquet")
ARCHIVES = (".zip", ".kmz")
# What paging services write into a GeoJSON that is one page of many: OGC API Features and WFS; ArcGIS.
PAGING = (b"numberMatched", b"totalFeatures", b"exceededTransferLimit", b"links")
# Columns that file formats and database keys add of themselves; they are nobody's content.
TECHNICAL = frozenset({"OBJECTID", "FID", "OGC_FID", "SHAPE_LENGTH", "SHAPE_AREA", "SHAPE_LENG"})
KML_OWN = frozenset(
    {"ID", "DESCRIPTION", "TIMESTAMP", "BEGIN", "END", "ALTITUDEMODE", "TESSELLATE", "EXTRUDE", "VISIBILITY"}
    | {"DRAWORDER", "ICON", "SNIPPET"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the deliverer states about a file that cannot say it itself.

    Attributes:
        crs: EPSG code, for a file without one; contradicting the file is refused.
        encoding: Of a shapefile's text; None lets the bytes decide.
    """

    crs: int | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class VectorTable:
    """One table as delivered.

    Attributes:
        frame: All columns as delivered plus `geometry` in EPSG:4490 degrees.
        encoding: How its text was decoded, and how that was found.
        crs: The coordinate system it came in, by name, and how that was found.
        notes: What the driver and the decoding complained about, without refusing the file.
    """

    frame: gpd.GeoDataFrame
    encoding: Text
    crs: Text
    notes: tuple[Text, ...] = ()


def read_table(path: Path, table: str, declared: Declared | None = None) -> VectorTable:
    """One table of a vector file, of a FileGDB folder, or of a zip or KMZ that holds one.

    Args:
        path: A file of a driver on the closed list, or `.zip`/`.kmz` with one in any sub-folder.
        table: Table within a GeoPackage, FileGDB or KML; in a zip also the stem of the file.
        declared: What the file itself does not say.

    Raises:
        DeliveryError: No such file or table, a driver outside the list, no CRS, or a datum that cannot be moved
            to CGCS2000 without controlled parameters.
    """
    declared = declared or Declared()
    if not path.exists():
        raise DeliveryError.missing_file(path.name, "delivery.toml")
    if path.is_dir() != (path.suffix.lower() == ".gdb"):
        raise DeliveryError.unreadable(path.name, "a directory" if path.is_dir() else "a FileGDB is a directory")
    if path.suffix.lower() not in ARCHIVES:
        return _read(path, table, declared)
    with tempfile.TemporaryDirectory() as folder:
        return _read(_chosen(path, unpack(path, Path(folder)), table), table, declared)


def in_degrees(frame: gpd.GeoDataFrame, place: str, declared: int | None = None) -> tuple[gpd.GeoDataFrame, Text]:
    """A frame brought to EPSG:4490, and the name of the system it came in.

    Args:
        frame: With the CRS its source states, or none.
        place: File or table, for the error.
        declared: EPSG code stated by the deliverer.

    Raises:
        DeliveryError: No CRS, one that contradicts what was declared, or a datum other than CGCS2000 and WGS 84.
    """
    crs = frame.crs
    if crs is None and declared is None:
        raise DeliveryError.wrong(
            place,
            Text("没有坐标系定义", "has no coordinate system"),
            Text("请附上 .prj，或在交付说明中以 crs 声明。", "Add the .prj file or declare `crs` in the delivery."),
        )
    stated = _declared_crs(place, declared) if declared is not None else None
    found = Text("文件所载", "stated by the file") if crs is not None else Text("交付说明所声明", "declared")
    crs = crs or stated
    assert crs is not None
    if stated is not None and not crs.equals(stated, ignore_axis_order=True):
        raise DeliveryError.wrong(
            place,
            Text(
                f"声明的 EPSG:{declared} 与文件的“{crs.name}”不符",
                f"declared EPSG:{declared}, but the file says “{crs.name}”",
            ),
            Text("请核实后只留正确的一个。", "Find out which is right and keep that one."),
        )
    flat = gpd.GeoSeries(shapely.force_2d(frame.geometry.values), index=frame.index, crs=crs)
    name = Text(f"{crs.name}（{found.zh}）", f"{crs.name} ({found.en})")
    if crs.is_geographic and _is_cgcs2000(crs):
        return frame.set_geometry(flat.set_crs(DEGREES, allow_override=True)), name
    mercator = crs.to_epsg() == WEB_MERCATOR and stated is None
    if crs.is_projected and not mercator and _is_cgcs2000(crs.geodetic_crs):
        return frame.set_geometry(flat).to_crs(DEGREES), name
    raise DeliveryError.wrong(
        place,
        Text(f"坐标系“{crs.name}”不能直接使用", f"the coordinate system “{crs.name}” cannot be used as it is"),
        Text(
            "请换算为 CGCS2000（EPSG:4490 或其高斯-克吕格带）后交付。",
            "Convert it to CGCS2000 (EPSG:4490 or a Gauss–Krüger belt).",
        ),
        value=str(crs.to_epsg()),
    )


def _is_cgcs2000(geodetic: CRS | None) -> bool:
    """Whether a geodetic system is CGCS2000 or WGS 84, however its file spells it (desktop GIS leave out the codes)."""
    return geodetic is not None and any(
        geodetic.equals(CRS.from_epsg(code), ignore_axis_order=True) for code in EQUAL_TO_CGCS2000
    )


def _declared_crs(place: str, epsg: int) -> CRS:
    try:
        return CRS.from_epsg(epsg)
    except CRSError as problem:
        raise DeliveryError.wrong(
            place,
            Text(f"声明的坐标系 EPSG:{epsg} 不存在", f"the declared EPSG:{epsg} does not exist"),
            Text("请更正 crs。", "Correct `crs`."),
        ) from problem


def layer_files(files: list[Path]) -> list[Path]:
    """Those of some files that may hold a layer: files of known kinds and FileGDB folders."""
    databases = {parent for file in files for parent in file.parents if parent.suffix.lower() == ".gdb"}
    return [file for file in files if file.suffix.lower() in _FILES] + sorted(databases)


def _chosen(archive: Path, files: list[Path], table: str) -> Path:
    """The one layer of an archive that is meant: a file of a known kind, or a FileGDB folder."""
    known = layer_files(files)
    chosen = [file for file in known if file.stem == table] or known
    if len(chosen) != 1:
        raise DeliveryError.wrong(
            archive.name,
            Text(
                f"应恰好含一个图层“{table}”，实有 {len(chosen)} 个",
                f"needs exactly one layer “{table}”, holds {len(chosen)}",
            ),
            Text("请每个压缩包只放一个图层。", "Pack one layer in each zip."),
            candidates=[file.stem for file in known],
        )
    return chosen[0]


def read_frame(path: Path, table: str, declared: Declared) -> tuple[gpd.GeoDataFrame, Text, tuple[Text, ...]]:
    """One table of an unpacked file as its driver gives it, whatever its CRS; how its text was decoded; and complaints.

    Raises:
        DeliveryError: No such table, a driver outside the list, or content the driver cannot read wholly.
    """
    try:
        with warnings.catch_warnings(record=True) as complaints, np.errstate(invalid="ignore"):
            warnings.simplefilter("always", RuntimeWarning)
            if path.suffix.lower() == ".parquet":
                frame, encoding = _parquet(path)
            else:
                frame, encoding = _ogr(path, table, declared)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyarrow.ArrowException,
        shapely.errors.ShapelyError,
        CRSError,
        ValueError,
    ) as problem:
        raise DeliveryError.unreadable(path.name, str(problem)) from problem
    said = dict.fromkeys(str(one.message) for one in complaints if one.category is RuntimeWarning)
    return frame, encoding, tuple(Text(f"读取时提示：{words}", f"said on reading: {words}") for words in said)


def _read(path: Path, table: str, declared: Declared) -> VectorTable:
    frame, encoding, complaints = read_frame(path, table, declared)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise DeliveryError.unreadable(path.name, "no geometry column")
    frame = frame.drop(columns=[c for c in frame.columns if str(c).upper() in TECHNICAL])
    moved, crs = in_degrees(frame, path.name, declared.crs)
    notes = list(complaints)
    lost = _lost_characters(moved)
    if lost:
        notes.append(Text(f"有 {lost} 个字段值含无法解码的字符", f"{lost} values hold characters that do not decode"))
    return VectorTable(frame=moved, encoding=encoding, crs=crs, notes=tuple(notes))


def _lost_characters(frame: gpd.GeoDataFrame) -> int:
    words = [c for c in frame.columns if c != "geometry" and pd.api.types.is_string_dtype(frame[c])]
    return sum(int(frame[c].astype(str).str.contains(REPLACEMENT, regex=False).sum()) for c in words)


def _parquet(path: Path) -> tuple[gpd.GeoDataFrame, Text]:
    frame = gpd.read_parquet(path)
    return frame.rename_geometry("geometry") if frame.geometry.name != "geometry" else frame, FORMAT_IS_UTF8


def _ogr(path: Path, table: str, declared: Declared) -> tuple[gpd.GeoDataFrame, Text]:
    layers = {str(name) for name, _ in pyogrio.list_layers(path)}
    layer = table if table in layers else None
    if layer is None and len(layers) != 1:
        raise DeliveryError.wrong(
            path.name,
            Text(f"没有图层“{table}”", f"has no layer “{table}”"),
            Text("请核对图层名。", "Check the layer's name."),
            candidates=sorted(layers),
        )
    info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    if info["driver"] not in DRIVERS:
        raise DeliveryError.unreadable(path.name, f"driver {info['driver']}")
    shapefile = info["driver"] == "ESRI Shapefile"
    frame = gpd.read_file(path, layer=layer, encoding="ISO-8859-1" if shapefile else None)
    if len(frame) != info["features"]:
        raise DeliveryError.unreadable(path.name, f"{len(frame)} of {info['features']} rows")
    announced = _rows_announced(path) if info["driver"] == "GeoJSON" else None
    if announced is not None and len(frame) < announced:
        total = "more" if announced == inf else f"{announced:g}"
        raise DeliveryError.unreadable(path.name, f"one page: {len(frame)} of {total} rows")
    if "KML" in info["driver"]:
        return _without_kml_columns(frame), FORMAT_IS_UTF8
    return _decoded(frame, declared.encoding) if shapefile else (frame, FORMAT_IS_UTF8)


def _rows_announced(path: Path) -> float | None:
    """How many rows a GeoJSON says there are in all: infinite where only "more", None where it says nothing.

    A service answers with pages; one page saved as a file is well formed, and its other rows would be silence.
    """
    raw = path.read_bytes()
    if not any(word in raw for word in PAGING):
        return None
    head = json.loads(raw.decode("utf-8-sig"))
    paged = head.get("exceededTransferLimit") or head.get("properties", {}).get("exceededTransferLimit")
    if paged or any(link.get("rel") == "next" for link in head.get("links", ())):
        return inf
    told = [head[name] for name in ("numberMatched", "totalFeatures") if isinstance(head.get(name), int)]
    return max(told, default=None)


def _without_kml_columns(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """KML's own columns left out; `Name` stays only if nothing else says the name."""
    own = [c for c in frame.columns if str(c).upper() in KML_OWN]
    empty = [c for c in frame.columns if str(c) == "Name" and (frame[c].isna() | (frame[c] == "")).all()]
    return frame.drop(columns=own + empty)


def _decoded(frame: gpd.GeoDataFrame, stated: str | None) -> tuple[gpd.GeoDataFrame, Text]:
    """Text of a DBF read byte for byte: UTF-8 if all of it decodes so, else GB18030. A wrong `.cpg` does no harm."""
    words = [column for column in frame.columns if column != "geometry" and pd.api.types.is_string_dtype(frame[column])]
    raw = [value.encode("latin-1") for column in words for value in frame[column].dropna()]
    encoding = stated or ("utf-8" if all(_decodes(value) for value in raw) else "gb18030")

    def decode(value: object) -> object:
        return value.encode("latin-1").decode(encoding, "replace") if isinstance(value, str) else value

    for column in words:
        frame[column] = frame[column].map(decode)
    # A field name may be cut in the middle of a character, so it is decoded leniently and by itself.
    names = {c: _name(c) for c in frame.columns if c != "geometry"}
    return frame.rename(columns=names), _how_decoded(encoding, stated)


def _how_decoded(encoding: str, stated: str | None) -> Text:
    name = encoding.upper()
    if stated:
        return Text(f"{name}（交付说明所声明）", f"{name} (declared)")
    if encoding == "utf-8":
        return Text(f"{name}（全部文字按此解码无误）", f"{name} (all of its text decodes so)")
    return Text(f"{name}（文字不是合法的 UTF-8）", f"{name} (its text is no valid UTF-8)")


def _name(raw: str) -> str:
    written = raw.encode("latin-1")
    return written.decode("utf-8") if _decodes(written) else written.decode("gb18030", "ignore")


def _decodes(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
