"""The index of sites that come and go answers what looking at every site answers."""

from __future__ import annotations

import threading

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.site_index import SiteIndex

WHOLE = st.integers(0, 40)
POINTS = st.builds(shapely.Point, WHOLE, WHOLE)
BOXES = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h), WHOLE, WHOLE, st.integers(1, 9), st.integers(1, 9)
)
TRIANGLES = st.tuples(*[st.tuples(WHOLE, WHOLE)] * 3).map(shapely.Polygon).filter(lambda one: one.area > 0)
LINES = st.lists(st.tuples(WHOLE, WHOLE), min_size=2, max_size=4, unique=True).map(shapely.LineString)
SEVERAL = st.lists(st.one_of(POINTS, BOXES, TRIANGLES), min_size=1, max_size=4).map(
    lambda parts: shapely.GeometryCollection(parts) if len(parts) % 2 else shapely.union_all(parts)
)
SHAPES = st.one_of(POINTS, BOXES, TRIANGLES, LINES, SEVERAL)
KEYS = st.integers(0, 12)
STEPS = st.lists(st.tuples(KEYS, st.one_of(st.none(), SHAPES)), max_size=30)  # a key goes, or lies elsewhere
# No two shapes with whole corners are so far apart, so that nothing turns on the last digit.
DISTANCES = st.sampled_from([0.0, 0.37, 2.71, 9.13, 44.4])


def scanned(sites: dict[int, BaseGeometry], shape: BaseGeometry, distance_m: float) -> dict[int, float]:
    measured = {key: float(shapely.distance(shape, one)) for key, one in sites.items()}
    return {key: one for key, one in measured.items() if one <= distance_m}


@given(st.dictionaries(KEYS, SHAPES, max_size=12), STEPS, SHAPES, DISTANCES)
def test_after_any_coming_and_going_it_answers_what_a_scan_answers(
    first: dict[int, BaseGeometry], steps: list[tuple[int, BaseGeometry | None]], asked: BaseGeometry, distance_m: float
) -> None:
    sites, index = dict(first), SiteIndex(first.items())
    for key, shape in steps:
        if shape is None:
            assert index.remove(key) is (sites.pop(key, None) is not None)
        else:
            before = sites.get(key)
            assert index.put(key, shape) is not (before is not None and before.equals_exact(shape, 0.0))
            sites[key] = shape
        assert (key in index) is (key in sites)
    assert len(index) == len(sites)
    found = index.within(asked, distance_m)
    assert dict(found) == pytest.approx(scanned(sites, asked, distance_m))
    assert [one for _, one in found] == sorted(one for _, one in found)
    assert len(found) == len(dict(found))


@given(st.dictionaries(KEYS, SHAPES, min_size=1, max_size=12), SHAPES, DISTANCES)
def test_one_by_one_or_all_at_once_it_is_the_same_index(
    sites: dict[int, BaseGeometry], asked: BaseGeometry, distance_m: float
) -> None:
    singly: SiteIndex[int] = SiteIndex()
    for key, shape in sites.items():
        assert singly.put(key, shape)
    assert dict(singly.within(asked, distance_m)) == dict(SiteIndex(sites.items()).within(asked, distance_m))


def test_a_site_without_a_place_is_refused_and_a_place_without_points_meets_nobody() -> None:
    index = SiteIndex([("a", shapely.Point(0, 0))])
    with pytest.raises(ValueError, match="b"):
        index.put("b", shapely.Polygon())
    assert ("b" in index, len(index)) == (False, 1)
    assert index.within(shapely.Polygon(), 1e9) == []
    assert SiteIndex[str]().within(shapely.Point(0, 0), 1e9) == []


def test_sites_at_the_scale_of_a_plane_meet_at_a_common_point() -> None:
    """Gauss–Krüger coordinates have seven digits before the point."""
    corner = (40_512_345.678, 4_012_345.678)
    index = SiteIndex([("west", shapely.box(corner[0] - 100, corner[1] - 100, *corner))])
    east = shapely.box(*corner, corner[0] + 100, corner[1] + 100)
    assert index.within(east) == [("west", 0.0)]
    apart = shapely.box(corner[0] + 30, corner[1], corner[0] + 130, corner[1] + 100)
    assert index.within(apart) == []
    assert dict(index.within(apart, 30.001)) == pytest.approx({"west": 30.0})


def test_many_ask_while_sites_move() -> None:
    """A site that moves is never away, and what never moves is found by everybody."""
    index = SiteIndex((number, shapely.Point(number, 0)) for number in range(200))
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            found = dict(index.within(shapely.box(-1, -1, 300, 1), 0.0))
            if set(found) != set(range(200)):
                wrong.append(set(range(200)) - set(found))

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for one in asking:
        one.start()
    for turn in range(30):
        for number in range(0, 200, 7):
            index.put(number, shapely.Point(number + 0.1 * (turn % 2 + 1), 0))
    done.set()
    for one in asking:
        one.join()
    assert wrong == []
