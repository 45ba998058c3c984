"""How deep a site reaches into a zone: where the kernel is sure, the rules of accuracy say the same."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.index import certain_depths
from layers.partition import Depth, Partition, Shapes, outlines_of
from screening.accuracy import Certainty, Footprint, band
from screening.overlay import Relation, measure
from tests.coverages import coverages, moved, places, site_lists
from tests.kernels import kernel

BOX = shapely.box(0, 0, 1000, 400)
DONUT = shapely.difference(shapely.box(-500, -500, 1500, 900), shapely.box(300, 100, 700, 300))


def depths(zones: Shapes, sites: Shapes, width_m: float) -> list[tuple[int, int, Depth]]:
    """Site, zone and what the kernel says, of every pair."""
    site, zone = (one.ravel() for one in np.meshgrid(np.arange(len(sites)), np.arange(len(zones)), indexing="ij"))
    built, widths = Partition.build([zones], kernel(), 4), np.full(len(site), width_m)
    found = certain_depths(built, outlines_of(sites), site, zone, widths)
    return [(i, j, Depth(one)) for i, j, one in zip(site.tolist(), zone.tolist(), found.tolist(), strict=True)]


@settings(max_examples=300)
@given(coverages, site_lists, places, st.sampled_from([0.05, 0.4, 1.1, 3.0]))
def test_what_is_sure_is_so(
    zones: list[list[shapely.Geometry]],
    asked: list[shapely.Geometry],
    place: tuple[float, float],
    width_m: float,
) -> None:
    layer, sites = moved(zones[0], place), moved(asked, place)
    for i, j, depth in depths(layer, sites, width_m):
        if depth is Depth.UNSURE:
            continue
        found = measure(sites[i], layer[j])
        lies = band(Footprint(sites[i], width_m), layer[j], found, 0.0)
        assert found.relation is Relation.OVERLAPS
        assert lies.has_edge or depth is Depth.DEEP
        assert lies.certainty is (Certainty.CERTAIN if depth is Depth.DEEP else Certainty.BORDERLINE)
        assert (lies.deep is not None) == (depth is Depth.DEEP)


@pytest.mark.parametrize(
    ("site", "zone", "depth"),
    [
        pytest.param(shapely.box(-50, 100, 50, 200), BOX, Depth.DEEP, id="far over an edge"),
        pytest.param(shapely.box(-50, 100, 8, 200), BOX, Depth.SHALLOW, id="a little over an edge"),
        pytest.param(shapely.box(-50, 100, 10.1, 200), BOX, Depth.UNSURE, id="just about as far"),
        pytest.param(shapely.box(100, 1, 900, 15), BOX, Depth.DEEP, id="along an edge, inside"),
        pytest.param(shapely.box(100, 1, 900, 9), BOX, Depth.SHALLOW, id="along an edge, too near"),
        pytest.param(shapely.box(320, 92, 680, 308), DONUT, Depth.SHALLOW, id="around a hole, a little"),
        pytest.param(shapely.box(250, 50, 750, 350), DONUT, Depth.DEEP, id="around a hole"),
        pytest.param(shapely.box(310, 110, 690, 290), DONUT, Depth.UNSURE, id="in a hole"),
        pytest.param(shapely.box(-50, 100, 0, 200), BOX, Depth.UNSURE, id="beside an edge"),
        pytest.param(shapely.box(-50, 100, 0.0005, 200), BOX, Depth.UNSURE, id="a thread over an edge"),
        pytest.param(shapely.box(5000, 100, 5050, 200), BOX, Depth.UNSURE, id="far away"),
        pytest.param(
            shapely.union(shapely.box(-50, 100, 8, 200), shapely.box(1990, 100, 2000, 200)),
            BOX,
            Depth.SHALLOW,
            id="a part",
        ),
        pytest.param(
            shapely.difference(shapely.box(-50, 100, 50, 200), shapely.box(5, 105, 45, 195)),
            BOX,
            Depth.DEEP,
            id="a ring",
        ),
    ],
)
def test_plain_cases_are_sure(site: shapely.Geometry, zone: shapely.Geometry, depth: Depth) -> None:
    assert depths(np.array([zone], object), np.array([site], object), 10.0) == [(0, 0, depth)]


def test_a_long_border_takes_no_more_cells_than_there_are() -> None:
    line = np.column_stack([np.linspace(0, 3000, 900), 9 * np.sin(np.arange(900))])
    zone = shapely.Polygon([*line, (3000, 2000), (0, 2000)])
    site = shapely.Polygon([*(line + np.array([0, 4.9])), (3000, -500), (0, -500)])  # crosses it everywhere
    assert depths(np.array([zone], object), np.array([site], object), 5.0)[0][2] is not Depth.DEEP
