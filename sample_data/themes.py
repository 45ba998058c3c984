"""Made-up relief, towns, fields and waters, and the shapes every element zone is cut from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely import affinity
from shapely.ops import substring

from sample_data import facts
from sample_data.borders import SNAP, natural_lines, natural_rings, only_polygons, polygonize, refine, smooth
from sample_data.grid import Grid, Mask, outlines, spread
from sample_data.noise import Floats, random_numbers, value_noise
from sample_data.terrain import TO_DEGREES, WIDE_GRID, Terrain, blob, plane_point
from sample_data.units import TOWN_STREETS, URBAN_DISTRICTS, sized_on

ABOVE_ALL = 99.0
"""A field value no relief reaches."""
MIN_PATCH_M2 = 90_000.0
WHOLE_LAKE_KM2 = 5.0
"""A first level larger than this is the whole reservoir, not the surroundings of its intake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Themes:
    """Polygons (metres of EPSG:4549) by theme; the arrangement makes them share borders."""

    red_land: npt.NDArray[np.object_]
    red_sea: npt.NDArray[np.object_]
    eco: npt.NDArray[np.object_]
    built_up: npt.NDArray[np.object_]
    farmland: npt.NDArray[np.object_]
    weak_wind: npt.NDArray[np.object_]
    upwind: npt.NDArray[np.object_]
    groundwater: npt.NDArray[np.object_]
    dirty_fields: npt.NDArray[np.object_]
    dirty_plots: npt.NDArray[np.object_]
    parks: npt.NDArray[np.object_]
    shore_band: npt.NDArray[np.object_]
    sources: npt.NDArray[np.object_]
    source_of: tuple[tuple[str, str, str, float, str], ...]
    rivers: npt.NDArray[np.object_]
    lakes: npt.NDArray[np.object_]

    def lines(self) -> list[shapely.Geometry]:
        """Everything that must be noded into the arrangement (rivers and lakes are for the map only)."""
        groups = (
            self.red_land,
            self.red_sea,
            self.eco,
            self.built_up,
            self.farmland,
            self.weak_wind,
            self.upwind,
            self.groundwater,
            self.dirty_fields,
            self.dirty_plots,
            self.parks,
            self.shore_band,
            self.sources,
        )
        return [polygon for group in groups for polygon in group]


def bumps(x: Floats, y: Floats, hills: Sequence[facts.Hill]) -> Floats:
    """Height of the made-up relief: the sum of turned Gaussian bumps."""
    total = np.zeros_like(x)
    for hill in hills:
        centre_x, centre_y = plane_point(hill.lon, hill.lat)
        turn = np.radians(hill.turn)
        east, north = x - centre_x, y - centre_y
        along = (east * np.cos(turn) + north * np.sin(turn)) / (hill.long_km * 1000.0)
        across = (-east * np.sin(turn) + north * np.cos(turn)) / (hill.short_km * 1000.0)
        total += hill.height * np.exp(-(along**2 + across**2))
    return total


def highest(field: Floats, ground: Mask, km2: float, grid: Grid) -> Mask:
    """The cells of ``ground`` with the highest values that together have the wanted area (all cells above that level)."""
    cells = round(km2 * 1e6 / grid.step**2)
    values = np.sort(field[ground])
    level = values[max(0, len(values) - cells)]
    above: Mask = field >= level
    return above


def without_specks(mask: Mask, rounds: int = 3) -> Mask:
    """Each cell takes the value most of its neighbourhood of nine has, a few times over."""
    cells = mask.astype(np.int32)
    for _ in range(rounds):
        padded = np.pad(cells, 1)
        rows = padded[:-2] + padded[1:-1] + padded[2:]
        cells = ((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) >= 5).astype(np.int32)
    cleaned: Mask = cells == 1
    return cleaned


def traced_to_area(
    field: Floats, cells: Mask, near: Mask, ground: shapely.Geometry, km2: float, spacing: float, salt: int
) -> tuple[Mask, npt.NDArray[np.object_]]:
    """Traces the highest part of a field so that the polygons, not only the cells, have the wanted area on ``ground``."""
    asked = km2
    shapely.prepare(ground)
    for _ in range(4):
        mask = highest(field, cells, asked, WIDE_GRID) & near
        polygons = traced(mask, spacing, salt)
        got = float(shapely.area(shapely.intersection(polygons, ground)).sum()) / 1e6
        asked *= km2 / got
    return mask, polygons


def traced(mask: Mask, spacing: float, salt: int, grid: Grid = WIDE_GRID) -> npt.NDArray[np.object_]:
    """Natural polygons around the true cells, without the smallest specks and holes."""
    padded = mask.copy()
    padded[[0, -1], :] = False
    padded[:, [0, -1]] = False
    padded = without_specks(padded)
    chains = outlines(grid, padded.astype(np.int32))
    faces = polygonize(natural_lines(chains, spacing, 0.17, salt))
    points = shapely.get_coordinates(shapely.point_on_surface(faces))
    row, column = grid.cell_of(points[:, 0], points[:, 1])
    kept: npt.NDArray[np.object_] = faces[padded[row, column] & (shapely.area(faces) > MIN_PATCH_M2)]
    return kept


def river_lines() -> list[shapely.Geometry]:
    """The schematic courses with bends, in metres of EPSG:4549."""
    lines: list[shapely.Geometry] = []
    for number, (_, _, course) in enumerate(facts.RIVERS):
        points = np.array([plane_point(lon, lat) for lon, lat in course])
        bent = refine(points, 900.0, 0.16, 500 + number)
        lines.append(shapely.LineString(refine(smooth(bent, 2), 40.0, 0.07, 530 + number)))
    return lines


def _source_rings(
    city: shapely.Geometry, lakes: Sequence[shapely.Geometry]
) -> tuple[list[shapely.Geometry], list[tuple[str, str, str, float, str]]]:
    """Water-source levels as rings that do not overlap, and what each is."""
    shapes: list[shapely.Geometry] = []
    facts_of: list[tuple[str, str, str, float, str]] = []
    for number, (name, lon, lat, adcode, levels) in enumerate(facts.WATER_SOURCES):
        inner = shapely.Polygon()
        total = 0.0
        for level, km2, mark in levels:
            total += km2
            drawn = sized_on(city, lon, lat, total, 200 + number, angular=False)
            if levels[0][1] > WHOLE_LAKE_KM2:
                drawn = _lake_at(lakes, lon, lat, total)
            outer = natural_rings(drawn, 25.0, 0.10, 210)
            shapes.append(_of_area(outer, inner, km2))
            inner = shapely.union(inner, shapes[-1])
            facts_of.append((name, level, adcode, km2, mark))
    return shapes, facts_of


def _lake_at(lakes: Sequence[shapely.Geometry], lon: float, lat: float, km2: float) -> shapely.Geometry:
    """The outline of the lake at a point, rounded and blown up to about the wanted area."""
    spot = shapely.Point(*plane_point(lon, lat))
    lake = min(lakes, key=lambda item: float(item.distance(spot)))
    round_lake = lake.convex_hull.buffer(-250.0).buffer(250.0)
    scale = float(np.sqrt(km2 * 1e6 / round_lake.area))
    return affinity.scale(round_lake, scale, scale, origin="centroid")


def _of_area(outer: shapely.Geometry, inner: shapely.Geometry, km2: float) -> shapely.Geometry:
    """``outer`` scaled about its middle until what lies outside ``inner`` has the wanted area."""
    low, high = 0.9, 1.15
    for _ in range(22):
        middle = (low + high) / 2.0
        scaled = affinity.scale(outer, middle, middle, origin="centroid")
        ring = shapely.difference(scaled, inner)
        low, high = (middle, high) if ring.area < km2 * 1e6 else (low, middle)
    return only_polygons(shapely.set_precision(ring, SNAP))


def _river_source(river: shapely.Geometry) -> tuple[list[shapely.Geometry], list[tuple[str, str, str, float, str]]]:
    """Strips along the lower 大沽河: the first level in the middle, the second around it, the third upstream."""
    name, levels = facts.RIVER_SOURCE
    near = shapely.line_interpolate_point(river, [0.40, 0.90], normalized=True)
    stretch = substring(river, river.project(near[0]), river.project(near[1]))
    inner = shapely.Polygon()
    shapes: list[shapely.Geometry] = []
    for _, km2 in levels[:2]:
        low, high = 50.0, 2500.0
        for _ in range(24):
            middle = (low + high) / 2.0
            ring = shapely.difference(shapely.buffer(stretch.simplify(30.0), middle, quad_segs=6), inner)
            low, high = (middle, high) if ring.area < km2 * 1e6 else (low, middle)
        shapes.append(only_polygons(shapely.set_precision(ring, SNAP)))
        inner = shapely.union(inner, ring)
    end = shapely.get_coordinates(near[0])[0]
    upstream = shapely.Point(end[0], end[1]).buffer(2_000.0)
    low, high = 100.0, 2_000.0
    for _ in range(24):
        middle = (low + high) / 2.0
        ring = shapely.difference(shapely.intersection(shapely.Point(end).buffer(middle), upstream), inner)
        low, high = (middle, high) if ring.area < levels[2][1] * 1e6 else (low, middle)
    shapes.append(only_polygons(shapely.set_precision(ring, SNAP)))
    return shapes, [(name, level, "370281", km2, "") for level, km2 in levels]


def _town_field(terrain: Terrain, x: Floats, y: Floats) -> Floats:
    hills: list[tuple[float, float, float, float]] = []
    for town in terrain.townships:
        if town.adcode in URBAN_DISTRICTS:
            hills.append((town.x, town.y, 1.6, 1_500.0))
        elif town.name in TOWN_STREETS:
            hills.append((town.x, town.y, 1.15, 2_600.0))
        elif town.name.endswith("街道"):
            hills.append((town.x, town.y, 0.95, 2_400.0))
        elif town.name.endswith("镇"):
            hills.append((town.x, town.y, 0.85, 1_300.0))
    total = np.zeros_like(x)
    for east, north, height, reach in hills:
        total += height * np.exp(-((x - east) ** 2 + (y - north) ** 2) / reach**2)
    return total


def build_themes(terrain: Terrain, city_cells: Mask, sea_cells: Mask, city: shapely.Geometry) -> Themes:
    """Draws every theme.

    Args:
        terrain: Land, sea and places.
        city_cells: Cells of WIDE_GRID on the land of the city.
        sea_cells: Cells of WIDE_GRID in the sea of the city.
        city: Rough land of the city, for sizes.
    """
    x, y = WIDE_GRID.centres()
    near = spread(city_cells.astype(np.int32), 3) > 0
    relief = bumps(x, y, facts.HILLS)
    relief *= 1.0 + 1.0 * value_noise(x, y, 2_800.0, 40, octaves=4, fade=0.65)
    rough = relief + 0.22 * value_noise(x, y, 4_000.0, 41, octaves=4)
    red, red_land = traced_to_area(rough, city_cells, near, city, facts.RED_LINE_LAND_KM2, 20.0, 50)
    green = rough + 0.30 * value_noise(x, y, 6_000.0, 42, octaves=4) + 0.45 * _beside_great_rivers()
    green[red] = ABOVE_ALL
    built = _built_up(terrain, city_cells, relief)
    plain = value_noise(x, y, 9_000.0, 45, octaves=3) - 1.6 * relief - 2.0 * built
    plain += np.where(y > plane_point(120.0, 36.40)[1], 0.25, 0.0)
    calm = value_noise(x, y, 16_000.0, 46, octaves=3) - 0.5 * relief
    windy = value_noise(x, y, 18_000.0, 47, octaves=3)
    salty = value_noise(x, y, 12_000.0, 48, octaves=3) + _near_sea(terrain)

    def drawn(field: Floats, km2: float, spacing: float, salt: int) -> npt.NDArray[np.object_]:
        return traced(highest(field, city_cells, km2, WIDE_GRID) & near, spacing, salt)

    sources, source_of = _source_rings(city, terrain.lakes)
    rivers = river_lines()
    strips, strip_of = _river_source(rivers[0])
    return Themes(
        red_land=red_land,
        red_sea=_sea_red_line(terrain, sea_cells),
        eco=drawn(green, facts.RED_LINE_LAND_KM2 + facts.ECO_SPACE_KM2, 24.0, 52),
        built_up=traced(built & near, 24.0, 53),
        farmland=drawn(plain, facts.FARMLAND_KM2, 45.0, 54),
        weak_wind=drawn(calm, 900.0, 45.0, 55),
        upwind=drawn(windy, 1_100.0, 45.0, 56),
        groundwater=drawn(salty, 620.0, 40.0, 57),
        dirty_fields=_scattered(terrain, 26, 0.9, 600),
        dirty_plots=_scattered(terrain, 40, 0.12, 700),
        parks=_other_parks(city),
        shore_band=_shore_band(terrain),
        sources=np.array(sources + strips, dtype=object),
        source_of=tuple(source_of + strip_of),
        rivers=_river_shapes(rivers),
        lakes=_lakes(terrain),
    )


def _built_up(terrain: Terrain, city_cells: Mask, relief: Floats) -> Mask:
    """Cells of towns and villages: near a seat, off the hills."""
    x, y = WIDE_GRID.centres()
    towns = _town_field(terrain, x, y) + 0.25 * value_noise(x, y, 2_500.0, 44, octaves=3) - 2.0 * relief
    return highest(towns, city_cells, facts.BUILT_UP_KM2, WIDE_GRID)


def _sea_red_line(terrain: Terrain, sea_cells: Mask) -> npt.NDArray[np.object_]:
    """The red line at sea: around islands and in bays."""
    x, y = WIDE_GRID.centres()
    field = bumps(x, y, facts.SEA_SPOTS) + 0.42 * value_noise(x, y, 7_000.0, 43, octaves=4)
    near = spread(sea_cells.astype(np.int32), 2) > 0
    sea = shapely.intersection(terrain.coarse_sea, terrain.outline)
    return traced_to_area(field, sea_cells, near, sea, facts.RED_LINE_SEA_KM2, 35.0, 51)[1]


def _river_shapes(rivers: Sequence[shapely.Geometry]) -> npt.NDArray[np.object_]:
    widths = [width for _, width, _ in facts.RIVERS]
    shapes = [line.buffer(width / 2.0, quad_segs=3) for line, width in zip(rivers, widths, strict=True)]
    return np.array(shapes, dtype=object)


def _beside_great_rivers() -> Floats:
    """1 within 500 m of the two widest rivers, else 0."""
    lines = river_lines()[:2]
    near = shapely.union_all([line.simplify(50.0).buffer(500.0, quad_segs=4) for line in lines])
    return WIDE_GRID.paint(near).astype(np.float64)


def _near_sea(terrain: Terrain) -> Floats:
    """A bonus for cells within a few kilometres of the sea."""
    sea = WIDE_GRID.paint(terrain.coarse_sea).astype(np.float64)
    for _ in range(14):
        padded = np.pad(sea, 1, mode="edge")
        sea = np.maximum(
            sea, 0.93 * np.maximum.reduce([padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]])
        )
    return sea * 1.2


def _scattered(terrain: Terrain, count: int, km2: float, salt: int) -> npt.NDArray[np.object_]:
    """Small blobs beside towns."""
    draws = random_numbers(count * 4, salt)
    shapes: list[shapely.Geometry] = []
    for n in range(count):
        town = terrain.townships[int(draws[4 * n] * len(terrain.townships))]
        angle, away = 2.0 * np.pi * draws[4 * n + 1], 1_200.0 + 3_000.0 * draws[4 * n + 2]
        lon, lat = TO_DEGREES.transform(town.x + away * np.cos(angle), town.y + away * np.sin(angle))
        shapes.append(natural_rings(blob(lon, lat, km2 * (0.4 + draws[4 * n + 3]), salt + n, 0.35), 25.0, 0.1, 60))
    return np.array(shapes, dtype=object)


def _other_parks(city: shapely.Geometry) -> npt.NDArray[np.object_]:
    shapes = [
        sized_on(city, lon, lat, km2, 340 + n, angular=True)
        for n, (_, _, lon, lat, km2, *_) in enumerate(facts.OTHER_PARKS)
    ]
    return np.array(shapes, dtype=object)


def _shore_band(terrain: Terrain) -> npt.NDArray[np.object_]:
    """All land and sea within 250 m of the coast, simplified; only its land side is used."""
    coast = shapely.boundary(terrain.sea).simplify(12.0)
    band = shapely.buffer(coast, 250.0, quad_segs=3).simplify(6.0)
    parts: npt.NDArray[np.object_] = shapely.get_parts(shapely.set_precision(band, SNAP))
    return parts


def _lakes(terrain: Terrain) -> npt.NDArray[np.object_]:
    """The larger inland waters of the source, rounded and roughened."""
    big = [lake for lake in terrain.lakes if shapely.area(lake) > 120_000.0]
    softened: list[shapely.Geometry] = []
    for lake in big:
        reach = 0.12 * float(np.sqrt(shapely.area(lake)))
        softened.append(natural_rings(lake.buffer(-reach).buffer(2 * reach).buffer(-reach), 20.0, 0.16, 61))
    kept = [lake for lake in softened if shapely.area(lake) > 80_000.0]
    return np.array(kept, dtype=object)
