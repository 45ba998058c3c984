"""The zones of one layer of a release, read back from Arrow: in degrees from GeoParquet, on the plane from a memory map.

Nothing here makes a data frame, nor asks pyarrow for what loads pandas (`to_numpy`, `parquet.read_table`): opening a
release would take twice as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from pyarrow import parquet

from layers.release_parts import plane_part, prove_part
from screening.errors import BrokenReleaseError
from screening.words import Text

GEOMETRY = "geometry"
_MULTIPOLYGONS = b"geoarrow.multipolygon"
_ENCODING = b"ARROW:extension:name"

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """Zones in the order of their codes.

    Attributes:
        rows: What is said of each, by column.
        shapes: Polygons, and multipolygons where a zone has several parts.
    """

    rows: list[dict[str, Any]]
    shapes: Shapes

    def __len__(self) -> int:
        return len(self.rows)


def read_zones(folder: Path, manifest: Mapping[str, Any], layer_id: str) -> ZoneTable:
    """The zones of one layer in EPSG:4490 degrees, proved unchanged and complete.

    Raises:
        BrokenReleaseError: The file is missing, changed, or short of rows.
    """
    name = f"{layer_id}.parquet"
    prove_part(folder, manifest, name)
    table = parquet.ParquetFile(folder / name).read()
    shapes: Shapes = shapely.from_wkb(np.array(table[GEOMETRY].to_pylist(), dtype=object))
    return _whole(folder, manifest, name, table, shapes)


def open_plane_zones(folder: Path, manifest: Mapping[str, Any], layer_id: str) -> ZoneTable:
    """The zones of one layer on the jurisdiction's plane, read from a memory map; both its files proved unchanged.

    Raises:
        BrokenReleaseError: A file is missing, changed, or short of rows.
    """
    name = plane_part(layer_id)
    prove_part(folder, manifest, f"{layer_id}.parquet")
    prove_part(folder, manifest, name)
    with pa.memory_map(str(folder / name)) as mapped:
        table = pa.ipc.open_file(mapped).read_all()
        of_several = table.schema.field(GEOMETRY).metadata[_ENCODING] == _MULTIPOLYGONS
        chunks = [_shapes(chunk, of_several) for chunk in table[GEOMETRY].chunks]
        return _whole(folder, manifest, name, table, np.concatenate([*chunks, np.empty(0, dtype=object)]))


def _whole(folder: Path, manifest: Mapping[str, Any], name: str, table: pa.Table, shapes: Shapes) -> ZoneTable:
    if len(table) != manifest["parts"][name]["rows"]:
        raise BrokenReleaseError.of(folder.name, name, Text("行数不足", "is short of rows"))
    return ZoneTable(table.drop_columns(GEOMETRY).to_pylist(), shapes)


def _shapes(encoded: pa.ListArray, of_several: bool) -> Shapes:
    """Zones from nested lists of coordinates (GeoArrow): of polygons, or of multipolygons, as all are encoded where one is."""
    polygons = encoded.values if of_several else encoded
    rings = polygons.values
    coordinates = np.from_dlpack(rings.values.values).reshape(-1, 2)
    offsets = np.from_dlpack(rings.offsets), np.from_dlpack(polygons.offsets)
    parts: Shapes = shapely.from_ragged_array(shapely.GeometryType.POLYGON, coordinates, offsets)
    if not of_several:
        return parts
    ends = np.from_dlpack(encoded.offsets)
    first, count = ends[:-1], np.diff(ends)
    of_one, of_more = count == 1, count > 1
    zones: Shapes = np.full(len(count), shapely.MultiPolygon(), dtype=object)
    zones[of_one] = parts[first[of_one]]
    zone_of_part = np.repeat(np.arange(len(count)), count)
    in_more = of_more[zone_of_part]
    shapely.multipolygons(parts[in_more], indices=zone_of_part[in_more], out=zones)
    return zones
