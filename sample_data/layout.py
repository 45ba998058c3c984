"""The one arrangement of the demonstration city, and to which unit and district each of its faces belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from sample_data import facts
from sample_data.borders import Arrangement, absorb_small, natural_lines, only_polygons, polygonize
from sample_data.grid import Grid, Labels, outlines
from sample_data.noise import Floats, Integers
from sample_data.terrain import LAND_GRID, MIN_ISLAND_M2, WIDE_GRID, Terrain, nearest_by_power
from sample_data.themes import Themes, build_themes
from sample_data.units import (
    BEYOND_CITY,
    Unit,
    classes_of_townships,
    land_units,
    own_unit_shapes,
    sea_raster,
    sea_units,
    township_raster,
)

LAND, SEA, BEYOND = 1, 2, 0
BIG_ISLAND_M2 = 30e6
MIN_UNIT_PATCH_M2 = 150_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Faces with their labels; every label array has one entry per face, -1 where the label does not apply."""

    terrain: Terrain
    themes: Themes
    plane: Arrangement
    side: Integers
    district: Integers
    land_unit: Integers
    sea_unit: Integers
    units: tuple[Unit, ...]
    sea_units: tuple[Unit, ...]

    def within(self, polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
        """Which faces lie in any of the polygons."""
        found: npt.NDArray[np.bool_] = self.plane.inside(polygons) >= 0
        return found

    def adcode(self, number: int) -> str:
        """The code of a district by its label."""
        return list(self.terrain.districts)[number]


def build_layout(terrain: Terrain, say: Callable[[str], None]) -> Layout:
    """Draws all borders, nodes them once, and labels the faces."""
    towns, _ = township_raster(terrain)
    seas = sea_raster(terrain)
    say("rasters")
    city_cells, sea_cells = _wide_masks(terrain, towns, seas)
    city = _rough_city(terrain)
    themes = build_themes(terrain, city_cells, sea_cells, city)
    say("themes")
    own = np.array(own_unit_shapes(city), dtype=object)
    land_lines = natural_lines(outlines(LAND_GRID, towns), 15.0, 0.17, 70)
    sea_lines = natural_lines(outlines(WIDE_GRID, seas), 40.0, 0.15, 71)
    land_lines = [shapely.difference(shapely.multilinestrings(land_lines), terrain.sea)]
    sea_lines = [shapely.intersection(shapely.multilinestrings(sea_lines), terrain.sea)]
    say("lines")
    plane = Arrangement.of([*land_lines, *sea_lines, *terrain.sea.geoms, *own, *themes.lines()])
    say(f"arrangement of {len(plane.faces)} faces")
    in_sea = _without_scraps(plane, plane.inside(shapely.get_parts(terrain.sea)) >= 0)
    township = _labels(plane, [*land_lines, *terrain.sea.geoms], LAND_GRID, towns)
    township = np.where((township < 1) | (township == BEYOND_CITY), 0, township) - 1
    township = np.where(in_sea, -1, _islands(terrain, plane, township))
    sea_unit = _labels(plane, [*sea_lines, *terrain.sea.geoms], WIDE_GRID, seas)
    sea_unit = np.where(in_sea & (sea_unit >= 1) & (sea_unit <= len(facts.SEA_NAMES)), sea_unit - 1, -1)
    return _labelled(terrain, themes, plane, own, township, sea_unit)


def _without_scraps(plane: Arrangement, in_sea: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which faces are sea, once scraps of land or sea that the coast cuts off go to the other side."""
    everywhere = np.zeros(len(in_sea), dtype=np.int64)
    settled: npt.NDArray[np.bool_] = absorb_small(plane, in_sea.astype(np.int64), everywhere, MIN_ISLAND_M2) == 1
    return settled


def _wide_masks(terrain: Terrain, towns: Labels, seas: Labels) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    x, y = WIDE_GRID.centres()
    row, column = LAND_GRID.cell_of(x, y)
    inside = (x < LAND_GRID.west + LAND_GRID.step * LAND_GRID.columns) & (y > LAND_GRID.south)
    sea = WIDE_GRID.paint(terrain.coarse_sea)
    label = towns[row, column]
    return inside & ~sea & (label > 0) & (label < BEYOND_CITY), sea & (seas >= 1) & (seas <= len(facts.SEA_NAMES))


def _rough_city(terrain: Terrain) -> shapely.Geometry:
    ground = shapely.union_all(list(terrain.district_shapes.values()))
    return only_polygons(shapely.difference(ground, terrain.coarse_sea))


def _labels(plane: Arrangement, lines: list[shapely.Geometry], grid: Grid, raster: Labels) -> Integers:
    """The raster's label for each face, by way of the faces that the raster's own lines make."""
    own_faces = polygonize(lines)
    points = shapely.get_coordinates(shapely.point_on_surface(own_faces))
    row, column = grid.cell_of(points[:, 0], points[:, 1])
    of_own_face = raster[row, column].astype(np.int64)
    holder = plane.inside(own_faces)
    labels: Integers = np.where(holder >= 0, of_own_face[holder], -1)
    return labels


def _islands(terrain: Terrain, plane: Arrangement, township: Integers) -> Integers:
    """Every island belongs whole to one township: the one it shares most with, or else the nearest."""
    small = [i for i in terrain.islands if shapely.area(i) < BIG_ISLAND_M2]
    near = [i for i in small if terrain.outline.contains(shapely.point_on_surface(i))]
    holder = plane.inside(np.array(near, dtype=object))
    holders = [n for n, t in enumerate(terrain.townships) if t.name in facts.ISLAND_HOLDERS]
    seeds = [(terrain.townships[n].x, terrain.townships[n].y, 0.0) for n in holders]
    result = township.copy()
    for number, island in enumerate(near):
        members = np.nonzero(holder == number)[0]
        known = members[township[members] >= 0]
        if len(known):
            weight = np.bincount(township[known], weights=plane.area_m2[known])
            result[members] = int(np.argmax(weight))
        else:
            x, y = shapely.get_coordinates(shapely.centroid(island))[0]
            result[members] = holders[int(nearest_by_power(np.array([x]), np.array([y]), seeds)[0])]
    return result


def _labelled(
    terrain: Terrain,
    themes: Themes,
    plane: Arrangement,
    own: npt.NDArray[np.object_],
    township: Integers,
    sea_unit: Integers,
) -> Layout:
    adcodes = list(terrain.districts)
    of_township = np.array([adcodes.index(t.adcode) for t in terrain.townships])
    side = np.where(township >= 0, LAND, np.where(sea_unit >= 0, SEA, BEYOND))
    # A scrap of the city cut off at the end of its border belongs to the county beyond.
    settled = absorb_small(plane, side, np.zeros(len(side), dtype=np.int64), MIN_ISLAND_M2)
    township = np.where((side == LAND) & (settled != LAND), -1, township)
    side = np.where((side == LAND) & (township < 0), BEYOND, side)
    district = np.where(township >= 0, of_township[township], -1)
    cleaned = absorb_small(plane, district, side, MIN_UNIT_PATCH_M2)
    moved = cleaned != district
    township = np.where(moved, _township_of(plane, terrain, cleaned), township)
    holder = plane.inside(own)
    own_district = np.array([adcodes.index(unit.adcode) for unit in facts.OWN_UNITS])
    is_own = (holder >= 0) & (township >= 0) & (own_district[holder] == cleaned)
    land_unit = np.where(is_own, len(terrain.townships) + holder, township)
    land_unit = absorb_small(plane, land_unit, np.where(side == LAND, cleaned, -1), MIN_UNIT_PATCH_M2)
    sea_unit = absorb_small(plane, sea_unit, side, MIN_UNIT_PATCH_M2)
    # A scrap from beyond that the city or its sea encloses goes to the neighbour with the longest common border.
    for scrap in np.nonzero((side == BEYOND) & (settled != BEYOND))[0]:
        host = _host(plane, int(scrap), side == settled[scrap])
        side[scrap], cleaned[scrap] = side[host], cleaned[host]
        land_unit[scrap], sea_unit[scrap] = land_unit[host], sea_unit[host]
    share = _shares(plane, township, themes.red_land, len(terrain.townships))
    share += 0.4 * _shares(plane, township, themes.eco, len(terrain.townships))
    red_share = _shares(plane, sea_unit, themes.red_sea, len(facts.SEA_NAMES))
    return Layout(
        terrain=terrain,
        themes=themes,
        plane=plane,
        side=side,
        district=cleaned,
        land_unit=land_unit,
        sea_unit=sea_unit,
        units=tuple(land_units(terrain, classes_of_townships(terrain, share))),
        sea_units=tuple(sea_units(red_share)),
    )


def _host(plane: Arrangement, face: int, eligible: npt.NDArray[np.bool_]) -> int:
    """The eligible neighbour that shares the longest border with a face."""
    others = np.concatenate([plane.right[plane.left == face], plane.left[plane.right == face]])
    metres = np.concatenate([plane.border_m[plane.left == face], plane.border_m[plane.right == face]])
    return int(others[np.argmax(np.where(eligible[others], metres, -1.0))])


def _township_of(plane: Arrangement, terrain: Terrain, district: Integers) -> Integers:
    """The nearest township of the given district for each face."""
    points = shapely.get_coordinates(plane.points)
    result = np.full(len(plane.faces), -1, dtype=np.int64)
    for number, adcode in enumerate(terrain.districts):
        members = [(n, t) for n, t in enumerate(terrain.townships) if t.adcode == adcode]
        here = np.nonzero(district == number)[0]
        seeds = [(t.x, t.y, 0.45 * t.km2 * 1e6 / np.pi) for _, t in members]
        nearest = nearest_by_power(points[here, 0], points[here, 1], seeds)
        result[here] = np.array([n for n, _ in members])[nearest]
    return result


def _shares(plane: Arrangement, label: Integers, polygons: npt.NDArray[np.object_], count: int) -> Floats:
    """Share of each label's area that lies in the polygons."""
    known = label >= 0
    covered = known & (plane.inside(polygons) >= 0)
    part = np.bincount(label[covered], weights=plane.area_m2[covered], minlength=count)
    whole = np.bincount(label[known], weights=plane.area_m2[known], minlength=count)
    return part / np.maximum(whole, 1.0)
