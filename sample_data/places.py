"""Layers of named places: districts, units, water sources, parks, protected areas, sensitive places, waters."""

from __future__ import annotations

import numpy as np
import shapely

from sample_data import facts
from sample_data.borders import natural_rings, only_polygons
from sample_data.layout import LAND, Layout
from sample_data.noise import random_numbers
from sample_data.terrain import TO_DEGREES, blob, plane_point
from sample_data.units import CLASS_WORDS, Unit
from sample_data.zones import CHEMICAL, Record

SENSITIVE = (
    ("居住区", 0.45, 2.0, 10.0),
    ("学校", 0.25, 1.0, 6.0),
    ("医院", 0.12, 0.8, 4.0),
    ("养老院", 0.12, 0.5, 2.0),
    ("文物保护单位", 0.06, 0.5, 3.0),
)
"""Type, share of all, least and greatest hectares."""
SENSITIVE_COUNT = 320
SOURCE_RULES = {
    "一级保护区": "禁止新建、改建、扩建与供水设施和保护水源无关的建设项目",
    "二级保护区": "禁止新建、改建、扩建排放污染物的建设项目",
    "准保护区": "禁止新建、扩建对水体污染严重的建设项目；改建不得增加排污量",
}


def districts(layout: Layout) -> list[Record]:
    """The ten districts, land only."""
    return [
        {
            "XZQDM": layout.adcode(number),
            "XZQMC": layout.terrain.districts[layout.adcode(number)],
            "REMARK": facts.REMARK,
            "geometry": geometry,
        }
        for number, geometry in layout.plane.dissolve(layout.district).items()
    ]


def _unit_record(unit: Unit, county: str, geometry: shapely.Geometry) -> Record:
    return {
        "HJGKDYBM": unit.code,
        "HJGKDYMC": unit.name,
        "GKDYFL": CLASS_WORDS[unit.control],
        "PROV": facts.PROVINCE_NAME,
        "CITY": facts.CITY_NAME,
        "COUNTY": county,
        "MJ_KM2": round(float(geometry.area) / 1e6, 4),
        "REMARK": facts.REMARK,
        "geometry": geometry,
    }


def land_unit_records(layout: Layout) -> list[Record]:
    """The land control units with their areas on the plane EPSG:4549."""
    found = layout.plane.dissolve(layout.land_unit)
    names = layout.terrain.districts
    return [_unit_record(layout.units[n], names[layout.units[n].adcode], shape) for n, shape in found.items()]


def sea_unit_records(layout: Layout) -> list[Record]:
    """The sea control units."""
    found = layout.plane.dissolve(layout.sea_unit)
    return [_unit_record(layout.sea_units[n], facts.CITY_NAME, shape) for n, shape in found.items()]


def water_sources(layout: Layout) -> list[Record]:
    """Levels of the drinking-water sources; inner levels are cut out of outer ones."""
    held = layout.plane.inside(layout.themes.sources)
    found = layout.plane.dissolve(held)
    records: list[Record] = []
    for number, (name, level, adcode, _, mark) in enumerate(layout.themes.source_of):
        records.append(
            {
                "水源地名称": name,
                "保护区级别": level,
                "功能类型": "河流型" if name == "大沽河" else "湖库型",
                "管控措施": SOURCE_RULES[level],
                "行政区划": layout.terrain.districts[adcode],
                "面积_km2": round(float(found[number].area) / 1e6, 4),
                "面积来源": mark or "鲁政字〔2021〕95号",
                "REMARK": facts.REMARK,
                "geometry": found[number],
            }
        )
    return records


def parks(layout: Layout) -> list[Record]:
    """Industrial parks; where a park is its own control unit the shapes are the same."""
    records: list[Record] = []
    first = len(layout.terrain.townships)
    units = layout.plane.dissolve(np.where(layout.land_unit >= first, layout.land_unit - first, -1))
    for number, unit in enumerate(facts.OWN_UNITS):
        if unit.control == 2:
            records.append(
                _park(len(records) + 1, unit.name, unit.adcode, unit.level, unit.kind, unit.trades, units[number])
            )
    others = layout.plane.inside(layout.themes.parks)
    free = (layout.side == LAND) & (layout.land_unit < first)
    for number, geometry in layout.plane.dissolve(np.where(free, others, -1)).items():
        name, adcode, _, _, _, kind, level, trades = facts.OTHER_PARKS[number]
        records.append(_park(len(records) + 1, name, adcode, level, kind, trades, geometry))
    return records


def _park(
    serial: int, name: str, adcode: str, level: str, kind: str, trades: str, geometry: shapely.Geometry
) -> Record:
    return {
        "园区编码": f"PK{adcode}{serial:03d}",
        "园区名称": name,
        "园区级别": level,
        "园区类型": kind,
        "主导产业": trades,
        "面积_km2": round(float(geometry.area) / 1e6, 4),
        "省级认定": "是" if name in CHEMICAL else "否",
        "REMARK": facts.REMARK,
        "geometry": geometry,
    }


def protected_areas(layout: Layout) -> list[Record]:
    """Protected areas in a core and a general zone."""
    records: list[Record] = []
    first = len(layout.terrain.townships)
    units = layout.plane.dissolve(np.where(layout.land_unit >= first, layout.land_unit - first, -1))
    city = shapely.coverage_union_all(layout.plane.faces[layout.side > 0])
    wholes: list[tuple[str, str, str, float, shapely.Geometry]] = [
        (unit.name, unit.kind, unit.level, 0.35, units[n])
        for n, unit in enumerate(facts.OWN_UNITS)
        if unit.control == 1
    ]
    for n, (name, kind, level, lon, lat, km2, core) in enumerate(facts.PROTECTED):
        drawn = natural_rings(blob(lon, lat, km2, 900 + n, 0.22), 30.0, 0.12, 90)
        wholes.append((name, kind, level, core, only_polygons(shapely.intersection(drawn, city, grid_size=0.01))))
    for name, kind, level, core, whole in wholes:
        inner = _shrunk(whole, core)
        outer = only_polygons(shapely.difference(whole, inner, grid_size=0.01))
        for zone, geometry in (("核心保护区", inner), ("一般控制区", outer)):
            records.append(
                {
                    "名称": name,
                    "类型": kind,
                    "级别": level,
                    "分区": zone,
                    "面积_km2": round(float(geometry.area) / 1e6, 4),
                    "REMARK": facts.REMARK,
                    "geometry": geometry,
                }
            )
    return records


def _shrunk(whole: shapely.Geometry, share: float) -> shapely.Geometry:
    """The inner part of a shape that keeps the wanted share of its area."""
    plain = whole.simplify(25.0)
    low, high = 0.0, 8_000.0
    for _ in range(22):
        middle = (low + high) / 2.0
        inner = plain.buffer(-middle, quad_segs=4)
        low, high = (middle, high) if inner.area > whole.area * share else (low, middle)
    rough = natural_rings(inner.simplify(60.0), 30.0, 0.10, 91)
    return only_polygons(shapely.intersection(rough, whole, grid_size=0.01))


def sensitive_places(layout: Layout) -> list[Record]:
    """Made-up homes, schools, hospitals, care homes and monuments, mostly in towns."""
    draws = random_numbers(SENSITIVE_COUNT * 8, 95).reshape(-1, 8)
    land = shapely.coverage_union_all(layout.plane.faces[layout.side == LAND])
    shapely.prepare(land)
    counts: dict[tuple[str, str], int] = {}
    records: list[Record] = []
    bounds = np.cumsum([share for _, share, _, _ in SENSITIVE])
    for row in draws:
        town = layout.terrain.townships[int(row[0] * len(layout.terrain.townships))]
        away = 300.0 + 500.0 * np.sqrt(town.km2) * row[1] ** 1.5
        x, y = town.x + away * np.cos(2 * np.pi * row[2]), town.y + away * np.sin(2 * np.pi * row[2])
        kind, _, least, most = SENSITIVE[int(np.searchsorted(bounds, row[3] * 0.9999))]
        lon, lat = TO_DEGREES.transform(x, y)
        hectares = least + (most - least) * row[4] ** 2
        shape = blob(lon, lat, hectares / 100.0, 1_000 + len(records), 0.25, 1.0 + 0.4 * row[5])
        if not land.contains(shape):
            continue
        county = layout.terrain.districts[town.adcode]
        serial = counts[county, kind] = counts.get((county, kind), 0) + 1
        records.append(
            {
                "名称": f"示例{kind}-{county[:-1]}-{serial:03d}",
                "类型": kind,
                "COUNTY": county,
                "REMARK": facts.REMARK,
                "geometry": shape.simplify(3.0),
            }
        )
    return records


def water_bodies(layout: Layout) -> list[Record]:
    """Rivers and reservoirs for the map; names where a known one lies near."""
    land = shapely.coverage_union_all(layout.plane.faces[layout.side == LAND])
    shapely.prepare(land)
    records: list[Record] = []
    for (name, _, _), river in zip(facts.RIVERS, layout.themes.rivers, strict=True):
        records.append(_water(name, "河流", only_polygons(shapely.intersection(river, land, grid_size=0.01))))
    spots = {place.name: shapely.Point(*_plane(place)) for place in facts.LAKES}
    for lake in layout.themes.lakes:
        if not land.intersects(lake):
            continue
        near = min(spots, key=lambda name: spots[name].distance(lake))
        name = near if spots[near].distance(lake) < 600.0 else ""
        records.append(_water(name, "水库", only_polygons(shapely.intersection(lake, land, grid_size=0.01))))
    return [record for record in records if not shapely.is_empty(record["geometry"])]


def _plane(place: facts.Place) -> tuple[float, float]:
    return plane_point(place.lon, place.lat)


def _water(name: str, kind: str, geometry: shapely.Geometry) -> Record:
    return {"名称": name, "类型": kind, "REMARK": facts.REMARK, "geometry": geometry}
