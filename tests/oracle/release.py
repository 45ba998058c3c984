"""The raw parts of a release: GeoParquet and JSON, read without the product."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

Row = dict[str, Any]
Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]

LONGEST_EDGE_DEGREES = 0.001  # ADR 7: longer edges are densified before they are projected
DENSE_DIGITS = 12


@dataclass(frozen=True)
class Plane:
    """Degrees to metres and back, by pyproj alone."""

    epsg: int

    def metres(self, shapes: Any) -> Any:
        dense = shapely.segmentize(shapes, LONGEST_EDGE_DEGREES)
        to_plane = pyproj.Transformer.from_crs(4490, self.epsg, always_xy=True)
        return shapely.transform(dense, lambda xy: np.column_stack(to_plane.transform(*xy.round(DENSE_DIGITS).T)))

    def degrees(self, shapes: Any) -> Any:
        to_degrees = pyproj.Transformer.from_crs(self.epsg, 4490, always_xy=True)
        return shapely.transform(shapes, lambda xy: np.column_stack(to_degrees.transform(*xy.T)))


@dataclass(frozen=True)
class Layer:
    """One layer: what the manifest says of it, its rows, its zones on the plane.

    Attributes:
        shrunk: Zones after a negative buffer, by position and depth; kept because many sites ask for the same.
    """

    about: Row
    rows: list[Row]
    shapes: Shapes
    bounds: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    shrunk: dict[tuple[int, float], BaseGeometry] = field(default_factory=dict)


@dataclass(frozen=True)
class City:
    """A release as its files say.

    Attributes:
        silent: Layers the manifest names and the folder does not hold unchanged: `missing` or `broken`.
    """

    layers: dict[str, Layer]
    silent: dict[str, tuple[Row, str]]
    clauses: list[Row]
    levels: frozenset[str]
    ceilings: list[Row]
    objectives: list[Row]
    extent: tuple[float, float, float, float]
    districts: frozenset[str]
    required_lines: tuple[str, ...]
    outline: BaseGeometry
    plane: Plane


def read_city(folder: Path) -> City:
    def document(name: str) -> Any:
        return json.loads((folder / name).read_text(encoding="utf-8"))

    manifest, jurisdiction, listed = (
        document("manifest.json"),
        document("jurisdiction.json"),
        document("access_list.json"),
    )
    plane = Plane(jurisdiction["plane"])
    layers, silent = {}, {}
    for layer_id, about in manifest["layers"].items():
        whole = all(
            _is_unchanged(folder / name, part)
            for name, part in manifest["parts"].items()
            if name.split(".")[0] == layer_id
        )
        if whole:
            layers[layer_id] = _read_layer(folder / f"{layer_id}.parquet", about, plane)
        else:
            there = (folder / f"{layer_id}.parquet").exists()
            silent[layer_id] = (about, "broken" if there else "missing")
    west, south, east, north = jurisdiction["extent"]
    return City(
        layers=layers,
        silent=silent,
        clauses=listed["clauses"],
        levels=frozenset(listed["levels"]),
        ceilings=document("ceilings.json"),
        objectives=document("objectives.json"),
        extent=(west, south, east, north),
        districts=frozenset(one["code"] for one in jurisdiction["district"]),
        required_lines=tuple(jurisdiction["required_lines"]),
        outline=shapely.from_wkb(document("outline.json")["wkb"]),
        plane=plane,
    )


def _is_unchanged(path: Path, part: Row) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == part["sha256"]


def _read_layer(path: Path, about: Row, plane: Plane) -> Layer:
    frame = gpd.read_parquet(path)
    rows = [
        {**row, "attributes": json.loads(row["attributes"]), "cls": int(row["cls"])}
        for row in frame.drop(columns="geometry").to_dict("records")
    ]
    shapes = plane.metres(np.asarray(frame.geometry.values))
    return Layer(about=about, rows=rows, shapes=shapes, bounds=shapely.bounds(shapes))
