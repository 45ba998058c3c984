"""From what people write to sites, saying how it was read and what else it could have meant.

Longitude and latitude in degrees or in degrees, minutes and seconds, Gauss–Krüger metres, corner points line by line,
links to maps, WKT and GeoJSON. Nothing is guessed: one plausible reading is taken and named, several are a question,
none is an error that says what comes nearest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
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
from screening.hints import Hints, read_hints
from screening.layouts import AxisOrder, PointTable, tables
from screening.map_links import Link, Provider, find_links, named_provider
from screening.model import Site
from screening.numerals import Unit, plain_marks, read_records, shortened
from screening.readings import Declaration, Draft, Extent, Reading, apart_m, readings
from screening.shapes import Kind, Structure, structure
from screening.words import Text

MOST_GUESSES = 5
_WKT_WORD = r"(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION"
_WKT = re.compile(
    rf"^(?:SRID=(?P<srid>\d{{1,6}});\s*)?(?P<wkt>(?:{_WKT_WORD})\s{{0,5}}(?:Z|M|ZM)?\s{{0,5}}(?:\(|EMPTY).*)$",
    re.IGNORECASE | re.DOTALL,
)
_NAMED_WKT = re.compile(
    rf"^(?P<name>[^(]{{0,80}}?)[\s:：,，]{{0,5}}(?P<wkt>(?:SRID=\d{{1,6}};\s{{0,5}})?(?:{_WKT_WORD})\s*\(.*)$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[-+]?\d+(?:\.(\d+))?(?:[eE]([-+]?\d+))?")
_INVALID = re.compile(r"^(?P<reason>[^\[]+)\[(?P<x>\S+) (?P<y>\S+)\]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_NAME = re.compile(r"^\s*(?P<name>[^\d:：,，;；][^:：,，;；\n]{0,40}?)\s*[:：]\s*(?=\S)")
_TITLE = re.compile(r"^\s*(?P<name>[^:：,，;；\n°.]{1,40}?)\s*[:：]?\s*$")
_NO_NAME = re.compile(
    r"经|纬|坐标|度|分秒|格式|起|终|止|拐|角|界址|中心|位于|点|宽|带|投影|序号|编号|东|北|lon|lng|lat|EPSG|SRID|^[A-Za-z]{1,3}[-_]?\d{0,5}$|start|end|from|to\b|CGCS|WGS|GCJ|BD"
)
_SITE_NAME = re.compile(r"地块|项目|厂|区|宗地|图斑|场|园|站|库|号|[Ss]ite|[Pp]arcel|[Pp]lot|选址")
_NO_FORM = Text("既不是经纬度或平面坐标，也不是 WKT 或 GeoJSON", "it is neither degrees nor metres nor WKT nor GeoJSON")
_NO_WIDTH = Text("线状选址须给出宽度（米）", "a line needs its width in metres")
_NO_RADIUS = Text("多个点位须给出半径（米）", "several points need a radius in metres")
WKT = Text("WKT", "WKT")
GEOJSON = Text("GeoJSON", "GeoJSON")


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
            raise self.question or UnreadableSiteError.of(self.as_written, _NO_FORM)
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
            raise UnreadableSiteError.of(self.as_written, _NO_WIDTH)
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


def understand(
    written: str,
    *,
    plane: Plane,
    extent: Extent | None = None,
    declared: Declaration | None = None,
    providers: Sequence[Provider] = (),
) -> tuple[Understood, ...]:
    """Every site somebody wrote as text, in order.

    Args:
        written: One or several sites in any of the forms.
        plane: The jurisdiction's plane; coordinates may be written in it.
        extent: West, south, east, north of the jurisdiction in degrees; a reading outside is not plausible.
            None takes the whole world, so that more remains a question.
        declared: What the applicant states besides the text.
        providers: Map providers whose links and names are known.

    Raises:
        UnreadableSiteError: Nothing in it can be read as coordinates.
    """
    asked = _Asked(plane=plane, extent=extent, declared=declared or Declaration(), providers=tuple(providers))
    if written.lstrip()[:1] in ("{", "["):
        content = _parsed(written)
        if isinstance(content, dict):
            return _geojson(content, written, asked)
    if sites := _wkts(written, asked):
        return sites
    text = shortened(written)
    links = find_links(text, providers)
    found = _linked_sites(links, text, asked) if links else _numbers(text, asked)
    return (replace(found[0], as_written=written),) if len(found) == 1 else found


def read_site(
    written: str,
    *,
    plane: Plane,
    name: str = "",
    width_m: float | None = None,
    extent: Extent | None = None,
    declared: Declaration | None = None,
    providers: Sequence[Provider] = (),
) -> Site:
    """The one site somebody wrote as text.

    Args:
        written: Any form that `understand` reads.
        plane: Where the width of a line is laid out.
        name: What the applicant calls the site.
        width_m: Full width of a line, metres; needed for lines only.
        extent: Of the jurisdiction, to tell one reading from another.
        declared: What the applicant states besides the text.
        providers: Map providers whose links and names are known.

    Raises:
        UnreadableSiteError: It is none of these, or several sites, or a line without a width.
        AmbiguousSiteError: Several readings are plausible.
        UnconfirmedDatumError: It looks like a map provider's shifted coordinates.
        SiteOutsideError: No reading lies inside.
        InvalidSiteError: The boundary crosses itself or encloses nothing.

    >>> read_site("120.38, 36.07", plane=Plane(4549)).geometry.wkt
    'POINT (120.38 36.07)'
    >>> read_site("E120°22′48″，N36°4′12″", plane=Plane(4549)).accuracy_m
    15.462
    """
    declared = _with_width(declared, width_m)
    found = understand(written, plane=plane, extent=extent, declared=declared, providers=providers)
    return _only(found, written, declared).site(plane=plane, name=name)


def read_geojson(
    content: Mapping[str, Any],
    *,
    plane: Plane,
    name: str = "",
    width_m: float | None = None,
    extent: Extent | None = None,
    declared: Declaration | None = None,
) -> Site:
    """The site in a GeoJSON geometry, feature, or collection of one feature (RFC 7946).

    Raises:
        UnreadableSiteError: It is not such an object, or holds several features.
        InvalidSiteError: The boundary crosses itself or encloses nothing.
    """
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    asked = _Asked(plane=plane, extent=extent, declared=_with_width(declared, width_m), providers=())
    return _only(_geojson(content, written, asked), written, asked.declared).site(plane=plane, name=name)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The circumstances of one call."""

    plane: Plane
    extent: Extent | None
    declared: Declaration
    providers: tuple[Provider, ...]


def _with_width(declared: Declaration | None, width_m: float | None) -> Declaration:
    declared = declared or Declaration()
    return declared if width_m is None else replace(declared, width_m=width_m)


def _only(found: Sequence[Understood], written: str, declared: Declaration) -> Understood:
    if len(found) == 1:
        return found[0]
    if declared.radius_m is not None and all(one.taken and one.taken.geometry.geom_type == "Point" for one in found):
        return _together([one for one in found if one.taken], written)
    why = Text(
        f"这里有 {len(found)} 处选址，每次只研判一处", f"there are {len(found)} sites; one is screened at a time"
    )
    raise UnreadableSiteError.of(written, why)


def _together(points: Sequence[Understood], written: str) -> Understood:
    """Points written one by one as the points of one project."""
    read = [one.taken for one in points if one.taken is not None]
    taken = replace(
        read[0],
        geometry=shapely.MultiPoint([shapely.get_coordinates(one.geometry)[0] for one in read]),
        accuracy_m=max(one.accuracy_m for one in read),
    )
    names = tuple(one.name for one in points)
    return replace(points[0], name="", as_written=written, taken=taken, others=(), names=names)


def _understood(
    drafts: Sequence[Draft],
    written: str,
    asked: _Asked,
    *,
    name: str = "",
    names: tuple[str, ...] = (),
    suspected: tuple[Datum, Text] | None = None,
) -> Understood:
    taken, others, question = decide(
        drafts, written, plane=asked.plane, extent=asked.extent, declared=asked.declared, suspected=suspected
    )
    width_m, radius_m = None, asked.declared.radius_m
    if taken is not None and taken.geometry.geom_type in LINES:
        width_m = asked.declared.width_m
        if width_m is None or width_m <= 0:
            others, question = (taken, *others), UnreadableSiteError.of(written, _NO_WIDTH)
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


def _out_of_range(drafts: Sequence[Draft]) -> Text:
    if not drafts:
        return _NO_FORM
    return Text(
        "经度或纬度超出范围，或与所声明的坐标系不符",
        "longitude or latitude is out of range, or against the coordinate system stated",
    )


def _distance(reading: Reading, extent: Extent) -> float:
    return float(shapely.distance(shapely.box(*extent), shapely.box(*reading.geometry.bounds)))


# -- GeoJSON and WKT ---------------------------------------------------------------------------------------------------


def _parsed(written: str) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):  # ValueError also for a number of thousands of digits
        return None


def _geojson(content: Mapping[str, Any], written: str, asked: _Asked) -> tuple[Understood, ...]:
    if "crs" in content and not re.search(r"4490|CRS84|4326", json.dumps(content["crs"])):
        why = Text("GeoJSON 声明了其他坐标系", "the GeoJSON names another coordinate system")
        raise UnreadableSiteError.of(written, why)
    features: list[Any] = [content]
    if content.get("type") == "FeatureCollection":
        listed = content.get("features")
        features = listed if isinstance(listed, list) else []
        if not features or not all(isinstance(one, dict) for one in features):
            raise UnreadableSiteError.of(written, Text("需要至少一个图斑", "at least one feature is needed"))
    return tuple(
        _feature(one, written if len(features) == 1 else json.dumps(one, ensure_ascii=False), asked) for one in features
    )


def _feature(feature: Mapping[str, Any], written: str, asked: _Asked) -> Understood:
    geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
    properties = feature.get("properties") if feature.get("type") == "Feature" else None
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError) as problem:
        raise UnreadableSiteError.of(written, Text(f"GeoJSON 有误：{problem}", f"bad GeoJSON: {problem}")) from problem
    numbers = json.dumps(geometry.get("coordinates")) if isinstance(geometry, Mapping) else ""
    draft = _draft_of(shape, numbers, written, GEOJSON, AxisOrder.EAST_FIRST)
    name = _feature_name(properties) if isinstance(properties, Mapping) else ""
    return _understood([draft], written, asked, name=name, suspected=_suspicion(written, asked))


def _feature_name(properties: Mapping[str, Any]) -> str:
    named = (properties.get(key) for key in ("name", "名称", "项目名称", "地块名称", "Name", "NAME"))
    return next((str(one) for one in named if one), "")


def _wkts(written: str, asked: _Asked) -> tuple[Understood, ...]:
    """Sites in WKT: one, over any number of lines, or one in each line, perhaps after a name; empty if it is no WKT."""
    if _WKT.match(written.strip()) and len(re.findall(_WKT_WORD, written, re.IGNORECASE)) == 1:
        return (_wkt("", written, asked),)
    lines = [line for line in written.splitlines() if line.strip()]
    named = [_NAMED_WKT.match(line.strip()) for line in lines]
    if not lines or not all(named):
        return (_wkt("", written, asked),) if _WKT.match(written.strip()) else ()
    return tuple(_wkt(one["name"].strip(" \t:：,，"), one["wkt"], asked) for one in named if one)


def _wkt(name: str, written: str, asked: _Asked) -> Understood:
    found = _WKT.match(written.strip())
    assert found is not None
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # what is no finite number is refused below
            shape = shapely.from_wkt(found["wkt"])
    except shapely.errors.GEOSException as problem:
        raise UnreadableSiteError.of(written, Text(f"WKT 有误：{problem}", f"bad WKT: {problem}")) from problem
    draft = _draft_of(shape, found["wkt"], written, WKT, None)
    hints = read_hints(f"SRID={found['srid']};" if found["srid"] else "")
    return _understood([draft], written, _told(asked, hints, written), name=name, suspected=_suspicion(name, asked))


def _draft_of(shape: BaseGeometry, numbers: str, written: str, form: Text, axes: AxisOrder | None) -> Draft:
    shape = shapely.force_2d(shape)
    points = shapely.get_coordinates(shape)
    if shape.is_empty or not np.isfinite(points).all():
        raise UnreadableSiteError.of(written, Text("没有坐标", "it holds no coordinates"))
    if shape.geom_type == "GeometryCollection":
        why = Text(
            "只接受点、多个带半径的点、带宽度的线或面",
            "only a point, points with a radius, a line with a width, or an area is accepted",
        )
        raise UnreadableSiteError.of(written, why)
    return Draft(
        values=points,
        step=_finest(numbers),
        unit=None,
        axes=axes,
        form=form,
        build=lambda placed: shapely.transform(shape, lambda _: placed),
    )


def _finest(numbers: str) -> float:
    """Place value of the last digit among the numbers of a text."""
    places = [len(found[1] or "") - int((found[2] or "0")[:4]) for found in _DIGITS.finditer(numbers)]
    return float(10.0 ** -min(15, max(-15, *places, 0)))


# -- numbers and links -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The lines of one site, its marks made plain."""

    name: str
    written: str
    text: str


def _numbers(written: str, asked: _Asked) -> tuple[Understood, ...]:
    hints = read_hints(plain_marks(written))
    told = _told(asked, hints, written)
    suspected = _suspicion(written, asked)
    blocks = list(_blocks(written))
    drafts = [_drafts(block, told.declared) for block in blocks]
    only_points = all(one and all(len(draft.values) == 1 for draft in one) for one in drafts)
    if len(blocks) > 1 and only_points and not all(block.name for block in blocks):
        return (_corners_or_sites(blocks, written, told, suspected),)
    return tuple(
        _understood(one, block.written, told, name=block.name, names=_labels(block, one), suspected=suspected)
        for block, one in zip(blocks, drafts, strict=True)
    )


def _corners_or_sites(
    blocks: Sequence[_Block], written: str, asked: _Asked, suspected: tuple[Datum, Text] | None
) -> Understood:
    """Points parted by blank lines: numbered they are corners; without numbers nobody can tell."""
    together = _Block(name="", written=written, text="\n".join(block.text for block in blocks))
    drafts = _drafts(together, asked.declared)
    joined = _understood(drafts, written, asked, names=_labels(together, drafts), suspected=suspected)
    if asked.declared.radius_m is not None:
        return joined
    whole = joined.taken or next(iter(joined.others), None)
    is_asked = joined.question is not None and not _lacks_width(joined)
    if whole is None or is_asked or all(row.label for row in read_records(together.text).rows):
        return joined
    first = _understood(_drafts(blocks[0], asked.declared), written, asked).taken
    count = len(blocks)
    apart = Text(f"{count} 个互不相干的点状选址", f"{count} separate point sites")
    others = (whole, *((first,) if first else ()))
    return replace(joined, taken=None, others=others, question=AmbiguousSiteError.of(written, [whole.place, apart]))


def _lacks_width(one: Understood) -> bool:
    return one.question is not None and one.question.why == _NO_WIDTH


def _blocks(written: str) -> Iterator[_Block]:
    """The parts of a text that are sites of their own: after a blank line, or after a name."""
    name = ""
    lines: list[str] = []
    found: list[tuple[str, list[str]]] = []
    for part in _BLANK_LINE.split(written.replace("\r\n", "\n").replace("\r", "\n")):
        for line in part.split("\n"):
            named = _name_of(line)
            if named is not None:
                found.append((name, lines))
                name, lines = named[0], [named[1]] if named[1].strip() else []
            else:
                lines.append(line)
        found.append((name, lines))
        name, lines = "" if any(line.strip() for line in lines) else name, []
    common = read_hints(plain_marks(written))
    empty = True
    for title, body in found:
        raw = "\n".join(body).strip()
        text = _without_hints(raw)
        if read_records(text).rows:
            empty = False
            yield _Block(name=title, written=raw if len(found) > 1 else written, text=text)
    if empty:
        raise UnreadableSiteError.of(written, _NO_FORM if common.datum is None else Text("没有坐标数字", "no numbers"))


def _without_hints(raw: str) -> str:
    return read_hints(plain_marks(raw)).rest


def _name_of(line: str) -> tuple[str, str] | None:
    """The name a line begins with or consists of, and the rest of the line; None without a name."""
    led = _NAME.match(line)
    if led and not _NO_NAME.search(led["name"]) and len(led["name"]) > 1:
        return led["name"].strip(), line[led.end() :]
    alone = _TITLE.match(line)
    if alone and not _NO_NAME.search(alone["name"]) and _SITE_NAME.search(alone["name"]):
        return alone["name"].strip(), ""
    return None


def _labels(block: _Block, drafts: Sequence[Draft]) -> tuple[str, ...]:
    """Numbers or names written beside points; empty where not every point has a line of its own."""
    labels = tuple(row.label for row in read_records(block.text).rows)
    return labels if any(labels) and all(len(draft.values) == len(labels) for draft in drafts) else ()


def _drafts(block: _Block, declared: Declaration) -> list[Draft]:
    is_line = declared.width_m is not None or read_hints(plain_marks(block.written)).is_line
    drafts = []
    for table in tables(read_records(block.text)):
        shape = structure(table.values, table.rings, is_line=is_line, are_points=declared.radius_m is not None)
        if shape is not None:
            drafts.append(_draft(table, shape))
    return drafts


def _draft(table: PointTable, shape: Structure) -> Draft:
    form = {
        1: Text("数字", "numbers"),
        2: Text("度分", "degrees and minutes"),
        3: Text("度分秒", "degrees, minutes, seconds"),
    }
    written = form[table.parts]
    if shape.kind is not Kind.POINT:
        written = Text(f"{written.zh}，{shape.name.zh}", f"{written.en}, {shape.name.en}")
    return Draft(
        values=table.values,
        step=table.step,
        unit=table.unit,
        axes=table.axes,
        form=written,
        build=shape.build,
    )


def _linked_sites(links: Sequence[Link], text: str, asked: _Asked) -> tuple[Understood, ...]:
    """A site for each link; what the words beside them say of the datum counts."""
    beside = text
    for link in links:
        beside = beside.replace(link.written, " ")
    told = _told(asked, read_hints(plain_marks(beside)), text)
    return tuple(_linked(link, told) for link in links)


def _linked(link: Link, asked: _Asked) -> Understood:
    name = link.provider.name
    draft = Draft(
        values=np.array([[float(link.lon), float(link.lat)]]),
        step=_finest(f"{link.lon} {link.lat}"),
        unit=Unit.DEGREE,
        axes=AxisOrder.EAST_FIRST,
        form=Text(f"{name.zh}链接", f"link of {name.en}"),
        build=lambda points: shapely.Point(points[0]),
    )
    suspected = None
    declared = asked.declared.datum
    if link.stated and declared not in (None, link.datum):
        why = Text(
            f"链接写明 {link.datum.value}，声明的却是 {declared}",
            f"the link says {link.datum.value}, but {declared} was declared",
        )
        raise UnreadableSiteError.of(link.written, why)
    if link.stated or link.datum not in SHIFTED:
        asked = replace(asked, declared=replace(asked.declared, datum=asked.declared.datum or link.datum))
    else:
        reason = Text(f"链接来自{name.zh}", f"the link is {name.en}'s")
        suspected = (link.datum, reason)
    return _understood([draft], link.written, asked, suspected=suspected)


def _suspicion(text: str, asked: _Asked) -> tuple[Datum, Text] | None:
    named = named_provider(text, asked.providers)
    if named is None or named[0].datum not in SHIFTED:
        return None
    provider, word = named
    return provider.datum, Text(f"文中写有“{word}”", f"the text says “{word}”")


def _told(asked: _Asked, hints: Hints, written: str) -> _Asked:
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
