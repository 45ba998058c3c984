"""Reading one delivered vector table: driver by content from a closed list, text decoded, CRS brought to EPSG:4490."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.archive import unpack
from screening.crs import DEGREES
from screening.errors import DeliveryError
from screening.words import Text

DRIVERS = frozenset({"ESRI Shapefile", "GPKG", "GeoJSON", "FlatGeobuf", "OpenFileGDB"})
EQUAL_TO_CGCS2000 = frozenset({4490, 4326, 4479})  # WGS 84 and CGCS2000 agree within centimetres
_SUFFIXES = (".shp", ".gpkg", ".geojson", ".json", ".fgb")


@dataclass(frozen=True, slots=True)
class VectorTable:
    """One table as delivered.

    Attributes:
        frame: All columns as delivered plus `geometry` in EPSG:4490 degrees.
        encoding: How its text was decoded.
        crs: The coordinate system it came in, by name.
    """

    frame: gpd.GeoDataFrame
    encoding: str
    crs: str


def read_table(path: Path, table: str) -> VectorTable:
    """One table of a vector file or of a zip that holds one.

    Args:
        path: `.zip` with a shapefile in any sub-folder, or a file of a driver on the closed list.
        table: Table within a GeoPackage; for a zip, the stem of the shapefile.

    Raises:
        DeliveryError: No such file or table, a driver outside the list, no CRS, or a datum that cannot be moved
            to CGCS2000 without controlled parameters.
    """
    if not path.exists():
        raise DeliveryError.missing_file(path.name, "delivery.toml")
    if path.suffix.lower() != ".zip":
        return _read(path, table)
    with tempfile.TemporaryDirectory() as folder:
        files = [file for file in unpack(path, Path(folder)) if file.suffix.lower() in _SUFFIXES]
        chosen = [file for file in files if file.stem == table] or files
        if len(chosen) != 1:
            raise DeliveryError.wrong(
                path.name,
                Text(
                    f"应恰好含一个图层“{table}”，实有 {len(chosen)} 个",
                    f"needs exactly one layer “{table}”, holds {len(chosen)}",
                ),
                Text("请每个压缩包只放一个图层。", "Pack one layer in each zip."),
                candidates=[file.stem for file in files],
            )
        return _read(chosen[0], table)


def _read(path: Path, table: str) -> VectorTable:
    try:
        layers = {str(name) for name, _ in pyogrio.list_layers(path)}
        layer = table if table in layers else None
        if layer is None and len(layers) != 1:
            raise DeliveryError.wrong(
                path.name,
                Text(f"没有图层“{table}”", f"has no layer “{table}”"),
                Text("请核对图层名。", "Check the layer's name."),
                candidates=sorted(layers),
            )
        info = pyogrio.read_info(path, layer=layer)
        if info["driver"] not in DRIVERS:
            raise DeliveryError.unreadable(path.name, f"driver {info['driver']}")
        shapefile = info["driver"] == "ESRI Shapefile"
        frame = gpd.read_file(path, layer=layer, encoding="ISO-8859-1" if shapefile else None)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, CRSError, ValueError) as problem:
        raise DeliveryError.unreadable(path.name, str(problem)) from problem
    if len(frame) != info["features"]:
        raise DeliveryError.unreadable(path.name, f"{len(frame)} of {info['features']} rows")
    encoding = "utf-8"
    if shapefile:
        frame, encoding = _decoded(frame)
    crs = frame.crs
    if crs is None:
        raise DeliveryError.wrong(
            path.name,
            Text("没有坐标系定义", "has no coordinate system"),
            Text("请附上 .prj，或在交付说明中声明。", "Add the .prj file or declare it in the delivery."),
        )
    return VectorTable(frame=_in_degrees(frame, crs, path.name), encoding=encoding, crs=crs.name)


def _decoded(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, str]:
    """Text of a DBF read byte for byte: UTF-8 if all of it decodes so, else GB18030. A wrong `.cpg` does no harm."""
    words = [column for column in frame.columns if column != "geometry" and pd.api.types.is_string_dtype(frame[column])]
    raw = [value.encode("latin-1") for column in words for value in frame[column].dropna()]
    encoding = "utf-8" if all(_decodes(value) for value in raw) else "gb18030"

    def decode(value: object) -> object:
        return value.encode("latin-1").decode(encoding, "replace") if isinstance(value, str) else value

    for column in words:
        frame[column] = frame[column].map(decode)
    # A field name may be cut in the middle of a character, so it is decoded leniently and by itself.
    names = {c: _name(c) for c in frame.columns if c != "geometry"}
    return frame.rename(columns=names), encoding


def _name(raw: str) -> str:
    written = raw.encode("latin-1")
    return written.decode("utf-8") if _decodes(written) else written.decode("gb18030", "ignore")


def _decodes(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _in_degrees(frame: gpd.GeoDataFrame, crs: CRS, name: str) -> gpd.GeoDataFrame:
    epsg = crs.to_epsg()
    geometry = shapely.force_2d(frame.geometry.values)
    if epsg in EQUAL_TO_CGCS2000:
        return frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=DEGREES))
    geodetic = crs.geodetic_crs
    datum = geodetic.to_epsg() if geodetic is not None else None
    if crs.is_projected and datum in EQUAL_TO_CGCS2000 and epsg != 3857:
        return frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=crs)).to_crs(DEGREES)
    raise DeliveryError.wrong(
        name,
        Text(f"坐标系“{crs.name}”不能直接使用", f"the coordinate system “{crs.name}” cannot be used as it is"),
        Text(
            "请换算为 CGCS2000（EPSG:4490 或其高斯-克吕格带）后交付。",
            "Convert it to CGCS2000 (EPSG:4490 or a Gauss–Krüger belt).",
        ),
        value=str(epsg),
    )
