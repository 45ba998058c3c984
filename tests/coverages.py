"""Zones and sites of every awkward kind: shared edges, corners on edges, slivers, holes, parts, doubled points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.partition import Partition, Shapes, outlines_of

Pairs = dict[tuple[int, int], float]

_steps = st.integers(0, 16)


def _polygon(points: Sequence[tuple[float, float]]) -> BaseGeometry:
    return shapely.make_valid(shapely.Polygon([*points, points[0]]))


def _areal(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else shapely.box(0, 0, 1, 1)


def _doubled(shape: BaseGeometry) -> BaseGeometry:
    """The same with every vertex of its shells twice."""
    parts = [
        shapely.Polygon(
            np.repeat(np.asarray(part.exterior.coords), 2, axis=0), [hole.coords for hole in part.interiors]
        )
        for part in shapely.get_parts(shape)
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


_boxes = st.tuples(_steps, _steps, st.integers(1, 8), st.integers(1, 8)).map(
    lambda t: shapely.box(t[0], t[1], t[0] + t[2], t[1] + t[3])
)
_slivers = st.tuples(_steps, _steps, _steps, _steps).map(
    lambda t: _areal(_polygon([(t[0], t[1]), (t[2], t[3]), (t[2], t[3] + 0.001), (t[0] + 0.001, t[1])]))
)
_corners = st.lists(st.tuples(_steps, _steps), min_size=3, max_size=7).map(lambda points: _areal(_polygon(points)))
_simple = st.one_of(_boxes, _corners, _slivers)
_holed = st.tuples(_boxes, _corners).map(lambda pair: _areal(shapely.difference(*pair)))
_parted = st.tuples(_simple, _boxes).map(lambda pair: _areal(shapely.union(*pair)))
shapes = st.one_of(_simple, _holed, _parted, _parted.map(_doubled), _boxes.map(_doubled)).filter(
    lambda shape: shape.is_valid and shape.area > 0
)
coverages = st.lists(st.lists(shapes, min_size=1, max_size=6), min_size=1, max_size=4)
site_lists = st.lists(shapes, min_size=1, max_size=6)
places = st.sampled_from([(0.0, 0.0), (500_000.3, 3_990_000.7), (749_999.9, 4_120_000.1)])  # the last beyond its belt


def moved(group: Sequence[BaseGeometry], place: tuple[float, float]) -> Shapes:
    """Shapes elsewhere, as an array."""
    return np.array([shapely.transform(one, lambda xy: xy + place) for one in group], dtype=object)


def disagreements(index: Partition, layers: Sequence[Shapes], sites: Shapes, reach_m: float) -> list[str]:
    """Where the index and GEOS differ about any pair of site and zone, in areas, distances or containment."""
    zones = np.concatenate(list(layers))
    found = []
    site, zone, area = index.areas(outlines_of(sites))
    areas: Pairs = dict(zip(zip(site.tolist(), zone.tolist(), strict=True), area.tolist(), strict=True))
    near = index.near(outlines_of(sites), [reach_m] * len(layers))
    pairs = list(zip(near.site.tolist(), near.zone.tolist(), strict=True))
    distances: Pairs = dict(zip(pairs, near.distance_m.tolist(), strict=True))
    parts = dict(zip(pairs, near.parts.tolist(), strict=True))
    for i, one in enumerate(sites):
        for j, other in enumerate(zones):
            expected = shapely.intersection(one, other).area
            if abs(areas.get((i, j), 0.0) - expected) > max(1e-4, 1e-9 * expected):
                found.append(f"area {i} {j}: {areas.get((i, j))} for {expected}")
            edge = float(shapely.distance(one, other.boundary))
            told = distances.get((i, j), np.inf)
            if (edge <= reach_m - 1e-6 and abs(told - edge) > 1e-6) or (edge > reach_m + 1e-6 and told != np.inf):
                found.append(f"distance {i} {j}: {told} for {edge}")
            holds = edge > 1e-6 and shapely.contains(other, one)
            if edge > 1e-6 and (parts.get((i, j), 0) == shapely.get_num_geometries(one)) != holds:
                found.append(f"inside {i} {j}: {parts.get((i, j))} parts for {holds}")
    return found
