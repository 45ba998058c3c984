"""Shapefile, GeoPackage, FileGDB, GeoJSON, KML: every table of a vector file, features as parcels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from layers.issues import Issue, error, warning
from layers.sites.parcels import MOST_POINTS, MOST_SITES, Parcel, RawFile, too_much
from layers.vector import TECHNICAL, Declared, in_degrees, read_frame
from screening.datums import Datum
from screening.errors import DeliveryError, SiteFileError
from screening.layouts import AxisOrder
from screening.readings import Declaration
from screening.words import Text, joined, same

KIND = Text("矢量图层", "vector layer")
_ACCEPTED = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_NAMES = (
    "名称",
    "项目名称",
    "地块名称",
    "宗地名称",
    "DKMC",
    "XMMC",
    "ZDMC",
    "NAME",
    "Name",
    "name",
    "地块编号",
    "DKBH",
    "ZDDM",
)
_BINARY_STEP = 1e-9  # binary numbers say nothing of the precision they were made with


def read_vectors(paths: list[Path], shown: str, *, epsg: int | None, encoding: str | None) -> RawFile:
    """Every feature of some unpacked vector files.

    Args:
        paths: Files of drivers on the closed list, or FileGDB folders.
        shown: Name of what was handed in.
        epsg: Declared; against what a file says itself it is refused.
        encoding: Of a shapefile's text; None lets the bytes decide.

    Raises:
        SiteFileError: Nothing in it can be read, or some of it cannot be read wholly, or systems differ.
    """
    parcels: list[Parcel] = []
    issues: list[Issue] = []
    systems: dict[Text, bool] = {}
    is_wgs84 = True
    try:
        for path in paths:
            for table in _tables(path):
                frame, _, _ = read_frame(path, table, Declared(encoding=encoding))
                if not isinstance(frame, gpd.GeoDataFrame):
                    issues.append(warning(shown, table, Text("没有图形，未读取", "has no geometry and was not read")))
                    continue
                if frame.crs is not None:
                    is_wgs84 = is_wgs84 and frame.crs.to_epsg() == 4326
                    frame, name = in_degrees(frame, path.name, epsg)
                    systems[name] = True
                else:
                    systems[same("")] = False
                parcels += _parcels(frame, path.stem if table == path.stem else f"{path.stem}/{table}", issues, shown)
    except DeliveryError as problem:
        raise SiteFileError(
            what=problem.what, why=problem.why, cure=problem.cure, field=shown, candidates=problem.candidates
        ) from problem
    _require_sane(shown, parcels, issues, systems)
    known = all(systems.values())
    note = Text("坐标系：", "coordinate system: ").joined_with(joined(list(systems), zh="；", en="; "))
    return RawFile(
        kind=KIND,
        parcels=tuple(parcels),
        issues=tuple(issues),
        step=_BINARY_STEP if known else 0.001,
        axes=AxisOrder.EAST_FIRST if known else None,
        moved=known,
        told=Declaration(datum=Datum.WGS84 if is_wgs84 else Datum.CGCS2000) if known else Declaration(),
        notes=(note if known else Text("文件没有坐标系定义", "the file names no coordinate system"),),
        spoken=" ".join((shown, *(path.name for path in paths))),
    )


def _tables(path: Path) -> list[str]:
    if path.suffix.lower() == ".parquet":
        return [path.stem]
    try:
        return [str(name) for name, _ in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as problem:
        raise DeliveryError.unreadable(path.name, str(problem)) from problem


def _parcels(frame: gpd.GeoDataFrame, table: str, issues: list[Issue], shown: str) -> Iterator[Parcel]:
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    named = next((column for column in _NAMES if column in columns), None)
    kept = [column for column in columns if column.upper() not in TECHNICAL]
    for number, shape in enumerate(frame.geometry.values, start=1):
        place = f"{table}!{number}"
        fault = _fault(shape)
        if fault is not None:
            issues.append(error(shown, place, fault))
            continue
        row = frame.iloc[number - 1]
        yield Parcel(
            place=place,
            name=_word(row[named]) if named else "",
            shape=shapely.force_2d(shape),
            attributes={column: _word(row[column]) for column in kept},
        )


def _fault(shape: BaseGeometry | None) -> Text | None:
    if shape is None or shape.is_empty:
        return Text("没有图形", "has no shape")
    if shape.geom_type not in _ACCEPTED:
        return Text(f"{shape.geom_type} 不能作为选址", f"a {shape.geom_type} is no site")
    return None


def _word(value: object) -> str:
    return "" if pd.isna(value) else str(value).strip()  # type: ignore[call-overload]


def _require_sane(shown: str, parcels: list[Parcel], issues: list[Issue], systems: dict[Text, bool]) -> None:
    if not parcels and not issues:
        raise SiteFileError.of(
            shown, Text("没有图斑", "holds no feature"), Text("请检查图层内容。", "Check the layer.")
        )
    if len(set(systems.values())) > 1:
        what = Text("各图层有的有坐标系、有的没有", "some of its layers name a coordinate system and some do not")
        raise SiteFileError.of(shown, what, Text("请补全 .prj。", "Add the missing .prj files."))
    corners = sum(shapely.get_num_coordinates(one.shape) for one in parcels)
    if len(parcels) > MOST_SITES or corners > MOST_POINTS:
        raise too_much(shown, len(parcels), corners)
