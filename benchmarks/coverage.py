"""Zones as cities have them, from a seed: units that tile without gaps along fractal borders, patches, holes, parts.

Cells of a Voronoi diagram are joined to units, some given to a distant one; every edge gets vertices a few metres apart;
then one fractal displacement (value noise in octaves, nearly a homeomorphism) moves them all, so that what was shared
stays shared. Coordinates are metres on one plane, to the millimetre.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

Array = np.ndarray[Any, np.dtype[Any]]
Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]

AMPLITUDE = 0.07  # of an octave's displacement to its wavelength; from 0.09 on borders begin to cross themselves
FIRST_SEED = 100  # of the first layer of a scale; each has its own
ROUGH_OCTAVES, ROUGHNESS = 6, 1.7  # the long waves are stronger


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One layer: how many units its tiling has, of how many cells, which share of them is kept, how fine it is drawn."""

    name: str
    units: int
    cells: int
    kept: float
    spacing_m: float


@dataclass(frozen=True, slots=True)
class Scale:
    """One size of the problem."""

    name: str
    origin: tuple[float, float]
    size_m: float
    longest_wave_m: float
    layers: tuple[LayerPlan, ...]
    octaves: int = 10
    amplitude: float = AMPLITUDE


def _layers(rows: str, share: float = 1.0) -> tuple[LayerPlan, ...]:
    split = [row.split() for row in rows.strip().splitlines()]
    return tuple(LayerPlan(n, max(3, int(int(u) * share)), int(c), float(k), float(s)) for n, u, c, k, s in split)


_CITY = """
unit 300 8 1 6
water 160 8 1 8
air 110 6 1 8
soil 90 6 1 9
land 120 8 1 8
water_resource 60 6 1 9
energy 40 6 1 9
noise 220 4 1 8
red_line 700 5 .30 6
ecological 600 5 .30 7
farmland 900 4 .25 7
park 1500 3 .09 6
coastal 400 4 .25 7
fuel_ban 200 5 .20 8
heritage 2500 3 .04 6
flood 400 4 .22 8
wetland 900 4 .09 6
scenic 500 5 .12 8
geohazard 1200 3 .06 8
"""
_NATION = """
unit 44604 4 1 230
water 12000 4 1 450
air 9000 4 1 500
soil 8000 4 1 500
land 9000 4 1 500
red_line 60000 3 .30 300
ecological 50000 3 .30 400
farmland 40000 3 .25 450
park 90000 2 .12 300
wetland 60000 2 .10 350
"""
SCALES = {
    "small": Scale("small", (480_000.0, 3_950_000.0), 40_000.0, 20_000.0, _layers(_CITY, 0.1)),
    "city": Scale("city", (480_000.0, 3_950_000.0), 130_000.0, 20_000.0, _layers(_CITY)),
    "nation": Scale("nation", (0.0, 0.0), 4_500_000.0, 400_000.0, _layers(_NATION)),
}


def _lattice(ix: Array, iy: Array, seed: int) -> Array:
    """A number from -1 to 1 for every lattice point: a multiplicative hash."""
    key = ix.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ iy.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    key ^= np.uint64(seed * 0x165667B19E3779F9 % 2**64)
    key ^= key >> np.uint64(31)
    key *= np.uint64(0xBF58476D1CE4E5B9)
    key ^= key >> np.uint64(29)
    return (key >> np.uint64(11)).astype(np.float64) * (2.0 / 2**53) - 1.0


def _noise(xy: Array, wave_m: float, seed: int) -> Array:
    """Value noise, smooth between lattice points (K. Perlin's quintic)."""
    whole = np.floor(xy / wave_m)
    part = xy / wave_m - whole
    u, v = (part**3 * (part * (part * 6 - 15) + 10)).T
    ix, iy = whole.astype(np.int64).T
    low = _lattice(ix, iy, seed) * (1 - u) + _lattice(ix + 1, iy, seed) * u
    high = _lattice(ix, iy + 1, seed) * (1 - u) + _lattice(ix + 1, iy + 1, seed) * u
    moved: Array = low * (1 - v) + high * v
    return moved


def displaced(xy: Array, scale: Scale) -> Array:
    """Points moved by the fractal displacement; what was one point stays one."""
    out = np.round(xy, 4)
    start, wave = out.copy(), scale.longest_wave_m
    for octave in range(scale.octaves):
        size = scale.amplitude * wave * (ROUGHNESS if octave < ROUGH_OCTAVES else 1.0)
        for axis in (0, 1):
            out[:, axis] += size * _noise(start, wave, 2 * octave + 11 + axis)
        wave /= 2
    return out.round(3)


def _cells(count: int, scale: Scale, rng: np.random.Generator) -> tuple[Shapes, Array]:
    """About so many Voronoi cells on a disc, and their seeds."""
    side = int(np.sqrt(count * 4 / np.pi))
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    seeds = (grid + rng.uniform(0.02, 0.98, grid.shape)) / side * scale.size_m + scale.origin
    middle = np.array(scale.origin) + scale.size_m / 2
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), ordered=True))
    inside = np.hypot(*(seeds - middle).T) < scale.size_m * 0.45
    return cells[inside], seeds[inside]


def layer(plan: LayerPlan, scale: Scale, seed: int) -> Shapes:
    """The zones of one layer."""
    rng = np.random.default_rng(seed)
    cells, seeds = _cells(plan.units * plan.cells, scale, rng)
    centres = seeds[rng.choice(len(seeds), min(plan.units, len(seeds)), replace=False)]
    cell_m = scale.size_m / np.sqrt(plan.units * plan.cells)
    strays = rng.random(len(seeds)) < 0.06  # cells of a distant unit: holes and parts
    asked = seeds + np.where(
        strays[:, None], rng.normal(0, 3 * cell_m, seeds.shape), rng.normal(0, cell_m / 3, seeds.shape)
    )
    _, unit = shapely.STRtree(shapely.points(centres)).query_nearest(shapely.points(asked), all_matches=False)
    order = np.argsort(unit, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(unit[order])) + 1)
    if plan.kept < 1:
        score = [np.sin(seeds[g[0], 0] / scale.size_m * 17) + rng.normal(0, 0.6) for g in groups]
        groups = [groups[i] for i in np.argsort(score)[: max(1, int(len(groups) * plan.kept))]]
    zones = np.array([shapely.coverage_union_all(cells[group]) for group in groups], dtype=object)
    drawn: Shapes = shapely.transform(shapely.segmentize(zones, plan.spacing_m), lambda xy: displaced(xy, scale))
    broken = ~shapely.is_valid(drawn)
    drawn[broken] = shapely.buffer(drawn[broken], 0)
    return drawn


def sites(scale: Scale, count: int, seed: int = 5) -> Shapes:
    """Parcels of 0.5 to 50 ha, half of them rectangles and half of 8 to 50 corners, a third anywhere and the rest in towns."""
    rng = np.random.default_rng(seed)
    towns = np.array(scale.origin) + scale.size_m * rng.uniform(0.2, 0.8, (250, 2))
    places = towns[rng.integers(0, len(towns), count)] + rng.normal(0, scale.size_m * 0.02, (count, 2))
    anywhere = rng.random(count) < 0.3
    places[anywhere] = np.array(scale.origin) + scale.size_m * rng.uniform(0.15, 0.85, (int(anywhere.sum()), 2))
    hectares = np.exp(rng.uniform(np.log(0.5), np.log(50.0), count))
    return np.array([parcel(*one, rng) for one in zip(places, hectares, strict=True)], dtype=object)


def parcel(place: Array, hectares: float, rng: np.random.Generator) -> shapely.Polygon:
    """A rectangle or a lobed shape of an area, about a place."""
    if rng.random() < 0.5:
        half = rng.uniform(0.35, 1.0)
        corners = np.array([[-1, -half], [1, -half], [1, half], [-1, half]])
    else:
        n = int(rng.integers(8, 50))
        turn = np.sort((np.arange(n) + rng.uniform(0.1, 0.9, n)) / n * 2 * np.pi)
        radius = 1 + 0.35 * np.sin(3 * turn + rng.uniform(0, 6)) + rng.uniform(-0.15, 0.15, n)
        corners = np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])
    angle = rng.uniform(0, np.pi)
    corners = corners @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    x, y = corners.T
    area = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    return shapely.Polygon(np.round(corners * np.sqrt(hectares * 1e4 / area) + place, 3))


def points(scale: Scale, count: int, seed: int = 6) -> Array:
    """Places of interest, unsorted; shape (count, 2)."""
    rng = np.random.default_rng(seed)
    found: Array = np.array(scale.origin) + scale.size_m * rng.uniform(0.1, 0.9, (count, 2))
    return found
