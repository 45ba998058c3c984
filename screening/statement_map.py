"""一图: the site over units and zones as one self-contained SVG, drawn from the geometries of a verdict on its plane.

No meaning is carried by colour alone: every kind has a pattern or a dash of its own. Only zones the verdict knows are
drawn; a blank part of the map is not a part without restrictions, and the drawing says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

import shapely
from shapely.geometry.base import BaseGeometry

from screening.conformity_lines import RED_LINE
from screening.disclosure import disclosed_evidence
from screening.drawing import dms, lines_of, north_arrow, path_of, scale_bar, words_at
from screening.evidence import Contact
from screening.model import Nature, ZoneClass
from screening.terms import NATURE, ZONE_CLASS
from screening.verdict import Verdict
from screening.whereabouts import contact_words
from screening.words import Language, Text, same

WIDTH, FRAME_HEIGHT, MARGIN, TOP = 480, 400, 10, 26  # pixels of the drawing
LEGEND_SIZE, NOTE_SIZE, SMALL = 15, 14, 12
LEAST_SPAN_M, POINT_SPAN_M, AROUND = 300.0, 1000.0, 2.2  # how much of the surroundings is shown
MOST_CORNERS = 8
MOST_UNITS = 6
UNIT_PATTERN = {ZoneClass.PRIORITY: "rising", ZoneClass.KEY: "dots", ZoneClass.GENERAL: "plain"}
UNIT_COLOUR = {ZoneClass.PRIORITY: "#1f6b3a", ZoneClass.KEY: "#8f2f22", ZoneClass.GENERAL: "#97760f"}
ZONE_PATTERNS = (("level", "#0f5aa5"), ("upright", "#5d2e86"), ("crossed", "#2c5716"), ("rings", "#7a4300"))
DASHES = ("", "5 2", "2 2")
RED, GREY = "#b00018", "#4d545b"
ELEMENT_LINES = Text("要素管控分区界线（各区见表）", "Borders of element zones (named in the table)")
PATTERNS = {
    "rising": '<path d="M0 10L10 0" stroke="{c}" stroke-width="1"/>',
    "dots": '<circle cx="3" cy="3" r="1.2" fill="{c}"/>',
    "plain": "",
    "level": '<path d="M0 5H10" stroke="{c}" stroke-width="1.3"/>',
    "upright": '<path d="M5 0V10" stroke="{c}" stroke-width="1.3"/>',
    "crossed": '<path d="M0 5H10M5 0V10" stroke="{c}" stroke-width=".8"/>',
    "rings": '<circle cx="5" cy="5" r="2.6" fill="none" stroke="{c}" stroke-width="1"/>',
    "falling": '<path d="M0 0L10 10" stroke="{c}" stroke-width="2.2"/>',
}
SITE = Text("选址", "Site")
POINT_SITE = Text("选址（点位，没有边界）", "Site (a point, no boundary)")
CORNERS = Text("选址拐点（CGCS2000，经度、纬度）", "Corners of the site (CGCS2000, longitude, latitude)")
MORE_CORNERS = Text("共 {count} 个拐点，只列四至点", "{count} corners; the outermost four are listed")
BLANK = Text(
    "示意图。只画本次研判查到的单元和分区，空白处不表示没有限制；界线以原始成果为准。",
    "Sketch. Only units and zones found by this screening are drawn: blank is not unrestricted; the original lines count.",
)
GRID_NORTH = Text("北（坐标北）", "N (grid)")


@dataclass(frozen=True, slots=True)
class _Symbol:
    """How one kind is drawn, and its line in the legend."""

    pattern: str
    colour: str
    dash: str
    label: str


def statement_map(verdict: Verdict, language: Language) -> str:
    """The map as SVG text, 480 units wide, without style sheet, script or anything from outside.

    Args:
        verdict: With the shapes of the zones it met.
        language: Of legend and notes.
    """
    return _Drawing(verdict, language).svg()


class _Drawing:
    def __init__(self, verdict: Verdict, language: Language) -> None:
        self.verdict, self.evidence, self.language = verdict, disclosed_evidence(verdict.evidence), language
        self.shape = verdict.evidence.site_shape
        west, south, east, north = self.shape.bounds
        self.is_point = verdict.evidence.site_area_m2 is None
        ratio = (WIDTH - 2 * MARGIN) / FRAME_HEIGHT
        span = (
            POINT_SPAN_M if self.is_point else max((east - west) / ratio, north - south, LEAST_SPAN_M / AROUND) * AROUND
        )
        self.height_m, self.width_m = span, span * ratio
        self.west, self.north = (west + east - self.width_m) / 2, (south + north + span) / 2
        self.window = shapely.box(self.west, self.north - span, self.west + self.width_m, self.north)
        self.pixels = FRAME_HEIGHT / span

    def svg(self) -> str:
        drawn = list(self.zones())
        legend = [*self.legend(drawn)]
        notes = self.notes()
        y = TOP + FRAME_HEIGHT + 44
        below: list[str] = []
        for symbol in legend:
            below.append(self.legend_box(symbol, y))
            for line in lines_of(symbol.label, LEGEND_SIZE, WIDTH - 2 * MARGIN - 38):
                below.append(words_at(MARGIN + 38, y, line, size=LEGEND_SIZE))
                y += LEGEND_SIZE + 7
        for line in (line for words in notes for line in lines_of(words, NOTE_SIZE, WIDTH - 2 * MARGIN)):
            below.append(words_at(MARGIN, y, line, size=NOTE_SIZE))
            y += NOTE_SIZE + 5
        name, told = self.told()
        inside = [part for contact, symbol in drawn for part in self.zone_path(contact, symbol)]
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" '
                f'aria-labelledby="map-name map-words" font-family="sans-serif" fill="#000">',
                f'<title id="map-name">{escape(name)}</title><desc id="map-words">{escape(told)}</desc>',
                self.defs([symbol for _, symbol in drawn]),
                f'<rect width="{WIDTH}" height="{y}" fill="#fff"/>',
                f'<g clip-path="url(#map-frame)">{"".join(inside)}{self.site()}</g>',
                f'<rect x="{MARGIN}" y="{TOP}" width="{WIDTH - 2 * MARGIN}" height="{FRAME_HEIGHT}" fill="none" stroke="#000"/>',
                *self.frame_corners(),
                self.scale_bar(),
                self.north_arrow(),
                *below,
                "</svg>",
            ]
        )

    def say(self, text: Text) -> str:
        return text.in_(self.language)

    # -- zones ---------------------------------------------------------------------------------------------------------

    def zones(self) -> Iterator[tuple[Contact, _Symbol]]:
        """Units first, then special zones, the red line on top; only what shows in the window."""
        shown = [one for one in self.evidence.contacts if shapely.intersects(one.band.zone, self.window)]
        units = {id(one) for one in self.evidence.unit_contacts}
        for one in (one for one in shown if id(one) in units):
            yield one, self.unit_symbol(one)
        roles = {one.layer.id: one.layer for one in self.evidence.consulted}
        for one in shown:
            if roles[one.zone.layer_id].role == "element" and one.zone.layer_id != RED_LINE and self.has_border(one):
                yield one, _Symbol("none", GREY, "1 3", self.say(ELEMENT_LINES))
        special = [one for one in shown if roles[one.zone.layer_id].role == "special" and one.zone.layer_id != RED_LINE]
        kinds = list(dict.fromkeys((one.zone.layer_id, one.zone.subtype) for one in special))
        for number, (layer_id, subtype) in enumerate(kinds):
            pattern, colour = ZONE_PATTERNS[number % len(ZONE_PATTERNS)]
            dash = DASHES[number // len(ZONE_PATTERNS) % len(DASHES)]
            name = self.say(roles[layer_id].name) + (f" · {subtype}" if subtype else "")
            symbol = _Symbol(pattern, colour, dash, name)
            yield from (
                (one, symbol) for one in special if (one.zone.layer_id, one.zone.subtype) == (layer_id, subtype)
            )
        red = self.evidence.answer_of(RED_LINE)
        symbol = _Symbol("falling", RED, "", self.say(red.layer.name) if red else "")
        yield from ((one, symbol) for one in shown if one.zone.layer_id == RED_LINE)

    def has_border(self, contact: Contact) -> bool:
        return bool(shapely.intersects(shapely.boundary(contact.band.near(self.window, self.height_m)), self.window))

    def unit_symbol(self, contact: Contact) -> _Symbol:
        cls = contact.zone.cls or ZoneClass.GENERAL
        dash = "" if contact.may_overlap else "6 3"
        kind = self.say(ZONE_CLASS[cls])
        name = f"{contact.zone.code} {contact.zone.name} · {kind}"
        return _Symbol(UNIT_PATTERN[cls], UNIT_COLOUR[cls], dash, name)

    def zone_path(self, contact: Contact, symbol: _Symbol) -> Iterator[str]:
        """A zone clipped to a window a little larger than the frame, so that no clipping edge is drawn as a border."""
        grown = shapely.box(*shapely.buffer(self.window, self.height_m / 10).bounds)
        clipped = shapely.simplify(shapely.intersection(contact.band.zone, grown), 0.3 / self.pixels)
        path = self.path(clipped)
        if not path:
            return
        width = 2.4 if contact.zone.layer_id == RED_LINE else 1.6 if contact.may_overlap else 0.9
        fill = "none" if symbol.pattern == "none" else f"url(#{_pattern_id(symbol)})"
        yield (
            f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{symbol.colour}" stroke-width="{width}"{_dash(symbol)} '
            f'data-zone="{escape(contact.zone.code)}"><title>{escape(contact_words(contact, self.evidence, self.language))}</title></path>'
        )

    def defs(self, symbols: Sequence[_Symbol]) -> str:
        made = {_pattern_id(one): one for one in symbols if one.pattern != "none"}
        tiles = [
            f'<pattern id="{name}" width="10" height="10" patternUnits="userSpaceOnUse">'
            f'<rect width="10" height="10" fill="{one.colour}" fill-opacity=".1"/>{PATTERNS[one.pattern].format(c=one.colour)}</pattern>'
            for name, one in made.items()
        ]
        frame = f'<rect x="{MARGIN}" y="{TOP}" width="{WIDTH - 2 * MARGIN}" height="{FRAME_HEIGHT}"/>'
        return f'<defs><clipPath id="map-frame">{frame}</clipPath>{"".join(tiles)}</defs>'

    # -- the site ------------------------------------------------------------------------------------------------------

    def site(self) -> str:
        if self.is_point:
            x, y = self.place(self.shape.centroid.x, self.shape.centroid.y)
            return (
                f'<g data-site="point"><circle cx="{x}" cy="{y}" r="9" fill="#fff" stroke="#000" stroke-width="2.5"/>'
                f'<path d="M{x - 14} {y}H{x + 14}M{x} {y - 14}V{y + 14}" stroke="#000" stroke-width="2"/></g>'
            )
        path = self.path(shapely.simplify(self.shape, 0.2 / self.pixels))
        outline = (
            f'<path d="{path}" fill="none" stroke="#fff" stroke-width="7" stroke-linejoin="round"/>'
            f'<path d="{path}" fill="#000" fill-opacity=".12" fill-rule="evenodd" stroke="#000" stroke-width="3" '
            f'stroke-linejoin="round" data-site="area"/>'
        )
        return outline + "".join(self.corner_marks())

    def corners(self) -> tuple[tuple[str, float, float], ...]:
        """Numbered corners in degrees; of a shape with many, those farthest north, east, south and west."""
        points = [
            (float(lon), float(lat))
            for part in shapely.get_parts(self.verdict.site.geometry)
            if part.geom_type == "Polygon"
            for lon, lat in list(part.exterior.coords)[:-1]
        ]
        if self.is_point:
            points = [(float(lon), float(lat)) for lon, lat in shapely.get_coordinates(self.verdict.site.geometry)]
        if len(points) > MOST_CORNERS:
            north, south = max(points, key=lambda p: p[1]), min(points, key=lambda p: p[1])
            east, west = max(points), min(points)
            points = list(dict.fromkeys([north, east, south, west]))
        return tuple((str(number), *point) for number, point in enumerate(points, start=1))

    def corner_marks(self) -> Iterator[str]:
        for name, lon, lat in self.corners():
            point = self.evidence.plane.from_degrees(shapely.Point(lon, lat))
            x, y = self.place(point.x, point.y)
            yield f'<circle cx="{x}" cy="{y}" r="8.5" fill="#fff" stroke="#000"/>'
            yield words_at(x, y + 4, name, size=SMALL, anchor="middle")

    # -- frame, scale, north -------------------------------------------------------------------------------------------

    def frame_corners(self) -> Iterator[str]:
        west, south, east, north = self.window.bounds
        right, bottom = WIDTH - MARGIN, TOP + FRAME_HEIGHT
        for x_m, y_m, x, y, anchor in (
            (west, north, MARGIN, TOP - 6, "start"),
            (east, north, right, TOP - 6, "end"),
            (west, south, MARGIN, bottom + 16, "start"),
            (east, south, right, bottom + 16, "end"),
        ):
            point = self.evidence.plane.to_degrees(shapely.Point(x_m, y_m))
            yield words_at(x, y, f"{dms(point.x)}E {dms(point.y)}N", size=SMALL, anchor=anchor)

    def scale_bar(self) -> str:
        x, y = MARGIN + 12, TOP + FRAME_HEIGHT - 14
        return scale_bar(x, y, longest_m=self.width_m / 4, pixels=self.pixels, size=SMALL)

    def north_arrow(self) -> str:
        return north_arrow(WIDTH - MARGIN - 40, TOP + 14, self.say(GRID_NORTH), size=SMALL)

    # -- legend and notes ----------------------------------------------------------------------------------------------

    def legend(self, drawn: Iterable[tuple[Contact, _Symbol]]) -> Iterator[_Symbol]:
        yield _Symbol("site", "#000", "", self.say(POINT_SITE if self.is_point else SITE))
        kinds = list(dict.fromkeys(symbol for _, symbol in drawn))
        units = [one for one in kinds if one.pattern in UNIT_PATTERN.values()]
        yield from units[:MOST_UNITS]
        yield from (one for one in kinds if one not in units)

    def legend_box(self, symbol: _Symbol, y: float) -> str:
        fills = {"site": "#ddd", "none": "none"}
        fill = fills.get(symbol.pattern, f"url(#{_pattern_id(symbol)})")
        width = 3 if symbol.pattern == "site" else 1.6
        return (
            f'<rect x="{MARGIN + 1}" y="{y - 13}" width="28" height="15" fill="{fill}" stroke="{symbol.colour}" '
            f'stroke-width="{width}"{_dash(symbol)}/>'
        )

    def notes(self) -> list[str]:
        release, listed = self.evidence.release, self.corners()
        lines = [self.say(CORNERS)]
        lines += [f"{name}  {dms(lon)}E  {dms(lat)}N" for name, lon, lat in listed]
        count = len(shapely.get_coordinates(self.verdict.site.geometry))
        if not self.is_point and count > MOST_CORNERS + 1:
            lines.append(self.say(MORE_CORNERS.filled(count=str(count))))
        nature = f" · {self.say(NATURE[release.nature])}" if release.nature is Nature.DEMONSTRATION else ""
        lines.append(f"{release.id}{nature}")
        return [*lines, self.say(BLANK)]

    def told(self) -> tuple[str, str]:
        """Name of the map and its equivalent in words."""
        site = self.verdict.site.name or self.say(SITE)
        name = Text("{site}与管控单元、分区位置图", "{site}: map of units and zones").filled(site=same(site))
        zones = [one for one in self.evidence.contacts if one.may_overlap]
        told = [contact_words(one, self.evidence, self.language) for one in zones]
        return self.say(name), ("；" if self.language == "zh" else "; ").join(told)

    # -- from plane to paper -------------------------------------------------------------------------------------------

    def place(self, x_m: float, y_m: float) -> tuple[float, float]:
        return (
            round(MARGIN + (x_m - self.west) * self.pixels, 1),
            round(TOP + (self.north - y_m) * self.pixels, 1),
        )

    def path(self, shape: BaseGeometry) -> str:
        return path_of(shape, self.place)


def _pattern_id(symbol: _Symbol) -> str:
    return f"map-{symbol.pattern}-{symbol.colour.removeprefix('#')}"


def _dash(symbol: _Symbol) -> str:
    return f' stroke-dasharray="{symbol.dash}"' if symbol.dash else ""
