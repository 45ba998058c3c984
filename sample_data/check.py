"""What the demonstration city promises; ``check`` stops the build when a promise is broken."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from sample_data import facts
from sample_data.terrain import to_plane
from sample_data.units import CLASS_WORDS, GENERAL_UNITS, KEY_UNITS, PRIORITY_UNITS

CLASS_DIGIT = {word: str(digit) for digit, word in CLASS_WORDS.items()}
TILING = ("district", "unit_land", "unit_sea", "water", "air", "soil")
AREA_SLACK = 1e-4
"""Share by which two sums of the same area may differ; degrees are rounded to 0.1 mm."""


def check(frames: dict[str, gpd.GeoDataFrame]) -> dict[str, float]:
    """Asserts every promise of the demonstration city.

    Returns:
        Areas in km² (plane EPSG:4549) by layer, for the record.
    """
    plane = {name: np.array([to_plane(shape) for shape in frame.geometry]) for name, frame in frames.items()}
    areas = {name: float(shapely.area(shapes).sum()) / 1e6 for name, shapes in plane.items()}
    for name, frame in frames.items():
        assert frame.crs is not None
        assert frame.crs.to_epsg() == 4490, name
        assert bool(frame.geometry.is_valid.all()), f"{name}: invalid in EPSG:4490"
        assert bool(shapely.is_valid(plane[name]).all()), f"{name}: invalid in EPSG:4549"
        assert bool((frame["REMARK"] == facts.REMARK).all()), f"{name}: REMARK"
    for name in TILING:
        assert shapely.coverage_is_valid(frames[name].geometry.to_numpy()), f"{name}: not a coverage in EPSG:4490"
        assert shapely.coverage_is_valid(plane[name]), f"{name}: not a coverage in EPSG:4549"
    _check_units(frames, plane)
    _check_zones(frames, areas)
    _check_sources(frames, plane)
    return areas


def _check_units(frames: dict[str, gpd.GeoDataFrame], plane: dict[str, npt.NDArray[np.object_]]) -> None:
    land, sea = frames["unit_land"], frames["unit_sea"]
    assert (len(land), len(sea), len(frames["district"])) == (146, 63, 10)
    counts = land["GKDYFL"].value_counts().to_dict()
    assert [counts[CLASS_WORDS[n]] for n in (1, 2, 3)] == [PRIORITY_UNITS, KEY_UNITS, GENERAL_UNITS]
    both = np.concatenate([plane["unit_land"], plane["unit_sea"]])
    assert shapely.coverage_is_valid(both), "land and sea units do not share the coast"
    names = dict(zip(frames["district"]["XZQDM"], frames["district"]["XZQMC"], strict=True))
    for frame, prefix in ((land, "ZH"), (sea, "HY")):
        codes = frame["HJGKDYBM"]
        assert codes.is_unique
        assert bool(codes.str.fullmatch(prefix + r"\d{6}[123]\d{4}").all())
        assert bool((codes.str[8] == frame["GKDYFL"].map(CLASS_DIGIT)).all())
    assert bool((land["HJGKDYBM"].str[2:8].map(names) == land["COUNTY"]).all())
    for code, shape in zip(frames["district"]["XZQDM"], plane["district"], strict=True):
        inside = plane["unit_land"][(land["HJGKDYBM"].str[2:8] == code).to_numpy()]
        whole = shapely.coverage_union_all(inside)
        assert shapely.area(shapely.symmetric_difference(whole, shape)) < AREA_SLACK * shape.area, f"{code}: nesting"


def _check_zones(frames: dict[str, gpd.GeoDataFrame], areas: dict[str, float]) -> None:
    land = areas["district"]
    for name in ("unit_land", "water", "air", "soil"):
        assert abs(areas[name] - land) < AREA_SLACK * land, f"{name} does not tile the land"
    for name in ("red_line", "eco_space", "water", "air", "soil", "resource", "shoreline"):
        codes = frames[name]["HJYSGKFQBM"]
        assert codes.is_unique, name
        assert bool(codes.str.fullmatch(r"YS\d{6}[123]\d{6}").all()), name
        assert bool((codes.str[8] == frames[name]["GKDYFL"].map(CLASS_DIGIT)).all()), name
    red = frames["red_line"]
    at_sea = (red["COUNTY"] == facts.CITY_NAME).to_numpy()
    km2 = np.array([to_plane(shape).area / 1e6 for shape in red.geometry])
    assert abs(km2[~at_sea].sum() / facts.RED_LINE_LAND_KM2 - 1.0) < 0.01, km2[~at_sea].sum()
    assert abs(km2[at_sea].sum() / facts.RED_LINE_SEA_KM2 - 1.0) < 0.01, km2[at_sea].sum()


def _check_sources(frames: dict[str, gpd.GeoDataFrame], plane: dict[str, npt.NDArray[np.object_]]) -> None:
    wanted = {(name, level): km2 for name, _, _, _, levels in facts.WATER_SOURCES for level, km2, _ in levels}
    wanted |= {(facts.RIVER_SOURCE[0], level): km2 for level, km2 in facts.RIVER_SOURCE[1]}
    rows = frames["water_source"]
    for name, level, shape in zip(rows["水源地名称"], rows["保护区级别"], plane["water_source"], strict=True):
        target = wanted.pop((name, level))
        assert abs(shape.area / 1e6 / target - 1.0) < 0.02, f"{name} {level}: {shape.area / 1e6:.3f} not {target}"
    assert not wanted
    parts = plane["water_source"]
    assert shapely.area(shapely.union_all(parts)) > shapely.area(parts).sum() * (1.0 - AREA_SLACK), "levels overlap"
