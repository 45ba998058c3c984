"""Natural-looking borders, and one planar arrangement of faces that every layer is dissolved from.

All layers of the demonstration city are unions of the same faces, so borders that should be shared are shared to
the last digit: no gap, no overlap, no sliver between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from sample_data.noise import Floats, Integers, hash01

SNAP = 0.01
"""Metres; every vertex lies on this lattice of EPSG:4549 before it is turned into degrees."""
SPECK_M2 = 200.0
"""Crumbs left by cutting shapes that are no larger than this are dropped."""


def smooth(chain: Floats, rounds: int = 3) -> Floats:
    """Takes the stairs out of a chain of cell edges; its two ends stay where they are."""
    closed = bool(np.array_equal(chain[0], chain[-1])) and len(chain) > 4
    middles = (chain[:-1] + chain[1:]) / 2.0
    points = np.vstack([middles, middles[:1]]) if closed else np.vstack([chain[:1], middles, chain[-1:]])
    for _ in range(rounds):
        inner = (points[:-2] + 2.0 * points[1:-1] + points[2:]) / 4.0
        if closed:
            seam = (points[-2:-1] + 2.0 * points[:1] + points[1:2]) / 4.0
            points = np.vstack([seam, inner, seam])
        else:
            points = np.vstack([points[:1], inner, points[-1:]])
    return points


def refine(chain: Floats, spacing: float, roughness: float, salt: int) -> Floats:
    """Midpoint displacement until no piece is longer than 1.5 times ``spacing`` metres.

    A midpoint moves sideways by at most ``roughness`` times the length it halves; by how much is a hash of
    its place, so the same line always gets the same detail.
    """
    points = chain
    for _ in range(12):
        start, end = points[:-1], points[1:]
        run = end - start
        length = np.hypot(run[:, 0], run[:, 1])
        long = length > 1.5 * spacing
        if not long.any():
            break
        middle = (start + end) / 2.0
        key = np.round(middle).astype(np.int64)
        shift = (hash01(key[:, 0], key[:, 1], salt) - 0.5) * 2.0 * roughness
        normal = np.stack([-run[:, 1], run[:, 0]], axis=1)
        moved = middle + normal * shift[:, None]
        points = np.insert(points, np.nonzero(long)[0] + 1, moved[long], axis=0)
    return points


def natural_lines(chains: Iterable[Floats], spacing: float, roughness: float, salt: int) -> list[shapely.Geometry]:
    """Smoothed and refined lines of traced chains, on the lattice of SNAP metres."""
    drawn = [refine(smooth(chain), spacing, roughness, salt) for chain in chains]
    return [shapely.LineString(np.round(points, 2)) for points in drawn if len(points) > 1]


def natural_rings(geometry: shapely.Geometry, spacing: float, roughness: float, salt: int) -> shapely.Geometry:
    """A polygon (or several) whose rings got fine detail; repaired where detail made a ring cross itself."""
    parts: list[shapely.Geometry] = []
    for polygon in shapely.get_parts(geometry):
        rings = [
            shapely.LinearRing(np.round(refine(shapely.get_coordinates(ring), spacing, roughness, salt), 2))
            for ring in shapely.get_rings(polygon)
        ]
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return only_polygons(shapely.union_all(shapely.make_valid(np.array(parts)), grid_size=SNAP))


def only_polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """The areal parts of a geometry, specks left out, as one MultiPolygon."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.multipolygons([part for part in parts if isinstance(part, shapely.Polygon) and part.area > SPECK_M2])


def polygonize(lines: Sequence[shapely.Geometry]) -> npt.NDArray[np.object_]:
    """The faces of linework after noding it once on the lattice of SNAP metres."""
    noded = shapely.unary_union(shapely.multilinestrings(_exploded(lines)), grid_size=SNAP)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    order = np.lexsort((shapely.bounds(faces)[:, 1], shapely.bounds(faces)[:, 0], shapely.area(faces)))
    sorted_faces: npt.NDArray[np.object_] = faces[order]
    return sorted_faces


def _exploded(lines: Sequence[shapely.Geometry]) -> npt.NDArray[np.object_]:
    simple = [shapely.boundary(line) if shapely.get_dimensions(line) == 2 else line for line in lines]
    parts: npt.NDArray[np.object_] = shapely.get_parts(shapely.get_parts(np.array(simple, dtype=object)))
    filled: npt.NDArray[np.object_] = parts[~shapely.is_empty(parts)]
    return filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Faces of the plane, and which of them share how many metres of border."""

    faces: npt.NDArray[np.object_]
    points: npt.NDArray[np.object_]
    area_m2: Floats
    left: Integers
    right: Integers
    border_m: Floats

    @classmethod
    def of(cls, lines: Sequence[shapely.Geometry]) -> Arrangement:
        """Nodes the lines, makes the faces and measures their shared borders."""
        faces = polygonize(lines)
        left, right, border_m = _shared_borders(faces)
        points = shapely.point_on_surface(faces)
        return cls(faces=faces, points=points, area_m2=shapely.area(faces), left=left, right=right, border_m=border_m)

    def inside(self, polygons: npt.NDArray[np.object_]) -> Integers:
        """For each face the position of the polygon that holds it, -1 where none does."""
        found = np.full(len(self.faces), -1, dtype=np.int64)
        tree = shapely.STRtree(polygons)
        face, polygon = tree.query(self.points, predicate="within")
        found[face[::-1]] = polygon[::-1]
        return found

    def dissolve(self, labels: Integers) -> dict[int, shapely.Geometry]:
        """One geometry per label of zero or more; faces of label -1 belong to nothing."""
        order = np.argsort(labels, kind="stable")
        values, starts = np.unique(labels[order], return_index=True)
        groups = np.split(order, starts[1:])
        return {
            int(value): shapely.coverage_union_all(self.faces[group])
            for value, group in zip(values, groups, strict=True)
            if value >= 0
        }


def _shared_borders(faces: npt.NDArray[np.object_]) -> tuple[Integers, Integers, Floats]:
    rings, face_of_ring = shapely.get_rings(faces, return_index=True)
    corners, ring_of_corner = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring_of_corner[:-1] == ring_of_corner[1:]
    centimetres = np.round(corners * 100.0).astype(np.int64)
    packed = centimetres[:, 0] * 2**32 + centimetres[:, 1]
    low = np.minimum(packed[:-1], packed[1:])[same_ring]
    high = np.maximum(packed[:-1], packed[1:])[same_ring]
    run = (corners[1:] - corners[:-1])[same_ring]
    length = np.hypot(run[:, 0], run[:, 1])
    face = face_of_ring[ring_of_corner[:-1][same_ring]]
    order = np.lexsort((high, low))
    low, high, length, face = low[order], high[order], length[order], face[order]
    twin = (low[:-1] == low[1:]) & (high[:-1] == high[1:])
    first, second = face[:-1][twin], face[1:][twin]
    pair = np.minimum(first, second) * len(faces) + np.maximum(first, second)
    keys, position = np.unique(pair, return_inverse=True)
    metres = np.bincount(position, weights=length[:-1][twin], minlength=len(keys)).astype(np.float64)
    return (keys // len(faces)).astype(np.int64), (keys % len(faces)).astype(np.int64), metres


def absorb_small(
    arrangement: Arrangement, labels: Integers, domain: Integers, least_m2: float, rounds: int = 3
) -> Integers:
    """Gives patches smaller than ``least_m2`` to the neighbour with the longest common border.

    Faces of unlike ``domain`` (land and sea, one district and another) never absorb each other; a patch with
    no neighbour in its domain (an island) keeps its label.
    """
    result = labels.copy()
    near = domain[arrangement.left] == domain[arrangement.right]
    left, right, border = arrangement.left[near], arrangement.right[near], arrangement.border_m[near]
    for _ in range(rounds):
        patch = patches(len(result), left, right, result)
        area = np.bincount(patch, weights=arrangement.area_m2, minlength=len(result))
        apart = (patch[left] != patch[right]) & (result[left] >= 0) & (result[right] >= 0)
        weight: dict[int, dict[int, float]] = {}
        for a, b, metres in zip(patch[left[apart]], patch[right[apart]], border[apart], strict=True):
            for one, other in ((int(a), int(b)), (int(b), int(a))):
                if area[one] < least_m2 and area[other] > area[one]:
                    weight.setdefault(one, {})[other] = weight.setdefault(one, {}).get(other, 0.0) + float(metres)
        if not weight:
            break
        label_of_patch = result.copy()
        for one, others in weight.items():
            label_of_patch[one] = result[max(others, key=lambda other: (others[other], other))]
        result = label_of_patch[patch]
    return result


def patches(count: int, left: Integers, right: Integers, labels: Integers) -> Integers:
    """The number of the first face of the connected patch of one label that each face belongs to."""
    parent = list(range(count))

    def root(face: int) -> int:
        while parent[face] != face:
            parent[face] = parent[parent[face]]
            face = parent[face]
        return face

    same = labels[left] == labels[right]
    for a, b in zip(left[same].tolist(), right[same].tolist(), strict=True):
        a, b = root(a), root(b)
        parent[max(a, b)] = min(a, b)
    return np.array([root(face) for face in range(count)], dtype=np.int64)
