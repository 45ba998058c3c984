"""The 146 land and 63 sea control units: their base shapes as rasters, their classes, codes and names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from sample_data import facts
from sample_data.borders import natural_rings
from sample_data.grid import NO_DATA, Labels, spread
from sample_data.noise import Floats
from sample_data.terrain import (
    LAND_GRID,
    NEIGHBOUR,
    WIDE_GRID,
    Terrain,
    blob,
    block,
    district_raster,
    nearest_by_power,
    plane_point,
    warped,
)

CLASS_WORDS = {1: "优先保护", 2: "重点管控", 3: "一般管控"}
UNIT_WORDS = {1: "优先保护单元", 2: "重点管控单元", 3: "一般管控单元"}
BEYOND_CITY = 1_000
"""Raster label of the neighbouring counties."""
PRIORITY_UNITS, KEY_UNITS, GENERAL_UNITS = 30, 65, 51
SEA_PRIORITY, SEA_KEY = 22, 21
ALWAYS_KEY = {
    "泊里镇",
    "新河镇",
    "姜山镇",
    "明村镇",
    "南村镇",
    "蓝村街道",
    "王台街道",
    "黄岛街道",
    "辛安街道",
    "流亭街道",
    "棘洪滩街道",
    "潮海街道",
    "三里河街道",
}
ALWAYS_GENERAL = {"李哥庄镇", "铺集镇", "蓼兰镇", "店埠镇", "移风店镇"}
TOWN_STREETS = {
    "阜安街道",
    "中云街道",
    "三里河街道",
    "胶北街道",
    "凤台街道",
    "东阁街道",
    "李园街道",
    "水集街道",
    "望城街道",
    "环秀街道",
    "潮海街道",
    "通济街道",
    "北安街道",
    "龙山街道",
}
STANDS_ALONE = {unit.name for unit in facts.OWN_UNITS} | {"灵山岛省级自然保护区"}
"""Places whose names need no district before them."""
URBAN_DISTRICTS = {"370202", "370203", "370213"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One control unit before its geometry is known."""

    code: str
    name: str
    control: int
    adcode: str
    place: str


def township_raster(terrain: Terrain) -> tuple[Labels, Labels]:
    """Township number + 1 per cell (NO_DATA out at sea, BEYOND_CITY beyond the city) and the districts."""
    districts = district_raster(terrain)
    result = np.where(districts == NEIGHBOUR, BEYOND_CITY, NO_DATA).astype(np.int32)
    for number, adcode in enumerate(terrain.districts, start=1):
        members = [(n, t) for n, t in enumerate(terrain.townships) if t.adcode == adcode]
        size = float(np.sqrt(np.mean([t.km2 for _, t in members]))) * 1000.0
        here = districts == number
        rows, columns = np.nonzero(here)
        window = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
        x, y = warped(LAND_GRID.window(*window), 0.50 * size, 0.85 * size, 20 + 2 * number)
        seeds = [(t.x, t.y, 0.45 * t.km2 * 1e6 / np.pi) for _, t in members]
        chosen = nearest_by_power(x, y, seeds)
        labels = np.array([n + 1 for n, _ in members], dtype=np.int32)[chosen]
        part = result[window]
        part[here[window]] = labels[here[window]]
    return result, districts


def sea_raster(terrain: Terrain) -> Labels:
    """Sea unit number (1 to 63), 0 beyond the outer limit, NO_DATA on land away from the coast, on WIDE_GRID."""
    grid = WIDE_GRID
    sea = grid.paint(terrain.coarse_sea)
    row, column = grid.cell_of(*warped(grid, 900.0, 9_000.0, 60))
    within = grid.paint(terrain.outline)[row, column]
    x, y = warped(grid, 2_600.0, 11_000.0, 64)
    seeds: list[tuple[float, float, float]] = []
    for _, lon, lat in facts.SEA_NAMES:
        seed_x, seed_y = plane_point(lon, lat)
        seeds.append((seed_x, seed_y, 0.0))
    labels = np.where(within, nearest_by_power(x, y, seeds) + 1, 64).astype(np.int32)
    labels[~sea] = 0
    labels = spread(labels, 8)
    labels[labels == 0] = NO_DATA
    return labels


def own_unit_shapes(land: shapely.Geometry) -> list[shapely.Geometry]:
    """Outlines of the parks and protected areas that are units, sized on the land they may use."""
    shapes: list[shapely.Geometry] = []
    for number, unit in enumerate(facts.OWN_UNITS):
        drawn = sized_on(land, unit.lon, unit.lat, unit.km2, 300 + number, angular=unit.control == 2)
        shapes.append(drawn if unit.control == 2 else natural_rings(drawn, 20.0, 0.15, 72))
    return shapes


def sized_on(
    ground: shapely.Geometry, lon: float, lat: float, km2: float, salt: int, *, angular: bool
) -> shapely.Geometry:
    """A block (parks) or blob (nature) grown until its part on ``ground`` has the wanted area."""
    low, high = km2 * 0.5, km2 * 6.0
    for _ in range(24):
        middle = (low + high) / 2.0
        drawn = block(lon, lat, middle, salt) if angular else blob(lon, lat, middle, salt)
        if shapely.area(shapely.intersection(drawn, ground)) < km2 * 1e6:
            low = middle
        else:
            high = middle
    return drawn


def classes_of_townships(terrain: Terrain, eco_share: Floats) -> list[int]:
    """A class per township: the greenest are 优先, cities and industry 重点, the rest 一般.

    Args:
        terrain: Gives the townships in their order.
        eco_share: Share of each township under red line and other ecological space, same order.
    """
    own_priority = sum(1 for unit in facts.OWN_UNITS if unit.control == 1)
    own_key = sum(1 for unit in facts.OWN_UNITS if unit.control == 2)
    townships = terrain.townships
    result = [0] * len(townships)
    fixed = ALWAYS_KEY | ALWAYS_GENERAL
    greenest = sorted(range(len(townships)), key=lambda n: (-eco_share[n], townships[n].name))
    free = [n for n in greenest if townships[n].name not in fixed and townships[n].adcode not in URBAN_DISTRICTS]
    island = next(n for n, t in enumerate(townships) if "灵山岛" in t.name)
    ordered = [island] + [n for n in free if n != island]
    for n in ordered[: PRIORITY_UNITS - own_priority]:
        result[n] = 1
    rank = sorted(range(len(townships)), key=lambda n: _key_rank(terrain, n))
    for n in [n for n in rank if result[n] == 0][: KEY_UNITS - own_key]:
        result[n] = 2
    return [control or 3 for control in result]


def _key_rank(terrain: Terrain, n: int) -> tuple[int, float, str]:
    township = terrain.townships[n]
    if township.name in ALWAYS_GENERAL:
        return (9, 0.0, township.name)
    if township.name in ALWAYS_KEY:
        return (-1, 0.0, township.name)
    if township.adcode in URBAN_DISTRICTS or township.name in TOWN_STREETS:
        return (0, township.km2, township.name)
    is_street = township.name.endswith("街道") or township.name.endswith("区")
    return (1 if is_street else 2, township.km2, township.name)


def land_units(terrain: Terrain, controls: list[int]) -> list[Unit]:
    """The land units in the order townships, then own units; serials count per district and class."""
    bases = [(t.adcode, t.name, control) for t, control in zip(terrain.townships, controls, strict=True)]
    bases += [(unit.adcode, unit.name, unit.control) for unit in facts.OWN_UNITS]
    serials: dict[tuple[str, int], int] = {}
    units: list[Unit] = []
    for adcode, place, control in bases:
        serial = serials[adcode, control] = serials.get((adcode, control), 0) + 1
        prefix = "" if place in STANDS_ALONE else terrain.districts[adcode]
        code = f"ZH{adcode}{control}{serial:04d}"
        name = f"{prefix}{place}{UNIT_WORDS[control]}"
        units.append(Unit(code=code, name=name, control=control, adcode=adcode, place=place))
    return units


def sea_units(red_share: Floats) -> list[Unit]:
    """The sea units in the order of facts.SEA_NAMES; the best protected are 优先, the busiest shores 重点."""
    count = len(facts.SEA_NAMES)
    ordered = sorted(range(count), key=lambda n: (-red_share[n], n))
    priority = set(ordered[:SEA_PRIORITY])
    ports = ("港", "董家口", "胶州湾", "海西湾", "湾口", "浮山湾", "团岛", "汇泉", "麦岛", "薛家岛", "灵山卫", "金沙滩")
    busy = sorted(
        (n for n in range(count) if n not in priority),
        key=lambda n: (not any(word in facts.SEA_NAMES[n][0] for word in ports), n),
    )
    key = set(busy[:SEA_KEY])
    serials = dict.fromkeys((1, 2, 3), 0)
    units: list[Unit] = []
    for n, (place, _, _) in enumerate(facts.SEA_NAMES):
        control = 1 if n in priority else 2 if n in key else 3
        serials[control] += 1
        code = f"HY{facts.CITY}{control}{serials[control]:04d}"
        name = f"{place}海域{UNIT_WORDS[control]}"
        units.append(Unit(code=code, name=name, control=control, adcode=facts.CITY, place=place))
    return units
