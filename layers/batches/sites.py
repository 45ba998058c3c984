"""Screened sites of a batch as a layer that any GIS opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

_CHUNK = 2_000
_LAYER = "sites"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """One screened site.

    Attributes:
        place: Of the row in the file.
        label: The conclusion in words.
        shape: EPSG:4490 degrees.
    """

    place: str
    name: str
    screening: str
    conclusion: str
    label: str
    deciding: str
    shape: BaseGeometry


def write_sites(path: Path, rows: Iterable[SiteRow]) -> None:
    """A GeoPackage with one layer, EPSG:4490, some rows at a time; without rows an empty layer."""
    mode = "w"
    for part in _parts(rows):
        columns = [{name: value for name, value in asdict(one).items() if name != "shape"} for one in part]
        frame = gpd.GeoDataFrame(columns, geometry=[one.shape for one in part], crs="EPSG:4490")
        frame.to_file(path, layer=_LAYER, driver="GPKG", mode=mode, engine="pyogrio", geometry_type="Unknown")
        mode = "a"
    if mode == "w":
        empty: dict[str, list[str]] = {name: [] for name in SiteRow.__slots__ if name != "shape"}
        frame = gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs="EPSG:4490"))
        frame.to_file(path, layer=_LAYER, driver="GPKG", engine="pyogrio", geometry_type="Unknown")


def _parts(rows: Iterable[SiteRow]) -> Iterator[list[SiteRow]]:
    waiting = iter(rows)
    while part := list(islice(waiting, _CHUNK)):
        yield part
