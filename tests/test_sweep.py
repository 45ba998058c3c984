"""Thousands of sites at once get the verdicts that each would get by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from benchmarks.verdicts import questions
from layers import gaps as gaps_module
from layers import sweep as sweep_module
from layers.gaps import FILE as GAPS_FILE
from layers.gaps import Gaps
from layers.release_parts import index_sources
from layers.situations import Situations
from layers.snapshot import LAND, Snapshot
from layers.sweep import Sweep
from screening.accuracy import Certainty
from screening.conditions import Condition
from screening.findings import Outcome
from screening.model import Project, Site, Zone
from screening.situation import UndrawnError, beside, overlapping, shortened
from screening.verdict import place, screen
from tests.randomcity import DAY, KINDS, SEA, WORDS, World, accuracies, naming, projects, sites, worlds
from tests.randomcity import LAND as LAND_SHAPE
from tests.test_index import indexed


def at(shape: BaseGeometry, accuracy_m: float | None = None) -> Site:
    """A site there."""
    return Site(name="", geometry=shape, as_written="", read_as=WORDS, accuracy_m=accuracy_m)


def disagreements(snapshot: Snapshot, sweep: Sweep, put: list[tuple[Site, Project]]) -> list[str]:
    """Sites, as text, on which the two ways part."""
    found = sweep([site for site, _ in put], [project for _, project in put])
    return [
        f"{shapely.to_wkt(site.geometry)} ±{site.accuracy_m}"
        for (site, project), one in zip(put, found, strict=True)
        if one.verdict != shortened(screen(project, site, snapshot.gather(site, DAY), DAY))
    ]


# Sites off the grid on which zones are drawn, large and small, so that most lie certainly somewhere.
small = st.tuples(st.integers(4, 80), st.integers(4, 80), st.integers(1, 15), st.integers(1, 15)).map(
    lambda t: shapely.box(t[0] + 0.31, t[1] + 0.17, t[0] + t[2] - 0.2, t[1] + t[3] - 0.3)
)
loose = small | st.tuples(sites, st.sampled_from([(0.0, 0.0), (0.31, 0.17), (2.6, 3.4)])).map(
    lambda pair: shapely.intersection(
        shapely.transform(pair[0], lambda xy: xy + np.array(pair[1])), shapely.box(0, 0, 100, 100)
    )
)


fine = st.sampled_from(
    [0.0, 0.02, 0.1, 0.4]
)  # metres: in a city of a hundred metres most sites lie certainly somewhere
finer = st.one_of(st.none(), fine)


@st.composite
def surveyed(draw: st.DrawFn) -> World:
    """A city at random, as it was drawn or much more accurate."""
    world, accuracy_m = draw(worlds()), draw(finer)
    return world if accuracy_m is None else replace(world, accuracy_m=dict.fromkeys(KINDS, accuracy_m))


@settings(max_examples=250)
@given(
    surveyed(),
    st.lists(loose, min_size=1, max_size=6),
    st.lists(projects(), min_size=1, max_size=2),
    st.one_of(accuracies, fine),
)
def test_a_sweep_finds_what_each_site_would_be_told(
    world: World, shapes: list[BaseGeometry], asked_about: list[Project], accuracy_m: float
) -> None:
    snapshot = indexed(world.snapshot())
    whole = [one for one in shapes if not one.is_empty and one.geom_type in ("Point", "Polygon", "MultiPolygon")]
    put = [(at(shape, accuracy_m), project) for shape in whole for project in asked_about]
    assert disagreements(snapshot, Sweep(snapshot, DAY), put) == []


@pytest.fixture(scope="module")
def fast(demo: Snapshot) -> Snapshot:
    """The demonstration city with an index."""
    return indexed(demo)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what the demonstration city's layers leave open is kept from one test to the next."""
    return tmp_path_factory.mktemp("kept")


@pytest.mark.parametrize("accuracy_m", [None, 2.0, 30.0])
def test_the_demonstration_city_is_swept_as_it_is_asked(fast: Snapshot, kept: Path, accuracy_m: float | None) -> None:
    sweep = Sweep(fast, DAY, kept)
    put = [(replace(site, accuracy_m=accuracy_m), one) for site, one in questions(fast, 400, seed=int(accuracy_m or 0))]
    assert disagreements(fast, sweep, put) == []
    assert sweep.alone < 0.2 * len(put)


def test_sites_beside_the_end_of_the_data_are_swept_as_they_are_asked(fast: Snapshot, kept: Path) -> None:
    border = shapely.boundary(fast.outline)
    project = questions(fast, 1)[0][1]
    rng = np.random.default_rng(3)
    put = []
    for along, off in zip(rng.uniform(0, border.length, 120), rng.uniform(0, 900, 120), strict=True):
        x, y = border.interpolate(along).coords[0]
        middle = np.array([x, y]) + off * np.array([np.cos(along), np.sin(along)])
        shape = shapely.box(*(middle - 60), *(middle + 60))
        if shapely.intersects(fast.outline, shape):
            put.append((at(fast.jurisdiction.plane.to_degrees(shape), 3.0), project))
    assert len(put) > 60
    assert disagreements(fast, Sweep(fast, DAY, kept), put) == []


@pytest.mark.parametrize("accuracy_m", [0.0, 2.0, 30.0])
def test_sites_on_borders_of_zones_are_swept_as_they_are_asked(fast: Snapshot, kept: Path, accuracy_m: float) -> None:
    rng = np.random.default_rng(int(accuracy_m))
    zones = np.concatenate([one.shapes for one in fast.layers.values()])
    put = []
    for _, project in questions(fast, 150):
        xy = shapely.get_coordinates(shapely.boundary(zones[rng.integers(len(zones))]))
        middle = xy[rng.integers(len(xy))] + rng.normal(0.0, rng.choice([0.01, 1.0, 15.0, 60.0]), 2)
        half = np.exp(rng.uniform(np.log(2.0), np.log(300.0), 2))
        shape = shapely.box(*(middle - half), *(middle + half))
        if shapely.intersects(fast.outline, shape):
            put.append((at(fast.jurisdiction.plane.to_degrees(shape), accuracy_m), project))
    sweep = Sweep(fast, DAY, kept)
    assert disagreements(fast, sweep, put) == []
    assert sweep.alone < 0.4 * len(put)


def test_lines_points_and_sites_in_many_parts_are_swept_as_they_are_asked(fast: Snapshot, kept: Path) -> None:
    several = [site.geometry for site, _ in questions(fast, 60, seed=4)]
    project = questions(fast, 1)[0][1]
    shapes = [
        *(shapely.union(*pair) for pair in zip(several[:20], several[20:40], strict=True)),
        *(shapely.centroid(one) for one in several[40:]),
        shapely.multipoints([one.centroid for one in several[:3]]),
    ]
    assert disagreements(fast, Sweep(fast, DAY, kept), [(at(one, 2.0), project) for one in shapes]) == []


@pytest.mark.parametrize("bound", ["MOST_HELD", "MOST_KNOWN"])
def test_what_is_forgotten_is_found_again(
    fast: Snapshot, kept: Path, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_module, bound, 7)
    sweep = Sweep(fast, DAY, kept)
    for seed in range(3):
        put = [(replace(site, accuracy_m=2.0), one) for site, one in questions(fast, 60, seed=seed)]
        assert disagreements(fast, sweep, put) == []
    assert sweep.alone < 30


def test_without_an_index_every_site_is_looked_at_by_itself(fast: Snapshot, kept: Path) -> None:
    plain = replace(fast, index=None)
    put = questions(fast, 5)
    sweep = Sweep(plain, DAY, kept)
    assert disagreements(fast, sweep, put) == []
    assert sweep.alone == len(put)


# -- what may be shared ------------------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(surveyed(), st.lists(loose, min_size=2, max_size=6), projects(), st.sampled_from([None, "<", ">="]))
def test_sites_that_differ_in_area_only_are_told_apart_where_area_counts(
    world: World, shapes: list[BaseGeometry], project: Project, sign: str | None
) -> None:
    ceiling = replace(world.ceilings[0], fact=LAND, cap=401.0, used=1.0)
    first, *others = world.clauses
    if sign is not None:
        first = replace(first, applies_when=Condition(f"{LAND} {sign} 600.0"))
    snapshot = indexed(replace(world, ceilings=(ceiling,), clauses=(first, *others)).snapshot())
    put = [(at(shape), project) for shape in shapes if shape.area > 0]
    put += [(at(shapely.buffer(one.geometry, -0.05, join_style="mitre")), project) for one, _ in put]
    assert disagreements(snapshot, Sweep(snapshot, DAY), [one for one in put if one[0].geometry.area > 0]) == []


ZONE = Zone(layer_id="park", code="park-0", name="", cls=None, subtype="", district="", county="", attributes={})


@pytest.mark.parametrize("name", ["deep", "least_m2", "most_m2", "flip_m", "footprint", "zone", "slack_m", "overlap"])
def test_a_relation_refuses_to_tell_what_only_a_drawing_shows(name: str) -> None:
    lies = overlapping(ZONE, 10.0, has_edge=True)
    assert lies.certainly_overlaps
    assert lies.band.certainty is Certainty.CERTAIN
    if name == "flip_m":
        assert lies.band.flip_m is None  # it is not borderline
        return
    with pytest.raises(UndrawnError):
        getattr(lies.band, name)


def test_a_relation_refuses_to_tell_how_much_it_shares() -> None:
    lies = overlapping(ZONE, 10.0, has_edge=False)
    for name in ("area_m2", "share_of_site", "share_of_zone", "overlap"):
        with pytest.raises(UndrawnError):
            getattr(lies.measure, name)


def test_a_site_beside_a_zone_is_as_far_as_it_is() -> None:
    near = beside(ZONE, 10.0, distance_m=6.0, slack_m=2.0, is_resolved=True)
    far = beside(ZONE, 10.0, distance_m=12.0, slack_m=2.0, is_resolved=True)
    assert (near.band.certainty, near.band.has_edge) == (Certainty.BESIDE, True)
    assert (far.band.certainty, far.band.has_edge) == (Certainty.CERTAIN, False)
    assert not near.may_overlap


def test_the_shape_of_a_site_is_not_in_what_its_situation_says(fast: Snapshot, kept: Path) -> None:
    (site, _), *_ = questions(fast, 1)
    index = fast.index
    assert index is not None
    shapes = {one: loaded.shapes for one, loaded in fast.layers.items()}
    gaps = Gaps(fast.outline, shapes, kept / GAPS_FILE, index_sources(fast.manifest))
    sorter = Situations(fast, index, DAY, gaps)
    (situation,) = sorter.of(
        np.array([fast.jurisdiction.plane.from_degrees(site.geometry)], object), np.array([site.accuracy_m])
    )
    assert situation is not None
    evidence = sorter.evidence(situation, 1.0)
    with pytest.raises(UndrawnError):
        _ = evidence.site_shape
    assert place(evidence, DAY).reached


def test_a_gap_as_wide_as_a_millimetre_is_one_and_a_thread_of_rounding_is_none() -> None:
    outline = shapely.box(0, 0, 100, 100)
    west = shapely.box(0, 0, 50, 100)
    probe = np.array([shapely.box(40, 40, 60, 60), shapely.box(10, 10, 20, 20)], object)
    for gap_m, clear in ((0.0, [True, True]), (1e-7, [True, True]), (0.001, [False, True]), (3.0, [False, True])):
        gaps = Gaps(outline, {"units": np.array([west, shapely.box(50 + gap_m, 0, 100, 100)], object)})
        assert gaps.are_clear_of(["units"], probe).tolist() == clear


def test_gaps_are_kept_beside_the_release_and_found_again_where_the_file_is_damaged_or_of_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    outline, file = shapely.box(0, 0, 100, 100), tmp_path / "zones.gaps"
    probe = np.array([shapely.box(40, 40, 60, 60)], object)

    def gaps(of: str, width_m: float) -> list[bool]:
        zones = np.array([shapely.box(0, 0, 50, 100), shapely.box(50 + width_m, 0, 100, 100)], object)
        return Gaps(outline, {"units": zones}, file, {"units": of}).are_clear_of(["units"], probe).tolist()

    assert gaps("a", 3.0) == [False]
    whole = file.read_bytes()
    assert gaps("a", 0.0) == [False], "the file was not used"
    assert gaps("b", 0.0) == [True], "the file of other zones was used"
    file.write_bytes(whole[:-3] + b"000")
    assert gaps("a", 0.0) == [True], "a damaged file was used"
    file.write_bytes(whole)
    monkeypatch.setattr(gaps_module, "VERSION", gaps_module.VERSION + 1)
    assert gaps("a", 0.0) == [True], "gaps found in another way were used"
    assert [one.name for one in tmp_path.iterdir()] == ["zones.gaps"]


def test_a_gap_in_the_units_under_a_site_is_found_in_a_sweep_too() -> None:
    world = simple(units=[shapely.box(0, 0, 35, 100), shapely.box(35.01, 0, 70, 100)])
    snapshot = indexed(world.snapshot())
    sweep = Sweep(snapshot, DAY)
    project = Project(name="", industries=(), construction=None, facts={})
    put = [(at(shapely.box(20, 20, 50, 60)), project), (at(shapely.box(5, 20, 30, 60)), project)]
    assert disagreements(snapshot, sweep, put) == []
    across, inside = sweep([site for site, _ in put], [project, project])
    assert across.verdict.conclusion is Outcome.UNDETERMINED
    assert inside.verdict.conclusion is Outcome.COMPLIES


def test_where_nobody_speaks_of_units_every_site_is_looked_at_by_itself() -> None:
    world = simple(units=[shapely.box(0, 0, 70, 100)])
    whole = world.snapshot()
    without = {layer_id: one for layer_id, one in whole.layers.items() if one.layer.role != "unit"}
    snapshot = indexed(replace(whole, layers=without))
    sweep = Sweep(snapshot, DAY)
    project = Project(name="", industries=(), construction=None, facts={})
    put = [(at(shapely.box(20, 20, 50, 60)), project)]
    assert disagreements(snapshot, sweep, put) == []
    assert [one.verdict.conclusion for one in sweep([put[0][0]], [project])] == [Outcome.UNDETERMINED]
    assert sweep.alone == 2


def simple(units: list[BaseGeometry]) -> World:
    """Units of land, one of sea, nothing else and no requirement."""
    named = [*(f"unit_land-{n}" for n in range(len(units))), "unit_sea-0"]

    def unit(code: str, layer_id: str) -> Zone:
        return replace(ZONE, layer_id=layer_id, code=code)

    return World(
        zones={
            "unit_land": tuple((unit(code, "unit_land"), one) for code, one in zip(named[:-1], units, strict=True)),
            "unit_sea": ((unit("unit_sea-0", "unit_sea"), SEA),),
            "red_line": (),
            "water": ((replace(ZONE, layer_id="water", code="water-0"), LAND_SHAPE),),
            "park": (),
        },
        accuracy_m=dict.fromkeys(KINDS, 1.0),
        clauses=tuple(naming(code, n) for n, code in enumerate(named)),
    )
