"""Writes the delivery the way cities hand data over: zipped GBK Shapefiles and one GeoPackage."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from sample_data.terrain import TO_DEGREES
from sample_data.zones import Record

SHAPEFILES = {
    "unit_land": ("环境管控单元_陆域.zip", "环境管控单元_陆域"),
    "unit_sea": ("环境管控单元_海域.zip", "环境管控单元_海域"),
    "red_line": ("生态保护红线.zip", ""),
    "water": ("水环境管控分区.zip", "水环境"),
    "air": ("大气环境管控分区.zip", ""),
    "soil": ("土壤污染风险管控分区.zip", ""),
}
"""Layer, file, folder inside the zip (cities differ in that too)."""
GEOPACKAGE = "三线一单_示例.gpkg"
ZIP_TIME = (2026, 5, 31, 0, 0, 0)
"""Every entry of every zip bears this time, so that the same content gives the same bytes."""
DEGREE_DIGITS = 9


def to_degrees(geometries: Sequence[shapely.Geometry]) -> list[shapely.Geometry]:
    """EPSG:4549 metres to EPSG:4490 degrees with nine decimals (0.1 mm); like vertices stay like."""

    def turned(
        points: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        unique, position = np.unique(np.round(points, 3), axis=0, return_inverse=True)
        lon, lat = TO_DEGREES.transform(unique[:, 0], unique[:, 1])
        degrees = np.round(np.column_stack([lon, lat]), DEGREE_DIGITS)
        return degrees[position.reshape(-1)]

    return list(shapely.transform(np.array(geometries, dtype=object), turned))


def frame_of(records: Sequence[Record]) -> gpd.GeoDataFrame:
    """Records with plane geometries as a GeoDataFrame in EPSG:4490, polygons made MultiPolygons, rings oriented."""
    degrees = to_degrees([record["geometry"] for record in records])
    shapes = [shapely.multipolygons(shapely.get_parts(shape)) for shape in degrees]
    rows = [{key: value for key, value in record.items() if key != "geometry"} for record in records]
    return gpd.GeoDataFrame(rows, geometry=[shapely.orient_polygons(shape) for shape in shapes], crs="EPSG:4490")


def write_shapefile_zip(frame: gpd.GeoDataFrame, path: Path, folder: str) -> None:
    """One layer as a zip of a GBK Shapefile; ``folder`` inside the zip may be empty."""
    with tempfile.TemporaryDirectory() as scratch:
        stem = path.stem
        frame.to_file(Path(scratch) / f"{stem}.shp", driver="ESRI Shapefile", encoding="GBK", engine="pyogrio")
        partial = path.with_suffix(".part")
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for file in sorted(Path(scratch).iterdir()):
                name = f"{folder}/{file.name}" if folder else file.name
                entry = zipfile.ZipInfo(name, date_time=ZIP_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
        partial.replace(path)


def write_geopackage(frames: dict[str, gpd.GeoDataFrame], path: Path) -> None:
    """All other layers as tables of one GeoPackage."""
    partial = path.with_name("part_" + path.name)
    partial.unlink(missing_ok=True)
    for name, frame in frames.items():
        frame.to_file(partial, layer=name, driver="GPKG", engine="pyogrio", layer_options={"SPATIAL_INDEX": "YES"})
    partial.replace(path)
