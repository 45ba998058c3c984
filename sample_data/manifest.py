"""The descriptions that go with the layers: delivery.toml and places.json."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from sample_data.terrain import TO_DEGREES, to_plane
from sample_data.write import GEOPACKAGE, SHAPEFILES

LINES_FILE, ACCESS_FILE = "资源上线与环境目标.xlsx", "生态环境准入清单.xlsx"
JURISDICTION_FILE = "jurisdiction.toml"
HEAD = """# 示例数据 · demonstration. Place names are real, geometry and figures are made up.
[delivery]
city = "370200"
jurisdiction = "jurisdiction.toml"
title_zh = "青岛市生态环境分区管控成果（示例数据）"
title_en = "Ecological zoning results of Qingdao (demonstration data)"
nature = "demonstration"
effective_from = 2026-07-01
approval_zh = "示例数据，无批准文号"
approval_en = "demonstration data, no approval"
filing_number = "示例数据，未备案"
prepared_by = "sample_data.build"
"""
TAIL = f"""
[access_list]
file = "{ACCESS_FILE}"
version = "示例-2026"

[lines]
file = "{LINES_FILE}"
"""
ACCURACY_M = {
    "district": 10,
    "unit_land": 10,
    "unit_sea": 50,
    "red_line": 5,
    "eco_space": 10,
    "water": 10,
    "air": 10,
    "soil": 10,
    "resource": 20,
    "shoreline": 10,
    "water_source": 5,
    "park": 5,
    "protected_area": 5,
    "sensitive_place": 5,
    "water_body": 20,
}
"""Metres a delivered border may be off; made up, of the order of 1:10,000 to 1:50,000 mapping."""
GEOPACKAGE_IDS = (
    "district",
    "eco_space",
    "resource",
    "shoreline",
    "water_source",
    "park",
    "protected_area",
    "sensitive_place",
    "water_body",
)
LABELS: dict[str, tuple[str, ...]] = {
    "district": ("XZQMC",),
    "unit_land": ("GKDYFL",),
    "unit_sea": ("GKDYFL",),
    "red_line": ("COUNTY", "YSXL"),
    "eco_space": ("COUNTY",),
    "water": ("YSXL",),
    "air": ("YSXL",),
    "soil": ("YSXL",),
    "resource": ("YSXL",),
    "shoreline": ("YSXL",),
    "water_source": ("水源地名称", "保护区级别"),
    "park": ("园区名称",),
    "protected_area": ("名称", "分区"),
    "sensitive_place": ("类型",),
    "water_body": ("名称",),
}
"""By which columns the interior points of a layer are named."""
POINTS_PER_LABEL = 2


def delivery_toml() -> str:
    """The text of delivery.toml."""
    blocks = [HEAD]
    for name in [*SHAPEFILES, *GEOPACKAGE_IDS]:
        file, table = (
            (SHAPEFILES[name][0], Path(SHAPEFILES[name][0]).stem) if name in SHAPEFILES else (GEOPACKAGE, name)
        )
        blocks.append(
            f'\n[[layer]]\nid = "{name}"\nfile = "{file}"\ntable = "{table}"\nsurveyed = 2026-05-31\n'
            f'accuracy_m = {ACCURACY_M[name]}\nsource_zh = "示例数据：地名真实，图形为程序生成"\n'
            'source_en = "demonstration: real place names, generated geometry"\n'
            'responsible_zh = "示例数据，无主管部门"\nresponsible_en = "demonstration data, no authority"\n'
        )
    blocks.append(TAIL)
    return "".join(blocks)


def _deep_point(shape: shapely.Geometry) -> tuple[float, float, float]:
    """Easting, northing and depth of about the deepest point of a shape (metres)."""
    part = max(shapely.get_parts(shape), key=lambda item: float(item.area)).simplify(15.0)
    line = shapely.maximum_inscribed_circle(part, tolerance=15.0)
    corners = shapely.get_coordinates(line)
    return float(corners[0, 0]), float(corners[0, 1]), float(line.length)


def _spot(x: float, y: float, name: str, **more: object) -> dict[str, object]:
    lon, lat = TO_DEGREES.transform(x, y)
    return {"name": name, "lon": round(float(lon), 6), "lat": round(float(lat), 6), **more}


def layer_points(name: str, frame: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Points well inside the largest features of each label of a layer, with their depth in metres."""
    columns = list(LABELS[name])
    sized = frame.assign(plane_m2=[to_plane(shape).area for shape in frame.geometry])
    spots: list[dict[str, object]] = []
    for key, group in sized.groupby(columns, sort=True):
        for row in group.sort_values("plane_m2", ascending=False).head(POINTS_PER_LABEL).to_dict("records"):
            x, y, depth = _deep_point(to_plane(row["geometry"]))
            code = next((str(row[c]) for c in ("HJGKDYBM", "HJYSGKFQBM", "园区编码", "XZQDM") if c in row), "")
            title = " ".join(str(part) for part in key)
            spots.append(_spot(x, y, title, code=code, depth_m=round(depth, 1)))
    return spots


def border_points(units: gpd.GeoDataFrame, count: int = 8) -> list[dict[str, object]]:
    """Points on the border of two land units of unlike class, with both codes."""
    shapes = [to_plane(shape) for shape in units.geometry]
    tree = shapely.STRtree(shapes)
    spots: list[dict[str, object]] = []
    pairs = tree.query(shapes, predicate="intersects").T
    for one, other in pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]:
        if one >= other or units["GKDYFL"].iloc[one] == units["GKDYFL"].iloc[other] or len(spots) >= count:
            continue
        shared = shapely.line_merge(shapely.intersection(shapes[one], shapes[other]))
        if shared.length < 3_000.0:
            continue
        middle = shapely.line_interpolate_point(
            max(shapely.get_parts(shared), key=shapely.length), 0.5, normalized=True
        )
        codes = [units["HJGKDYBM"].iloc[one], units["HJGKDYBM"].iloc[other]]
        spots.append(_spot(middle.x, middle.y, "units " + " | ".join(codes), codes=codes))
    return spots


def write_texts(frames: dict[str, gpd.GeoDataFrame], out: Path) -> None:
    """Writes delivery.toml into the delivery and places.json beside it."""
    (out / "delivery" / "delivery.toml").write_text(delivery_toml(), encoding="utf-8")
    points: dict[str, list[dict[str, object]]] = {name: layer_points(name, frame) for name, frame in frames.items()}
    points["unit_border"] = border_points(frames["unit_land"])
    (out / "places.json").write_text(_as_text(points.items()), encoding="utf-8")


def _as_text(points: Iterable[tuple[str, list[dict[str, object]]]]) -> str:
    """One spot a line, for reading by eye."""
    blocks = [
        f"  {json.dumps(name)}: [\n" + ",\n".join("    " + json.dumps(s, ensure_ascii=False) for s in spots) + "\n  ]"
        for name, spots in points
    ]
    return "{\n" + ",\n".join(blocks) + "\n}\n"
