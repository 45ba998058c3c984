"""Coordinates as people write them: read within the precision of the writing, or asked about, never guessed."""

from __future__ import annotations

import time
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from layers.map_providers import map_providers
from screening.coordinates import read_geojson, read_site, understand
from screening.crs import Plane
from screening.datums import CONVERSION_ERROR_M, Datum, to_bd09, to_gcj02
from screening.errors import (
    AmbiguousSiteError,
    SiteOutsideError,
    ThreeLinesError,
    UnconfirmedDatumError,
    UnreadableSiteError,
)
from screening.readings import Declaration
from screening.understood import Understood

EXTENT = (119.3, 35.1, 121.9, 37.3)
PLANE = Plane(4549)
METRES = 111_320.0
CORPUS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "golden/coordinates.toml").read_text("utf-8"))[
    "form"
]


def understood(text: str, **declared: Any) -> tuple[Understood, ...]:
    stated = Declaration(
        datum=Datum(declared["datum"]) if "datum" in declared else None, width_m=declared.get("width_m")
    )
    return understand(text, plane=PLANE, extent=EXTENT, declared=stated, providers=map_providers())


def answer_code(text: str, **declared: Any) -> str:
    """What a text is answered with: the code of its question or error, or `read`."""
    try:
        found = understood(text, **declared)
    except ThreeLinesError as problem:
        return problem.code
    questions = [one.question for one in found if one.question is not None]
    return questions[0].code if questions else "read"


def corners(one: Understood) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    assert one.taken is not None, one.question
    shape = one.taken.geometry
    points: np.ndarray[tuple[int, int], np.dtype[np.float64]] = shapely.get_coordinates(shape)
    return points[:-1] if shape.geom_type == "Polygon" else points


def test_the_corpus_is_large_and_repeats_nothing() -> None:
    texts = [(form["text"], str(form.get("declared"))) for form in CORPUS]
    assert len(texts) >= 120
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("form", CORPUS, ids=[form["text"][:60] for form in CORPUS])
def test_each_written_form_is_read_as_it_was_meant(form: dict[str, Any]) -> None:
    text, declared = form["text"], form.get("declared", {})
    if "code" in form:
        assert answer_code(text, **declared) == form["code"]
        return
    found = understood(text, **declared)
    if "names" in form:
        assert [one.name for one in found] == form["names"]
        assert [one.taken.geometry.geom_type for one in found if one.taken] == form["kinds"]
        return
    (one,) = found
    placed = corners(one)
    assert one.taken is not None
    assert one.taken.geometry.geom_type == form["kind"]
    if "lonlat" in form:
        assert np.abs(placed - form["lonlat"]).max() < 1e-6
    else:
        ahead = Transformer.from_crs(4490, form["gk"]["epsg"], always_xy=True)
        metres = np.column_stack(ahead.transform(placed[:, 0], placed[:, 1]))
        assert np.abs(metres - form["gk"]["points"]).max() < 1e-3
        assert one.taken.crs == form["gk"]["epsg"]
    if "accuracy_m" in form:
        assert one.taken.accuracy_m == pytest.approx(form["accuracy_m"], abs=0.0015)
    assert one.width_m == form.get("width_m")
    assert form.get("first", one.taken.axes) == one.taken.axes
    assert form.get("datum", one.taken.datum) == one.taken.datum
    site = one.site(plane=PLANE)
    assert (site.as_written, site.accuracy_m) == (text, one.taken.accuracy_m)
    assert site.read_as.zh
    assert site.read_as.en


# -- any point, in any form --------------------------------------------------------------------------------------------

lons = st.floats(119.31, 121.89)
lats = st.floats(35.11, 37.29)


def _dms(degrees: float, marks: str, places: int) -> str:
    seconds = round(degrees * 3600, places)
    whole, rest = divmod(seconds, 3600)
    minutes, rest = divmod(round(rest, places), 60)
    return marks.format(int(whole), int(minutes), f"{rest:.{places}f}")


def _dm(degrees: float, places: int) -> str:
    minutes = round(degrees * 60, places)
    return f"{int(minutes // 60)}°{minutes % 60:.{places}f}′"


ANGLES = ("{}°{}′{}″", "{}度{}分{}秒", "{} {} {}", "{}-{}-{}", "{}:{}:{}", "{}d{}m{}s")


@settings(deadline=None)
@given(lons, lats, st.integers(0, 7), st.booleans(), st.sampled_from([",", "，", " ", "\t", "；", "/"]))
def test_decimal_degrees_in_either_order_read_back(lon: float, lat: float, places: int, swap: bool, gap: str) -> None:
    one, two = f"{lon:.{places}f}", f"{lat:.{places}f}"
    _reads_back(f"{two}{gap}{one}" if swap else f"{one}{gap}{two}", lon, lat, METRES * 10.0**-places)


@settings(deadline=None)
@given(lons, lats, st.sampled_from(ANGLES), st.integers(0, 4), st.booleans(), st.sampled_from([", ", "，", "; ", "  "]))
def test_degrees_minutes_seconds_read_back(
    lon: float, lat: float, marks: str, places: int, swap: bool, gap: str
) -> None:
    one, two = _dms(lon, marks, places), _dms(lat, marks, places)
    _reads_back(f"{two}{gap}{one}" if swap else f"{one}{gap}{two}", lon, lat, METRES / 3600 * 10.0**-places)


@settings(deadline=None)
@given(lons, lats, st.integers(0, 5))
def test_degrees_and_decimal_minutes_read_back(lon: float, lat: float, places: int) -> None:
    _reads_back(f"E{_dm(lon, places)}，N{_dm(lat, places)}", lon, lat, METRES / 60 * 10.0**-places)


@settings(deadline=None)
@given(lons, lats, st.sampled_from([4528, 4549, 4498, 4509, 4529, 4550]), st.integers(0, 3), st.booleans())
def test_belt_metres_read_back_or_ask(lon: float, lat: float, epsg: int, places: int, swap: bool) -> None:
    meridian = {4528: 120, 4549: 120, 4498: 117, 4509: 117, 4529: 123, 4550: 123}[epsg]
    if abs(lon - meridian) > (3.0 if meridian == 117 else 1.5):
        return
    east, north = Transformer.from_crs(4490, epsg, always_xy=True).transform(lon, lat)
    one, two = f"{east:.{places}f}", f"{north:.{places}f}"
    _reads_back(f"{one} {two}" if swap else f"X={two} Y={one}", lon, lat, 10.0**-places)


def _reads_back(text: str, lon: float, lat: float, step_m: float) -> None:
    """One reading at the point, within its own accuracy of half a step; or a question that holds such a reading."""
    (one,) = understood(text)
    readings = [one.taken] if one.taken is not None else list(one.others)
    assert one.taken is not None or isinstance(one.question, AmbiguousSiteError | SiteOutsideError), text
    scale = METRES * np.array([np.cos(np.radians(lat)), 1.0])
    near = [
        reading
        for reading in readings
        if np.abs((shapely.get_coordinates(reading.geometry)[0] - (lon, lat)) * scale).max()
        <= reading.accuracy_m + 0.01
    ]
    assert near, text
    assert near[0].accuracy_m == pytest.approx(step_m / 2, abs=0.0015) or near[0].accuracy_m <= step_m / 2


@given(st.text(max_size=200))
@example("SRID=0;POINT(1 2)")
@example('{"type":"Feature"}')
@example('{"type":"Feature","geometry":null}')
@example('{"type":"Polygon","coordinates":[[[120,36],[1e999,3]]]}')
@example("[" * 5000)
@example('{"a":' * 5000)
@example("POINT(nan nan)")
@example("http://[::1")
@example("https://amap.com:99999999/?q=1.0,2.0")
@example("9" * 400 + "," + "9" * 400)
@example("120.38,36.07\n" * 3)
@settings(max_examples=600, deadline=None)
def test_no_text_crashes(text: str) -> None:
    _survives(text)


WORDS = (
    "120 36 120.38 36.07 3993000.1 40527014 527014 0 12 58.5 ° ′ ″ ' \" 度 分 秒 E N W S 东经 北纬 lon lat X= Y= , ， ; / | 、 - + . "
    "J1 1、 ① ( ) [ ] { } ： 宽30米 起点 终点 地块 CGCS2000 GCJ-02 40带 3度带 EPSG:4528 高德 POINT POLYGON(( )) "
    "https://uri.amap.com/marker?position="
)
PIECES = [*WORDS.split(), " ", "\t", "\n", "\n\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("120：120120120120lon12040527014[120120东经")
@settings(max_examples=600, deadline=None)
def test_no_heap_of_coordinate_pieces_crashes(text: str) -> None:
    _survives(text)


def _survives(text: str) -> None:
    """Read, asked or refused in our own words; whatever is taken can be made a site or is refused."""
    for extent in (EXTENT, None):
        with suppress(ThreeLinesError):
            for one in understand(text, plane=PLANE, extent=extent, providers=map_providers()):
                assert (one.taken is None) == (one.question is not None)
                with suppress(ThreeLinesError):
                    assert shapely.is_valid(one.site(plane=PLANE).geometry)


LONG = 12_000


LONG_PIECES = [
    ",",
    "9",
    "1,",
    ".",
    "-",
    "a.",
    "a-",
    "°",
    "1°",
    "1°1′",
    "(",
    "[",
    "{",
    "东",
    "经",
    "高斯",
    "宽",
    "点",
    "E",
    "1E",
    "https://",
    "http://a.com/?q=",
    "POINT",
    "POINT(",
    "地块",
    "A：",
    "：",
    "3°",
    "带",
]


@pytest.mark.parametrize(
    "piece", [*LONG_PIECES, " ", "\n", " \n", "\t(", "1 ", "J1 ", "高斯 ", "120.1,36.1\n", "120.1,36.1 "]
)
@pytest.mark.parametrize(
    "frame", ["{}", "120.38,36.07{}", "POINT(120 36){}", "POINT{}", "高斯{}x", "{}120.38,36.07", "地块{}°"]
)
def test_a_long_text_is_answered_soon(piece: str, frame: str) -> None:
    """No pattern may take time that grows with the square of what somebody pastes."""
    text = frame.format(piece * (LONG // len(piece)))
    began = time.process_time()
    with suppress(ThreeLinesError):
        understand(text, plane=PLANE, extent=EXTENT, providers=map_providers())
    assert time.process_time() - began < 3.0


@pytest.mark.parametrize(
    "text", ["[" + "9" * 5000 + "]", "POINT(1e-" + "9" * 5000 + " 36)", '{"a":' + "9" * 5000 + "}", "POINT(1e400 1)"]
)
def test_absurd_numbers_are_refused(text: str) -> None:
    assert answer_code(text) in ("unreadable-site", "site-outside-jurisdiction")


# -- questions and their answers ---------------------------------------------------------------------------------------


def test_a_shifted_datum_is_never_assumed_and_never_ignored() -> None:
    """The same numbers: asked about under a provider's name, converted once that is confirmed."""
    with pytest.raises(UnconfirmedDatumError) as caught:
        read_site("高德 120.385132,36.070275", plane=PLANE, extent=EXTENT, providers=map_providers())
    assert len(caught.value.candidates) == 2
    assert "高德" in caught.value.what.zh
    confirmed = read_site(
        "高德 120.385132,36.070275",
        plane=PLANE,
        extent=EXTENT,
        declared=Declaration(datum=Datum.GCJ02),
        providers=map_providers(),
    )
    assert confirmed.geometry.distance(shapely.Point(120.38, 36.07)) < 1e-6
    assert confirmed.accuracy_m == pytest.approx(0.056 + CONVERSION_ERROR_M[Datum.GCJ02], abs=0.001)


@settings(deadline=None)
@given(lons, lats, st.sampled_from([(Datum.GCJ02, to_gcj02), (Datum.BD09, to_bd09)]))
def test_declared_provider_coordinates_come_back_to_their_place(lon: float, lat: float, shift: Any) -> None:
    datum, move = shift
    (moved,) = move(np.array([[lon, lat]]))
    site = read_site(f"{moved[0]:.7f},{moved[1]:.7f}", plane=PLANE, extent=EXTENT, declared=Declaration(datum=datum))
    assert site.geometry.distance(shapely.Point(lon, lat)) * METRES < 0.1
    assert site.accuracy_m is not None
    assert site.accuracy_m >= CONVERSION_ERROR_M[datum]


def test_a_text_against_its_declaration_is_refused() -> None:
    with pytest.raises(UnreadableSiteError) as caught:
        understood("GCJ-02 120.38,36.07", datum="CGCS2000")
    assert "GCJ-02" in caught.value.why.en


def test_outside_says_what_comes_nearest() -> None:
    (one,) = understood("东经36.0700，北纬120.3828")
    assert isinstance(one.question, SiteOutsideError)
    assert "纬度在前" in one.question.candidates[0]
    assert one.others[0].inside
    (belt,) = understood("40带 3993000,41365000")
    assert any("EPSG:4529" in guess for guess in belt.question.candidates)  # type: ignore[union-attr]


def test_other_readings_are_listed_beside_the_one_taken() -> None:
    """An easting without its belt fits a neighbouring belt too, outside the jurisdiction."""
    (one,) = understood("3993000,527015")
    assert one.taken is not None
    assert {other.crs for other in one.others} >= {4548, 4550}
    assert not any(other.inside for other in one.others)


def test_a_wide_jurisdiction_asks_where_a_narrow_one_knows() -> None:
    """Without zone number the same metres lie in every belt of a province six degrees wide."""
    found = understand("3993000,527015", plane=PLANE, extent=(116.0, 35.0, 122.0, 38.0))
    assert isinstance(found[0].question, AmbiguousSiteError)
    assert len(found[0].others) == 2
    told = understand(
        "3993000,527015", plane=PLANE, extent=(116.0, 35.0, 122.0, 38.0), declared=Declaration(meridian=120)
    )
    assert told[0].taken is not None


def test_a_hole_and_a_second_part_are_told_apart() -> None:
    outer = "120.10,36.10\n120.20,36.10\n120.20,36.20\n120.10,36.20\n120.10,36.10\n"
    hole = "120.12,36.12\n120.14,36.12\n120.14,36.14\n120.12,36.12\n"
    part = "120.30,36.10\n120.32,36.10\n120.32,36.12\n120.30,36.10\n"
    assert len(read_site(outer + hole, plane=PLANE, extent=EXTENT).geometry.interiors) == 1
    assert read_site(outer + part, plane=PLANE, extent=EXTENT).geometry.geom_type == "MultiPolygon"


def test_geojson_keeps_its_fixed_order() -> None:
    """RFC 7946 puts longitude first; the other way round is a mistake to report, not a reading to take."""
    with pytest.raises((SiteOutsideError, UnreadableSiteError)):
        read_geojson({"type": "Point", "coordinates": [36.07, 120.38]}, plane=PLANE, extent=EXTENT)


def test_a_width_given_twice_is_the_callers() -> None:
    site = read_site("起点120.10,36.10 终点120.20,36.10", plane=PLANE, extent=EXTENT, width_m=20)
    assert PLANE.from_degrees(site.geometry).area == pytest.approx(20 * 9000, rel=0.01)
