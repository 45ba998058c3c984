"""Control units by code, name, place, class and district."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import shapely

from layers.jurisdiction import Jurisdiction
from layers.snapshot import Snapshot
from screening.errors import UnknownUnitError
from screening.model import Layer, Zone, ZoneClass

MOST_CANDIDATES = 8  # named when a code is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUnit:
    """One control unit of a release.

    Attributes:
        index: Its place among the zones of its layer.
        area_m2: On the jurisdiction's plane.
    """

    layer: Layer
    zone: Zone
    index: int
    area_m2: float


def find_units(
    snapshot: Snapshot, *, words: str = "", cls: ZoneClass | None = None, district: str = ""
) -> list[FoundUnit]:
    """The units that fit everything asked for, by layer and code; what is left out does not narrow.

    Args:
        snapshot: Where to search.
        words: Parts of code, name or district; every one must occur. Case and width do not matter.
        cls: One class.
        district: Name or six-digit code; the city's own stands for units of no district.
    """
    asked = _plain(words).split()
    where = _district_code(district, snapshot.jurisdiction)
    return [
        FoundUnit(
            layer=loaded.layer,
            zone=zone,
            index=index,
            area_m2=loaded.told_m2(float(shapely.area(loaded.shapes[index]))),
        )
        for loaded in snapshot.layers.values()
        if loaded.layer.role == "unit"
        for index, zone in sorted(enumerate(loaded.zones), key=lambda one: one[1].code)
        if (cls is None or zone.cls is cls)
        and (not where or where in (zone.county, zone.district))
        and all(word in _plain(f"{zone.code} {zone.name} {district_of(zone, snapshot.jurisdiction)}") for word in asked)
    ]


def unit_of(snapshot: Snapshot, code: str) -> FoundUnit:
    """The unit of a code.

    Raises:
        UnknownUnitError: The release has none, which says nothing about other releases.
    """
    wanted = code.strip().upper()
    units = find_units(snapshot)
    for one in units:
        if one.zone.code == wanted:
            return one
    alike = [one.zone.code for one in units if wanted and one.zone.code.startswith(wanted[:8])]
    silent = [layer.name for layer, _, _ in snapshot.silent.values() if layer.role == "unit"]
    raise UnknownUnitError.of(code, snapshot.release.id, alike[:MOST_CANDIDATES], silent)


def district_of(zone: Zone, jurisdiction: Jurisdiction) -> str:
    """The district of a unit: by the code it carries, else as delivered, else empty."""
    return jurisdiction.districts.get(zone.county) or zone.district


def _district_code(written: str, jurisdiction: Jurisdiction) -> str:
    wanted = written.strip()
    if wanted in (jurisdiction.name.zh, jurisdiction.name.en):
        return jurisdiction.code
    return next((code for code, name in jurisdiction.districts.items() if name == wanted), wanted)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
