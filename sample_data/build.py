"""Builds the delivery folder of the demonstration city: ``python -m sample_data.build --out build/demo``."""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd

from sample_data import places, zones
from sample_data.access_list import write_access_list
from sample_data.check import check
from sample_data.layout import Layout, build_layout
from sample_data.lines import write_lines
from sample_data.manifest import ACCESS_FILE, JURISDICTION_FILE, LINES_FILE, write_texts
from sample_data.terrain import load_terrain
from sample_data.write import GEOPACKAGE, SHAPEFILES, frame_of, write_geopackage, write_shapefile_zip


def say_nothing(_: str) -> None:
    """Reports no progress."""


def build_geography(say: Callable[[str], None] = say_nothing) -> dict[str, gpd.GeoDataFrame]:
    """Every layer of the demonstration city in EPSG:4490; the same on every run."""
    layout = build_layout(load_terrain(), say)
    frames = {name: frame_of(records) for name, records in _records(layout).items()}
    say("layers")
    return frames


def _records(layout: Layout) -> dict[str, list[zones.Record]]:
    return {
        "district": places.districts(layout),
        "unit_land": places.land_unit_records(layout),
        "unit_sea": places.sea_unit_records(layout),
        "red_line": zones.red_line(layout),
        "eco_space": zones.eco_space(layout),
        "water": zones.tiling(layout, zones.WATER, zones.water_kind),
        "air": zones.tiling(layout, zones.AIR, zones.air_kind),
        "soil": zones.tiling(layout, zones.SOIL, zones.soil_kind),
        "resource": zones.resource(layout),
        "shoreline": zones.shoreline(layout),
        "water_source": places.water_sources(layout),
        "park": places.parks(layout),
        "protected_area": places.protected_areas(layout),
        "sensitive_place": places.sensitive_places(layout),
        "water_body": places.water_bodies(layout),
    }


def write_delivery(frames: dict[str, gpd.GeoDataFrame], folder: Path) -> None:
    """Writes every file of the delivery into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (file, inner) in SHAPEFILES.items():
        write_shapefile_zip(frames[name], folder / file, inner)
    tables = {name: frame for name, frame in frames.items() if name not in SHAPEFILES}
    write_geopackage(tables, folder / GEOPACKAGE)
    write_lines(frames, folder / LINES_FILE)
    write_access_list(frames["unit_land"], frames["unit_sea"], folder / ACCESS_FILE)
    shutil.copy(Path(__file__).with_name(JURISDICTION_FILE), folder / JURISDICTION_FILE)


def main() -> None:
    """Builds, checks and writes the demonstration city."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/demo"))
    chosen = parser.parse_args()
    started = time.perf_counter()

    def say(step: str) -> None:
        print(f"{time.perf_counter() - started:6.1f} s  {step}", flush=True)

    frames = build_geography(say)
    write_delivery(frames, chosen.out / "delivery")
    write_texts(frames, chosen.out)
    say("delivery written")
    for name, km2 in check(frames).items():
        say(f"{name}: {len(frames[name])} rows, {km2:,.2f} km²")


if __name__ == "__main__":
    main()
