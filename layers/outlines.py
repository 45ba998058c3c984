"""A release in outline: its districts and the classes of its units, simplified for a map of the whole jurisdiction."""

from __future__ import annotations

import threading

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.loaded import LoadedLayer
from layers.snapshot import Snapshot
from screening.location_map import Outlines
from screening.model import ZoneClass

DISTRICT = "district"
_STEPS = 900  # the drawing shows no more than so many steps from end to end
_MOST_KEPT = 4  # outlines of so many releases are kept in memory

_kept: dict[str, Outlines] = {}
_making = threading.Lock()


def outlines(snapshot: Snapshot) -> Outlines:
    """The outlines of a release as anybody may see them, made once and kept by its id, which names its content."""
    with _making:
        if snapshot.release.id not in _kept:
            while len(_kept) >= _MOST_KEPT:
                del _kept[next(iter(_kept))]
            _kept[snapshot.release.id] = _outlines(snapshot)
        return _kept[snapshot.release.id]


def _outlines(snapshot: Snapshot) -> Outlines:
    west, south, east, north = snapshot.outline.bounds
    step_m = max(east - west, north - south) / _STEPS
    districts = snapshot.layers.get(DISTRICT)
    units = [one for one in snapshot.layers.values() if one.layer.role == "unit"]
    return Outlines(
        districts=tuple(_named(districts, step_m)) if districts else (("", snapshot.outline.simplify(step_m)),),
        units=tuple((cls, shape) for cls in ZoneClass if not (shape := _of_class(units, cls, step_m)).is_empty),
    )


def _named(districts: LoadedLayer, step_m: float) -> list[tuple[str, BaseGeometry]]:
    shapes = shapely.simplify(districts.published, step_m / 2)
    return [(zone.name, _seen(shape, step_m)) for zone, shape in zip(districts.zones, shapes, strict=True)]


def _of_class(units: list[LoadedLayer], cls: ZoneClass, step_m: float) -> BaseGeometry:
    """All units of a class as one shape; their common borders are of no matter here."""
    found = [
        shape for one in units for zone, shape in zip(one.zones, one.published, strict=True) if zone.cls is cls
    ]  # fmt: skip
    simple = shapely.make_valid(shapely.simplify(np.asarray(found, dtype=object), step_m / 2))
    return _seen(shapely.union_all(simple, grid_size=step_m / 10), step_m)


def _seen(shape: BaseGeometry, step_m: float) -> BaseGeometry:
    """The parts that are large enough to be seen."""
    parts = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon" and one.area > step_m**2]
    return shapely.MultiPolygon(parts)
