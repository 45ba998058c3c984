"""Element zones: what each face is in each element, and the records of the zones dissolved from the faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from sample_data import facts
from sample_data.borders import absorb_small, patches
from sample_data.layout import LAND, SEA, Layout
from sample_data.noise import Integers, random_numbers
from sample_data.units import CLASS_WORDS, STANDS_ALONE

Record = dict[str, object]
Flags = npt.NDArray[np.bool_]
CHEMICAL = {"青岛董家口化工产业园", "平度新河化工产业园"}
LEAST_ZONE_M2 = 30_000.0
COUNTY_TOWNS = {"370281", "370283", "370285"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One sub-type of one element: its class, its digits in the code, its words."""

    control: int
    element: int
    digit: int
    element_zh: str
    text: str

    @property
    def zone_words(self) -> str:
        """How names of zones of this kind end."""
        needs_class = self.control == 2 and not self.text.endswith(("区", "线"))
        return f"{self.text}重点管控区" if needs_class else self.text


WATER = (
    Kind(1, 2, 1, "水环境", "优先保护区"),
    Kind(2, 2, 1, "水环境", "工业污染"),
    Kind(2, 2, 2, "水环境", "城镇生活污染"),
    Kind(2, 2, 3, "水环境", "农业污染"),
    Kind(3, 2, 1, "水环境", "一般管控区"),
)
AIR = (
    Kind(1, 3, 1, "大气环境", "优先保护区"),
    Kind(2, 3, 1, "大气环境", "高排放"),
    Kind(2, 3, 2, "大气环境", "布局敏感"),
    Kind(2, 3, 3, "大气环境", "弱扩散"),
    Kind(2, 3, 4, "大气环境", "受体敏感"),
    Kind(3, 3, 1, "大气环境", "一般管控区"),
)
SOIL = (
    Kind(1, 4, 1, "土壤污染风险", "农用地优先保护区"),
    Kind(2, 4, 1, "土壤污染风险", "农用地污染风险"),
    Kind(2, 4, 2, "土壤污染风险", "建设用地污染风险"),
    Kind(3, 4, 1, "土壤污染风险", "一般管控区"),
)
RED_FUNCTION = Kind(1, 1, 1, "生态", "生态功能重要区")
RED_FRAGILE = Kind(1, 1, 2, "生态", "生态环境敏感脆弱区")
ECO_SPACE = Kind(1, 1, 4, "生态", "一般生态空间")
GROUNDWATER = Kind(2, 5, 2, "自然资源", "地下水开采")
LAND_USE = Kind(2, 5, 3, "自然资源", "土地资源")
NO_BURNING = Kind(2, 5, 4, "自然资源", "高污染燃料禁燃区")
SHORE = (
    Kind(1, 6, 1, "岸线", "优先保护岸线"),
    Kind(2, 6, 1, "岸线", "重点管控岸线"),
    Kind(3, 6, 1, "岸线", "一般岸线"),
)


class Serials:
    """Counts zones per district, class, element and sub-type, for the last four digits of their codes."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def code(self, adcode: str, kind: Kind) -> str:
        """The next free code: YS, district, class, element, sub-type, serial."""
        stem = f"YS{adcode}{kind.control}{kind.element}{kind.digit}"
        self._last[stem] = self._last.get(stem, 0) + 1
        return f"{stem}{self._last[stem]:04d}"


def zone_record(
    serials: Serials, adcode: str, county: str, kind: Kind, place: str, geometry: shapely.Geometry
) -> Record:
    """One zone with the field names of delivered data."""
    code = serials.code(adcode, kind)
    return {
        "HJYSGKFQBM": code,
        "HJYSGKFQMC": f"{place}{kind.element_zh}{kind.zone_words}",
        "HJYS": kind.element_zh,
        "YSXL": kind.text,
        "GKDYFL": CLASS_WORDS[kind.control],
        "COUNTY": county,
        "REMARK": facts.REMARK,
        "geometry": geometry,
    }


def _full_name(layout: Layout, unit: int) -> str:
    """District and township, or the name of a park."""
    record = layout.units[unit]
    county = layout.terrain.districts[record.adcode]
    return record.place if record.place in STANDS_ALONE else f"{county}{record.place}"


def tiling(layout: Layout, kinds: Sequence[Kind], choose: Callable[[Layout], Integers]) -> list[Record]:
    """Zones of one element that tile the land: one per sub-type and unit (per source for water sources)."""
    kind_of = np.where(layout.side == LAND, choose(layout), -1)
    key = np.where(kind_of >= 0, kind_of * 1_000 + layout.land_unit, -1)
    key = absorb_small(layout.plane, key, layout.district, LEAST_ZONE_M2, rounds=5)
    serials = Serials()
    records: list[Record] = []
    for label, geometry in layout.plane.dissolve(key).items():
        kind, unit = kinds[label // 1_000], label % 1_000
        adcode = layout.units[unit].adcode
        county = layout.terrain.districts[adcode]
        records.append(zone_record(serials, adcode, county, kind, _full_name(layout, unit), geometry))
    return records


def _first_true(choices: Sequence[tuple[Flags, int]], otherwise: int) -> Integers:
    chosen: Integers = np.select([flag for flag, _ in choices], [kind for _, kind in choices], otherwise).astype(
        np.int64
    )
    return chosen


def _own(layout: Layout, control: int) -> Flags:
    """Faces of own units (parks: 2, protected areas: 1)."""
    first = len(layout.terrain.townships)
    numbers = [first + n for n, unit in enumerate(facts.OWN_UNITS) if unit.control == control]
    flags: Flags = np.isin(layout.land_unit, numbers)
    return flags


def _industry(layout: Layout) -> Flags:
    return _own(layout, 2) | layout.within(layout.themes.parks)


def _rural_farming(layout: Layout) -> Flags:
    """Faces of the townships that raise most of the city's crops and animals."""
    draws = random_numbers(len(layout.units), 80)
    farming = [
        unit.adcode in {"370215", "370281", "370283", "370285"} and unit.place.endswith("镇") and draws[n] < 0.62
        for n, unit in enumerate(layout.units)
    ]
    flags: Flags = np.array(farming)[layout.land_unit] & (layout.land_unit >= 0)
    return flags


def water_kind(layout: Layout) -> Integers:
    """0 protected, 1 industry, 2 town sewage, 3 farming, 4 the rest."""
    protected = layout.within(layout.themes.sources) | _own(layout, 1)
    built = layout.within(layout.themes.built_up)
    return _first_true([(protected, 0), (_industry(layout), 1), (built, 2), (_rural_farming(layout), 3)], 4)


def air_kind(layout: Layout) -> Integers:
    """0 class-I air, 1 high emission, 2 upwind, 3 weak dispersion, 4 receptors, 5 the rest."""
    priority = np.array([unit.control == 1 for unit in layout.units])[layout.land_unit]
    best = _own(layout, 1) | (layout.within(layout.themes.red_land) & priority)
    built = layout.within(layout.themes.built_up)
    upwind, calm = layout.within(layout.themes.upwind), layout.within(layout.themes.weak_wind)
    return _first_true([(best, 0), (_industry(layout), 1), (built, 4), (upwind, 2), (calm, 3)], 5)


def soil_kind(layout: Layout) -> Integers:
    """0 farmland, 1 farmland at risk, 2 building land at risk, 3 the rest."""
    plots = layout.within(layout.themes.dirty_plots) | _own(layout, 2)
    plots &= ~layout.within(layout.themes.sources)
    nature = layout.within(layout.themes.red_land)
    fields = layout.within(layout.themes.farmland) & ~nature
    bad_fields = layout.within(layout.themes.dirty_fields) & ~nature
    return _first_true([(plots, 2), (bad_fields, 1), (fields, 0)], 3)


def _by_patch(layout: Layout, flags: Flags, least_m2: float) -> dict[int, shapely.Geometry]:
    """Connected patches of flagged faces within one district (or the sea), larger than ``least_m2``."""
    domain = np.where(flags, np.where(layout.side == SEA, 100, layout.district), -1)
    plane = layout.plane
    patch = patches(len(domain), plane.left, plane.right, domain)
    area = np.bincount(patch, weights=plane.area_m2, minlength=len(patch))
    # Faces are ordered by area: the last face of a patch is its largest and lends the patch its place name.
    largest = np.zeros(len(patch), dtype=np.int64)
    np.maximum.at(largest, patch, np.arange(len(patch)))
    return plane.dissolve(np.where((domain >= 0) & (area[patch] >= least_m2), largest[patch], -1))


def _patch_place(layout: Layout, face: int) -> tuple[str, str, str]:
    """Code, county and place name of the patch whose largest face this is."""
    if layout.side[face] == SEA:
        return facts.CITY, facts.CITY_NAME, f"{layout.sea_units[int(layout.sea_unit[face])].place}海域"
    adcode = layout.units[int(layout.land_unit[face])].adcode
    return adcode, layout.terrain.districts[adcode], _full_name(layout, int(layout.land_unit[face]))


def red_flags(layout: Layout) -> Flags:
    """Faces under the red line, on land and at sea."""
    on_land = layout.within(layout.themes.red_land) & (layout.side == LAND)
    at_sea = layout.within(layout.themes.red_sea) & (layout.side == SEA)
    flags: Flags = on_land | at_sea
    return flags


def red_line(layout: Layout) -> list[Record]:
    """Red-line patches with their number XQBH."""
    serials = Serials()
    records: list[Record] = []
    found = sorted(_by_patch(layout, red_flags(layout), 20_000.0).items(), key=lambda item: -item[1].area)
    for number, (face, geometry) in enumerate(found, start=1):
        adcode, county, place = _patch_place(layout, face)
        kind = RED_FRAGILE if number % 3 == 0 else RED_FUNCTION
        record = zone_record(serials, adcode, county, kind, place, geometry)
        record["HJYSGKFQMC"] = f"{place}生态保护红线（{kind.text}）"
        records.append({"XQBH": f"{adcode}-{number:03d}", **record})
    return records


def eco_space(layout: Layout) -> list[Record]:
    """General ecological space on land, outside the red line."""
    flags = layout.within(layout.themes.eco) & (layout.side == LAND) & ~red_flags(layout)
    serials = Serials()
    records: list[Record] = []
    for face, geometry in _by_patch(layout, flags, 30_000.0).items():
        adcode, county, place = _patch_place(layout, face)
        record = zone_record(serials, adcode, county, ECO_SPACE, place, geometry)
        record["HJYSGKFQMC"] = f"{place}一般生态空间"
        records.append(record)
    return records


def resource(layout: Layout) -> list[Record]:
    """Zones of groundwater, land and fuels; they do not tile and may overlap."""
    land = layout.side == LAND
    built = layout.within(layout.themes.built_up) & land
    of_face = np.array([unit.adcode for unit in layout.units])[layout.land_unit]
    counted = {
        GROUNDWATER: layout.within(layout.themes.groundwater) & land,
        LAND_USE: built | (_industry(layout) & land),
        NO_BURNING: built & (~np.isin(of_face, list(COUNTY_TOWNS)) | _streets(layout)),
    }
    serials = Serials()
    records: list[Record] = []
    for kind, flags in counted.items():
        for number, geometry in layout.plane.dissolve(np.where(flags, layout.district, -1)).items():
            adcode = layout.adcode(number)
            county = layout.terrain.districts[adcode]
            record = zone_record(serials, adcode, county, kind, county, geometry)
            record["HJYSGKFQMC"] = f"{county}{kind.zone_words}"
            records.append(record)
    return records


def _streets(layout: Layout) -> Flags:
    town = np.array([unit.place.endswith("街道") for unit in layout.units])
    flags: Flags = town[layout.land_unit] & (layout.land_unit >= 0)
    return flags


def shoreline(layout: Layout) -> list[Record]:
    """The strip of land within 250 m of the sea, one piece per land unit."""
    flags = layout.within(layout.themes.shore_band) & (layout.side == LAND)
    label = np.where(flags, layout.land_unit, -1)
    serials = Serials()
    records: list[Record] = []
    for unit, geometry in layout.plane.dissolve(label).items():
        record = layout.units[unit]
        kind = SHORE[record.control - 1]
        county = layout.terrain.districts[record.adcode]
        zone = zone_record(serials, record.adcode, county, kind, _full_name(layout, unit), geometry)
        zone["HJYSGKFQMC"] = f"{_full_name(layout, unit)}{kind.zone_words}"
        records.append(zone)
    return records


__all__ = [
    "AIR",
    "SOIL",
    "WATER",
    "air_kind",
    "eco_space",
    "red_line",
    "resource",
    "shoreline",
    "soil_kind",
    "tiling",
    "water_kind",
]
