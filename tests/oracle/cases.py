"""Questions by a seeded generator: places of every kind and size, laid deliberately across borders, and projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from tests.oracle.conditions import Value
from tests.oracle.judgement import DERIVED, FACTS, Question, industry_codes
from tests.oracle.release import City

Random = np.random.Generator

DAYS = tuple(
    date.fromisoformat(one)
    for one in (
        "2020-06-01", "2021-06-01", "2024-10-31", "2026-07-01", "2026-08-14", "2026-08-15", "2026-11-21", "2026-11-21",
        "2026-12-31", "2027-01-01", "2028-05-31", "2028-06-01", "2029-06-01", "2031-06-02",
    )
)  # fmt: skip
CONSTRUCTION = (None, None, "new", "new", "expand", "rebuild", "upgrade")
ACCURACIES = (None, None, None, 2.0, 5.0, 20.0, 60.0)
LISTED = [
    "C26",
    "C2614",
    "C2641",
    "C261",
    "C33",
    "C336",
    "C3360",
    "C2521",
    "C25",
    "C32",
    "C3216",
    "C3110",
    "C31",
    "C30",
    "C3011",
    "C17",
    "C22",
    "C1910",
    "C",
    "D44",
    "D4412",
    "D4417",
    "D4430",
    "B",
    "B0911",
    "A0411",
    "A03",
    "A0313",
    "A0132",
    "E482",
    "E4832",
    "I6511",
    "M7340",
    "G5941",
    "G59",
    "K7010",
    "K70",
    "D",
    "N77",
    "C13",
    "C14",
]
WISHED = frozenset(
    [
        "water_quota_advanced",
        "reclaimed_water_first",
        "energy_at_benchmark",
        "to_treatment_plant",
        "replacement_confirmed",
        "emergency_plan",
        "online_monitoring",
        "soil_investigated",
        "replacement_five",
        "capacity_replacement",
        "park_leading_industry",
        "strictest_air_limits",
    ]
)
AMOUNTS = (0.0, 0.0, 1.0, 20.0, 35.0, 100.0, 500.0, 5000.0, 2e5, 3e6)


@dataclass(frozen=True)
class Spot:
    """A place to ask about: degrees, as a person's file would have them.

    Attributes:
        kind: What the generator meant by it.
    """

    kind: str
    degrees: BaseGeometry
    accuracy_m: float | None
    day: date


def spots(city: City, random: Random, count: int) -> Iterator[Spot]:
    """Places of all kinds in turn."""
    kinds = (
        _point, _shed, _parcel, _corridor, _across, _across, _across_small, _across_small, _coast, _edge, _zone_itself,
        _traced, _parts, _with_hole, _large, _beyond,
    )  # fmt: skip
    made = 0
    while made < count:
        make = kinds[made % len(kinds)]
        shape = city.plane.degrees(make(city, random))
        if make is _traced:
            shape = shapely.set_precision(shape, 1e-8)
        if shape.is_valid and not shape.is_empty and shape.geom_type in ("Point", "Polygon", "MultiPolygon"):
            yield Spot(make.__name__.strip("_"), shape, _one(random, ACCURACIES), _one(random, DAYS))
            made += 1


def question(random: Random) -> Question:
    """A project, more or less of it declared."""
    codes = [
        _one(random, LISTED) if random.random() < 0.8 else _one(random, industry_codes())
        for _ in range(_one(random, (1, 1, 1, 2, 3)))
    ]
    if random.random() < 0.4:
        return Question(tuple(codes[:1]), _one(random, CONSTRUCTION), _quiet(random))
    share = _one(random, (0.0, 0.3, 0.7, 0.95, 1.0))
    names = [name for name in FACTS if name not in DERIVED and random.random() < share]
    return Question(tuple(codes), _one(random, CONSTRUCTION), {name: _value(name, random) for name in names})


def _quiet(random: Random) -> dict[str, Value]:
    """Nearly everything declared as one would wish it, so that a clear is near and whatever bars it stands out."""
    wished: dict[str, Value] = {
        name: name in WISHED if fact["kind"] == "boolean" else "permitted" if fact["kind"] == "choice" else 0.0
        for name, fact in FACTS.items()
        if name not in DERIVED
    }
    for name in random.choice(sorted(wished), size=int(random.integers(0, 4)), replace=False):
        if random.random() < 0.5:
            del wished[name]
        else:
            wished[name] = _value(name, random)
    return wished


def _value(name: str, random: Random) -> Value:
    fact = FACTS[name]
    if fact["kind"] == "boolean":
        return bool(random.random() < 0.4)
    if fact["kind"] == "choice":
        return str(_one(random, [one["value"] for one in fact["choices"]]))
    return float(min(_one(random, AMOUNTS), fact.get("maximum", np.inf)))


def _one(random: Random, among):  # type: ignore[no-untyped-def]
    return among[int(random.integers(len(among)))]


# -- shapes on the plane -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _territory(outline_wkb: bytes) -> BaseGeometry:
    return shapely.simplify(shapely.from_wkb(outline_wkb), 200.0)


def _anywhere(city: City, random: Random) -> BaseGeometry:
    west, south, east, north = city.outline.bounds
    while True:
        point = shapely.Point(random.uniform(west, east), random.uniform(south, north))
        if shapely.contains(_territory(shapely.to_wkb(city.outline)), point):
            return point


def _block(centre: BaseGeometry, width: float, height: float, random: Random) -> BaseGeometry:
    x, y = centre.x, centre.y
    box = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return affinity.rotate(box, random.uniform(0, 90))


def _on_border(city: City, random: Random, layer_id: str | None = None) -> BaseGeometry:
    """A corner of a zone's edge."""
    layer = city.layers[layer_id or _one(random, sorted(city.layers))]
    ring = _one(random, shapely.get_coordinates(_one(random, layer.shapes)))
    return shapely.Point(ring)


def _off(point: BaseGeometry, random: Random, farthest: float) -> BaseGeometry:
    angle, distance = random.uniform(0, 2 * np.pi), random.uniform(0, farthest)
    return affinity.translate(point, distance * np.cos(angle), distance * np.sin(angle))


def _point(city: City, random: Random) -> BaseGeometry:
    return _anywhere(city, random) if random.random() < 0.3 else _off(_on_border(city, random), random, 40.0)


def _shed(city: City, random: Random) -> BaseGeometry:
    return _block(_anywhere(city, random), random.uniform(5, 15), random.uniform(5, 15), random)


def _parcel(city: City, random: Random) -> BaseGeometry:
    middle = _anywhere(city, random)
    return shapely.convex_hull(shapely.MultiPoint([_off(middle, random, 250.0).coords[0] for _ in range(7)]))


def _corridor(city: City, random: Random) -> BaseGeometry:
    start = _anywhere(city, random)
    middle, end = _off(start, random, 1500.0), _off(start, random, 3000.0)
    return shapely.buffer(shapely.LineString([start, middle, end]), random.uniform(5, 20), cap_style="flat")


def _across(city: City, random: Random) -> BaseGeometry:
    size = random.uniform(60, 400)
    return _block(_off(_on_border(city, random), random, size), size, size * random.uniform(0.4, 1), random)


def _across_small(city: City, random: Random) -> BaseGeometry:
    size = random.uniform(8, 90)
    return _block(_off(_on_border(city, random), random, size / 2 + 30.0), size, size, random)


def _coast(city: City, random: Random) -> BaseGeometry:
    size = random.uniform(20, 600)
    return _block(_off(_on_border(city, random, "shoreline"), random, size), size, size, random)


def _edge(city: City, random: Random) -> BaseGeometry:
    corner = shapely.Point(_one(random, shapely.get_coordinates(city.outline)))
    size = random.uniform(20, 500)
    return _block(_off(corner, random, size), size, size, random)


def _small_zone(city: City, random: Random) -> BaseGeometry:
    while True:
        zone = _one(random, city.layers[_one(random, sorted(city.layers))].shapes)
        if zone.geom_type == "Polygon" and zone.area < 3e7:
            return zone


def _zone_itself(city: City, random: Random) -> BaseGeometry:
    return _small_zone(city, random)


def _traced(city: City, random: Random) -> BaseGeometry:
    """A zone's outline as a file with eight decimals has it, with a little square across its border."""
    zone = _small_zone(city, random)
    corner = shapely.Point(_one(random, shapely.get_coordinates(zone.exterior)))
    side = random.uniform(1.0, 60.0)
    return shapely.union(zone, _block(corner, side, side, random))


def _parts(city: City, random: Random) -> BaseGeometry:
    one = _across(city, random)
    other = affinity.translate(one, random.uniform(600, 2500), random.uniform(-2000, 2000))
    return shapely.union(one, other)


def _with_hole(city: City, random: Random) -> BaseGeometry:
    one = _across(city, random)
    return shapely.difference(one, affinity.scale(one, 0.6, 0.6))


def _large(city: City, random: Random) -> BaseGeometry:
    size = random.uniform(800, 3000)
    return _block(_anywhere(city, random), size, size, random)


def _beyond(city: City, random: Random) -> BaseGeometry:
    west, south, east, north = city.outline.bounds
    away = 200_000.0 if random.random() < 0.25 else 0.0  # beyond the extent, where the product refuses to answer
    centre = shapely.Point(random.uniform(west, east) + away, random.uniform(south, north))
    return _block(centre, 300, 300, random)
