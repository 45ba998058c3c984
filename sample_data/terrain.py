"""Land and sea of the demonstration city on the plane EPSG:4549, from the committed source files."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import shapely
from shapely.geometry import shape

from sample_data import facts
from sample_data.borders import natural_rings, only_polygons
from sample_data.grid import NO_DATA, Grid, Labels, spread
from sample_data.noise import Floats, Integers, random_numbers, value_noise

SOURCE = Path(__file__).parent / "source"
TO_PLANE = pyproj.Transformer.from_crs(4490, 4549, always_xy=True)
TO_DEGREES = pyproj.Transformer.from_crs(4549, 4490, always_xy=True)
LAND_GRID = Grid(west=452_000.0, south=3_934_000.0, step=100.0, columns=1420, rows=1800)
WIDE_GRID = Grid(west=452_000.0, south=3_896_000.0, step=200.0, columns=925, rows=1100)
"""Cells of 100 m for administrative borders, of 200 m for everything that has no survey behind it anyway."""
MIN_ISLAND_M2 = 5_000.0
COAST_SPACING_M, COAST_ROUGHNESS = 14.0, 0.16
NEIGHBOUR = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Township:
    """A township or street: its point in metres of EPSG:4549 and its rounded area."""

    code: str
    name: str
    adcode: str
    x: float
    y: float
    km2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Terrain:
    """The sea (with every island cut out), the islands, the districts' names and the townships."""

    sea: shapely.Geometry
    coarse_sea: shapely.Geometry
    islands: tuple[shapely.Geometry, ...]
    outline: shapely.Geometry
    districts: dict[str, str]
    district_shapes: dict[str, shapely.Geometry]
    neighbours: shapely.Geometry
    lakes: tuple[shapely.Geometry, ...]
    townships: tuple[Township, ...]


def to_plane(geometry: shapely.Geometry) -> shapely.Geometry:
    """EPSG:4490 degrees to EPSG:4549 metres."""
    return shapely.transform(geometry, lambda xy: np.column_stack(TO_PLANE.transform(xy[:, 0], xy[:, 1])))


def plane_point(lon: float, lat: float) -> tuple[float, float]:
    """One point of EPSG:4490 degrees in metres of EPSG:4549."""
    x, y = TO_PLANE.transform(lon, lat)
    return float(x), float(y)


def blob(lon: float, lat: float, km2: float, salt: int, rough: float = 0.30, stretch: float = 1.0) -> shapely.Geometry:
    """A rounded irregular shape of the given area around a point (metres of EPSG:4549), 120 corners."""
    x, y = plane_point(lon, lat)
    angle = np.linspace(0.0, 2.0 * np.pi, 120, endpoint=False)
    draws = random_numbers(20, salt)
    radius = np.ones_like(angle)
    for wave in range(2, 10):
        size = rough * 2.0 * (draws[wave] - 0.2) / wave**1.15
        radius += size * np.cos(wave * angle + 2.0 * np.pi * draws[wave + 9])
    radius = np.maximum(radius, 0.35)
    turn = np.pi * draws[0]
    along, across = radius * np.cos(angle) * stretch, radius * np.sin(angle) / stretch
    east = along * np.cos(turn) - across * np.sin(turn)
    north = along * np.sin(turn) + across * np.cos(turn)
    drawn = shapely.Polygon(np.column_stack([east, north]))
    scale = np.sqrt(km2 * 1e6 / drawn.area)
    return shapely.Polygon(np.round(np.column_stack([x + east * scale, y + north * scale]), 2))


def block(lon: float, lat: float, km2: float, salt: int) -> shapely.Geometry:
    """A many-cornered shape with straight sides, as parks have, of the given area around a point."""
    x, y = plane_point(lon, lat)
    draws = random_numbers(40, salt)
    angle = 2.0 * np.pi * (np.arange(14) + 0.6 * (draws[:14] - 0.5)) / 14.0
    box = 1.0 / np.maximum(np.abs(np.cos(angle)) / 1.25, np.abs(np.sin(angle)) / 0.85)
    radius = box * (0.82 + 0.36 * draws[14:28])
    turn = np.pi * draws[30]
    east, north = radius * np.cos(angle + turn), radius * np.sin(angle + turn)
    drawn = shapely.Polygon(np.column_stack([east, north]))
    scale = np.sqrt(km2 * 1e6 / drawn.area)
    return shapely.Polygon(np.round(np.column_stack([x + east * scale, y + north * scale]), 2))


def _read(name: str) -> list[tuple[shapely.Geometry, dict[str, str]]]:
    collection = json.loads((SOURCE / name).read_text(encoding="utf-8"))
    return [(to_plane(shape(f["geometry"])), f["properties"]) for f in collection["features"]]


def read_townships() -> tuple[Township, ...]:
    """The committed list of townships and streets."""
    with (SOURCE / "townships.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    found: list[Township] = []
    for row in rows:
        x, y = plane_point(float(row["lon"]), float(row["lat"]))
        found.append(
            Township(code=row["code"], name=row["name"], adcode=row["adcode"], x=x, y=y, km2=float(row["area_km2"]))
        )
    return tuple(found)


def load_terrain() -> Terrain:
    """Reads the sources, gives the coast natural detail and adds the small islands the source lacks."""
    ((sea, _),) = _read("coast.geojson")
    extra = [blob(p.lon, p.lat, p.km2, 100 + n, 0.35) for n, p in enumerate(facts.EXTRA_ISLANDS)]
    coarse = only_polygons(shapely.difference(shapely.make_valid(sea), shapely.union_all(extra)))
    outline = shapely.Polygon([plane_point(lon, lat) for lon, lat in facts.SEA_OUTLINE])
    near = only_polygons(shapely.intersection(coarse, outline.buffer(30_000.0, quad_segs=2)))
    fine = natural_rings(near, COAST_SPACING_M, COAST_ROUGHNESS, 1)
    kept, islands = _without_specks(fine)
    named = {str(p["XZQDM"]): (g, str(p["XZQMC"])) for g, p in _read("districts.geojson")}
    return Terrain(
        sea=kept,
        coarse_sea=coarse,
        islands=islands,
        outline=outline,
        districts={code: name for code, (_, name) in sorted(named.items())},
        district_shapes={code: shape_ for code, (shape_, _) in sorted(named.items())},
        neighbours=shapely.union_all([g for g, _ in _read("neighbours.geojson")]),
        lakes=tuple(g for g, _ in _read("water.geojson")),
        townships=read_townships(),
    )


def _without_specks(sea: shapely.Geometry) -> tuple[shapely.Geometry, tuple[shapely.Geometry, ...]]:
    """The sea without its tiny islands, and the islands that stay."""
    bodies: list[shapely.Geometry] = []
    islands: list[shapely.Geometry] = []
    for body in shapely.get_parts(sea):
        if shapely.area(body) < 4 * MIN_ISLAND_M2:
            continue
        rings = shapely.get_rings(body)
        holes = [ring for ring in rings[1:] if shapely.area(shapely.Polygon(ring)) >= MIN_ISLAND_M2]
        bodies.append(shapely.Polygon(rings[0], holes))
        islands.extend(shapely.Polygon(ring) for ring in holes)
    return shapely.multipolygons(bodies), tuple(islands)


def warped(grid: Grid, amplitude: float, wavelength: float, salt: int) -> tuple[Floats, Floats]:
    """Cell centres, each moved by smooth noise of so many metres."""
    x, y = grid.centres()
    east = value_noise(x, y, wavelength, salt, octaves=6, fade=0.6) * amplitude
    north = value_noise(x, y, wavelength, salt + 1, octaves=6, fade=0.6) * amplitude
    return x + east, y + north


def district_raster(terrain: Terrain) -> Labels:
    """District number (1 to 10 by code), NEIGHBOUR, or NO_DATA well out at sea, on LAND_GRID."""
    grid = LAND_GRID
    land = ~grid.paint(terrain.coarse_sea)
    painted = np.zeros((grid.rows, grid.columns), dtype=np.int32)
    painted[grid.paint(terrain.neighbours)] = NEIGHBOUR
    for number, geometry in enumerate(terrain.district_shapes.values(), start=1):
        painted[grid.paint(geometry)] = number
    row, column = grid.cell_of(*warped(grid, 260.0, 2_400.0, 10))
    labels = np.where(land, painted[row, column], 0).astype(np.int32)
    labels = spread(spread(labels, 60, land), 6)
    labels[labels == 0] = NO_DATA
    return labels


def nearest_by_power(x: Floats, y: Floats, seeds: Sequence[tuple[float, float, float]]) -> Integers:
    """Position of the seed with the least power (squared distance less its weight in m²) for each point."""
    best = np.full(x.shape, np.inf)
    chosen = np.zeros(x.shape, dtype=np.int64)
    for number, (seed_x, seed_y, weight) in enumerate(seeds):
        power = (x - seed_x) ** 2 + (y - seed_y) ** 2 - weight
        closer = power < best
        best[closer] = power[closer]
        chosen[closer] = number
    return chosen
