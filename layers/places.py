"""What an applicant states of a site besides its coordinates, held against a release: its district and its area."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from layers.jurisdiction import Jurisdiction
from layers.snapshot import Snapshot
from screening.site_checks import SiteRemark, Stated, Weight, check_site
from screening.words import Text

DISTRICT_LAYER = "district"
_CODE = re.compile(r"\d{6}")


def stated_of(
    shape: BaseGeometry,
    snapshot: Snapshot,
    *,
    accuracy_m: float | None,
    district: str = "",
    area_m2: float | None = None,
) -> Stated:
    """What was stated of a site, with everything odd about it, gravest first.

    Args:
        shape: EPSG:4490 degrees.
        snapshot: Its districts tell where the site lies.
        accuracy_m: Of the coordinates; None where nobody said.
        district: Name or six-digit code, as written; the city itself names no district.
        area_m2: None where nothing was stated.
    """
    jurisdiction, written = snapshot.jurisdiction, district.strip()
    named = _name_of(written, jurisdiction)
    outlines = _outlines(snapshot)
    remarks = check_site(
        shape,
        plane=jurisdiction.plane,
        extent=jurisdiction.extent,
        accuracy_m=accuracy_m,
        declared_area_m2=area_m2,
        named_district=named,
        districts=outlines,
    )
    more = tuple(_unchecked(shape, written, named, outlines, jurisdiction))
    return Stated(district=written, area_m2=area_m2, remarks=(*more, *remarks))


def _name_of(written: str, jurisdiction: Jurisdiction) -> str:
    """The district's name for a name or code; empty for the city itself and for a code of another city."""
    city = (jurisdiction.code, jurisdiction.name.zh, jurisdiction.name.zh.removesuffix("市"), jurisdiction.name.en)
    if written in city or (_CODE.fullmatch(written) and written not in jurisdiction.districts):
        return ""
    return jurisdiction.districts.get(written, written)


def _outlines(snapshot: Snapshot) -> Mapping[str, BaseGeometry] | None:
    loaded = snapshot.layers.get(DISTRICT_LAYER)
    if loaded is None:
        return None
    names = [snapshot.jurisdiction.districts.get(zone.code, zone.name) for zone in loaded.zones]
    found: dict[str, BaseGeometry] = {}
    for name, outline in zip(names, loaded.degrees, strict=True):
        found[name] = shapely.union(found[name], outline) if name in found else outline
    return found


def _unchecked(
    shape: BaseGeometry,
    written: str,
    named: str,
    outlines: Mapping[str, BaseGeometry] | None,
    jurisdiction: Jurisdiction,
) -> list[SiteRemark]:
    """A code of another city, and a district that cannot be checked: silence is no agreement."""
    x, y = shapely.get_coordinates(shape)[0]
    remark = SiteRemark(severity=Weight.WARNING, message=Text("", ""), longitude=float(x), latitude=float(y))
    if _CODE.fullmatch(written) and written not in (jurisdiction.code, *jurisdiction.districts):
        listed = "、".join(f"{code} {name}" for code, name in jurisdiction.districts.items())
        message = Text(
            f"填写的区县代码 {written} 不在{jurisdiction.name.zh}（{listed}），坐标却在本辖区",
            f"district {written} is stated, which is none of {jurisdiction.name.en} ({listed}), but the coordinates are",
        )
        return [replace(remark, message=message, contradicts=True)]
    if named and outlines is None:
        message = Text(
            f"区县图层没有可用数据，填写的“{named}”未能与坐标核对",
            f"the layer of districts has no usable data; “{named}” could not be checked against the coordinates",
        )
        return [replace(remark, message=message)]
    return []
