"""概化: zones as a city publishes them, with no coordinate finer than the step it stated.

Lines are simplified to the step and then snapped to a grid of the step, so that neither a vertex nor an edge tells an exact
point more closely than the cell it lies in. Where a layer tiles, shared borders stay shared: the snapped linework is
noded once for the whole layer, and its faces go to the zone that holds most of them.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.overlay import areal

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]
NOTHING = shapely.Polygon()


def generalised(shapes: Shapes, step_m: float, *, tiles: bool) -> Shapes:
    """Shapes on a plane, generalised to a step; empty where a zone is too small to be shown at all.

    Args:
        shapes: Polygons on the plane, metres.
        step_m: Tolerance of the simplification and side of the grid on which every vertex of the result lies.
        tiles: Whether the shapes are a coverage without gaps and overlaps.

    >>> import numpy as np
    >>> found = generalised(np.array([shapely.box(0, 0, 1010, 980)]), 200.0, tiles=False)
    >>> found[0].bounds
    (0.0, 0.0, 1000.0, 1000.0)
    """
    if tiles and shapely.coverage_is_valid(shapes):
        return _tiled(shapely.coverage_simplify(shapes, step_m), step_m)
    simple = shapely.simplify(shapes, step_m, preserve_topology=True)
    snapped = [areal(shapely.set_precision(one, step_m)) for one in simple]
    return _array(snapped)


def hidden(shapes: Shapes) -> Shapes:
    """As many empty shapes: nothing is shown."""
    return _array([NOTHING] * len(shapes))


def _tiled(simple: Shapes, step_m: float) -> Shapes:
    lines = shapely.union_all(shapely.boundary(simple), grid_size=step_m)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    tree = shapely.STRtree(simple)
    owned: list[list[BaseGeometry]] = [[] for _ in simple]
    for face in faces:
        near = tree.query(face, predicate="intersects")
        areas = shapely.area(shapely.intersection(simple[near], face))
        if len(near) and areas.max() > face.area / 2:  # the rest is a hole of the coverage
            owned[int(near[np.argmax(areas)])].append(face)
    return _array([areal(shapely.union_all(parts)) if parts else NOTHING for parts in owned])


def _array(shapes: list[BaseGeometry]) -> Shapes:
    made: Shapes = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made
