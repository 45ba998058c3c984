"""Zones of every layer by code, name and place."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from layers.layer_overview import DISTRICT, shown_layers
from layers.loaded import LoadedLayer
from layers.snapshot import Snapshot
from layers.unit_search import district_of
from screening.model import Layer, Zone

VIEW_STEP = 0.001  # degrees; extents are for looking, not for measuring

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundZone:
    """One zone of a release.

    Attributes:
        district: In which it lies by the code it carries; empty where it carries none.
        extent: West, south, east, north, EPSG:4490 degrees, rounded outward to thousandths.
    """

    layer: Layer
    zone: Zone
    district: str
    extent: Extent


def find_zones(snapshot: Snapshot, words: str, most: int) -> tuple[list[FoundZone], int]:
    """The zones that fit best, and how many fit.

    Districts come before units, units before other zones; before that, what is called exactly so, then what begins so.

    Args:
        snapshot: Where to search.
        words: Parts of code, name or district; every one must occur. Case and width do not matter.
        most: How many to give.
    """
    asked = _plain(words).split()
    if not asked:
        return [], 0
    whole = _plain(words).strip()
    fitting: list[tuple[tuple[int, int, str, int], LoadedLayer]] = []
    for number, loaded in enumerate(shown_layers(snapshot)):
        for index, zone in enumerate(loaded.zones):
            code, name = _plain(zone.code), _plain(zone.name)
            place = f"{code} {name} {_plain(district_of(zone, snapshot.jurisdiction))}"
            if all(word in place for word in asked):
                height = -1 if loaded.layer.id == DISTRICT else number
                fitting.append(((_fit(whole, code, name), height, zone.code, index), loaded))
    fitting.sort(key=lambda one: one[0])
    return [_found(snapshot, loaded, rank[3]) for rank, loaded in fitting[:most]], len(fitting)


def zone_of(snapshot: Snapshot, layer_id: str, code: str) -> FoundZone | None:
    """The zone of a layer and code; None where the release shows none."""
    for loaded in shown_layers(snapshot):
        if loaded.layer.id == layer_id:
            for index, zone in enumerate(loaded.zones):
                if zone.code == code:
                    return _found(snapshot, loaded, index)
    return None


def _fit(whole: str, code: str, name: str) -> int:
    if whole in (code, name):
        return 0
    if code.startswith(whole) or name.startswith(whole):
        return 1
    return 2 if whole in name else 3


def _found(snapshot: Snapshot, loaded: LoadedLayer, index: int) -> FoundZone:
    west, south, east, north = shapely.bounds(_published(snapshot, loaded, index))
    zone = loaded.zones[index]
    return FoundZone(
        layer=loaded.layer,
        zone=zone,
        district=district_of(zone, snapshot.jurisdiction),
        extent=(_outward(west, -1), _outward(south, -1), _outward(east, 1), _outward(north, 1)),
    )


def _published(snapshot: Snapshot, loaded: LoadedLayer, index: int) -> BaseGeometry:
    """The zone as anybody may see it; where it is too small to be shown, the territory."""
    shape = snapshot.published_degrees(loaded.layer.id)[index]
    return shapely.box(*snapshot.jurisdiction.extent) if shape.is_empty else shape


def _outward(degrees: float, direction: int) -> float:
    steps = degrees / VIEW_STEP
    return round((math.floor(steps) if direction < 0 else math.ceil(steps)) * VIEW_STEP, 3)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
