"""The index says what GEOS says, of every pair, and no record tells whether it was there."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import index as index_module
from layers import kernel as kernel_module
from layers import partition as partition_module
from layers.edges import Edges
from layers.index import FILE, build_index, opened_index
from layers.kernel import SOURCE, Kernel
from layers.partition import STORED, Partition, outline_of, outlines_of
from layers.partition_arrays import DEEPEST
from layers.snapshot import Snapshot, load_snapshot
from screening.model import Construction, Project, Site
from screening.record import as_record, canonical
from screening.verdict import screen
from tests.coverages import coverages, disagreements, moved, places, site_lists
from tests.kernels import SANITIZED, compiled, kernel
from tests.randomcity import DAY, WORDS, World, accuracies, projects, sites, worlds

reaches = st.sampled_from([0.0, 0.37, 2.3, 50.0])


def indexed(snapshot: Snapshot) -> Snapshot:
    """The same snapshot with an index over its layers."""
    layers = {one: loaded.shapes for one, loaded in snapshot.layers.items()}
    built = build_index(layers, snapshot.outline, kernel())
    assert built is not None
    return replace(snapshot, index=built)


# -- the index and GEOS ------------------------------------------------------------------------------------------------


@given(coverages, site_lists, places, reaches, st.sampled_from([1, 4, 64]))
def test_areas_distances_and_containment_are_those_of_geos(
    zones: list[list[shapely.Geometry]],
    asked: list[shapely.Geometry],
    place: tuple[float, float],
    reach_m: float,
    edges_per_leaf: int,
) -> None:
    layers = [moved(one, place) for one in zones]
    built = Partition.build(layers, kernel(), edges_per_leaf)
    assert disagreements(built, layers, moved(asked, place), reach_m) == []


def test_edges_on_the_lines_of_the_partition_are_found() -> None:
    cuts = np.arange(-1, 65 + 1e-9, 66 / 16)  # the root reaches from -1 to 65 and is halved again and again
    zones = np.array([shapely.box(0, 0, 64, 64), *(shapely.box(cuts[i], cuts[i], 33, 40) for i in (1, 2, 4))], object)
    boxes = [shapely.box(a, b, a + 66 / 8, b + 66 / 16) for a in cuts[1:-3] for b in cuts[1:-2]]
    built = Partition.build([zones], kernel(), 1)
    for reach_m in (0.0, 0.5):
        assert disagreements(built, [zones], np.array(boxes, object), reach_m) == []


def test_a_site_may_be_a_whole_zone_or_hold_many() -> None:
    rng = np.random.default_rng(5)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(rng.uniform(0, 1000, (60, 2)))))
    cells = shapely.segmentize(shapely.intersection(cells, shapely.box(0, 0, 1000, 1000)), 5.0)
    other = np.array(
        [
            shapely.buffer(shapely.Point(one), 150).difference(shapely.Point(one).buffer(60))
            for one in rng.uniform(0, 1000, (12, 2))
        ],
        object,
    )
    built = Partition.build([cells, other], kernel())
    whole = np.array(
        [shapely.box(-50, -50, 1050, 1050), shapely.union_all(cells[:20]), shapely.union_all(other)], object
    )
    for asked in (cells, other, whole):
        assert disagreements(built, [cells, other], asked, 3.0) == []


def test_many_zones_on_one_border_do_not_make_the_index_grow_without_end() -> None:
    line = np.column_stack([np.linspace(0, 1000, 400), 20 * np.sin(np.arange(400))])
    west = shapely.Polygon([*line, (1000, 500), (0, 500)])
    layers = [np.array([west, shapely.Polygon([*line, (1000, -500), (0, -500)])], object)] * 60
    built = Partition.build(layers, kernel())
    assert len(built.arrays["xy"]) / 2 < 10 * sum(shapely.get_num_coordinates(one).sum() for one in layers)
    assert disagreements(built, layers, np.array([shapely.box(400, -30, 420, 30)], object), 1.0) == []


@given(coverages, st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), min_size=1, max_size=9))
def test_points_lie_where_geos_says(zones: list[list[shapely.Geometry]], asked: list[tuple[int, int]]) -> None:
    layers = [moved(one, (0.0, 0.0)) for one in zones]
    flat = np.concatenate(layers)
    points = np.array(asked) + 0.31
    built = Partition.build(layers, kernel(), 2)
    found = set(zip(*(one.tolist() for one in built.at(points)), strict=True))
    clear = shapely.distance(shapely.points(points)[:, None], shapely.boundary(flat)[None, :]) > 1e-9
    inside = shapely.contains(flat[None, :], shapely.points(points)[:, None])
    assert {(i, j) for i, j in found if clear[i, j]} == set(zip(*np.nonzero(inside & clear), strict=True))


@given(coverages, site_lists, st.sampled_from([0.5, 3.0, 40.0]))
def test_the_nearest_zone_is_the_nearest(
    zones: list[list[shapely.Geometry]], asked: list[shapely.Geometry], within_m: float
) -> None:
    layers = [moved(one, (0.0, 0.0)) for one in zones]
    built = Partition.build(layers, kernel(), 4)
    for site in asked:
        found = built.nearest(outline_of(site), [within_m] * len(layers), 1e-6)
        for i, layer in enumerate(layers):
            distances = shapely.distance(site, layer)
            nearest = distances.min()
            if abs(nearest - within_m) > 1e-6:
                own = (found.zone >= built.layer_at[i]) & (found.zone < built.layer_at[i + 1])
                expected = set(np.flatnonzero(distances <= nearest + 1e-6)) if nearest < within_m else set()
                assert set((found.zone[own] - built.layer_at[i]).tolist()) == expected
                assert all(abs(found.distance_m[own] - nearest) <= 2e-6)


@given(coverages, site_lists)
def test_the_distance_to_a_few_edges_is_the_distance_bit_for_bit(
    zones: list[list[shapely.Geometry]], asked: list[shapely.Geometry]
) -> None:
    layer = moved(zones[0], (500_000.3, 3_990_000.7))
    edges = Edges.of(layer)
    for site in moved(asked, (500_020.1, 3_990_000.7)):
        for i, zone in enumerate(layer):
            expected = shapely.distance(site, zone)
            if expected > 1e-6:
                assert edges.distance(site, i, expected + 1e-6) == expected


def test_memory_errors_and_overruns_are_none(tmp_path: Path) -> None:
    """The same tests as above, some examples of each, by a library that watches every access."""
    library = compiled(tmp_path / "watched.so", *SANITIZED)
    runtime = subprocess.check_output(["cc", "-print-file-name=libasan.so"], text=True).strip()
    subprocess.run(
        [sys.executable, "-m", "tests.watched_kernel", str(library)],
        check=True,
        env={**os.environ, "LD_PRELOAD": runtime, "ASAN_OPTIONS": "detect_leaks=0"},
        cwd=Path(__file__).parents[1],
    )


# -- evidence with and without -----------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(worlds(), sites, projects(), accuracies)
def test_no_record_tells_whether_the_index_was_there(
    world: World, shape: shapely.Geometry, project: Project, accuracy_m: float
) -> None:
    plain = world.snapshot()
    site = Site(name="", geometry=shape, as_written="", read_as=WORDS, accuracy_m=accuracy_m)
    records = [
        canonical(as_record(screen(project, site, one.gather(site, DAY), DAY))) for one in (plain, indexed(plain))
    ]
    assert records[0] == records[1]


def test_demonstration_records_are_the_same_with_and_without(demo: Snapshot) -> None:
    fast, plain = indexed(demo), replace(demo, index=None)
    rng = np.random.default_rng(11)
    west, south, east, north = demo.jurisdiction.plane.to_degrees(demo.outline).bounds
    project = Project(name="", industries=(), construction=Construction.NEW, facts={})
    for accuracy_m in (None, 5.0, 50.0):
        for x, y in rng.uniform((west, south), (east, north), (15, 2)):
            shape = shapely.box(x, y, x + 0.004, y + 0.002) if x * 1e4 % 3 > 1 else shapely.Point(x, y)
            site = Site(name="", geometry=shape, as_written="", read_as=WORDS, accuracy_m=accuracy_m)
            pair = [as_record(screen(project, site, one.gather(site, DAY), DAY)) for one in (fast, plain)]
            assert canonical(pair[0]) == canonical(pair[1])


def test_an_index_answers_for_no_layers_but_those_it_was_made_over(demo: Snapshot) -> None:
    fast = indexed(demo)
    loaded = fast.layers["red_line"]
    emptied = replace(loaded, zones=(), shapes=loaded.shapes[:0], tree=shapely.STRtree(loaded.shapes[:0]))
    without = replace(fast, layers={**fast.layers, "red_line": emptied})
    middle = shapely.centroid(demo.jurisdiction.plane.to_degrees(loaded.shapes[0]))
    site = Site(name="", geometry=middle, as_written="", read_as=WORDS)
    assert not without.gather(site, DAY).of_layer("red_line")


# -- the file ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Partition]:
    """A small index and its file."""
    built = Partition.build([moved([shapely.box(0, 0, 9, 9), shapely.box(9, 0, 20, 9)], (0.0, 0.0))], kernel(), 2)
    built.write(tmp_path / FILE, {"a": "1"})
    return tmp_path / FILE, built


def test_what_was_written_is_what_is_opened(written: tuple[Path, Partition]) -> None:
    path, built = written
    opened = Partition.open(path, {"a": "1"}, kernel())
    assert opened is not None
    assert (opened.box, opened.layer_at) == (built.box, built.layer_at)
    assert all((opened.arrays[name] == array).all() for name, array in built.arrays.items())
    assert [one.name for one in path.parent.iterdir()] == [FILE]


def test_a_damaged_or_foreign_index_is_never_used(written: tuple[Path, Partition]) -> None:
    path, _ = written
    whole = path.read_bytes()
    assert Partition.open(path, {"a": "2"}, kernel()) is None
    assert Partition.open(path.with_name("none"), {"a": "1"}, kernel()) is None
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x15]) + whole[at + 1 :])
        assert Partition.open(path, {"a": "1"}, kernel()) is None, at
    for length in range(0, len(whole), 61):
        path.write_bytes(whole[:length])
        assert Partition.open(path, {"a": "1"}, kernel()) is None


def test_an_index_made_by_another_kernel_is_never_used(
    written: tuple[Path, Partition], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = written
    monkeypatch.setattr(partition_module, "VERSION", kernel_module.VERSION + 1)
    assert Partition.open(path, {"a": "1"}, kernel()) is None


OFFSETS = ("full_at", "ring_at", "vertex_at")
NUMBERS = (*OFFSETS, "full", "ring_zone")
HARMS = (
    *(("cut short", name) for name, _ in STORED),
    *(("too large", name) for name in (*NUMBERS, "right", "layer_of")),
    *(("too small", name) for name in NUMBERS),
    *(("falling", name) for name in OFFSETS),
)


@pytest.fixture(scope="module")
def many() -> Partition:
    """An index over zones that overlap; every array of it holds something."""
    zones = [shapely.box(0, 0, 64, 64), *(shapely.box(x, x, x + 9, x + 9) for x in range(40))]
    return Partition.build([moved(zones, (0.0, 0.0))], kernel(), 2)


@pytest.mark.parametrize(("harm", "name"), HARMS)
def test_an_index_that_proves_itself_but_leads_out_of_its_arrays_is_never_used(
    harm: str, name: str, many: Partition, tmp_path: Path
) -> None:
    array = many.arrays[name].copy()
    if harm == "cut short":
        array = array[:-1]
    elif harm == "falling":
        array = array[::-1].copy()
    else:
        array[len(array) // 2] = np.iinfo(array.dtype).max if harm == "too large" else -1
    replace(many, arrays={**many.arrays, name: array}).write(tmp_path / FILE, {"a": "1"})
    assert Partition.open(tmp_path / FILE, {"a": "1"}, kernel()) is None


def test_a_way_down_without_end_or_with_more_zones_than_there_are_is_never_used(
    many: Partition, tmp_path: Path
) -> None:
    def is_used(**arrays: np.ndarray[Any, Any]) -> bool:
        replace(many, arrays={**many.arrays, **arrays}).write(tmp_path / FILE, {"a": "1"})
        return Partition.open(tmp_path / FILE, {"a": "1"}, kernel()) is not None

    right, full, ring_zone = (many.arrays[name] for name in ("right", "full", "ring_zone"))
    last = int(np.flatnonzero(right >= 0)[-1])
    assert is_used()
    for wrong in (0, last, last + 1, len(right), -1):
        changed = right.copy()
        changed[last] = wrong
        assert not is_used(right=changed), wrong
    full_at = many.arrays["full_at"].copy()
    full_at[1:] += 42
    assert not is_used(full_at=full_at, full=np.concatenate([np.zeros(42, full.dtype), full]))
    assert is_used(ring_zone=np.zeros_like(ring_zone))  # other lines, but within bounds: who made it has to be trusted


def test_the_deepest_level_is_that_of_the_kernel() -> None:
    found = re.search(r"#define DEEPEST (\d+)", SOURCE.read_text(encoding="utf-8"))
    assert found is not None
    assert int(found[1]) == DEEPEST


def test_an_index_of_other_numbers_of_zones_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "installed", kernel)
    outline = shapely.box(0, 0, 100, 100)
    layers = {"a": np.array([shapely.box(0, 0, 9, 9), shapely.box(9, 0, 20, 9)], object)}
    fewer = build_index({"a": layers["a"][:1]}, outline, kernel())
    assert fewer is not None
    fewer.partition.write(tmp_path / FILE, {"a": "1"})
    found = opened_index(tmp_path, layers, outline, {"a": "1"})
    assert found is not None
    assert found.partition.layer_at == (0, 2, 3)


def test_a_release_gets_its_index_when_published_and_again_when_it_is_lost(
    demo_store: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "installed", kernel)
    folder = tmp_path / demo_store[1]
    shutil.copytree(demo_store[0] / demo_store[1], folder)
    (folder / FILE).unlink(missing_ok=True)
    assert load_snapshot(folder).index is not None
    first = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(first[:-1])
    assert load_snapshot(folder).index is not None
    assert (folder / FILE).read_bytes() == first


def test_without_a_kernel_the_answers_are_those_of_geos_and_the_log_says_so(
    demo_store: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kernel_module, "EXTENSION_SUFFIXES", [".none"])
    monkeypatch.setattr(index_module, "installed", kernel_module.installed.__wrapped__)
    with caplog.at_level(logging.WARNING):
        assert load_snapshot(demo_store[0] / demo_store[1]).index is None
    assert "no compiled index" in caplog.text


def test_threads_do_not_disturb_each_other(demo: Snapshot) -> None:
    partition = indexed(demo).index
    assert partition is not None
    groups = [outlines_of(demo.layers[one].shapes[:40]) for one in ("unit_land", "red_line", "water", "soil")] * 6
    alone = [partition.partition.areas(one) for one in groups]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(partition.partition.areas, groups))
    for one, other in zip(alone, together, strict=True):
        assert all((a == b).all() for a, b in zip(one, other, strict=True))


def test_a_library_built_from_another_source_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = compiled(tmp_path / "_partition.so")
    monkeypatch.setattr(kernel_module, "VERSION", kernel_module.VERSION + 1)
    with pytest.raises(OSError, match="another source"):
        Kernel.load(path)


def test_a_library_for_another_machine_is_named_and_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "_partition.so").write_bytes(b"not a library")
    monkeypatch.setattr(kernel_module, "SOURCE", tmp_path / "partition.c")
    monkeypatch.setattr(kernel_module, "EXTENSION_SUFFIXES", [".so"])
    assert kernel_module.installed.__wrapped__() is None
    assert "_partition.so does not load" in caplog.text
    with pytest.raises(OSError, match="partition"):
        Kernel.load(tmp_path / "_partition.so")
