"""Written coordinates at the limits of what a number, a layout, a shape, a belt or a jurisdiction allows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from layers.map_providers import map_providers
from screening import belts, numerals
from screening.belts import Belt, belt_of
from screening.coordinates import read_geojson, read_site, understand
from screening.crs import Plane
from screening.datums import Datum, to_cgcs2000
from screening.errors import (
    UnconfirmedDatumError,
    UnreadableSiteError,
)
from screening.layouts import AxisOrder, tables
from screening.numerals import MOST_CHARACTERS, Axis, Number, Unit, angle, plain_marks, read_records, shortened
from screening.readings import Declaration, Draft, Extent, Reading, is_inside, readings
from screening.shapes import MOST_RINGS, Kind, area, structure
from screening.understood import NO_FORM, NO_WIDTH, Understood
from screening.words import same

PLANE = Plane(4549)
EXTENT = (119.3, 35.1, 121.9, 37.3)
UTM = Plane(32651)
SQUARE: Extent = (0.0, 0.0, 1.0, 1.0)
ROAD = {"type": "LineString", "coordinates": [[120.38, 36.07], [120.39, 36.08]]}
WELLS = {"type": "MultiPoint", "coordinates": [[120.38, 36.07], [120.39, 36.08]]}


def one_of(text: str, extent: Extent | None = EXTENT, **declared: Any) -> Understood:
    (found,) = understand(text, plane=PLANE, extent=extent, declared=Declaration(**declared), providers=map_providers())
    return found


def plain(value: float, *, step: float = 1.0, spaced: bool = True, axis: Axis | None = None) -> Number:
    return Number(value=value, step=step, whole=value == int(value), spaced=spaced, axis=axis)


def laid_out(text: str) -> list[list[list[float]]]:
    """The points of every layout of a text."""
    return [table.values.tolist() for table in tables(read_records(plain_marks(text)))]


def placed(
    east: float,
    north: float,
    *,
    unit: Unit | None = Unit.METRE,
    plane: Plane = PLANE,
    extent: Extent | None = EXTENT,
    **declared: Any,
) -> tuple[Reading, ...]:
    """The readings of one point, east first."""
    draft = Draft(
        values=np.array([[east, north]]),
        step=1.0,
        unit=unit,
        axes=AxisOrder.EAST_FIRST,
        form=same("point"),
        build=lambda points: shapely.Point(points[0]),
    )
    return readings([draft], plane=plane, extent=extent, declared=Declaration(**declared))


# -- widths and radii --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "stated"),
    [(ROAD, Declaration(width_m=0.0)), (WELLS, Declaration(radius_m=0.0))],
    ids=["width", "radius"],
)
def test_a_width_or_radius_of_nought_is_none(shape: dict[str, Any], stated: Declaration) -> None:
    with pytest.raises(UnreadableSiteError) as asked:
        read_geojson(shape, plane=PLANE, declared=stated)
    assert asked.value.why.zh in ("线状选址须给出宽度（米）", "多个点位须给出半径（米）")


def test_a_width_of_nought_in_the_text_is_asked_for_again() -> None:
    found = one_of("120.38,36.07; 120.39,36.08 线宽0米")
    assert found.taken is None
    assert found.question is not None
    assert found.question.why == NO_WIDTH


@pytest.mark.parametrize(
    ("stated", "without"),
    [({"width_m": 20.0}, {"width_m": 0.0}), ({"radius_m": 20.0}, {"radius_m": 0.0})],
    ids=["width", "radius"],
)
def test_a_width_or_radius_taken_away_later_makes_no_site(stated: dict[str, Any], without: dict[str, Any]) -> None:
    found = one_of("120.38,36.07;120.39,36.08", **stated)
    assert found.site(plane=PLANE).geometry.area > 0
    with pytest.raises(UnreadableSiteError):
        replace(found, **without).site(plane=PLANE)


def test_several_points_with_a_radius_of_nought_are_no_reading() -> None:
    found = one_of("MULTIPOINT (120.38 36.07, 120.39 36.08)", radius_m=0.0)
    assert found.taken is None
    assert len(found.others) == 1


def test_one_point_is_called_as_its_site_and_several_by_number() -> None:
    feature = {"type": "Feature", "properties": {"name": "一号井"}, "geometry": {"type": "Point"}}
    feature["geometry"] = {"type": "Point", "coordinates": [120.38, 36.07]}
    around = Declaration(radius_m=20.0)
    assert [one.name for one in read_geojson(feature, plane=PLANE, declared=around).points] == ["一号井"]
    feature["geometry"] = WELLS
    assert [one.name for one in read_geojson(feature, plane=PLANE, declared=around).points] == ["1", "2"]


def test_points_with_a_radius_keep_the_labels_written_beside_them() -> None:
    site = read_site("J1 120.38,36.07\nJ2 120.39,36.08", plane=PLANE, declared=Declaration(radius_m=20.0))
    assert [one.name for one in site.points] == ["J1", "J2"]


# -- a suspected datum -------------------------------------------------------------------------------------------------


def near(lon: float, lat: float) -> Extent:
    return lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001


def test_a_suspicion_is_asked_about_only_where_the_shifted_place_is_plausible() -> None:
    text, written = "高德 120.38,36.07", (120.38, 36.07)
    moved = to_cgcs2000(np.array([written]), Datum.GCJ02)[0]
    there = one_of(text, near(*moved.tolist()))
    assert isinstance(there.question, UnconfirmedDatumError)
    here = one_of(text, near(*written))
    assert here.question is None
    assert here.taken is not None
    assert here.taken.datum is Datum.CGCS2000


# -- names and what is told --------------------------------------------------------------------------------------------


def test_a_single_character_before_a_colon_is_no_name() -> None:
    assert one_of("甲：120.38,36.07").name == ""
    assert one_of("甲地：120.38,36.07").name == "甲地"


def test_a_datum_without_numbers_is_told_from_no_coordinates_at_all() -> None:
    for text, why in (("GCJ-02", "没有坐标数字"), ("你好", NO_FORM.zh)):
        with pytest.raises(UnreadableSiteError) as refused:
            one_of(text)
        assert refused.value.why.zh == why


def test_the_shape_is_told_of_lines_and_areas_and_not_of_a_point() -> None:
    point, area = one_of("120.38,36.07"), one_of("120.38,36.07;120.39,36.07;120.39,36.08")
    assert point.taken is not None
    assert area.taken is not None
    assert point.taken.read_as.zh.startswith("数字，经度在前")
    assert area.taken.read_as.zh.startswith("数字，3 个界址点围成的面，经度在前")


def test_the_question_shows_the_text_as_it_was_written() -> None:
    text = " 39000000.5 4000000.5 "
    found = one_of(text)
    assert found.question is not None
    assert found.as_written == text
    assert found.question.value == text


def test_conversion_and_datum_are_told() -> None:
    shifted, gps, own = (one_of("120.38,36.07", datum=one).taken for one in (Datum.GCJ02, Datum.WGS84, Datum.CGCS2000))
    assert shifted is not None
    assert gps is not None
    assert own is not None
    assert ["已换算" in one.read_as.zh for one in (shifted, gps, own)] == [True, False, False]
    assert [one.crs for one in (shifted, gps, own)] == [4490, 4326, 4490]


def test_the_order_of_metres_is_told() -> None:
    north, east = one_of("X=3993000.12 Y=527014.95").taken, one_of("527014.95 3993000.12").taken
    assert north is not None
    assert east is not None
    assert "纵坐标（北）在前" in north.read_as.zh
    assert "横坐标（东）在前" in east.read_as.zh


# -- the extent of a jurisdiction --------------------------------------------------------------------------------------


@pytest.mark.parametrize("edge", [(0.0, 0.5), (1.0, 0.5), (0.5, 0.0), (0.5, 1.0)])
def test_a_corner_on_the_edge_of_the_extent_is_inside(edge: tuple[float, float]) -> None:
    x, y = 10 * (edge[0] - 0.5), 10 * (edge[1] - 0.5)
    spike = shapely.Polygon([edge, (x + y, y + x), (x - y, y - x)])
    assert is_inside(shapely.Point(edge), SQUARE)
    assert is_inside(spike, SQUARE)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.box(1.0, -0.2, 1.5, 1.2),
        shapely.box(-0.5, -0.2, 0.0, 1.2),
        shapely.box(-0.2, 1.0, 1.2, 1.5),
        shapely.box(-0.2, -0.5, 1.2, 0.0),
        shapely.box(-0.5, -0.25, 1.5, 1.25),
        shapely.box(-0.25, -0.5, 1.25, 1.5),
    ],
)
def test_a_shape_without_a_corner_inside_may_just_reach_the_extent_or_be_twice_as_large(shape: shapely.Polygon) -> None:
    assert is_inside(shape, SQUARE)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.box(1.01, -0.2, 1.5, 1.2),
        shapely.box(-0.5, -0.2, -0.01, 1.2),
        shapely.box(-0.2, 1.01, 1.2, 1.5),
        shapely.box(-0.2, -0.5, 1.2, -0.01),
        shapely.box(-0.51, -0.25, 1.5, 1.25),
        shapely.box(-0.25, -0.51, 1.25, 1.5),
    ],
)
def test_a_shape_just_beyond_the_extent_or_more_than_twice_as_large_is_not(shape: shapely.Polygon) -> None:
    assert not is_inside(shape, SQUARE)


@pytest.mark.parametrize(("lon", "lat", "count"), [(180, 36, 1), (120, 90, 1), (180.01, 36, 0), (120, 90.01, 0)])
def test_degrees_end_at_180_and_90(lon: float, lat: float, count: int) -> None:
    assert len(placed(lon, lat, unit=Unit.DEGREE, extent=None)) == count


# -- metres and belts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("east", "count"), [(360.0, 0), (361.0, 1)])
def test_what_could_be_degrees_of_a_circle_is_not_read_as_metres(east: float, count: int) -> None:
    assert len([one for one in placed(east, 100.0, plane=UTM, extent=None) if one.crs == UTM.epsg]) == count


def test_the_plane_of_the_jurisdiction_is_read_unless_another_was_declared() -> None:
    def codes(epsg: int | None) -> set[int]:
        return {one.crs for one in placed(400_000.0, 3_990_000.0, plane=UTM, epsg=epsg)}

    assert UTM.epsg in codes(None)
    assert codes(UTM.epsg) == {UTM.epsg}
    assert codes(4549) == {4549}


@pytest.mark.parametrize(
    ("extent", "meridian_serves"),
    [
        ((120.5, 35.0, 121.0, 37.0), True),
        ((120.51, 35.0, 121.0, 37.0), False),
        ((112.0, 35.0, 113.5, 37.0), True),
        ((112.0, 35.0, 113.49, 37.0), False),
    ],
)
def test_a_belt_serves_up_to_exactly_three_and_a_half_degrees_beyond_the_extent(
    extent: Extent, meridian_serves: bool
) -> None:
    codes = {one.crs for one in placed(600_000.0, 4_000_000.0, extent=extent)}
    assert (Belt(3, 39, False).epsg in codes) is meridian_serves


@pytest.mark.parametrize(("north", "lies"), [(0.0, False), (1.0, True), (6_300_000.0, True), (6_300_001.0, False)])
def test_a_belt_lies_north_of_the_equator_and_ends_beyond_china(north: float, lies: bool) -> None:
    assert (Belt(3, 40, False).degrees(np.array([[500_000.0, north]])) is not None) is lies


@pytest.mark.parametrize(("width", "zone", "reach"), [(3, 40, 2.0), (6, 20, 3.5)])
def test_a_belt_reaches_exactly_half_a_degree_beyond_its_edge(
    monkeypatch: pytest.MonkeyPatch, width: int, zone: int, reach: float
) -> None:
    belt = Belt(width, zone, False)
    for away, lies in ((reach, True), (-reach, True), (reach + 2**-20, False)):
        here = np.array([[belt.meridian + away, 36.0]])
        monkeypatch.setattr(belts, "degrees_of", lambda points, epsg, here=here: here)
        assert (belt.degrees(np.array([[500_000.0, 4_000_000.0]])) is not None) is lies


def test_a_code_is_of_its_own_belt_or_of_none() -> None:
    assert belt_of(4549) == Belt(3, 40, False)
    assert belt_of(4491) == Belt(6, 13, True)
    assert belt_of(32651) is None


# -- shapes ------------------------------------------------------------------------------------------------------------

A, B, C, D = (0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)


def test_rings_are_told_from_the_second_on() -> None:
    one, two = structure(np.array([A, B, C])), structure(np.array([A, B, C, A, D, B, C, D]))
    assert one is not None
    assert two is not None
    assert one.name.zh == "3 个界址点围成的面"
    assert two.name.zh == "6 个界址点、2 圈围成的面"


@pytest.mark.parametrize(
    ("points", "kind"), [([A, B, A], Kind.LINE), ([A, B, C, D], Kind.LINE), ([A, B, C, A], Kind.AREA)]
)
def test_where_a_line_is_meant_only_a_closed_row_is_an_area(points: list[tuple[float, float]], kind: Kind) -> None:
    found = structure(np.array(points), is_line=True)
    assert found is not None
    assert found.kind is kind


def test_three_corners_and_the_first_again_are_one_ring() -> None:
    found = structure(np.array([A, B, C, A]))
    assert found is not None
    assert found.rings == ((0, 1, 2),)


@pytest.mark.parametrize(("rings", "kind"), [(MOST_RINGS, Kind.AREA), (MOST_RINGS + 1, None)])
def test_so_many_rings_are_taken_and_not_one_more(rings: int, kind: Kind | None) -> None:
    found = structure(np.array([A, B, C, A] * rings))
    assert (found.kind if found else None) is kind


def test_of_two_rings_of_one_size_neither_is_a_hole_of_the_other() -> None:
    ring = np.array([A, B, C, D])
    twice, within = area([ring, ring]), area([4 * ring, ring + 1])
    assert [part.equals(shapely.Polygon(ring)) for part in twice.geoms] == [True, True]
    assert within.area == 15.0


# -- map links ---------------------------------------------------------------------------------------------------------


def test_a_link_of_no_map_known_is_refused_and_one_that_is_known_is_read() -> None:
    with pytest.raises(UnreadableSiteError) as refused:
        one_of("https://maps.example.org/?q=120.38,36.07")
    assert "不认识这个网址" in refused.value.why.zh
    known = one_of("geo:36.07,120.38")
    assert known.taken is not None
    assert known.taken.geometry.equals(shapely.Point(120.38, 36.07))


# -- layouts -----------------------------------------------------------------------------------------------------------


def test_a_heading_gives_the_order_and_labels_beside_numbers_turn_them() -> None:
    (headed,) = tables(read_records("点号 纬度 经度\n36.07 120.38"))
    assert headed.axes is AxisOrder.NORTH_FIRST
    (bare,) = tables(read_records("36.07 120.38"))
    assert bare.axes is None
    mixed, *_ = tables(read_records("E120.38 N36.07\nN36.08 E120.39"))
    assert mixed.axes is AxisOrder.EAST_FIRST
    assert mixed.values.tolist() == [[120.38, 36.07], [120.39, 36.08]]


def test_points_of_which_only_some_carry_labels_have_no_layout() -> None:
    assert laid_out("E120.38 N36.07\n120.39 36.08") == []


def test_a_heading_counts_only_before_the_numbers_and_with_both_axes() -> None:
    assert read_records("点号 经度 纬度\n120.38 36.07").header == (Axis.EAST, Axis.NORTH)
    assert read_records("120.38 36.07\n经度 纬度").header == ()
    assert read_records("经度\n120.38 36.07").header == ()


def test_numbers_of_points_and_rings_count_from_nought_to_their_most() -> None:
    point = [[120.38, 36.07]]
    for text, is_read in (
        ("0 120.38 36.07", True),
        ("100000 120.38 36.07", True),
        ("100001 120.38 36.07", False),
        ("J1 99 120.38 36.07", True),
        ("J1 100 120.38 36.07", False),
        ("1 99 120.38 36.07", True),
        ("1 100 120.38 36.07", False),
    ):
        assert (point in laid_out(text)) is is_read, text


def test_a_height_is_left_out_after_a_point_with_or_without_number() -> None:
    assert [[120.38, 36.07]] in laid_out("120.38 36.07 12.5")
    assert [[120.38, 36.07]] in laid_out("7 120.38 36.07 12.5")


def test_two_whole_numbers_that_may_be_degrees_and_minutes_have_no_height() -> None:
    assert [[180.0, 90.0]] not in laid_out("180 90 500.5")
    assert [[181.0, 90.0]] in laid_out("181 90 500.5")


def test_a_third_number_exactly_a_point_away_is_a_height() -> None:
    assert [[120.5, 36.5]] in laid_out("120.5 36.5 37.5")
    assert [[120.5, 36.5]] not in laid_out("120.5 36.5 37.25")


# -- numerals ----------------------------------------------------------------------------------------------------------


def test_a_text_and_its_numbers_may_be_as_many_as_allowed_and_not_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(shortened("a" * MOST_CHARACTERS)) == MOST_CHARACTERS
    with pytest.raises(UnreadableSiteError):
        shortened("a" * (MOST_CHARACTERS + 1))
    monkeypatch.setattr(numerals, "MOST_NUMBERS", 4)
    assert len(read_records("1 2\n3 4").rows) == 2
    with pytest.raises(UnreadableSiteError):
        read_records("1 2\n3 4 5")


@pytest.mark.parametrize(
    ("degrees", "minutes", "value"),
    [(180, 0, 180.0), (180, 59, 180 + 59 / 60), (190, 0, None), (120, 60, None), (0, 30, 0.5), (-1, 30, -1.5)],
)
def test_degrees_and_minutes_side_by_side(degrees: float, minutes: float, value: float | None) -> None:
    found = angle(plain(degrees), plain(minutes))
    assert (found.value if found else None) == value


def test_degrees_and_minutes_may_bear_one_label_and_not_two() -> None:
    found = angle(plain(36, axis=Axis.NORTH), plain(30, axis=Axis.NORTH))
    assert found is not None
    assert found.axis is Axis.NORTH
    assert angle(plain(36, axis=Axis.NORTH), plain(30, axis=Axis.EAST)) is None


@pytest.mark.parametrize(("text", "value"), [("120°59.9′", 120 + 59.9 / 60), ("120°60′", math.nan)])
def test_sixty_minutes_are_no_minutes(text: str, value: float) -> None:
    (row,) = read_records(plain_marks(text)).rows
    assert row.numbers[0].value == pytest.approx(value, nan_ok=True)


def test_a_number_followed_by_metres_is_in_metres() -> None:
    (row,) = read_records("527014.95米 3993000.12m 7").rows
    assert [one.unit for one in row.numbers] == [Unit.METRE, Unit.METRE, None]


def test_a_label_behind_the_last_number_where_labels_lead_belongs_to_none() -> None:
    (row,) = read_records("东经 120.38 36.07 北纬").rows
    assert [one.axis for one in row.numbers] == [Axis.EAST, None]
