"""Features of vector files as rows: attributes as cells, geometry as WKT; a feature without a usable shape is a row too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import repeat
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from layers.batches.columns import columns_by_key
from layers.batches.sources import BLANK, Cell, CellKind, Sheet, Source, SourceRow, text_cell
from layers.map_providers import map_providers
from layers.sites.parcels import MOST_POINTS
from layers.vector import Declared, in_degrees, read_frame
from screening.datums import SHIFTED, Datum
from screening.errors import DeliveryError, SiteFileError
from screening.map_links import named_provider
from screening.readings import Declaration
from screening.words import Text

KIND = Text("矢量图层", "vector layer")
DECIMALS = 9  # of a degree: 0.1 mm
_ACCEPTED = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_EAST_FIRST = "east_first"


def read_features(paths: list[Path], shown: str, declared: Declaration) -> Source:
    """Every feature of some unpacked vector files, table by table.

    Args:
        paths: Files of drivers on the closed list, or FileGDB folders.
        shown: Name of what was handed in.
        declared: EPSG code for files that name no system; a datum, where the name speaks of a map provider.

    Raises:
        SiteFileError: A table cannot be read, its system cannot be used, or it may be in shifted coordinates.
    """
    sheets: list[Sheet] = []
    notices: list[Text] = []
    datum = stated_datum(" ".join((shown, *(path.name for path in paths))), shown, declared)
    try:
        for path in paths:
            for table in _tables(path):
                name = path.stem if table == path.stem else f"{path.stem}/{table}"
                frame, _, complaints = read_frame(path, table, Declared())
                notices += [Text(f"{name}：{one.zh}", f"{name}: {one.en}") for one in complaints]
                if isinstance(frame, gpd.GeoDataFrame):
                    sheets.append(feature_sheet(name, frame, datum, declared.epsg))
                else:
                    notices.append(Text(f"“{name}”没有图形，未读取", f"“{name}” has no geometry and was not read"))
    except DeliveryError as problem:
        raise SiteFileError(
            what=problem.what, why=problem.why, cure=problem.cure, field=shown, candidates=problem.candidates
        ) from problem
    return Source(file=shown, kind=KIND, sheets=tuple(sheets), notices=tuple(notices))


def stated_datum(spoken: str, shown: str, declared: Declaration) -> Datum | None:
    """The datum declared; a file named after a map provider needs one, whatever its format claims.

    Raises:
        SiteFileError: It needs one.
    """
    named = named_provider(spoken, map_providers())
    if named is not None and named[0].datum in SHIFTED and declared.datum is None:
        what = Text(
            f"名称中有“{named[1]}”，坐标可能是 {named[0].datum.value}",
            f"its name speaks of “{named[1]}”, so its coordinates may be {named[0].datum.value}",
        )
        raise SiteFileError.of(shown, what, Text("请声明坐标基准（datum）。", "Declare the datum."), value=named[1])
    return declared.datum


def _tables(path: Path) -> list[str]:
    if path.suffix.lower() == ".parquet":
        return [path.stem]
    try:
        return [str(name) for name, _ in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as problem:
        raise DeliveryError.unreadable(path.name, str(problem)) from problem


def feature_sheet(name: str, frame: gpd.GeoDataFrame, datum: Datum | None, epsg: int | None, first: int = 1) -> Sheet:
    """Features as rows of a table.

    Args:
        frame: With its reference system, if the file names one.
        datum: That of the coordinates where it is stated.
        epsg: For a frame without a system.
        first: Number of its first row.

    Raises:
        SiteFileError: There are too many vertices.
        DeliveryError: The system cannot be used.
    """
    if shapely.get_num_coordinates(frame.geometry.values).sum() > MOST_POINTS:
        what = Text(f"“{name}”顶点过多", f"“{name}” has too many vertices")
        raise SiteFileError.of(name, what, Text("请化简或分成几个文件。", "Simplify it or split the file."))
    system = ""
    if frame.crs is not None or epsg is not None:
        frame, _ = in_degrees(frame, name, epsg)
        system = (datum or Datum.CGCS2000).value
    attributes = [column for column in frame.columns if column != frame.geometry.name]
    known = columns_by_key()
    own = ("coordinates", "system", "axes")
    header = (*(known[key].label.zh for key in own), *(str(column) for column in attributes))
    return Sheet(
        name=name,
        header=header,
        given=tuple((key, at) for at, key in enumerate(own)),
        grid=tuple(_rows(frame, attributes, system, first)),
    )


def _rows(frame: gpd.GeoDataFrame, attributes: list[str], system: str, first: int) -> Iterator[SourceRow]:
    columns = [frame[one].astype(object).tolist() for one in attributes]
    rows = zip(*columns, strict=True) if columns else repeat((), len(frame))
    named = (text_cell(system), text_cell(_EAST_FIRST if system else ""))
    for number, (shape, values) in enumerate(zip(frame.geometry.values, rows, strict=True), start=first):
        place = (text_cell(_wkt(shape)), *named)
        cells = tuple(_cell(value) for value in values)
        yield SourceRow(number=number, cells=(*place, *cells), fault=_fault(shape))


def _wkt(shape: BaseGeometry | None) -> str:
    if shape is None:
        return ""
    return str(shapely.to_wkt(shapely.force_2d(shape), rounding_precision=DECIMALS, trim=True))


def _fault(shape: BaseGeometry | None) -> Text | None:
    if shape is None or shape.is_empty:
        return Text("没有图形", "has no shape")
    if shape.geom_type not in _ACCEPTED:
        return Text(f"{shape.geom_type} 不能作为选址", f"a {shape.geom_type} is no site")
    return None


def _cell(value: object) -> Cell:
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, bool):
        return Cell(CellKind.BOOLEAN, value)
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return BLANK
    if isinstance(value, pd.Timestamp):
        return Cell(CellKind.DATE, value.tz_localize(None).to_pydatetime())
    if isinstance(value, date | time | timedelta):
        return Cell(CellKind.DATE, value)
    if isinstance(value, int | float) and np.isfinite(value):
        return Cell(CellKind.NUMBER, value)
    return text_cell(str(value))
