"""区位图: the site in its city, drawn from outlines that are simplified once a release."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import shapely

from api.documents.fonts import shown
from layers.outlines import outlines
from layers.snapshot import Snapshot
from screening.location_map import TOP, WIDTH, location_map
from screening.model import ZoneClass
from screening.words import LANGUAGES, Language
from tests.conftest import ask
from tests.test_small_city import ACROSS_UNITS, OFFICE_SITE

SVG = "{http://www.w3.org/2000/svg}"


def drawn(snapshot: Snapshot, site: str, language: Language = "zh") -> ElementTree.Element:
    return ElementTree.fromstring(location_map(ask(snapshot, site), outlines(snapshot), language))


def said(drawing: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in drawing.iter(f"{SVG}text")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("site", [OFFICE_SITE, ACROSS_UNITS, "120.15,36.08", "120.01,36.01", "120.19,36.19"])
def test_the_site_is_marked_where_it_lies(small: Snapshot, site: str, language: Language) -> None:
    drawing = drawn(small, site, language)
    assert not {one.tag for one in drawing.iter()} & {f"{SVG}{name}" for name in ("script", "style", "image", "use")}
    (marker,) = [one for one in drawing.iter(f"{SVG}g") if one.get("data-site") == "marker"]
    centre = next(marker.iter(f"{SVG}circle"))
    x, y = float(centre.attrib["cx"]), float(centre.attrib["cy"])
    frame = [one for one in drawing if one.tag == f"{SVG}rect" and one.get("fill") == "none"]
    height = float(frame[0].attrib["height"])
    west, south, east, north = outlines(small).bounds
    shape = ask(small, site).evidence.site_shape.centroid
    across, down = (shape.x - west) / (east - west), (north - shape.y) / (north - south)
    assert x - WIDTH / 2 == pytest.approx((across - 0.5) * _pixels(drawing) * (east - west), abs=1)
    assert y - (TOP + height / 2) == pytest.approx((down - 0.5) * _pixels(drawing) * (north - south), abs=1)


def _pixels(drawing: ElementTree.Element) -> float:
    """Pixels to the metre, from the scale bar."""
    (bar,) = [one for one in drawing.iter(f"{SVG}g") if one.get("data-scale-m")]
    path = next(bar.iter(f"{SVG}path")).attrib["d"]
    begin, end = re.fullmatch(r"M([\d.]+) [\d.]+V[\d.]+H([\d.]+)V[\d.]+", path).groups()  # type: ignore[union-attr]
    return (float(end) - float(begin)) / float(bar.attrib["data-scale-m"])


def test_every_class_has_a_pattern_and_a_line_in_the_legend(small: Snapshot) -> None:
    drawing = drawn(small, OFFICE_SITE)
    classes = {one.attrib["data-class"] for one in drawing.iter(f"{SVG}path") if "data-class" in one.attrib}
    assert classes == {str(int(cls)) for cls in ZoneClass}
    assert {"优先保护", "重点管控", "一般管控", "选址", "区（市）界"} <= set(said(drawing))
    fills = {one.get("fill") for one in drawing.iter(f"{SVG}path") if "data-class" in one.attrib}
    assert len(fills) == 3


def test_districts_are_named_and_a_name_is_only_a_name(small: Snapshot) -> None:
    assert {"黄岛区", "胶州市"} <= set(said(drawn(small, OFFICE_SITE)))
    found = outlines(small)
    hostile = replace(found, districts=tuple(("<b>&区", shape) for _, shape in found.districts))
    drawing = ElementTree.fromstring(location_map(ask(small, OFFICE_SITE), hostile, "zh"))
    assert "<b>&区" in said(drawing)


def test_classes_keep_their_area_when_they_are_simplified(small: Snapshot) -> None:
    for cls, shape in outlines(small).units:
        units = [one for one in small.layers.values() if one.layer.role == "unit"]
        exact = shapely.union_all(
            [shape for one in units for zone, shape in zip(one.zones, one.shapes, strict=True) if zone.cls is cls]
        )
        assert shape.area == pytest.approx(exact.area, rel=0.01)


def test_outlines_are_made_once_for_a_release(small: Snapshot) -> None:
    assert outlines(small) is outlines(small)


def test_without_districts_the_outline_of_the_city_is_drawn(small: Snapshot) -> None:
    layers = {name: layer for name, layer in small.layers.items() if name != "district"}
    bare = replace(small, layers=layers, release=replace(small.release, id="without-districts"))
    drawing = ElementTree.fromstring(location_map(ask(small, OFFICE_SITE), outlines(bare), "en"))
    assert [one for one in drawing.iter(f"{SVG}path") if one.get("data-district") is not None]


@pytest.mark.parametrize(
    ("words", "printed"),
    [("CO₂ 排放", "CO2 排放"), ("工厂🏭", "工厂〓"), ("a\u202eb\u200d", "ab"), ("两\n行", "两\n行")],
)
def test_what_a_typeface_lacks_is_marked_or_put_plainly(words: str, printed: str) -> None:
    assert shown(words) == printed
