"""The service over one, ten and a hundred times as much data: size, start, memory, latency, processor time.

    python -m benchmarks.growth --times 1 10 100 --rate 20 --seconds 20

A made-up city grows by its area: a square in which every layer is generated (`benchmarks/coverage.py`) at the same density,
delivered as GeoParquet with an access list for all of its units, checked, released and published like any other. So a site
always meets about as much, and what grows with the data is the index, the list and what a start must read.
"""

from __future__ import annotations

import argparse
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from benchmarks import coverage, results, service
from benchmarks.results import Result, told
from layers.delivery import read_delivery
from layers.publication import publish
from layers.release import read_content, write_release
from screening.crs import Plane
from tests.smallcity import Rows, SmallCity, default_layers, unit, zone

PLANE = Plane(epsg=4549)
MIDDLE = (500_000.0, 3_985_000.0)  # of the city, whatever its size; metres on the plane
DISC_M, WAVE_M, OCTAVES = 40_000.0, 8_000.0, 8  # generated around it
AMPLITUDE = 0.035  # so low that no border crosses itself: a delivery with a gap would be refused
SQUARE = 0.5  # its side, of the disc's: what the displacement leaves whole
SEA_DEGREES = 0.05
COUNTIES = {"370211": "黄岛区", "370281": "胶州市"}
INLAND = 0.2  # of the side, kept free of questions on every side
TIMES = (1, 10, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A generated layer of the city.

    Attributes:
        units, cells, kept, spacing_m: As of `coverage.LayerPlan`.
        code: Two digits of its zones' codes.
    """

    units: int
    cells: int
    kept: float
    spacing_m: float
    code: str = ""
    subtype: str = ""


KINDS = {
    "unit_land": Kind(units=80, cells=8, kept=1, spacing_m=40),
    "water": Kind(units=50, cells=8, kept=1, spacing_m=50, code="22", subtype="工业污染"),
    "air": Kind(units=40, cells=6, kept=1, spacing_m=50, code="23", subtype="受体敏感"),
    "soil": Kind(units=30, cells=6, kept=1, spacing_m=60, code="24", subtype="建设用地污染风险"),
    "resource": Kind(units=120, cells=5, kept=0.2, spacing_m=60, code="25", subtype="高污染燃料禁燃区"),
    "red_line": Kind(units=250, cells=5, kept=0.3, spacing_m=40, code="11", subtype="生态功能重要区"),
    "eco_space": Kind(units=200, cells=5, kept=0.25, spacing_m=50, code="12", subtype="一般生态空间"),
    "water_source": Kind(units=300, cells=3, kept=0.1, spacing_m=40),
    "protected_area": Kind(units=300, cells=3, kept=0.1, spacing_m=40),
    "park": Kind(units=400, cells=3, kept=0.1, spacing_m=40),
}


def main() -> None:
    """Print the table and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, nargs="+", default=list(TIMES))
    parser.add_argument("--rate", type=float, default=20.0, help="questions a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument(
        "--data", type=Path, default=results.ROOT / "build/benchmarks/growth", help="folder of the cities"
    )
    results.folder_argument(parser)
    asked = parser.parse_args()
    found: Result = {"machine": results.machine(), "sizes": []}
    for times in asked.times:
        told(f"a city {times} times as large")
        size, data = published(times, asked.data / str(times))
        found["sizes"].append({**size, **service.measured(data, box_of(times), asked.rate, seconds=asked.seconds)})
    found = results.keep(asked.results, "growth", found)
    results.publish(asked.results, "growth", table(found))


def land_of(times: int) -> shapely.Polygon:
    """The land of a city: a rectangle in degrees, because delivered edges are straight in degrees."""
    half = DISC_M * SQUARE * times**0.5 / 2
    x, y = MIDDLE
    land: shapely.Polygon = shapely.box(*PLANE.to_degrees(shapely.box(x - half, y - half, x + half, y + half)).bounds)
    return land


def box_of(times: int) -> tuple[float, float, float, float]:
    """Where questions are asked: well inside the land; degrees."""
    west, south, east, north = land_of(times).bounds
    x, y = INLAND * (east - west), INLAND * (north - south)
    return west + x, south + y, east - x, north - y


def published(times: int, folder: Path) -> tuple[Result, Path]:
    """What a city's release holds and weighs, and the data folder in which it is published, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    layers = generated(times)
    delivery = SmallCity(layers=layers).deliver(folder / "delivery", form="parquet")
    _widen(delivery / "jurisdiction.toml", times)
    told("delivered")
    begun = time.perf_counter()
    store = folder / "data" / "releases"
    content = read_content(read_delivery(delivery), lambda step: told(f"reading: {step.en}"))
    name = write_release(content, store)
    publish(store, name, at="2026-07-01T00:00:00+08:00", by="benchmarks")
    took = time.perf_counter() - begun
    told(f"released, {len(content.issues)} warnings")
    shutil.rmtree(delivery)
    release = store / name
    size = {
        "times": times,
        "zones": sum(len(zones) for zones in content.zones.values()),
        "vertices": sum(int(shapely.get_num_coordinates(one.geometry.values).sum()) for one in content.zones.values()),
        "clauses": len(content.access_list.clauses),
        "publishing_s": round(took, 1),
        "release_mb": round(sum(part.stat().st_size for part in release.iterdir()) / results.MEGABYTE, 1),
        "index_mb": round((release / "zones.index").stat().st_size / results.MEGABYTE, 1),
    }
    return size, folder / "data"


def _widen(jurisdiction: Path, times: int) -> None:
    """The jurisdiction's extent, so that the city has room."""
    west, south, east, north = land_of(times).buffer(2 * SEA_DEGREES).bounds
    extent = f"extent = [{west:.3f}, {south:.3f}, {east:.3f}, {north:.3f}]"
    text = jurisdiction.read_text(encoding="utf-8")
    jurisdiction.write_text(re.sub(r"extent = \[[^]]*\]", extent, text, count=1), encoding="utf-8")


def generated(times: int) -> dict[str, Rows]:
    """Every layer of the city, columns as delivered, geometry in degrees."""
    side = DISC_M * times**0.5
    origin = (MIDDLE[0] - side / 2, MIDDLE[1] - side / 2)
    scale = coverage.Scale(f"growth {times}", origin, side, WAVE_M, (), OCTAVES, AMPLITUDE)
    shapes = {}
    for number, (name, kind) in enumerate(KINDS.items()):
        plan = coverage.LayerPlan(name, kind.units * times, kind.cells, kind.kept, kind.spacing_m)
        drawn = PLANE.to_degrees(coverage.layer(plan, scale, coverage.FIRST_SEED + number))
        shapes[name] = _clipped(drawn, land_of(times))
        told(f"{name}: {len(shapes[name]):,} zones")
    rows = {name: _rows(name, KINDS[name], one) for name, one in shapes.items() if name != "unit_land"}
    units = shapes["unit_land"]
    county = np.where(shapely.get_x(shapely.centroid(units)) < shapely.get_x(land_of(times).centroid), *COUNTIES)
    rows["unit_land"] = [
        unit(f"ZH{code}{1 + i % 3}{i // 3:04d}", f"单元{i}", COUNTIES[code], shape)
        for i, (code, shape) in enumerate(zip(county, units, strict=True))
    ]
    rows["district"] = [
        {"XZQDM": code, "XZQMC": name, "geometry": shapely.coverage_union_all(units[county == code])}
        for code, name in COUNTIES.items()
    ]
    return {**default_layers(), **rows, **_coast(times)}


def _clipped(zones: coverage.Shapes, land: shapely.Polygon) -> coverage.Shapes:
    """What lies on the land, areal parts only."""
    met = shapely.intersection(zones[shapely.intersects(zones, land)], land)
    parts, owner = shapely.get_parts(met, return_index=True)
    areal = (shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > 0)
    clipped: coverage.Shapes = shapely.multipolygons(
        parts[areal], indices=np.unique(owner[areal], return_inverse=True)[1]
    )
    return clipped


def _rows(name: str, kind: Kind, shapes: coverage.Shapes) -> Rows:
    match name:
        case "water_source":
            return [
                {"水源地名称": f"水库{i}", "保护区级别": "二级保护区", "行政区划": "", "geometry": one}
                for i, one in enumerate(shapes)
            ]
        case "protected_area":
            return [
                {"名称": f"保护区{i}", "类型": "自然保护区", "分区": "核心保护区", "geometry": one}
                for i, one in enumerate(shapes)
            ]
        case "park":
            return [
                {"园区编码": f"P{i}", "园区名称": f"园区{i}", "园区类型": "化工园区", "geometry": one}
                for i, one in enumerate(shapes)
            ]
    cls = {"red_line": 1, "eco_space": 1}.get(name)
    return [
        zone(f"YS370211{cls or 1 + i % 3}{kind.code}{i:04d}", f"{name} {i}", kind.subtype, one)
        for i, one in enumerate(shapes)
    ]


def _coast(times: int) -> dict[str, Rows]:
    """East of the land two units of the sea, the shore between; a school and a reservoir."""
    west, south, east, north = land_of(times).bounds
    x, y, out = (west + east) / 2, (south + north) / 2, east + SEA_DEGREES
    sea = [shapely.box(east, south, out, y), shapely.box(east, y, out, north)]
    shore, place = shapely.box(east - 0.005, south, east + 0.005, north), shapely.box(x, y, x + 0.001, y + 0.001)
    return {
        "unit_sea": [unit(f"HY3702003{i:04d}", f"海域{i}", "", one) for i, one in enumerate(sea)],
        "shoreline": [zone("YS3702113610001", "海岸", "一般岸线", shore)],
        "sensitive_place": [{"名称": "示例学校", "类型": "学校", "geometry": place}],
        "water_body": [{"name": "水库", "kind": "水库", "geometry": place}],
    }


def table(found: Result) -> str:
    """One line for every size."""
    head = [
        "data",
        "zones",
        "vertices",
        "release",
        "index",
        "ready",
        "first verdict",
        "settled",
        "memory",
        "p50",
        "p99",
    ]
    head += ["errors", "processor time a question"]
    rows = [
        [
            f"{one['times']}×",
            f"{one['zones']:,}",
            f"{one['vertices']:,}",
            f"{one['release_mb']:,.1f} MB",
            f"{one['index_mb']:,.1f} MB",
            f"{one['ready_s']:.2f} s ({one['ready_cpu_s']:.2f} s)",
            f"{one['first_s']:.2f} s ({one['first_cpu_s']:.2f} s)",
            f"{one['settled_s']:.1f} s ({one['settled_cpu_s']:.1f} s)",
            f"{one['memory_mb']:,.0f} MB, at most {one['peak_mb']:,.0f} MB",
            *service.load_cells(one["loads"][0]),
        ]
        for one in found["sizes"]
    ]
    rate = found["sizes"][0]["loads"][0]["rate"]
    words = (
        f"{results.machine_words(found)} Data grow by area at the same density. By the clock, in brackets seconds of processor "
        f"time; memory after the first verdict; latency at {rate:g} questions a second."
    )
    return f"{words}\n\n{results.markdown(head, rows)}"


if __name__ == "__main__":
    main()
