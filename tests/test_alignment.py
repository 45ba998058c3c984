"""Lines and points: where a centre line runs within zones, by stations, and which points lie where."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.facts import declared, fact_schema
from layers.industries import classification
from layers.snapshot import Snapshot
from screening.alignment import (
    Passage,
    alignment_length_m,
    alignment_parts,
    passages,
    placements,
    within,
)
from screening.coordinates import read_geojson, read_site
from screening.crs import Plane
from screening.errors import UnreadableSiteError
from screening.explain import Explanation, explain
from screening.model import Construction, Project, Site
from screening.readings import Declaration
from screening.record import as_record, canonical
from screening.stations import read_station, station_text
from screening.verdict import Verdict, screen
from tests.conftest import QUIET_FACTS
from tests.smallcity import AS_OF, NE, NW, SE, SW

PLANE = Plane(4549)
EAST_WEST = "LINESTRING (120.05 36.051, 120.15 36.051)"  # through SW and SE, 5 km in each
LAYER = "unit_land"


def places_of(told: Explanation) -> list[str]:
    return [row.value for entry in told.places for row in entry.rows]


def line(written: str, *, width_m: float = 20.0, start: str = "K0+000") -> Site:
    return read_site(written, plane=PLANE, declared=Declaration(width_m=width_m, start_m=read_station(start)))


def points(written: str, radius_m: float = 50.0) -> Site:
    return read_site(written, plane=PLANE, declared=Declaration(radius_m=radius_m))


def verdict_at(small: Snapshot, site: Site) -> Verdict:
    project = Project(
        name="",
        industries=(classification().find("I6511"),),
        construction=Construction.NEW,
        facts=declared(QUIET_FACTS),
    )
    return screen(project, site, small.gather(site, AS_OF), AS_OF)


def through(small: Snapshot, site: Site) -> dict[str, Passage]:
    found = passages(site, small.gather(site, AS_OF))
    return {one.contact.zone.code: one for one in found if one.contact.zone.layer_id == LAYER}


# -- stations ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "metres"),
    [
        ("K12+340", 12_340.0),
        ("k12+340.55", 12_340.55),
        ("Ｋ１２＋３４０", 12_340.0),
        ("12+340", 12_340.0),
        ("K0+000", 0.0),
        ("12340", 12_340.0),
        ("12340.5 m", 12_340.5),
        ("12340米", 12_340.0),
        (12_340, 12_340.0),
        (0.5, 0.5),
    ],
)
def test_a_station_is_read_as_engineers_write_it(written: str | float, metres: float) -> None:
    assert read_station(written) == metres


@pytest.mark.parametrize(
    "written", ["", "K12", "K12+3400", "K-1+000", "-5", "12,340", "nan", "inf", "1e9", "K99999+000"]
)
def test_what_is_no_station_is_refused(written: str) -> None:
    with pytest.raises(UnreadableSiteError) as caught:
        read_station(written)
    assert caught.value.field == "site.start_station"


@given(st.floats(min_value=0, max_value=9_999_999), st.integers(min_value=0, max_value=3))
def test_a_station_told_is_read_back(metres: float, digits: int) -> None:
    assert read_station(station_text(metres, digits)) == pytest.approx(metres, abs=0.5001 * 10.0**-digits)


# -- laws on the plane -------------------------------------------------------------------------------------------------

coordinate = st.integers(min_value=0, max_value=1000)
corner = st.tuples(coordinate, coordinate)
paths = st.lists(corner, min_size=2, max_size=8, unique=True).map(shapely.LineString)
# Zones lie on thirds, so that no side of a path runs along their border.
zones = st.tuples(corner, st.integers(min_value=50, max_value=900), st.integers(min_value=50, max_value=900)).map(
    lambda one: shapely.box(
        one[0][0] + 1 / 3, one[0][1] + 1 / 3, one[0][0] + one[1] + 1 / 3, one[0][1] + one[2] + 1 / 3
    )
)


def total(stretches: tuple[tuple[float, float], ...]) -> float:
    return sum(end - start for start, end in stretches)


def simple(path: BaseGeometry) -> bool:
    return bool(shapely.is_simple(path))


@settings(max_examples=200)
@given(paths.filter(simple), zones)
def test_stretches_add_up_to_the_length_within(path: BaseGeometry, zone: BaseGeometry) -> None:
    expected = shapely.intersection(path, zone).length
    assert total(within(path, zone)) == pytest.approx(expected, rel=1e-6, abs=0.004)


@settings(max_examples=200)
@given(paths, zones)
def test_a_line_walked_backwards_has_mirrored_stations(path: BaseGeometry, zone: BaseGeometry) -> None:
    ahead = within(path, zone)
    back = within(shapely.reverse(path), zone)
    mirrored = sorted((path.length - end, path.length - start) for start, end in back)
    assert len(ahead) == len(back)
    assert np.allclose(np.array(ahead).reshape(-1, 2), np.array(mirrored).reshape(-1, 2), atol=1e-6)


@settings(max_examples=200)
@given(paths, zones, st.floats(min_value=0.1, max_value=0.9), st.booleans())
def test_a_zone_cut_in_two_holds_the_same_line(
    path: BaseGeometry, zone: BaseGeometry, where: float, upright: bool
) -> None:
    west, south, east, north = zone.bounds
    x, y = math.floor(west + where * (east - west)) + 1 / 7, math.floor(south + where * (north - south)) + 1 / 7
    halves = (
        (shapely.box(west, south, x, north), shapely.box(x, south, east, north))
        if upright
        else (shapely.box(west, south, east, y), shapely.box(west, y, east, north))
    )
    whole = within(path, zone)
    parts = sorted(stretch for half in halves for stretch in within(path, half))
    joined: list[list[float]] = []
    for start, end in parts:
        if joined and start - joined[-1][1] <= 0.002:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    assert total(whole) == pytest.approx(sum(end - start for start, end in joined), abs=0.01)
    assert np.allclose(np.array(whole).reshape(-1, 2), np.array(joined).reshape(-1, 2), atol=0.003)


@given(st.permutations(["(0 0, 0.01 0)", "(0.01 0, 0.02 0.01)", "(0.05 0, 0.06 0)", "(0.02 0.01, 0.03 0)"]))
def test_the_order_of_parts_does_not_matter(parts: list[str]) -> None:
    found = alignment_parts(shapely.from_wkt(f"MULTILINESTRING ({', '.join(parts)})"))
    assert sorted(shapely.to_wkt(one) for one in found) == [
        "LINESTRING (0 0, 0.01 0, 0.02 0.01, 0.03 0)",
        "LINESTRING (0.05 0, 0.06 0)",
    ]


def test_a_zone_crossed_twice_has_two_stretches() -> None:
    zone = shapely.Polygon([(0, 0), (0, 10), (4, 10), (4, 5), (6, 5), (6, 10), (10, 10), (10, 0)])
    path = shapely.LineString([(-10, 8), (20, 8)])
    assert within(path, zone) == ((10.0, 14.0), (16.0, 20.0))


def test_along_a_border_or_within_a_thread_is_no_crossing() -> None:
    zone = shapely.box(0, 0, 100, 10)
    assert within(shapely.LineString([(-5, 10), (105, 10)]), zone) == ()
    assert within(shapely.LineString([(-5, 9.9995), (105, 9.9995)]), zone) == ()
    assert total(within(shapely.LineString([(-5, 9.9), (105, 9.9)]), zone)) == pytest.approx(100)
    bent = within(shapely.LineString([(20, 10), (60, 10), (60, 5), (80, 5)]), zone)
    assert np.allclose(bent, [(40.0, 65.0)])


def test_a_line_along_a_border_that_bends_away_counts_from_the_bend() -> None:
    zone = shapely.Polygon([(0, 0), (0, 10), (50, 10), (100, 30), (100, 0)])
    assert np.allclose(within(shapely.LineString([(0, 10), (100, 10)]), zone), [(50.0, 100.0)])


def test_a_line_that_doubles_back_has_stations_for_both_ways() -> None:
    path = shapely.LineString([(0, 5), (100, 5), (0, 5)])
    assert within(path, shapely.box(20, 0, 40, 10)) == ((20.0, 40.0), (160.0, 180.0))


# -- on a city ---------------------------------------------------------------------------------------------------------


def test_a_road_is_told_by_stations(small: Snapshot) -> None:
    site = line(EAST_WEST, start="K12+340")
    length = alignment_length_m(site, PLANE)
    found = through(small, site)
    assert set(found) == {SW, SE}
    (west,), (east,) = found[SW].crossings, found[SE].crossings
    assert west.from_m == pytest.approx(12_340)
    assert west.to_m == pytest.approx(east.from_m, abs=0.01)
    assert east.to_m == pytest.approx(12_340 + length)
    assert west.leaves == pytest.approx((120.1, 36.051), abs=1e-6)
    assert found[SW].share + found[SE].share == pytest.approx(1)
    told = explain(verdict_at(small, site), fact_schema(), "zh")
    assert any(row.label == "线路或点位" and "K12+340–K21+" in row.value for row in told.summary)
    middle = station_text(west.to_m)
    assert any(f"K12+340–{middle}" in place and "50.0%" in place and SW in place for place in places_of(told))
    rows = [row.value for entry in told.concerned for row in entry.rows if row.label == "在区内的位置"]
    assert any(middle in row for row in rows)


def test_the_land_beside_a_line_counts_and_is_said(small: Snapshot) -> None:
    site = line("LINESTRING (120.02 36.09995, 120.08 36.09995)", width_m=40)
    found = through(small, site)
    assert set(found) == {SW, NW}
    assert (found[NW].length_m, found[NW].crossings) == (0.0, ())
    assert found[NW].contact.measure.area_m2 > 10_000
    for language, said in (("zh", "中心线未进入该区"), ("en", "does not enter (0 m within)")):
        told = explain(verdict_at(small, site), fact_schema(), language)  # type: ignore[arg-type]
        assert any(NW in place and said in place for place in places_of(told))


def test_a_line_on_a_border_crosses_neither_side_and_its_land_counts_in_both(small: Snapshot) -> None:
    site = line("LINESTRING (120.1 36.02, 120.1 36.08)")
    found = through(small, site)
    assert [found[code].length_m for code in (SW, SE)] == [0.0, 0.0]
    assert all(found[code].contact.measure.area_m2 > 0 for code in (SW, SE))


def test_parts_have_stations_of_their_own(small: Snapshot) -> None:
    text = "MULTILINESTRING ((120.05 36.05, 120.08 36.05), (120.12 36.05, 120.15 36.05))"
    site = line(text, start="K5+000")
    found = through(small, site)
    starts = [(one.part, one.from_m) for one in (*found[SW].crossings, *found[SE].crossings)]
    assert np.allclose(starts, [(1, 5000), (2, 5000)])
    told = explain(verdict_at(small, site), fact_schema(), "zh")
    assert any("第 2 段 K5+000" in place for place in places_of(told))


def test_the_record_holds_centre_line_and_crossings(small: Snapshot) -> None:
    record = as_record(verdict_at(small, line(EAST_WEST, start="K12+340")))
    assert record["site"]["alignment"]["type"] == "LineString"
    assert (record["site"]["width_m"], record["site"]["start_m"]) == (20.0, 12_340.0)
    first = next(one for one in record["passages"] if one["zone"] == f"{LAYER}:{SW}")
    assert first["crossings"][0]["from"] == "K12+340.00"
    assert first["length_m"] == pytest.approx(first["crossings"][0]["to_m"] - first["crossings"][0]["from_m"], abs=0.02)
    canonical(record)


def test_a_site_of_another_kind_is_recorded_as_before(small: Snapshot) -> None:
    record = as_record(verdict_at(small, read_site("120.15,36.08", plane=PLANE)))
    assert not {"passages", "placements", "stated"} & set(record)
    assert not {"alignment", "points"} & set(record["site"])


def test_the_declared_start_moves_every_station_and_nothing_else(small: Snapshot) -> None:
    near, far = through(small, line(EAST_WEST)), through(small, line(EAST_WEST, start="K100+000"))
    for code in (SW, SE):
        before = [(one.from_m + 1e5, one.to_m + 1e5) for one in near[code].crossings]
        assert np.allclose([(one.from_m, one.to_m) for one in far[code].crossings], before)
        assert far[code].length_m == near[code].length_m


@pytest.mark.parametrize("width", [None, 0.0])
def test_a_line_without_a_width_is_asked_for_it(width: float | None) -> None:
    """Without width it takes no land, and what takes no land would be clear of every zone it merely crosses."""
    with pytest.raises(UnreadableSiteError) as caught:
        read_site(EAST_WEST, plane=PLANE, declared=Declaration(width_m=width))
    assert "宽度" in caught.value.why.zh


# -- points ------------------------------------------------------------------------------------------------------------

OUTFALLS = "一号站：120.05,36.05\n二号站：120.0998,36.05\n三号站：120.15,36.15"


def test_points_are_told_by_name_and_zone(small: Snapshot) -> None:
    site = points(OUTFALLS)
    assert [one.name for one in site.points] == ["一号站", "二号站", "三号站"]
    assert site.geometry.geom_type == "MultiPolygon"
    found = {one.contact.zone.code: one for one in placements(site, small.gather(site, AS_OF))}
    assert [one.name for one in found[SW].inside] == ["一号站", "二号站"]
    assert [one.name for one in found[NE].inside] == ["三号站"]
    assert found[SE].inside == ()
    ((near, away),) = found[SE].reaching
    assert near.name == "二号站"
    assert away == pytest.approx(18.0, abs=0.1)
    told = explain(verdict_at(small, site), fact_schema(), "zh")
    assert any(SE in place and "二号站 相距 18.0 m" in place for place in places_of(told))
    assert any(SW in place and "2 个点位在区内：一号站、二号站" in place for place in places_of(told))


def test_a_circle_holds_everything_within_its_radius() -> None:
    site = points("120.05,36.05", radius_m=1000)
    centre = shapely.Point(*shapely.get_coordinates(PLANE.from_degrees(shapely.Point(120.05, 36.05)))[0])
    edge = PLANE.from_degrees(site.geometry).exterior
    assert 999.99 <= centre.distance(edge) <= 1000.5
    assert max(centre.distance(shapely.Point(one)) for one in edge.coords) <= 1001


@pytest.mark.parametrize(
    "written",
    [
        "120.05,36.05\n120.06,36.06\n120.07,36.05\n120.08,36.08",
        "1#,120.05,36.05\n2#,120.06,36.06\n3#,120.07,36.05\n4#,120.08,36.08",
        "MULTIPOINT (120.05 36.05, 120.06 36.06, 120.07 36.05, 120.08 36.08)",
        "120.05,36.05\n\n120.06,36.06\n\n120.07,36.05\n\n120.08,36.08",
    ],
)
def test_with_a_radius_rows_are_points_and_not_corners(written: str) -> None:
    site = points(written)
    assert [(one.longitude, one.latitude) for one in site.points][2:] == [(120.07, 36.05), (120.08, 36.08)]
    assert shapely.get_num_geometries(site.geometry) == 4


def test_several_points_without_a_radius_are_asked_for_it() -> None:
    with pytest.raises(UnreadableSiteError) as caught:
        read_site("MULTIPOINT (120.05 36.05, 120.06 36.06)", plane=PLANE)
    assert "半径" in caught.value.why.zh
    with pytest.raises(UnreadableSiteError):
        read_site(OUTFALLS, plane=PLANE)


def test_points_of_a_collection_keep_their_names() -> None:
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Point", "coordinates": [lon, 36.05]}}
        for name, lon in (("1#", 120.05), ("2#", 120.06))
    ]
    content = {"type": "FeatureCollection", "features": features}
    site = read_geojson(content, plane=PLANE, declared=Declaration(radius_m=10))
    assert [one.name for one in site.points] == ["1#", "2#"]


def test_one_point_without_a_radius_stays_a_point() -> None:
    site = read_site("120.05,36.05", plane=PLANE)
    assert (site.geometry.geom_type, site.points, site.radius_m) == ("Point", (), None)
