"""Every way a set of written numbers may be placed on Earth, and which of them lie inside the jurisdiction."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.belts import Belt, all_belts, belt_of
from screening.crs import DEGREES, Plane, Points, degrees_of, densified
from screening.datums import CONVERSION_ERROR_M, DATUM_NAME, SHIFTED, Datum, to_cgcs2000
from screening.layouts import AxisOrder
from screening.numerals import Unit
from screening.words import Text

Extent = tuple[float, float, float, float]
METRES_PER_DEGREE = 111_320.0  # of longitude at the equator, the most a degree can be
_FINEST_M = 0.001
# Sides are straight on the plane they were written on; at 36°N a side of 100 m parts from its chord in degrees by 0.1 mm.
LONGEST_EDGE_M = 100.0
_MOST_ADDED = 100_000  # points in between; only boundaries of 10,000 km and more get sparser ones
_NEAR_BELTS = 3.5  # degrees between an extent and the meridian of a belt that may serve it
_SAME_PLACE = 1e-9
_DEGREE_CODES = {4490: Datum.CGCS2000, 4326: Datum.WGS84}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What somebody states about coordinates that do not say it themselves; None is not stated.

    Attributes:
        datum: Of longitudes and latitudes.
        epsg: 4490, 4326, or the code of a projection.
        axes: Which number comes first.
        zone, belt_width, meridian: Of a Gauss–Krüger belt.
        width_m: Full width of a line, metres.
        start_m: Station at which a line starts, metres.
        radius_m: Around each point, metres; where it is given, points in a row are points and not corners.
    """

    datum: Datum | None = None
    epsg: int | None = None
    axes: AxisOrder | None = None
    zone: int | None = None
    belt_width: int | None = None
    meridian: int | None = None
    width_m: float | None = None
    start_m: float = 0.0
    radius_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Numbers whose shape is known and whose place is not.

    Attributes:
        values: Shape (n, 2), as written.
        step: Place value of the last digit, in the unit of the values.
        axes: Which comes first, where the form itself settles it.
        form: How it is written, for people.
        build: From points, east first, to the shape.
    """

    values: Points
    step: float
    unit: Unit | None
    axes: AxisOrder | None
    form: Text
    build: Callable[[Points], BaseGeometry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to understand what was written.

    Attributes:
        geometry: EPSG:4490 degrees, longitude first, sides in metres densified; a line has no width yet.
        read_as: Form, order and coordinate system, for people.
        crs: EPSG code of what was written.
        datum: Of what was written.
        inside: Plausible: it lies at least partly inside the extent of the jurisdiction.
        accuracy_m: At best: half the last place written, and the error of the datum's conversion.
    """

    geometry: BaseGeometry
    read_as: Text
    crs: int
    datum: Datum
    axes: AxisOrder
    inside: bool
    accuracy_m: float

    @property
    def place(self) -> Text:
        """How it is read and where that is, in one line."""
        west, south, east, north = self.geometry.bounds
        where = f"{(west + east) / 2:.6f}, {(south + north) / 2:.6f}"
        return Text(f"{self.read_as.zh} → {where}", f"{self.read_as.en} → {where}")


def readings(
    drafts: Sequence[Draft], *, plane: Plane, extent: Extent | None, declared: Declaration, anywhere: bool = False
) -> tuple[Reading, ...]:
    """Every different reading of some drafts.

    Args:
        drafts: Layouts of the same text.
        plane: The jurisdiction's own, in which coordinates may be written.
        extent: West, south, east, north in degrees; None is the whole world.
        declared: What is known; readings against it are left out.
        anywhere: Also orders and belts that were not stated and lie far away, to find what may have been meant.
    """
    found: list[Reading] = []
    for draft in drafts:
        if not np.isfinite(draft.values).all():
            continue
        for one in _placed(draft, plane, extent, declared, anywhere):
            if not any(_same(one, other) for other in found):
                found.append(one)
    return tuple(found)


def is_inside(shape: BaseGeometry, extent: Extent | None) -> bool:
    """Whether a shape, valid or not, plausibly lies in an extent in degrees.

    One corner inside is enough, so that a boundary with a mistyped corner is still recognised; a shape without one may
    reach across if it is not much larger than the extent.
    """
    if extent is None:
        return True
    points = shapely.get_coordinates(shape)
    west, south, east, north = extent
    if ((points >= (west, south)) & (points <= (east, north))).all(axis=1).any():
        return True
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    meets = left <= east and right >= west and low <= north and high >= south
    return bool(meets and right - left <= 2 * (east - west) and high - low <= 2 * (north - south))


def apart_m(one: BaseGeometry, other: BaseGeometry) -> float:
    """Metres between the middles of two shapes in degrees; good to a percent, for messages only."""
    (west, south, east, north), (w, s, e, n) = one.bounds, other.bounds
    latitude = math.radians((south + north) / 2)
    across, up = ((west + east) - (w + e)) / 2 * math.cos(latitude), ((south + north) - (s + n)) / 2
    return math.hypot(across, up) * METRES_PER_DEGREE


def _placed(
    draft: Draft, plane: Plane, extent: Extent | None, declared: Declaration, anywhere: bool
) -> Iterator[Reading]:
    stated = draft.axes or declared.axes
    for order in AxisOrder:
        if stated not in (None, order) and not anywhere:
            continue
        points = draft.values if order is AxisOrder.EAST_FIRST else draft.values[:, ::-1]
        if draft.unit is not Unit.METRE and _takes_degrees(declared) and _on_earth(points):
            yield _in_degrees(draft, points, order, extent, declared)
        if draft.unit is not Unit.DEGREE and declared.datum not in SHIFTED and np.abs(points).max() > 360:
            yield from _in_metres(draft, points, order, plane, extent, declared, anywhere)


def _takes_degrees(declared: Declaration) -> bool:
    return declared.epsg is None or declared.epsg in _DEGREE_CODES


def _on_earth(points: Points) -> bool:
    return bool((np.abs(points) <= (180.0, 90.0)).all())


def _in_degrees(
    draft: Draft, points: Points, order: AxisOrder, extent: Extent | None, declared: Declaration
) -> Reading:
    datum = declared.datum or _DEGREE_CODES.get(declared.epsg or DEGREES, Datum.CGCS2000)
    shape = draft.build(to_cgcs2000(points, datum))
    east_first = order is AxisOrder.EAST_FIRST
    first = Text("经度在前", "longitude first") if east_first else Text("纬度在前", "latitude first")
    converted = Text("，已换算为 CGCS2000", ", converted to CGCS2000") if datum in SHIFTED else Text("", "")
    name = DATUM_NAME[datum]
    return Reading(
        geometry=shape,
        read_as=Text(
            f"{draft.form.zh}，{first.zh}，{name.zh} 经纬度{converted.zh}",
            f"{draft.form.en}, {first.en}, {name.en} degrees{converted.en}",
        ),
        crs=4326 if datum is Datum.WGS84 else DEGREES,
        datum=datum,
        axes=order,
        inside=is_inside(shape, extent),
        accuracy_m=_accuracy(draft.step * METRES_PER_DEGREE, datum),
    )


def _in_metres(
    draft: Draft,
    points: Points,
    order: AxisOrder,
    plane: Plane,
    extent: Extent | None,
    declared: Declaration,
    anywhere: bool,
) -> Iterator[Reading]:
    first = Text("横坐标（东）在前", "easting first")
    if order is AxisOrder.NORTH_FIRST:
        first = Text("纵坐标（北）在前", "northing first")
    for epsg, name in _projections(points, plane, extent, declared, anywhere):
        drawn = draft.build(points)
        flat = densified(drawn, max(LONGEST_EDGE_M, float(shapely.length(drawn)) / _MOST_ADDED))
        shape = shapely.transform(flat, partial(degrees_of, epsg=epsg))
        yield Reading(
            geometry=shape,
            read_as=Text(
                f"{draft.form.zh}，平面米，{first.zh}，{name.zh}", f"{draft.form.en}, metres, {first.en}, {name.en}"
            ),
            crs=epsg,
            datum=declared.datum or Datum.CGCS2000,
            axes=order,
            inside=is_inside(shape, extent),
            accuracy_m=_accuracy(draft.step, declared.datum or Datum.CGCS2000),
        )


def _projections(
    points: Points, plane: Plane, extent: Extent | None, declared: Declaration, anywhere: bool
) -> Iterator[tuple[int, Text]]:
    """Codes and names of the projections in which these metres may be."""
    own = belt_of(plane.epsg)
    if own is None and declared.epsg in (None, plane.epsg):
        degrees = degrees_of(points, plane.epsg)
        if np.isfinite(degrees).all() and _on_earth(degrees):
            yield plane.epsg, plane.area_method()
    for belt in all_belts():
        if not anywhere and not _fits(belt, declared, extent):
            continue
        if belt.degrees(points) is not None:
            yield belt.epsg, belt.name


def _fits(belt: Belt, declared: Declaration, extent: Extent | None) -> bool:
    """Whether a belt agrees with what was stated, and may serve the jurisdiction at all."""
    if declared.epsg is not None:
        return belt.epsg == declared.epsg
    stated = ((declared.belt_width, belt.width), (declared.zone, belt.zone), (declared.meridian, belt.meridian))
    if any(said is not None and said != is_ for said, is_ in stated):
        return False
    near = extent is None or extent[0] - _NEAR_BELTS <= belt.meridian <= extent[2] + _NEAR_BELTS
    return near or belt.prefixed


def _accuracy(step_m: float, datum: Datum) -> float:
    """Half the last place, plus what the datum's conversion may be off; up to the next millimetre."""
    exact = step_m / 2 + CONVERSION_ERROR_M[datum]
    return max(_FINEST_M, math.ceil(round(exact / _FINEST_M, 6)) * _FINEST_M)


def _same(one: Reading, other: Reading) -> bool:
    return bool(shapely.equals_exact(one.geometry, other.geometry, tolerance=_SAME_PLACE))
