"""区位图: where in its jurisdiction a site lies, over districts and classes of units, as one self-contained SVG.

No meaning is carried by colour alone: every class has the pattern it has on the map of the site itself. Borders are
simplified to the size of the drawing; nothing is measured on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import shapely
from shapely.geometry.base import BaseGeometry

from screening.drawing import dms, lines_of, north_arrow, path_of, scale_bar, words_at
from screening.evidence import Evidence
from screening.model import Nature, ZoneClass
from screening.statement_map import GRID_NORTH, PATTERNS, SITE, UNIT_COLOUR, UNIT_PATTERN
from screening.terms import NATURE, ZONE_CLASS
from screening.verdict import Verdict
from screening.words import Language, Text

WIDTH, MARGIN, TOP, LARGEST_HEIGHT = 640, 10, 24, 620  # pixels of the drawing
LEGEND_SIZE, SMALL = 15, 12
AROUND = 0.04  # of the extent, left free on every side
LARGEST_NAME = 14
DISTRICT = Text("区（市）界", "District border")
SKETCH = Text(
    "区位示意图，界线已简化，不作量算依据；研判所依据的界线以原始成果为准。",
    "Sketch of the location with simplified borders, not to be measured on; the original lines count.",
)
TITLE = Text("选址在{city}的位置图", "Where the site lies in {city}")
TOLD = Text("选址位于{districts}，{lon}E {lat}N。", "The site lies in {districts} at {lon}E {lat}N.")
NO_DISTRICT = Text("区（市）界之外的海域或未知区域", "waters or places beyond the districts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """A jurisdiction in outline, on its plane in metres.

    Attributes:
        districts: Name and shape of each district.
        units: One shape for the units of each class.
    """

    districts: tuple[tuple[str, BaseGeometry], ...]
    units: tuple[tuple[ZoneClass, BaseGeometry], ...]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of everything in it; NaN where there is nothing."""
        shapes = [shape for _, shape in self.districts] + [shape for _, shape in self.units]
        west, south, east, north = shapely.total_bounds(shapes)
        return float(west), float(south), float(east), float(north)


def location_map(verdict: Verdict, outlines: Outlines, language: Language) -> str:
    """The map as SVG text, 640 units wide, without style sheet, script or anything from outside.

    Args:
        verdict: Of a site in this jurisdiction.
        outlines: With at least one district or unit.
        language: Of legend and notes.
    """
    return _Location(verdict.evidence, outlines, language).svg()


class _Location:
    def __init__(self, evidence: Evidence, outlines: Outlines, language: Language) -> None:
        self.evidence, self.outlines, self.language = evidence, outlines, language
        self.site = evidence.site_shape
        west, south, east, north = shapely.total_bounds([shapely.box(*outlines.bounds), self.site])
        room = AROUND * max(east - west, north - south)
        west, south, east, north = west - room, south - room, east + room, north + room
        inside = WIDTH - 2 * MARGIN
        self.pixels = min(inside / (east - west), LARGEST_HEIGHT / (north - south))
        self.height = round((north - south) * self.pixels, 1)
        self.west, self.north = (west + east - inside / self.pixels) / 2, north
        self.width_m = inside / self.pixels

    def svg(self) -> str:
        below = list(self.below())
        height = TOP + self.height + 40 + 22 * len(below)
        city = self.evidence.release.jurisdiction
        frame = f'<rect x="{MARGIN}" y="{TOP}" width="{WIDTH - 2 * MARGIN}" height="{self.height}"'
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
                f'aria-labelledby="place-name place-words" font-family="sans-serif" fill="#000">',
                f'<title id="place-name">{escape(self.say(TITLE.filled(city=city)))}</title>',
                f'<desc id="place-words">{escape(self.told())}</desc>',
                f'<defs><clipPath id="place-frame">{frame}/></clipPath>{"".join(self.patterns())}</defs>',
                f'<rect width="{WIDTH}" height="{height:g}" fill="#fff"/>',
                f'<g clip-path="url(#place-frame)">{"".join(self.units())}{"".join(self.districts())}{self.marker()}</g>',
                f'{frame} fill="none" stroke="#000"/>',
                *self.frame_corners(),
                scale_bar(
                    MARGIN + 12,
                    TOP + self.height - 14,
                    longest_m=self.width_m / 4,
                    pixels=self.pixels,
                    size=SMALL,
                ),
                north_arrow(WIDTH - MARGIN - 40, TOP + 14, self.say(GRID_NORTH), size=SMALL),
                *(f'<g transform="translate(0 {TOP + self.height + 40 + 22 * row:g})">{one}</g>' for row, one in enumerate(below)),
                "</svg>",
            ]
        )  # fmt: skip

    def say(self, text: Text) -> str:
        return text.in_(self.language)

    def place(self, x_m: float, y_m: float) -> tuple[float, float]:
        return round(MARGIN + (x_m - self.west) * self.pixels, 1), round(TOP + (self.north - y_m) * self.pixels, 1)

    def patterns(self) -> Iterator[str]:
        for cls, pattern in UNIT_PATTERN.items():
            colour = UNIT_COLOUR[cls]
            yield (
                f'<pattern id="place-{pattern}" width="10" height="10" patternUnits="userSpaceOnUse">'
                f'<rect width="10" height="10" fill="{colour}" fill-opacity=".14"/>{PATTERNS[pattern].format(c=colour)}</pattern>'
            )

    def units(self) -> Iterator[str]:
        for cls, shape in self.outlines.units:
            path = path_of(shape, self.place)
            yield f'<path d="{path}" fill="url(#place-{UNIT_PATTERN[cls]})" fill-rule="evenodd" data-class="{int(cls)}"/>'

    def districts(self) -> Iterator[str]:
        for _, shape in self.outlines.districts:
            yield f'<path d="{path_of(shape, self.place)}" fill="none" stroke="#3a424a" stroke-width="1.2" data-district=""/>'
        for name, shape in self.outlines.districts:
            point = shapely.point_on_surface(shape)
            x, y = self.place(point.x, point.y)
            room = (shape.bounds[2] - shape.bounds[0]) * self.pixels
            if room > len(name) * SMALL:
                size = LARGEST_NAME if room > len(name) * LARGEST_NAME * 2 else SMALL
                words = words_at(x, y + 5, name, size=size, anchor="middle")
                yield f'<g stroke="#fff" stroke-width="4" stroke-linejoin="round" fill="#fff">{words}</g>{words}'

    def marker(self) -> str:
        """The site itself where it can be seen, and a ring with a cross around it, as it is small in a city."""
        path = path_of(self.site, self.place)
        x, y = self.place(self.site.centroid.x, self.site.centroid.y)
        return (
            f'<g data-site="marker"><path d="{path}" fill="#000"/>{_ring(x, y)}'
            f'<g stroke="#fff" stroke-width="4" stroke-linejoin="round" fill="#fff">{self.name(x, y)}</g>{self.name(x, y)}</g>'
        )

    def name(self, x: float, y: float) -> str:
        near_right = x > WIDTH - MARGIN - 70
        return words_at(x + (-18 if near_right else 18), y + 5, self.say(SITE), size=LARGEST_NAME, anchor="end" if near_right else "start")  # fmt: skip

    def frame_corners(self) -> Iterator[str]:
        right, bottom = WIDTH - MARGIN, TOP + self.height
        for x, y, down, anchor in (
            (MARGIN, TOP, -6, "start"),
            (right, TOP, -6, "end"),
            (MARGIN, bottom, 16, "start"),
            (right, bottom, 16, "end"),
        ):
            x_m, y_m = self.west + (x - MARGIN) / self.pixels, self.north - (y - TOP) / self.pixels
            point = self.evidence.plane.to_degrees(shapely.Point(x_m, y_m))
            yield words_at(x, y + down, f"{dms(point.x)}E {dms(point.y)}N", size=SMALL, anchor=anchor)

    def below(self) -> Iterator[str]:
        """Legend and notes, line by line."""
        symbols = [(f'<g transform="translate({MARGIN + 14} -5) scale(.7)">{_ring(0, 0)}</g>', self.say(SITE))]
        symbols += [
            (_box(f'fill="url(#place-{UNIT_PATTERN[cls]})" stroke="{UNIT_COLOUR[cls]}"'), self.say(ZONE_CLASS[cls]))
            for cls, _ in self.outlines.units
        ]
        symbols.append((f'<path d="M{MARGIN} -6h28" stroke="#3a424a" stroke-width="1.6"/>', self.say(DISTRICT)))
        step = (WIDTH - 2 * MARGIN) / 3
        for start in range(0, len(symbols), 3):
            yield "".join(
                f'<g transform="translate({step * place:g} 0)">{symbol}{words_at(MARGIN + 36, 0, words, size=LEGEND_SIZE)}</g>'
                for place, (symbol, words) in enumerate(symbols[start : start + 3])
            )
        release = self.evidence.release
        nature = f" · {self.say(NATURE[release.nature])}" if release.nature is Nature.DEMONSTRATION else ""
        for note in (self.say(SKETCH), f"{release.id}{nature}"):
            for line in lines_of(note, SMALL + 1, WIDTH - 2 * MARGIN):
                yield words_at(MARGIN, 0, line, size=SMALL + 1)

    def told(self) -> str:
        """The map in a sentence."""
        names = [name for name, shape in self.outlines.districts if shapely.intersects(shape, self.site)]
        centre = self.evidence.plane.to_degrees(self.site.centroid)
        joiner = "、" if self.language == "zh" else ", "
        districts = joiner.join(names) or self.say(NO_DISTRICT)
        return self.say(TOLD.filled(districts=districts, lon=dms(centre.x), lat=dms(centre.y)))


def _ring(x: float, y: float) -> str:
    """The mark of the site, white under black so that it stands out on any ground."""
    cross = f"M{x - 15:g} {y:g}H{x + 15:g}M{x:g} {y - 15:g}V{y + 15:g}"
    return (
        f'<g fill="none"><circle cx="{x:g}" cy="{y:g}" r="9" stroke="#fff" stroke-width="5.5"/>'
        f'<path d="{cross}" stroke="#fff" stroke-width="4.5"/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="9" stroke="#000" stroke-width="2.5"/><path d="{cross}" stroke="#000" stroke-width="1.8"/></g>'
    )


def _box(look: str) -> str:
    return f'<rect x="{MARGIN + 1}" y="-13" width="28" height="15" stroke-width="1.6" {look}/>'
