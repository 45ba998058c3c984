"""Lines, points, remarks on sites and what is declared of them, exactly at the limits, in a flat city in metres."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from layers.facts import particular_schema
from layers.units import unit_table
from screening import site_checks
from screening.access import Position
from screening.alignment import Crossing, Placement, passages, placements, within
from screening.alignment_words import MOST_TOLD, told_layout, told_places
from screening.alignment_words import _placement as placement_words
from screening.alignment_words import _stretch as stretch_words
from screening.declarations import read_declarations
from screening.errors import UnknownFactError, UnreadableSiteError
from screening.evidence import Contact, Evidence
from screening.model import Fact, FactValue, NamedPoint, Project, Site
from screening.overlay import THREAD_WIDTH_M
from screening.particulars import SHARE_LABEL, particular_rows
from screening.particulars import remarks as project_remarks
from screening.site_checks import Weight, check_site, crossings, stated_area, stated_length
from screening.stations import read_station
from screening.whereabouts import contact_words, part_of_site
from screening.words import same
from tests.randomcity import JURISDICTION
from tests.test_core_reach import clause, evidence, park

FLAT = JURISDICTION.plane
WIDE = (-1e6, -1e6, 1e6, 1e6)
NEAR_PARK = clause(park(Position.NEAR, 30.0))
PARK_WEST, PARK_SOUTH, PARK_EAST, PARK_NORTH = 60.0, 40.0, 65.0, 60.0


def site_of(shape: BaseGeometry, **more: Any) -> Site:
    return Site(name="", geometry=shape, as_written="", read_as=same(""), **more)


def road(*points: tuple[float, float], width_m: float = 4.0, start_m: float = 0.0) -> Site:
    line = shapely.LineString(points)
    land = shapely.buffer(line, width_m / 2, cap_style="flat")
    return site_of(land, alignment=line, width_m=width_m, start_m=start_m)


def wells(*places: tuple[float, float], radius_m: float) -> Site:
    points = tuple(NamedPoint(name=f"W{at}", longitude=x, latitude=y) for at, (x, y) in enumerate(places, start=1))
    return site_of(shapely.buffer(shapely.MultiPoint(places), radius_m), points=points, radius_m=radius_m)


def around(shape: BaseGeometry, **more: Any) -> Evidence:
    return evidence(NEAR_PARK, shape, **more)


def of_park(found: Evidence) -> Contact:
    (contact,) = found.of_layer("park")
    return contact


# -- along a line ------------------------------------------------------------------------------------------------------


def test_a_gap_of_exactly_a_thread_is_bridged() -> None:
    line, thread = shapely.LineString([(0, 0), (10, 0)]), THREAD_WIDTH_M
    near, far = (
        shapely.MultiPolygon([shapely.box(-1, -1, thread, 1), shapely.box(start, -1, 20, 1)])
        for start in (2 * thread, 3 * thread)
    )
    assert within(line, near, 0.0) == ((0.0, 10.0),)
    assert len(within(line, far, 0.0)) == 2


def test_a_piece_whose_middle_is_exactly_a_thread_from_the_border_runs_along_it() -> None:
    zone = shapely.box(0, 0, 100, 100)
    assert within(shapely.LineString([(0.25, -10), (0.25, 20)]), zone, 0.25) == ()
    assert within(shapely.LineString([(0.5, -10), (0.5, 20)]), zone, 0.25) == ((10.0, 30.0),)


def test_a_line_without_length_runs_through_nothing() -> None:
    nowhere = shapely.LineString([(62, 50), (62, 50)])
    assert within(nowhere, shapely.box(60, 40, 65, 60)) == ()
    site = site_of(shapely.box(60, 48, 64, 52), alignment=nowhere, width_m=4.0)
    found = passages(site, around(site.geometry))
    assert found
    assert {(one.length_m, one.share) for one in found} == {(0.0, 0.0)}


def test_zones_that_only_the_land_beside_a_line_reaches_come_last() -> None:
    site = road((10, 39), (80, 39))  # one metre south of the park, two metres to each side
    codes = [one.contact.zone.layer_id for one in passages(site, around(site.geometry))]
    assert codes[-1] == "park"
    assert len(codes) > 1


def test_a_point_exactly_as_far_as_its_radius_does_not_reach() -> None:
    site = wells((50.0, 50.0), radius_m=10.5)
    found = around(site.geometry)
    (reaching,) = (one.reaching for one in placements(site, found) if one.contact.zone.layer_id == "park")
    away = reaching[0][1]
    assert [point.name for point, _ in reaching] == ["W1"]
    exactly = placements(replace(site, radius_m=away), found)
    assert [one.reaching for one in exactly if one.contact.zone.layer_id == "park"] == [()]


def test_stretches_and_lengths_are_told_to_the_centimetre_below_ten_metres() -> None:
    def told(length_m: float) -> str:
        ends = {"enters": (0.0, 0.0), "leaves": (0.0, 0.0)}
        return stretch_words(Crossing(part=1, from_m=0.0, to_m=length_m, **ends), several=False).zh

    assert told(10.0) == "K0+000–K0+010"
    assert told(9.99) == "K0+000.00–K0+009.99"
    for length_m, said in ((10.0, "10 m"), (9.99, "9.99 m")):
        site = road((0, 0), (length_m, 0))
        layout = told_layout(site, around(site.geometry))
        assert layout is not None
        assert layout.zh.startswith(f"中心线 {said}")


def test_a_line_of_one_part_and_points_are_told_and_an_area_is_not() -> None:
    line, points, area = road((10, 50), (80, 50)), wells((50, 50), radius_m=10.5), site_of(shapely.box(0, 0, 9, 9))
    told = [told_layout(one, around(one.geometry)) for one in (line, points, area)]
    assert [one.zh if one else None for one in told] == [
        "中心线 70 m（K0+000–K0+070），宽 4 m",
        "1 个点位，半径 10.5 m",
        None,
    ]
    assert told_places(line, around(line.geometry))["park", "park-0"].zh == (
        "中心线在区内长 5.00 m（K0+050.00–K0+055.00），占全线 7.1%"
    )


@pytest.mark.parametrize(("count", "more"), [(MOST_TOLD, ""), (MOST_TOLD + 1, "等另 1 处")])
def test_as_many_points_as_are_told_leave_no_rest(count: int, more: str) -> None:
    site = wells(*((61.0, 41.0 + at / 10) for at in range(count)), radius_m=1.0)
    contact = of_park(around(site.geometry))
    told = placement_words(Placement(contact=contact, inside=site.points, reaching=()))
    assert told.zh.endswith(f"W{MOST_TOLD}{more}")


def test_the_farthest_station_is_a_station() -> None:
    assert read_station("K10000+000") == 10_000_000.0
    with pytest.raises(UnreadableSiteError):
        read_station("K10000+000.1")


# -- what is odd about a site ------------------------------------------------------------------------------------------

SITE = shapely.box(0, 0, 100, 100)
BOW = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])


def said(shape: BaseGeometry, **more: Any) -> list[str]:
    return [one.message.zh for one in check_site(shape, plane=FLAT, **{"extent": WIDE, **more})]


def test_corners_on_the_edge_of_the_jurisdiction_are_inside() -> None:
    assert said(SITE, extent=SITE.bounds) == []
    assert said(SITE, extent=(1, 1, 99, 99)) == ["所有点都在辖区范围之外"]


def test_crossings_are_sought_up_to_so_many_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_checks, "MOST_SIDES", 4)
    assert crossings(BOW).tolist() == [[50.0, 50.0]]
    monkeypatch.setattr(site_checks, "MOST_SIDES", 3)
    assert crossings(BOW).shape == (0, 2)


def test_what_has_no_sides_has_no_crossings() -> None:
    assert crossings(shapely.Point(1, 2)).shape == (0, 2)


def test_an_area_exactly_at_a_limit_is_neither_tiny_nor_huge(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TINY_M2", "HUGE_M2"):
        monkeypatch.setattr(site_checks, name, SITE.area)
    assert said(SITE) == []
    assert said(shapely.box(0, 0, 100, 99)) == ["面积只有 9900.00 m²，请核对单位"]
    assert len(said(shapely.box(0, 0, 100, 101))) == 1


@pytest.mark.parametrize(("gap_m", "is_told"), [(5_000.0, False), (5_000.5, True)])
def test_parts_may_lie_exactly_so_far_apart(gap_m: float, is_told: bool) -> None:
    two = shapely.MultiPolygon([SITE, shapely.box(100 + gap_m, 0, 150 + gap_m, 50)])
    assert any("距主体" in one for one in said(two)) is is_told


@pytest.mark.parametrize(("step_m", "count"), [(0.001, 0), (0.0005, 1)])
def test_points_exactly_so_near_do_not_coincide(step_m: float, count: int) -> None:
    line = shapely.LineString([(0, 0), (step_m, 0), (10, 0)])
    assert said(line) == ["相邻两点重合"] * count


def test_a_stated_figure_may_differ_by_exactly_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stated_length(64.0, 64.0 + 8.0, 4.0) is None
    assert stated_length(64.0, 64.0 + 8.5, 4.0) is not None
    monkeypatch.setattr(site_checks, "AREA_LEAST_M2", 512.0)
    assert list(stated_area(SITE, FLAT, 10_512.0, None)) == []
    assert len(list(stated_area(SITE, FLAT, 10_512.5, None))) == 1


def test_a_confused_unit_is_named_up_to_exactly_its_tolerance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_checks, "_UNIT_SHARE", 0.25)
    for stated_m2, is_named in ((1.25, True), (1.0, True), (0.8, True), (1.5, False)):
        (remark,) = stated_area(SITE, FLAT, stated_m2, None)
        assert ("平方米写成了公顷" in remark.message.zh) is is_named, stated_m2


def test_coordinates_are_coarse_just_beyond_the_limit() -> None:
    assert said(SITE, accuracy_m=50.0) == []
    assert len(said(SITE, accuracy_m=50.5)) == 1


# -- where a zone lies -------------------------------------------------------------------------------------------------


def test_a_third_of_the_way_out_is_still_the_middle() -> None:
    site = shapely.box(0, 0, 12, 12)
    for middle, said_zh in ((7.75, "中部"), (8.25, "东北角"), (4.25, "中部"), (3.75, "西南角")):
        part = shapely.box(middle - 1, middle - 1, middle + 1, middle + 1)
        assert part_of_site(site, part, 0.1).zh == said_zh, middle


@pytest.mark.parametrize(
    ("shape", "layer_m", "words"),
    [
        (shapely.box(30, 40, 50, 60), 3.0, "相距 10.0 m"),
        (shapely.box(30, 40, 60, 60), 0.0, "相邻，不重叠"),
        (shapely.Point(62, 50), 0.0, "点位在区内"),
        (shapely.box(50, 40, 63, 60), 0.0, "东侧"),
        (shapely.box(30, 40, 60, 60), 3.0, "±3 m"),
        (shapely.Point(62, 50), 30.0, "±30 m"),
        (shapely.box(50, 40, 61, 60), 3.0, "±3 m"),
    ],
    ids=["apart", "touches", "point", "overlaps", "beside", "point within accuracy", "borderline"],
)
def test_how_a_site_lies_to_a_zone_is_told(shape: BaseGeometry, layer_m: float, words: str) -> None:
    found = around(shape, layer=layer_m)
    told = contact_words(of_park(found), found, "zh")
    assert words in told
    assert ("±" in told) is ("±" in words)


def test_a_borderline_overlap_has_an_interval_and_a_point_has_none() -> None:
    area, point = around(shapely.box(50, 40, 61, 60)), around(shapely.Point(62, 50), layer=30.0)
    told, of_point = (contact_words(of_park(one), one, "zh") for one in (area, point))
    assert "0.0 m²" in told
    assert "m²" not in of_point
    beside = around(shapely.box(30, 40, 60, 60))
    assert contact_words(of_park(beside), beside, "zh") != told


# -- what is declared --------------------------------------------------------------------------------------------------


def fact(kind: str, **more: Any) -> Fact:
    return Fact(
        name="it", label=same("it"), kind=kind, unit=more.pop("unit", ""), help=same(""), group=same(""), **more
    )


def read(one: Fact, value: object) -> FactValue:
    return read_declarations({"it": value}, {"it": one}, unit_table()).values["it"]


def refused(one: Fact, value: object) -> str:
    with pytest.raises(UnknownFactError) as caught:
        read(one, value)
    return f"{caught.value.why.zh}{caught.value.cure.zh}"


def test_a_text_may_be_as_long_as_allowed_and_hold_any_mark_that_shows() -> None:
    short = fact("text", max_length=4)
    assert read(short, "四个汉字") == "四个汉字"
    assert "最多 4 个字" in refused(short, "五个汉字吗")
    assert read(fact("text"), "一\n二\t三") == "一\n二\t三"
    assert "不可显示" in refused(fact("text"), "一\x07二")


def test_a_unit_may_be_forty_characters_long_and_then_fails_for_what_it_is() -> None:
    water = fact("number", unit="m³/a")
    assert "不能换算" in refused(water, {"value": 1, "unit": "x" * 40})
    assert "应为一个数值" in refused(water, {"value": 1, "unit": "x" * 41})


@pytest.mark.parametrize("written", [10**18, -(10**18), 1e18, "1000000000000000000"])
def test_numbers_end_below_a_million_million_million(written: object) -> None:
    assert "应在 … – … 之间" in refused(fact("number"), written)
    assert read(fact("number"), 10**18 - 1024) == float(10**18 - 1024)


def test_bounds_belong_to_what_they_bound() -> None:
    bounded = fact("number", minimum=1.0, maximum=2.0)
    assert [read(bounded, value) for value in (1, 2, "2")] == [1.0, 2.0, 2.0]
    assert "应在 1 – 2 之间" in refused(bounded, 2.5)
    assert "应在 1 – 2 之间" in refused(bounded, 0.5)


def project(**declared: FactValue) -> Project:
    return Project(name="", industries=(), construction=None, facts={}, particulars=declared)


def told(site: Site, as_of: date = date(2026, 11, 21), **declared: FactValue) -> dict[str, str]:
    found = project_remarks(project(**declared), site, around(site.geometry), as_of)
    return {one.name: one.message.zh for one in found}


def test_a_stated_extent_is_compared_with_what_the_site_has() -> None:
    area, point, line = site_of(SITE), site_of(shapely.Point(50, 50)), road((10, 50), (80, 50))
    assert told(area) == {}
    assert told(area, site_area_m2=10_000.0) == {}
    assert "写明 20,000.0 m²" in told(area, site_area_m2=20_000.0)["site_area_m2"]
    assert told(point) == {}
    assert "选址只有一个点" in told(point, site_area_m2=20_000.0)["site_area_m2"]
    assert told(line, length_km=0.07) == {}
    assert "写明 700.0 m" in told(line, length_km=0.7)["length_km"]
    assert told(line) == {}
    assert "不是按线给出" in told(area, length_km=0.7)["length_km"]


def test_work_that_begins_after_the_day_asked_for_is_a_contradiction_and_on_it_is_none() -> None:
    site, day = site_of(SITE), date(2026, 11, 21)
    begun: dict[str, FactValue] = {"has_begun": True, "begun_explanation": "已补办"}
    assert "begun_on" not in told(site, day, **begun, begun_on="2026-11-21")
    assert "晚于研判基准日" in told(site, day, **begun, begun_on="2026-11-22")["begun_on"]


def test_the_environmental_share_is_told_once_beside_its_investment() -> None:
    schema = particular_schema()
    both = project(total_investment=1000.0, environmental_investment=50.0)
    assert [value.zh for label, value in particular_rows(both, schema) if label == SHARE_LABEL] == ["5.00%"]
    labels = [label for label, _ in particular_rows(both, schema)]
    assert labels.index(SHARE_LABEL) == labels.index(schema["environmental_investment"].label) + 1
    for alone in (project(total_investment=1000.0), project(environmental_investment=50.0)):
        assert SHARE_LABEL not in [label for label, _ in particular_rows(alone, schema)]


def test_remarks_are_ordered_by_weight() -> None:
    found = check_site(BOW, plane=FLAT, extent=(-1.0, -1.0, 99.0, 101.0), accuracy_m=60.0)
    order = list(Weight)
    weights = [order.index(one.severity) for one in found]
    assert weights == sorted(weights)
    assert len(set(weights)) > 1
