"""One written site as far as it was understood: the reading taken, the others, and what must be asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from screening.crs import Plane
from screening.datums import DATUM_NAME, SHIFTED, Datum
from screening.errors import (
    AmbiguousSiteError,
    InvalidSiteError,
    SiteOutsideError,
    ThreeLinesError,
    UnconfirmedDatumError,
    UnreadableSiteError,
)
from screening.footprints import LINES, POINTS, discs, named_points, strip
from screening.hints import Hints
from screening.map_links import Provider, named_provider
from screening.model import Site
from screening.readings import Declaration, Draft, Extent, Reading, apart_m, readings
from screening.words import Text

MOST_GUESSES = 5
_INVALID = re.compile(r"^(?P<reason>[^\[]+)\[(?P<x>\S+) (?P<y>\S+)\]")
NO_FORM = Text("既不是经纬度或平面坐标，也不是 WKT 或 GeoJSON", "it is neither degrees nor metres nor WKT nor GeoJSON")
NO_WIDTH = Text("线状选址须给出宽度（米）", "a line needs its width in metres")
_NO_RADIUS = Text("多个点位须给出半径（米）", "several points need a radius in metres")
_DIGITS = re.compile(r"[-+]?\d+(?:\.(\d+))?(?:[eE]([-+]?\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One site as far as it was understood.

    Attributes:
        name: What the text calls it; empty without.
        as_written: Its part of the text, unchanged.
        taken: The one plausible reading; None if there is a question.
        others: What else it could have meant: readings outside the jurisdiction, or those to choose from.
        question: What must be answered before it is a site; None if nothing.
        width_m: Full width of a line; None for other shapes.
        start_m: Station at which a line starts.
        radius_m: Around each point; None without.
        names: Of several points, in their order; empty where they have none.
    """

    name: str
    as_written: str
    taken: Reading | None
    others: tuple[Reading, ...]
    question: ThreeLinesError | None
    width_m: float | None = None
    start_m: float = 0.0
    radius_m: float | None = None
    names: tuple[str, ...] = ()

    def site(self, *, plane: Plane, name: str = "") -> Site:
        """The site; a line widened, points given their radius on the plane.

        Raises:
            ThreeLinesError: The question, if there is one.
            InvalidSiteError: The boundary crosses itself or encloses nothing.
        """
        if self.taken is None:
            raise self.question or UnreadableSiteError.of(self.as_written, NO_FORM)
        shape = self.taken.geometry
        site = Site(
            name=name or self.name,
            geometry=shape,
            as_written=self.as_written,
            read_as=self.taken.read_as,
            accuracy_m=self.taken.accuracy_m,
        )
        if shape.geom_type in LINES:
            site = self._with_width(site, plane)
        elif shape.geom_type in POINTS and (self.radius_m is not None or shape.geom_type == "MultiPoint"):
            site = self._with_radius(site, plane)
        require_valid(site.geometry)
        return site

    def _with_width(self, site: Site, plane: Plane) -> Site:
        if self.width_m is None or self.width_m <= 0:
            raise UnreadableSiteError.of(self.as_written, NO_WIDTH)
        wide = Text(f"；线宽 {self.width_m:g} m", f"; line {self.width_m:g} m wide")
        return replace(
            site,
            geometry=strip(site.geometry, self.width_m, plane),
            read_as=site.read_as.joined_with(wide),
            alignment=site.geometry,
            width_m=self.width_m,
            start_m=self.start_m,
        )

    def _with_radius(self, site: Site, plane: Plane) -> Site:
        if self.radius_m is None or self.radius_m <= 0:
            raise UnreadableSiteError.of(self.as_written, _NO_RADIUS)
        places = shapely.get_coordinates(site.geometry)
        names = self.names or (self.name,) if len(places) == 1 else self.names
        around = Text(f"；半径 {self.radius_m:g} m", f"; radius {self.radius_m:g} m")
        return replace(
            site,
            geometry=discs(site.geometry, self.radius_m, plane),
            read_as=site.read_as.joined_with(around),
            points=named_points(places, names),
            radius_m=self.radius_m,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """The circumstances of one call."""

    plane: Plane
    extent: Extent | None
    declared: Declaration
    providers: tuple[Provider, ...]


def understood(
    drafts: Sequence[Draft],
    written: str,
    asked: Circumstances,
    *,
    name: str = "",
    names: tuple[str, ...] = (),
    suspected: tuple[Datum, Text] | None = None,
) -> Understood:
    """One site from the layouts of its text: read, or with the question that stands in the way."""
    taken, others, question = decide(
        drafts, written, plane=asked.plane, extent=asked.extent, declared=asked.declared, suspected=suspected
    )
    width_m, radius_m = None, asked.declared.radius_m
    if taken is not None and taken.geometry.geom_type in LINES:
        width_m = asked.declared.width_m
        if width_m is None or width_m <= 0:
            others, question = (taken, *others), UnreadableSiteError.of(written, NO_WIDTH)
            taken = None
    elif taken is not None and taken.geometry.geom_type == "MultiPoint" and (radius_m is None or radius_m <= 0):
        others, question = (taken, *others), UnreadableSiteError.of(written, _NO_RADIUS)
        taken = None
    return Understood(
        name=name,
        as_written=written,
        taken=taken,
        others=others,
        question=question,
        width_m=width_m,
        start_m=asked.declared.start_m,
        radius_m=radius_m,
        names=names,
    )


def decide(
    drafts: Sequence[Draft],
    written: str,
    *,
    plane: Plane,
    extent: Extent | None,
    declared: Declaration,
    suspected: tuple[Datum, Text] | None = None,
) -> tuple[Reading | None, tuple[Reading, ...], ThreeLinesError | None]:
    """The reading to take, the others, and the question where none can be taken.

    Args:
        drafts: Layouts of the same text.
        written: The text, for the question.
        plane: The jurisdiction's plane.
        extent: Of the jurisdiction, degrees.
        declared: What is known of the coordinates.
        suspected: A shifted datum and the reason to suspect it, unless one was declared.
    """
    found = readings(drafts, plane=plane, extent=extent, declared=declared)
    inside = [one for one in found if one.inside]
    if suspected is not None and declared.datum is None:
        shifted = readings(drafts, plane=plane, extent=extent, declared=replace(declared, datum=suspected[0]))
        choice = [one for one in shifted if one.inside] + inside
        if any(one.datum is suspected[0] for one in choice):
            away = apart_m(choice[0].geometry, choice[-1].geometry)
            name = DATUM_NAME[suspected[0]]
            places = [one.place for one in choice]
            return None, tuple(choice), UnconfirmedDatumError.of(written, name, suspected[1], away, places)
    if len(inside) == 1:
        return inside[0], tuple(one for one in found if not one.inside), None
    if inside:
        return None, tuple(inside), AmbiguousSiteError.of(written, [one.place for one in inside])
    guesses = readings(drafts, plane=plane, extent=extent, declared=declared, anywhere=True)
    if not guesses or extent is None:
        return None, (), UnreadableSiteError.of(written, _out_of_range(drafts))
    nearest = sorted(guesses, key=lambda one: _distance(one, extent))[:MOST_GUESSES]
    where = f"{extent[0]:g}–{extent[2]:g}°E, {extent[1]:g}–{extent[3]:g}°N"
    return None, tuple(nearest), SiteOutsideError.nowhere_inside(written, where, [one.place for one in nearest])


def require_valid(shape: BaseGeometry) -> None:
    """Refuse a boundary that crosses itself or encloses nothing, naming the place.

    Raises:
        InvalidSiteError: GEOS calls it invalid.
    """
    if shapely.is_valid(shape):
        return
    reason = shapely.is_valid_reason(shape)
    found = _INVALID.match(reason)
    x, y = (float(found["x"]), float(found["y"])) if found else tuple(shapely.get_coordinates(shape)[0])
    raise InvalidSiteError.of(found["reason"].strip() if found else reason, x, y)


def _out_of_range(drafts: Sequence[Draft]) -> Text:
    if not drafts:
        return NO_FORM
    return Text(
        "经度或纬度超出范围，或与所声明的坐标系不符",
        "longitude or latitude is out of range, or against the coordinate system stated",
    )


def _distance(reading: Reading, extent: Extent) -> float:
    return float(shapely.distance(shapely.box(*extent), shapely.box(*reading.geometry.bounds)))


def suspicion(text: str, asked: Circumstances) -> tuple[Datum, Text] | None:
    """A shifted datum that words beside the numbers make likely, and the reason; None if nothing does."""
    named = named_provider(text, asked.providers)
    if named is None or named[0].datum not in SHIFTED:
        return None
    provider, word = named
    return provider.datum, Text(f"文中写有“{word}”", f"the text says “{word}”")


def with_hints(asked: Circumstances, hints: Hints, written: str) -> Circumstances:
    """What was asked, with what the text says of itself; against what was declared it is a question."""
    declared = asked.declared
    if hints.datum and declared.datum and hints.datum is not declared.datum:
        why = Text(
            f"文中写的是 {hints.datum.value}，声明的是 {declared.datum.value}",
            f"the text says {hints.datum.value}, but {declared.datum.value} was declared",
        )
        raise UnreadableSiteError.of(written, why)
    told = replace(
        declared,
        datum=declared.datum or hints.datum,
        epsg=declared.epsg or hints.epsg,
        zone=declared.zone or hints.zone,
        belt_width=declared.belt_width or hints.belt_width,
        meridian=declared.meridian or hints.meridian,
        width_m=declared.width_m or hints.width_m,
    )
    return replace(asked, declared=told)


def finest_place(numbers: str) -> float:
    """Place value of the last digit among the numbers of a text."""
    places = [len(found[1] or "") - int((found[2] or "0")[:4]) for found in _DIGITS.finditer(numbers)]
    return float(10.0 ** -min(15, max(-15, *places, 0)))
