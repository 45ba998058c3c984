"""Positional accuracy in the answer: certain, borderline, beside; and zones that leave blank what a clause asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely import affinity

from layers.snapshot import Snapshot, load_snapshot
from screening.accuracy import Band, Certainty, Footprint, band, deep_in_any
from screening.coordinates import read_site
from screening.crs import AreaMethod, Plane
from screening.explain import explain
from screening.findings import Outcome
from screening.overlay import measure
from screening.truth import Truth
from screening.verdict import Verdict
from screening.whereabouts import part_of_site
from tests.conftest import ask, build_release
from tests.smallcity import AS_OF, SmallCity, box
from tests.test_small_city import finding

SITE = shapely.box(0, 0, 100, 100)
RED_LINE_EDGE = 120.02  # west edge of the red line in the small city; layers are known to ±10 m, one degree is 90 km
METRE = 1 / 90_000

boxes = st.tuples(*[st.integers(0, 200)] * 2, *[st.integers(1, 200)] * 2).map(
    lambda t: shapely.box(t[0], t[1], t[0] + t[2], t[1] + t[3])
)
widths = st.sampled_from([0.0, 0.5, 5.0, 20.0, 60.0])


def banded(site: shapely.Polygon, zone: shapely.Polygon, layer: float, own: float = 0.0) -> Band:
    return band(Footprint(site, own), zone, measure(site, zone), layer)


def across_the_red_line(depth_m: float, accuracy: str = "") -> str:
    """A site of 300 × 330 m which reaches so deep into the red line from the west; negative is a gap."""
    east, west = RED_LINE_EDGE + depth_m * METRE, RED_LINE_EDGE - 300 * METRE
    return (
        f"POLYGON(({west:.8f} 36.15,{east:.8f} 36.15,{east:.8f} 36.153,{west:.8f} 36.153,{west:.8f} 36.15)){accuracy}"
    )


@pytest.mark.parametrize(
    ("zone", "layer_m", "site_m", "certainty", "flip"),
    [
        (shapely.box(50, 0, 300, 100), 10, 0, Certainty.CERTAIN, None),
        (shapely.box(95, -500, 800, 500), 10, 0, Certainty.BORDERLINE, 5.0),
        (shapely.box(95, -500, 800, 500), 4, 0, Certainty.CERTAIN, None),
        (shapely.box(95, -500, 800, 500), 4, 3, Certainty.BORDERLINE, 5.0),
        (shapely.box(100, 0, 800, 100), 10, 0, Certainty.BESIDE, None),
        (shapely.box(107, 0, 800, 100), 10, 0, Certainty.BESIDE, None),
        (shapely.box(107, 0, 800, 100), 10, 20, Certainty.BORDERLINE, 7.0),
        (shapely.box(107, 0, 800, 100), 10, 5, Certainty.BESIDE, None),
        (shapely.box(103, 0, 800, 100), 10, 5, Certainty.BORDERLINE, 3.0),
        (shapely.box(125, 0, 800, 100), 10, 20, Certainty.BESIDE, None),
        (shapely.box(100, 0, 800, 100), 10, 20, Certainty.BESIDE, None),
        (shapely.box(131, 0, 800, 100), 10, 20, Certainty.CERTAIN, None),
        (shapely.box(40, 40, 41, 41), 10, 0, Certainty.BORDERLINE, 0.5),
        (shapely.box(-500, -500, 800, 800), 100, 0, Certainty.CERTAIN, None),
    ],
    ids=[
        "deep",
        "shallow",
        "fine layer",
        "coarse site",
        "adjoining",
        "near",
        "near, coarse site",
        "farther than the site may lie elsewhere",
        "nearer than that",
        "coarse site, within its and the layer's",
        "adjoining, coarse site",
        "far",
        "well",
        "all",
    ],
)
def test_the_band_decides_what_is_certain(
    zone: shapely.Polygon, layer_m: float, site_m: float, certainty: Certainty, flip: float | None
) -> None:
    found = banded(SITE, zone, layer_m, site_m)
    assert found.certainty is certainty
    assert found.flip_m == (None if flip is None else pytest.approx(flip, abs=0.06))
    assert found.least_m2 <= measure(SITE, zone).area_m2 <= found.most_m2 + 1e-6


def test_a_site_too_small_to_be_told_from_its_neighbours_may_lie_in_them() -> None:
    shed = shapely.box(0, 0, 8, 8)
    assert banded(shed, shapely.box(9, 0, 100, 8), 10).certainty is Certainty.BORDERLINE
    assert banded(shapely.Point(0, 0), shapely.box(9, -50, 100, 50), 10).certainty is Certainty.BORDERLINE
    assert banded(shapely.Point(0, 0), shapely.box(-9, -50, 100, 50), 10).certainty is Certainty.BORDERLINE
    assert banded(shapely.Point(0, 0), shapely.box(-11, -50, 100, 50), 10).certainty is Certainty.CERTAIN


@given(boxes, boxes, widths)
def test_an_overlap_is_certain_exactly_if_part_of_it_survives_shrinking_the_zone(
    site: shapely.Polygon, zone: shapely.Polygon, width: float
) -> None:
    found, relation = banded(site, zone, width), measure(site, zone)
    survives = relation.area_m2 > 0 and shapely.intersection(site, shapely.buffer(zone, -width)).area > 1e-6
    if relation.area_m2 > 0:
        assert (found.certainty is Certainty.CERTAIN) == survives
    else:
        assert found.certainty is not Certainty.CERTAIN or relation.distance_m > width or width == 0.0


@given(boxes, boxes, widths)
def test_the_true_area_lies_within_the_interval(site: shapely.Polygon, zone: shapely.Polygon, width: float) -> None:
    found = banded(site, zone, width)
    assert 0.0 <= found.least_m2 <= measure(site, zone).area_m2 + 1e-6
    assert measure(site, zone).area_m2 <= found.most_m2 + 1e-6 <= site.area + 2e-6


@settings(
    suppress_health_check=[HealthCheck.filter_too_much]
)  # one pair in six overlaps for certain, and that is enough
@given(boxes, boxes, boxes, widths)
def test_enlarging_a_site_never_makes_a_certain_overlap_less_sure(
    site: shapely.Polygon, more: shapely.Polygon, zone: shapely.Polygon, width: float
) -> None:
    assume(measure(site, zone).area_m2 > 0 and banded(site, zone, width).certainty is Certainty.CERTAIN)
    assert banded(shapely.union(site, more), zone, width).certainty is Certainty.CERTAIN


@given(boxes, boxes, st.sampled_from([5.0, 20.0]), st.sampled_from([-1000, 7, 512]))
def test_shifting_everything_changes_nothing(
    site: shapely.Polygon, zone: shapely.Polygon, width: float, shift: int
) -> None:
    here = banded(site, zone, width)
    there = banded(affinity.translate(site, shift, shift), affinity.translate(zone, shift, shift), width)
    assert here.certainty is there.certainty
    assert here.most_m2 == pytest.approx(there.most_m2, abs=1e-6)


def test_a_border_between_two_zones_is_no_border_of_both() -> None:
    halves = [shapely.box(-500, -500, 50, 500), shapely.box(50, -500, 500, 500)]
    site = shapely.box(45, 0, 55, 10)
    found = [banded(site, half, 10) for half in halves]
    assert [one.certainty for one in found] == [Certainty.BORDERLINE] * 2
    assert deep_in_any(found) is not None


def test_of_exact_zones_no_more_than_the_overlap_is_certain() -> None:
    zones = [shapely.box(0, 0, 20, 100), shapely.box(80, 0, 100, 100)]
    deep = deep_in_any([banded(SITE, zone, 0.0) for zone in zones])
    assert deep is not None
    assert deep.area == 4_000.0


# -- in the verdict ----------------------------------------------------------------------------------------------------


def asked(city: Snapshot, depth_m: float) -> Verdict:
    return ask(city, across_the_red_line(depth_m), red_line_activity=False, national_major_project=False)


@pytest.mark.parametrize(
    ("depth_m", "outcome", "certainty"),
    [
        (30.0, Outcome.VIOLATES, Certainty.CERTAIN),
        (6.0, Outcome.UNDETERMINED, Certainty.BORDERLINE),
        (0.5, Outcome.UNDETERMINED, Certainty.BORDERLINE),
    ],
)
def test_a_prohibition_binds_certainly_or_goes_to_a_person(
    small: Snapshot, depth_m: float, outcome: Outcome, certainty: Certainty
) -> None:
    found = finding(asked(small, depth_m), "clause:DEMO-N-02")
    assert (found.outcome, found.certainty) == (outcome, certainty)
    assert found.needs_person == (certainty is Certainty.BORDERLINE)


def test_beside_the_red_line_is_told_and_binds_not(small: Snapshot) -> None:
    verdict = asked(small, -3.0)
    assert "clause:DEMO-N-02" not in {one.key for one in verdict.findings}
    (line,) = verdict.evidence.of_layer("red_line")
    assert line.band.certainty is Certainty.BESIDE
    told = [row.value for entry in explain(verdict, {}, "zh").not_concerned for row in entry.rows]
    assert any("请核实界线" in value for value in told)


def test_a_borderline_is_told_with_its_interval_and_never_among_the_clear(small: Snapshot) -> None:
    verdict = asked(small, 6.0)
    for language in ("zh", "en"):
        told = explain(verdict, {}, language)
        assert "layer:red_line" not in {entry.key for entry in told.not_concerned}
        (place,) = (entry for entry in told.places if entry.key == "place:red_line")
        assert "6.0 m" in place.rows[0].value
        assert "0.0 m²" in place.rows[0].value
        assert ("东侧" if language == "zh" else "the east side") in place.rows[0].value


def test_a_point_near_a_border_may_lie_on_either_side(small: Snapshot) -> None:
    verdict = ask(small, f"{120.1 + 3 * METRE:.7f},36.05")
    assert {one.zone.name for one in verdict.evidence.units} == {"西南重点", "东南一般"}
    assert all(one.band.certainty is Certainty.BORDERLINE for one in verdict.evidence.units)
    unit_clauses = [one for one in verdict.findings if one.clause and one.clause.scope.units]
    assert unit_clauses
    assert all(one.truth is not Truth.YES for one in unit_clauses)


def test_a_zone_that_leaves_its_subtype_blank_is_neither_meant_nor_cleared(tmp_path: Path) -> None:
    city = SmallCity()
    for row in city.layers["water_source"]:
        row["保护区级别"] = ""
    store, name = build_release(city, tmp_path)
    verdict = ask(
        load_snapshot(store / name),
        "POLYGON((120.142 36.042,120.148 36.042,120.148 36.048,120.142 36.048,120.142 36.042))",
    )
    blank = [one for one in verdict.findings if "未填写" in one.reason.zh]
    assert blank
    assert all(one.outcome is Outcome.UNDETERMINED and one.needs_person for one in blank)
    assert verdict.conclusion is not Outcome.COMPLIES


def test_parts_of_a_site_have_names() -> None:
    assert part_of_site(SITE, shapely.box(80, 80, 100, 100), 0.04).zh == "东北角"
    assert part_of_site(SITE, shapely.box(0, 0, 100, 10), 0.1).zh == "南侧"
    assert part_of_site(SITE, shapely.box(40, 40, 60, 60), 0.04).zh == "中部"
    assert part_of_site(SITE, SITE, 1.0).zh == "全部"


def test_the_small_city_has_a_red_line_where_this_file_says() -> None:
    assert box(2, 13, 5, 17).bounds[0] == RED_LINE_EDGE


# -- areas by another method -------------------------------------------------------------------------------------------


def far_from_the_meridian() -> str:
    """A square kilometre on both sides of 121.5°E, where two three-degree belts meet."""
    return "POLYGON((121.494 36.5,121.506 36.5,121.506 36.51,121.494 36.51,121.494 36.5))"


def test_areas_on_the_ellipsoid_differ_from_the_plane_by_its_distortion(demo: Snapshot) -> None:
    city = demo.jurisdiction
    site = read_site(far_from_the_meridian(), plane=city.plane, extent=city.extent)
    plane, ellipsoid = (demo.gather(site, AS_OF, method) for method in AreaMethod)
    assert plane.site_area_m2 is not None
    assert ellipsoid.site_area_m2 is not None
    assert 1.0e-4 < plane.site_area_m2 / ellipsoid.site_area_m2 - 1 < 6.0e-4  # k² at 135 km from the meridian
    neighbour = Plane(4550).from_degrees(site.geometry)  # the next belt, as far from its meridian
    assert neighbour.area == pytest.approx(plane.site_area_m2, rel=1e-5)
    assert "椭球" in ellipsoid.plane.area_method(ellipsoid.area_method).zh


@given(boxes)
def test_on_the_central_meridian_both_methods_agree(shape: shapely.Polygon) -> None:
    site = affinity.translate(shape, 500_000, 4_000_000)
    plane = Plane(4549)
    assert plane.area_m2(site, AreaMethod.ELLIPSOID) == pytest.approx(
        plane.area_m2(site, AreaMethod.PLANE), rel=1e-6, abs=1e-4
    )


def test_shares_by_the_ellipsoid_are_shares_and_relations_stay(small: Snapshot) -> None:
    city = small.jurisdiction
    site = read_site(across_the_red_line(30.0), plane=city.plane, extent=city.extent)
    plane, ellipsoid = (small.gather(site, AS_OF, method) for method in AreaMethod)
    for one, other in zip(plane.contacts, ellipsoid.contacts, strict=True):
        assert (one.zone, one.measure.relation, one.band.certainty) == (
            other.zone,
            other.measure.relation,
            other.band.certainty,
        )
        assert one.measure.share_of_site == pytest.approx(other.measure.share_of_site, abs=1e-5)
        assert 0.0 <= other.measure.share_of_zone <= 1.0
