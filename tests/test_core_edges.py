"""Where a measure is exactly the limit: on which side the answer falls."""

from __future__ import annotations

import pytest
import shapely

from screening.accuracy import COARSE, Certainty, deeper_than, depth, is_all_inside, might_stick_out
from screening.overlay import THREAD_WIDTH_M, Relation, measure, uncovered
from tests.test_accuracy import SITE, banded

POINT = shapely.Point(0, 0)


def reaching(west: float, east: float = 500.0) -> shapely.Polygon:
    """A zone much larger than the site but for one edge."""
    return shapely.box(west, -500, east, 500)


def test_a_zone_apart_by_exactly_the_accuracy_of_the_site_is_possible() -> None:
    east = SITE.bounds[2]
    for apart, certainty in ((10.0, Certainty.BORDERLINE), (10.01, Certainty.BESIDE), (0.0, Certainty.BESIDE)):
        assert banded(SITE, reaching(east + apart), 5.0, 10.0).certainty is certainty


def test_a_gap_of_exactly_the_band_is_still_beside_the_site() -> None:
    assert banded(SITE, reaching(110), 10).certainty is Certainty.BESIDE
    assert banded(SITE, reaching(110.5), 10).certainty is Certainty.CERTAIN


def test_exact_lines_have_no_band() -> None:
    adjoining, crossing = banded(SITE, reaching(100), 0), banded(SITE, reaching(50), 0)
    assert (adjoining.certainty, adjoining.has_edge) == (Certainty.CERTAIN, False)
    assert (crossing.certainty, crossing.has_edge) == (Certainty.CERTAIN, False)


def test_exactly_as_deep_as_the_band_is_wide_is_not_certain() -> None:
    found = banded(POINT, reaching(-10), 10)
    assert found.certainty is Certainty.BORDERLINE
    assert found.deep is None
    assert deeper_than(POINT, reaching(-10), 10.0) is None
    assert deeper_than(POINT, reaching(-10), 9.9) is not None


def test_the_greatest_depth_is_looked_for_though_the_first_point_lies_just_deep_enough() -> None:
    part, zone = shapely.box(5, 40, 15, 60), reaching(0)
    assert part.point_on_surface().x == 10.0
    assert depth(part, zone, 10.0) > 10.0


def test_a_site_is_all_inside_only_where_a_zone_holds_it_beyond_the_band() -> None:
    around, apart, across = shapely.box(-500, -500, 500, 500), reaching(200), reaching(50)
    assert is_all_inside([banded(SITE, around, 10)])
    assert not is_all_inside([banded(SITE, apart, 10)])
    assert not is_all_inside([banded(SITE, across, 10)])
    assert not is_all_inside([banded(SITE, around, 0)])
    assert is_all_inside([banded(SITE, apart, 10), banded(SITE, around, 10)])


def test_an_edge_two_threads_away_is_shared_and_one_exactly_as_far_as_the_slack_may_be_crossed() -> None:
    def sticks_out(gap: float, own: float) -> bool:
        shape = shapely.box(gap, 0, 100, 100)
        return might_stick_out(shape, [banded(shape, reaching(0), 0.0, own)])

    assert not sticks_out(THREAD_WIDTH_M, 8.0)
    assert sticks_out(2 * THREAD_WIDTH_M, 8.0)
    whole = shapely.buffer(reaching(0), THREAD_WIDTH_M, quad_segs=1)
    exactly = float(shapely.distance(shapely.box(6, 0, 100, 100), whole.boundary))
    assert sticks_out(6.0, exactly)
    assert not sticks_out(6.0, exactly - 0.5)


def test_a_gap_of_exactly_a_thread_is_contact() -> None:
    exact = shapely.box(-1, 0, 0, 1)
    assert measure(exact, shapely.box(THREAD_WIDTH_M, 0, 1, 1)).relation is Relation.TOUCHES
    assert measure(exact, shapely.box(2 * THREAD_WIDTH_M, 0, 1, 1)).relation is Relation.APART


def test_a_piece_exactly_as_wide_as_a_thread_is_left_out() -> None:
    piece = shapely.box(0, 0, 2 * THREAD_WIDTH_M, 2 * THREAD_WIDTH_M)
    assert piece.area == THREAD_WIDTH_M * piece.length / 2
    assert uncovered(piece, []).is_empty
    assert not uncovered(shapely.box(0, 0, 0.003, 0.003), []).is_empty


@pytest.mark.parametrize("own", [0.0, 5.0])
def test_depth_is_found_to_a_hundredth(own: float) -> None:
    found = depth(SITE, reaching(50.0 - own), 200.0)
    assert found == pytest.approx(50.0 + own, abs=200.0 * COARSE)
