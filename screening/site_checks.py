"""What is odd about a site before anybody screens it: crossings, size, place, parts, points, stated area and district.

A remark never changes the site. An error says the shape has no definite inside or place; a warning says look again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.crs import Plane, Points
from screening.readings import Extent
from screening.words import Text

TINY_M2 = 10.0  # less than a room; such a site is screened all the same
HUGE_M2 = 100_000_000.0  # 100 km², more than a whole development zone
FAR_APART_M = 5_000.0  # parts further from each other than this are seldom one project
COARSE_M = 50.0  # coordinates written more coarsely than this do not tell neighbours apart
SAME_POINT_M = 0.001
AREA_SHARE = 0.01  # stated and measured area may differ by this share, or by what the accuracy of the boundary allows
AREA_LEAST_M2 = 1.0  # areas in hectares are stated to four decimals
LENGTH_LEAST_M = 1.0  # lengths in kilometres are stated to three decimals
MOST_PLACES = 10
MOST_SIDES = 2_000  # beyond, sides that all cross would fill the memory; the first place is then named alone
# Ratios of measured to stated area that a confused unit gives: 1 ha = 10,000 m² = 15 亩.
_UNITS = (
    (10_000.0, Text("平方米写成了公顷，或相反", "hectares and square metres confused")),
    (15.0, Text("公顷写成了亩，或相反", "hectares and mu confused")),
    (10_000.0 / 15.0, Text("平方米写成了亩，或相反", "mu and square metres confused")),
    (1_000_000.0, Text("平方米写成了平方千米，或相反", "square kilometres and square metres confused")),
)
_UNIT_SHARE = 0.05


class Weight(StrEnum):
    """How much a remark weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRemark:
    """One thing worth saying about a site.

    Attributes:
        longitude, latitude: Where, EPSG:4490 degrees.
        contradicts: The coordinates cannot be where the applicant says the site is; no verdict should be read before
            that is settled.
    """

    severity: Weight
    message: Text
    longitude: float
    latitude: float
    contradicts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What an applicant stated of a site besides its coordinates, and what that and the shape itself gave rise to.

    Attributes:
        district: Name or six-digit code, as written; empty if none.
        area_m2: None where nothing was stated.
        remarks: Never part of the verdict; told beside it.
    """

    district: str = ""
    area_m2: float | None = None
    remarks: tuple[SiteRemark, ...] = ()


NOTHING_STATED = Stated()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What GEOS makes of an invalid boundary; shown, never used unasked.

    Attributes:
        geometry: EPSG:4490 degrees, valid; an area, perhaps in parts, perhaps empty.
        area_before_m2: As the corners in their order give it, by the surveyor's formula.
        area_after_m2: Of the repaired area.
    """

    geometry: BaseGeometry
    area_before_m2: float
    area_after_m2: float


def check_site(
    shape: BaseGeometry,
    *,
    plane: Plane,
    extent: Extent,
    accuracy_m: float | None = None,
    declared_area_m2: float | None = None,
    named_district: str = "",
    districts: Mapping[str, BaseGeometry] | None = None,
) -> tuple[SiteRemark, ...]:
    """Everything odd about a site, gravest first.

    Args:
        shape: EPSG:4490 degrees; need not be valid.
        plane: Where areas and distances are measured.
        extent: West, south, east, north of the jurisdiction in degrees.
        accuracy_m: Of the coordinates; None where nobody said.
        declared_area_m2: What the applicant or the file states; None where nothing is stated.
        named_district: The district the applicant names; empty if none.
        districts: Shapes in degrees by name; None where they are not at hand.
    """
    found = [
        *_validity(shape, plane),
        *_outside(shape, extent),
        *_district(shape, named_district, districts),
        *stated_area(shape, plane, declared_area_m2, accuracy_m),
        *_size(shape, plane),
        *_coarse(shape, accuracy_m),
        *_parts(shape, plane),
        *_repeated(shape, plane),
    ]
    order = list(Weight)
    return tuple(sorted(found, key=lambda remark: order.index(remark.severity)))


def repair(shape: BaseGeometry, plane: Plane) -> Repair:
    """An invalid area made valid, with its area before and after, so that somebody can decide."""
    flat = _corner_by_corner(shape, plane)  # densifying would mend it unseen
    mended = shapely.make_valid(flat, method="structure", keep_collapsed=False)
    return Repair(
        geometry=plane.to_degrees(mended),
        area_before_m2=abs(float(shapely.area(flat))),
        area_after_m2=float(shapely.area(mended)),
    )


def crossings(shape: BaseGeometry) -> Points:
    """Where the sides of an area cross or overlap other than at shared corners, in its own coordinates.

    Empty for parts with more than `MOST_SIDES` sides.
    """
    found: list[tuple[float, float]] = []
    for part in shapely.get_parts(shape):
        sides, ring_of, position, count = _sides(part)
        if not 0 < len(sides) <= MOST_SIDES:
            continue
        tree = shapely.STRtree(sides)
        one, other = tree.query(sides, predicate="intersects")
        for left, right in zip(one, other, strict=True):
            if left < right and not _are_neighbours(ring_of, position, count, left, right):
                meeting = shapely.get_coordinates(shapely.intersection(sides[left], sides[right]))
                found.append((float(meeting[0][0]), float(meeting[0][1])))
    return np.array(sorted(set(found))).reshape(-1, 2)


def _are_neighbours(ring_of: list[int], position: list[int], count: list[int], left: int, right: int) -> bool:
    if ring_of[left] != ring_of[right]:
        return False
    apart = abs(position[left] - position[right])
    return apart == 1 or apart == count[ring_of[left]] - 1


def _sides(part: BaseGeometry) -> tuple[list[BaseGeometry], list[int], list[int], list[int]]:
    """Sides of a polygon without length nought, with ring and position, and how many each ring has."""
    sides: list[BaseGeometry] = []
    ring_of: list[int] = []
    position: list[int] = []
    count: list[int] = []
    rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else []
    for number, ring in enumerate(rings):
        points = shapely.get_coordinates(ring)
        points = points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]]
        pairs = list(itertools.pairwise(points))
        sides += [shapely.LineString(pair) for pair in pairs]
        ring_of += [number] * len(pairs)
        position += list(range(len(pairs)))
        count.append(len(pairs))
    return sides, ring_of, position, count


def _validity(shape: BaseGeometry, plane: Plane) -> Iterator[SiteRemark]:
    if shapely.is_valid(shape):
        return
    mended = repair(shape, plane)
    places = crossings(shape)
    change = Text(
        f"按原点序面积 {mended.area_before_m2:,.1f} m²，修复后 {mended.area_after_m2:,.1f} m²",
        f"{mended.area_before_m2:,.1f} m² by the corners as ordered, {mended.area_after_m2:,.1f} m² once repaired",
    )
    if not len(places):
        reason = shapely.is_valid_reason(shape).split("[")[0].strip()
        yield _at(
            shape, Weight.ERROR, Text(f"边界无效（{reason}）；{change.zh}", f"invalid boundary ({reason}); {change.en}")
        )
        return
    for x, y in places[:MOST_PLACES]:
        message = Text(
            f"边界自相交（共 {len(places)} 处）；{change.zh}",
            f"the boundary crosses itself ({len(places)} in all); {change.en}",
        )
        yield SiteRemark(severity=Weight.ERROR, message=message, longitude=float(x), latitude=float(y))


def _outside(shape: BaseGeometry, extent: Extent) -> Iterator[SiteRemark]:
    west, south, east, north = extent
    points = shapely.get_coordinates(shape)
    within = ((points >= (west, south)) & (points <= (east, north))).all(axis=1)
    if within.all():
        return
    x, y = points[~within][0]
    if within.any():
        message = Text(
            f"{(~within).sum()} 个点在辖区范围之外", f"{(~within).sum()} corners lie outside the jurisdiction"
        )
        yield SiteRemark(severity=Weight.WARNING, message=message, longitude=float(x), latitude=float(y))
    else:
        message = Text("所有点都在辖区范围之外", "every corner lies outside the jurisdiction")
        yield SiteRemark(severity=Weight.ERROR, message=message, longitude=float(x), latitude=float(y))


def _district(shape: BaseGeometry, named: str, districts: Mapping[str, BaseGeometry] | None) -> Iterator[SiteRemark]:
    if not named or districts is None:
        return
    alike = [name for name in districts if name.startswith(named) or named.startswith(name)]
    meant = named if named in districts else alike[0] if len(alike) == 1 else None
    if meant is None:
        listed = "、".join(districts)
        message = Text(f"没有名为“{named}”的区县（{listed}）", f"there is no district “{named}” ({listed})")
        yield _at(shape, Weight.NOTE, message)
        return
    point = shapely.points(shapely.get_coordinates(shape))
    if shapely.intersects(districts[meant], point).any():
        return
    if shapely.is_valid(shape) and shapely.intersects(districts[meant], shape):
        return
    lies_in = [name for name, outline in districts.items() if shapely.intersects(outline, point).any()]
    where = "、".join(lies_in) or "—"
    message = Text(f"填写的是{named}，坐标却在{where}", f"{named} is named, but the coordinates lie in {where}")
    yield replace(_at(shape, Weight.WARNING, message), contradicts=True)


def stated_length(stated_m: float, measured_m: float, accuracy_m: float | None) -> Text | None:
    """What to say where a stated length differs from that of the line by more than it may; None where it does not."""
    allowed = max(LENGTH_LEAST_M, AREA_SHARE * stated_m, 2 * (accuracy_m or 0.0))
    if abs(measured_m - stated_m) <= allowed:
        return None
    return Text(
        f"写明 {stated_m:,.1f} m，按线量得 {measured_m:,.1f} m，相差 {measured_m - stated_m:+,.1f} m（容许 ±{allowed:,.1f} m）",
        f"{stated_m:,.1f} m stated, {measured_m:,.1f} m measured along the line, {measured_m - stated_m:+,.1f} m apart "
        f"(±{allowed:,.1f} m allowed)",
    )


def stated_area(
    shape: BaseGeometry, plane: Plane, stated_m2: float | None, accuracy_m: float | None
) -> Iterator[SiteRemark]:
    """A warning where a stated area differs from the measured one by more than the accuracy of the boundary allows."""
    if stated_m2 is None or not _is_area(shape) or not shapely.is_valid(shape):
        return
    flat = plane.from_degrees(shape)
    measured = float(shapely.area(flat))
    allowed = max(AREA_LEAST_M2, AREA_SHARE * stated_m2, (accuracy_m or 0.0) * float(shapely.length(flat)))
    if abs(measured - stated_m2) <= allowed:
        return
    ratio = max(measured, stated_m2) / max(min(measured, stated_m2), 1e-9)
    confused = next((text for unit, text in _UNITS if abs(ratio / unit - 1) <= _UNIT_SHARE), None)
    hint = Text(f"，疑为{confused.zh}", f", perhaps {confused.en}") if confused else Text("", "")
    message = Text(
        f"写明 {stated_m2:,.1f} m²，按坐标量得 {measured:,.1f} m²，相差 {measured - stated_m2:+,.1f} m²"
        f"（容许 ±{allowed:,.1f} m²）{hint.zh}",
        f"{stated_m2:,.1f} m² stated, {measured:,.1f} m² measured, {measured - stated_m2:+,.1f} m² apart "
        f"(±{allowed:,.1f} m² allowed){hint.en}",
    )
    yield _at(shape, Weight.WARNING, message)


def _size(shape: BaseGeometry, plane: Plane) -> Iterator[SiteRemark]:
    if not _is_area(shape) or not shapely.is_valid(shape):
        return
    area_m2 = float(shapely.area(plane.from_degrees(shape)))
    if area_m2 < TINY_M2:
        message = Text(f"面积只有 {area_m2:.2f} m²，请核对单位", f"only {area_m2:.2f} m²; check the unit")
        yield _at(shape, Weight.WARNING, message)
    if area_m2 > HUGE_M2:
        message = Text(
            f"面积达 {area_m2 / 1e6:,.1f} km²，请核对坐标", f"{area_m2 / 1e6:,.1f} km²; check the coordinates"
        )
        yield _at(shape, Weight.WARNING, message)


def _coarse(shape: BaseGeometry, accuracy_m: float | None) -> Iterator[SiteRemark]:
    if accuracy_m is not None and accuracy_m > COARSE_M:
        message = Text(
            f"坐标只写到 ±{accuracy_m:,.0f} m，请多写几位小数",
            f"written to ±{accuracy_m:,.0f} m only; give more decimals",
        )
        yield _at(shape, Weight.WARNING, message)


def _parts(shape: BaseGeometry, plane: Plane) -> Iterator[SiteRemark]:
    parts = shapely.get_parts(shape)
    if len(parts) < 2 or not shapely.is_valid(shape):
        return
    flat = plane.from_degrees(parts)
    largest = int(np.argmax(shapely.area(flat)))
    away = shapely.distance(flat, flat[largest])
    for number in np.flatnonzero(away > FAR_APART_M)[:MOST_PLACES]:
        kilometres = f"{away[number] / 1000:.1f} km"
        message = Text(
            f"此部分距主体 {kilometres}，请确认同属一个项目", f"this part lies {kilometres} from the main one"
        )
        yield _at(parts[number], Weight.WARNING, message)


def _repeated(shape: BaseGeometry, plane: Plane) -> Iterator[SiteRemark]:
    """Points given twice in a row, and corners a ring comes back to."""
    for line in _lines(shape):
        flat = shapely.get_coordinates(_corner_by_corner(line, plane))
        places = shapely.get_coordinates(line)
        steps = np.hypot(*np.diff(flat, axis=0).T)
        for at in np.flatnonzero(steps < SAME_POINT_M)[:MOST_PLACES]:
            message = Text("相邻两点重合", "two points in a row coincide")
            yield SiteRemark(
                severity=Weight.NOTE, message=message, longitude=float(places[at][0]), latitude=float(places[at][1])
            )


def _lines(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield from (part.exterior, *part.interiors)
        elif part.geom_type == "LineString":
            yield part


def _corner_by_corner(shape: BaseGeometry, plane: Plane) -> BaseGeometry:
    """On the plane, without points in between."""
    flat: BaseGeometry = shapely.transform(
        shape, lambda points: shapely.get_coordinates(plane.from_degrees(shapely.points(points)))
    )
    return flat


def _is_area(shape: BaseGeometry) -> bool:
    return shape.geom_type in ("Polygon", "MultiPolygon")


def _at(shape: BaseGeometry, severity: Weight, message: Text) -> SiteRemark:
    """A remark on the whole of a shape, placed at its first point."""
    x, y = shapely.get_coordinates(shape)[0]
    return SiteRemark(severity=severity, message=message, longitude=float(x), latitude=float(y))
