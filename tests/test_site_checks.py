"""What is odd about a site is said, with the place; nothing is changed and nothing sound is called odd."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from screening.crs import Plane, densified
from screening.site_checks import SiteRemark, Weight, check_site, crossings, repair

EXTENT = (119.3, 35.1, 121.9, 37.3)
PLANE = Plane(4549)
EAST, NORTH = 527_000.0, 3_993_000.0


def placed(*corners: tuple[float, float]) -> BaseGeometry:
    """A polygon of metres from a corner of the city, in degrees; it need not be valid."""
    flat = shapely.points([(EAST + x, NORTH + y) for x, y in corners])
    return shapely.Polygon(shapely.get_coordinates(PLANE.to_degrees(flat)))


def square(side: float, x: float = 0.0, y: float = 0.0) -> BaseGeometry:
    return placed((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def remarks(shape: BaseGeometry, **more: object) -> list[SiteRemark]:
    return list(check_site(shape, plane=PLANE, extent=EXTENT, **more))  # type: ignore[arg-type]


def metres(remark: SiteRemark) -> tuple[float, float]:
    flat = PLANE.from_degrees(shapely.Point(remark.longitude, remark.latitude))
    return flat.x - EAST, flat.y - NORTH


BOW = placed((0, 0), (100, 100), (100, 0), (0, 100))


def test_a_sound_site_is_not_remarked_on() -> None:
    assert remarks(square(100), declared_area_m2=10_000, accuracy_m=0.05) == []
    assert remarks(shapely.Point(120.3, 36.1)) == []
    assert remarks(square(30)) == []


def test_a_crossing_is_an_error_with_its_place_and_what_a_repair_would_do() -> None:
    (found,) = remarks(BOW)
    assert found.severity is Weight.ERROR
    assert metres(found) == pytest.approx((50, 50), abs=0.01)
    assert "5,000" in found.message.en
    mended = repair(BOW, PLANE)
    assert (mended.area_before_m2, mended.area_after_m2) == pytest.approx((0, 5000), abs=0.1)
    assert mended.geometry.is_valid


def test_every_crossing_is_named() -> None:
    zigzag = placed((0, 0), (300, 0), (300, 100), (200, -50), (100, 100), (0, 100))
    found = remarks(zigzag)
    assert len(found) == 2
    assert all("2 in all" in one.message.en for one in found)


def test_a_hole_outside_and_overlapping_parts_are_errors() -> None:
    outside = shapely.Polygon(square(100).exterior, [square(10, 500, 500).exterior])
    overlapping = shapely.MultiPolygon([square(100), square(100, 50, 50)])
    for shape in (outside, overlapping):
        assert [one.severity for one in remarks(shape)] == [Weight.ERROR]


@settings(deadline=None)
@given(st.integers(4, 12), st.randoms(use_true_random=False))
def test_crossings_are_found_exactly_where_geos_finds_a_shape_invalid(count: int, random: object) -> None:
    generator = np.random.default_rng(random.randrange(2**32))  # type: ignore[attr-defined]
    shape = shapely.Polygon(generator.integers(0, 1000, size=(count, 2)).astype(float))
    if shape.area == 0 or "Self-intersection" not in shapely.is_valid_reason(shape):
        return
    assert len(crossings(shape)) > 0


@settings(deadline=None)
@given(st.integers(3, 60), st.floats(10, 900))
def test_a_round_site_never_crosses_itself(count: int, radius: float) -> None:
    turns = [2 * math.pi * at / count for at in range(count)]
    assert len(crossings(placed(*((radius * math.cos(t), radius * math.sin(t)) for t in turns)))) == 0


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (10_050, None),
        (10_000.4, None),
        (10_500, "apart"),
        (15.0 * 10_000, "hectares and mu"),
        (1.0, "hectares and square metres"),
        (15.0, "mu and square metres"),
    ],
)
def test_the_stated_area_is_compared(stated: float, said: str | None) -> None:
    found = remarks(square(100), declared_area_m2=stated)
    assert [one.severity for one in found] == ([Weight.WARNING] if said else [])
    assert said is None or said in found[0].message.en


def test_a_coarse_boundary_is_allowed_more() -> None:
    assert remarks(square(100), declared_area_m2=10_500, accuracy_m=2.0) == []


def test_size_and_coarseness() -> None:
    assert "only 4.00 m²" in remarks(square(2))[0].message.en
    assert "km²" in remarks(square(12_000))[0].message.en
    assert "±557 m" in remarks(shapely.Point(120.38, 36.07), accuracy_m=556.6)[0].message.en


def test_corners_outside_are_counted_and_placed() -> None:
    wild = shapely.Polygon([(120.30, 36.10), (120.31, 36.10), (123.31, 36.11)])
    found = next(one for one in remarks(wild) if "outside" in one.message.en)
    assert (found.severity, found.longitude, found.latitude) == (Weight.WARNING, 123.31, 36.11)
    away = shapely.Point(116.4, 39.9)
    assert [one.severity for one in remarks(away)] == [Weight.ERROR]


def test_parts_far_apart_are_named() -> None:
    near = shapely.MultiPolygon([square(100), square(50, 1000, 0)])
    far = shapely.MultiPolygon([square(100), square(50, 20_000, 0)])
    assert remarks(near) == []
    (found,) = remarks(far)
    assert "19.9 km" in found.message.en
    assert metres(found)[0] == pytest.approx(20_000, abs=1)


def test_points_in_a_row_that_coincide_are_noted() -> None:
    double = placed((0, 0), (100, 0), (100, 0), (100, 100))
    (found,) = remarks(double)
    assert found.severity is Weight.NOTE
    assert metres(found) == pytest.approx((100, 0), abs=0.01)


def test_the_named_district_is_compared_with_the_coordinates() -> None:
    districts = {"黄岛区": square(1000), "胶州市": square(1000, 5000, 0)}
    site = square(50, 10, 10)
    assert remarks(site, named_district="黄岛区", districts=districts) == []
    assert remarks(site, named_district="黄岛", districts=districts) == []
    (found,) = remarks(site, named_district="胶州市", districts=districts)
    assert found.severity is Weight.WARNING
    assert "黄岛区" in found.message.zh
    (unknown,) = remarks(site, named_district="市中区", districts=districts)
    assert unknown.severity is Weight.NOTE
    assert remarks(site, named_district="胶州市") == []


def test_errors_come_first() -> None:
    found = remarks(BOW, accuracy_m=1000.0)
    assert [one.severity for one in found] == sorted((one.severity for one in found), key=list(Weight).index)


def test_densifying_keeps_an_invalid_shape_invalid() -> None:
    """GEOS mends such a shape while densifying, and half of it is gone."""
    dense = densified(shapely.GeometryCollection([BOW]), 0.0001)
    assert not dense.is_valid
    assert dense.bounds == BOW.bounds
    assert len(shapely.get_coordinates(dense)) > 10
