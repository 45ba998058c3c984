"""The index of a release: one binary space partition over the zones of all its layers, in one memory-mapped file.

It says of a site, without touching the zones themselves: in which zones its parts begin, which zones have an edge within
a distance of it and how far that edge is, which are nearest, and how much area they share. `partition.c` has the
mathematics; here are the arrays, the file, and shapes as the kernel takes them.

The file is a line with the digest of all that follows, a line of JSON, and the arrays. It names what it was made from, by
the digests of the zones' files and the version of the kernel: one that is damaged, belongs to other zones, was made by
other software, or whose arrays would lead the kernel beyond their ends is not used. That its lines are those of the zones
is not proved by it: it is made where it is used, or lies in a folder that is trusted as a whole.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.kernel import VERSION, Kernel, PartitionStruct, ShapesStruct
from layers.partition_arrays import MOST_LAYERS, is_sound

FORMAT = 2
EDGES_PER_LEAF = 64  # measured: half the size of 32, and as fast or faster
CLEARANCE_M = 1.0  # of the root's frame around all zones, so that no zone fills a node at the frame
ALIGNMENT = 64
FEW = 64  # shapes, up to which their order costs more than it saves
DIGEST_LINE = 65  # hexadecimal SHA-256 and the end of the line
_ONE, _SHELL = np.array([0, 1]), np.ones(1, np.uint8)  # a shape of one ring, its shell

Array = np.ndarray[Any, np.dtype[Any]]
Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]

# In the order of the parts in `partition.c`.
PARTS: tuple[tuple[str, type[np.generic]], ...] = (
    ("right", np.int32),
    ("layers", np.uint64),
    ("full_at", np.int64),
    ("full", np.int32),
    ("ring_at", np.int64),
    ("ring_zone", np.int32),
    ("vertex_at", np.int64),
    ("xy", np.float64),
    ("drawn", np.uint8),
)
STORED: tuple[tuple[str, type[np.generic]], ...] = (*PARTS, ("layer_of", np.uint8))
"""Arrays of the file, in their order."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """Shapes as flat arrays: closed rings one after the other, of any orientation; a point is a ring of itself twice.

    Attributes:
        xy: Shape (n, 2), metres.
        ring_at: First vertex of every ring, and one more.
        shape_at: First ring of every shape, and one more.
        is_shell: Of every ring.
        struct: The same for the kernel, valid as long as the arrays are.
        order: In which many are answered; None for few.
    """

    xy: Array
    ring_at: Array
    shape_at: Array
    is_shell: Array
    struct: ShapesStruct

    order: Array | None

    @staticmethod
    def of(xy: Array, ring_at: Array, shape_at: Array, is_shell: Array) -> Outlines:
        """From its arrays."""
        order = _neighbours_together(xy[ring_at[shape_at[:-1]]]) if len(shape_at) > FEW else None
        struct = ShapesStruct(
            _address(xy),
            _address(ring_at),
            _address(shape_at),
            _address(is_shell),
            None if order is None else _address(order),
            len(shape_at) - 1,
        )
        return Outlines(xy, ring_at, shape_at, is_shell, struct, order)

    def __len__(self) -> int:
        return len(self.shape_at) - 1

    @property
    def parts(self) -> int:
        """Of all shapes together."""
        return int(self.is_shell.sum())


def outline_of(shape: BaseGeometry) -> Outlines:
    """One shape as `outlines_of` would give it, sooner where it is a plain polygon."""
    if shape.geom_type != "Polygon" or shapely.get_num_interior_rings(shape):
        return outlines_of(np.array([shape], dtype=object))
    xy = shapely.get_coordinates(shape)
    return Outlines.of(xy, np.array([0, len(xy)]), _ONE, _SHELL)


def outlines_of(shapes: Shapes) -> Outlines:
    """Polygons and multipolygons, or points and multipoints, but not both together, as flat arrays.

    Raises:
        ValueError: Other geometry, or areas and points together.
    """
    if not len(shapes):
        return Outlines.of(np.empty((0, 2)), np.zeros(1, np.int64), np.zeros(1, np.int64), np.empty(0, np.uint8))
    kind, xy, offsets = shapely.to_ragged_array(shapes)
    xy = np.ascontiguousarray(xy[:, :2])
    if kind in (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT):
        parts = np.asarray(offsets[0], dtype=np.int64) if offsets else np.arange(len(xy) + 1)
        ends = np.arange(0, 2 * len(xy) + 1, 2)
        return Outlines.of(np.repeat(xy, 2, axis=0), ends, parts, np.ones(len(xy), np.uint8))
    if kind not in (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON):
        raise ValueError(f"{kind.name} has no area")
    rings, polygons, *of_shapes = (np.asarray(one, dtype=np.int64) for one in offsets)
    is_shell = np.zeros(len(rings) - 1, np.uint8)
    is_shell[polygons[:-1][np.diff(polygons) > 0]] = 1
    return Outlines.of(xy, rings, polygons[of_shapes[0]] if of_shapes else polygons, is_shell)


def _neighbours_together(xy: Array) -> Array:
    """An order in which points near each other come together (G. M. Morton, "A computer oriented geodetic data base", 1966)."""
    if not len(xy):
        return np.empty(0, np.int64)
    low = xy.min(axis=0)
    side = max(float(np.ptp(xy, axis=0).max()), 1e-9)
    cells = ((xy - low) / side * 0xFFFF).astype(np.uint32)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        cells = (cells | (cells << np.uint32(shift))) & np.uint32(mask)
    return np.argsort(cells[:, 0] | (cells[:, 1] << np.uint32(1)), kind="stable").astype(np.int64)


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs of site and zone, arrays of one length, in no particular order.

    Attributes:
        zone: Number of the zone, counted through all layers in their order.
        parts: How many parts of the site begin in the zone; an edge nearer than rounding may make it one more or less.
        distance_m: Of the site to the zone's edge; 0 where the edge meets it, infinite where none is within reach.
    """

    site: Array
    zone: Array
    parts: Array
    distance_m: Array


class Depth(IntEnum):
    """How deep a site certainly reaches below a zone's edge; as in `partition.c`."""

    UNSURE = 0
    DEEP = 1
    SHALLOW = 2  # and they have more in common than a thread


@dataclass(frozen=True)
class Partition:
    """The index, in memory or memory-mapped.

    Attributes:
        layer_at: For every layer, and one more: the number of its first zone.
    """

    kernel: Kernel
    box: tuple[float, float, float, float]
    layer_at: tuple[int, ...]
    arrays: Mapping[str, Array]

    @staticmethod
    def build(layers: Sequence[Shapes], kernel: Kernel, edges_per_leaf: int = EDGES_PER_LEAF) -> Partition:
        """The index of some layers' zones, polygons on one plane.

        Raises:
            ValueError: There are more layers than it can tell apart, or a zone has no area.
            MemoryError: There is not enough.
        """
        if len(layers) > MOST_LAYERS:
            raise ValueError(f"{len(layers)} layers, {MOST_LAYERS} at most")
        zones = outlines_of(np.concatenate([*layers, np.empty(0, object)]))
        counts = [len(one) for one in layers]
        layer_of = np.repeat(np.arange(len(layers), dtype=np.uint8), counts)
        box = _square_around(zones.xy)
        library = kernel.library
        built = library.partition_build(
            ctypes.byref(zones.struct), _address(layer_of), ctypes.byref(box), edges_per_leaf
        )
        if not built:
            raise MemoryError
        try:
            if library.partition_failed(built):
                raise MemoryError
            arrays = {name: _copied(library, built, i, dtype) for i, (name, dtype) in enumerate(PARTS)}
        finally:
            library.partition_free(built)
        arrays["layer_of"] = layer_of
        layer_at = tuple(int(one) for one in np.concatenate([[0], np.cumsum(counts)]))
        return Partition(kernel=kernel, box=tuple(box), layer_at=layer_at, arrays=arrays)

    @cached_property
    def _struct(self) -> PartitionStruct:
        pointers = [_address(self.arrays[name]) for name, _ in PARTS]
        return PartitionStruct(
            (ctypes.c_double * 4)(*self.box), *pointers, _address(self.arrays["layer_of"]), self.zones
        )

    @property
    def zones(self) -> int:
        """Number of zones of all layers."""
        return self.layer_at[-1]

    def near(self, sites: Outlines, reach_m: Sequence[float]) -> Found:
        """Zones in which parts of sites begin, and those with an edge within reach.

        Args:
            reach_m: For every layer, how far from the site edges are sought; negative for layers not asked about
                (whose zones are still found where the site begins in them).
        """
        return self._near(sites, reach_m, -1.0)

    def nearest(self, sites: Outlines, reach_m: Sequence[float], tie_m: float) -> Found:
        """The zone of each layer that is nearest to each site, and those no more than `tie_m` farther.

        Args:
            reach_m: As for `near`; the distances are those of the zones, 0 where a site begins in one.
        """
        return self._near(sites, reach_m, tie_m)

    def _near(self, sites: Outlines, reach_m: Sequence[float], tie_m: float) -> Found:
        reach = (ctypes.c_double * MOST_LAYERS)(*reach_m, *[-1.0] * (MOST_LAYERS - len(reach_m)))

        def ask(room: int) -> tuple[int, tuple[Array, ...]]:
            out = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
            pointers = (_address(one) for one in out)
            library, shapes = self.kernel.library, sites.struct
            return library.partition_near(self._struct, shapes, ctypes.byref(reach), tie_m, *pointers, room), out

        return Found(*_asked(ask, 64 + 16 * len(sites.shape_at)))

    def at(self, xy: Array) -> tuple[Array, Array]:
        """Pairs of point and zone that contains it, by number, in no particular order; points on an edge may be in or out.

        Args:
            xy: Shape (n, 2), metres.
        """
        points = np.ascontiguousarray(xy, dtype=np.float64)
        order = _neighbours_together(points)

        def ask(room: int) -> tuple[int, tuple[Array, ...]]:
            out = np.empty(room, np.int32), np.empty(room, np.int32)
            pointers = (_address(one) for one in out)
            found = self.kernel.library.partition_points(
                self._struct, _address(points), _address(order), len(points), *pointers, room
            )
            return found, out

        point, zone = _asked(ask, 64 + 16 * len(points))
        return point, zone

    def areas(self, sites: Outlines, floor_m2: float = 0.0) -> tuple[Array, Array, Array]:
        """Triples of site, zone and the square metres they share, where these are more than a floor.

        Agrees with GEOS to 1e-9 of the area or 1e-4 m²; of pairs that only touch, rounding may be all there is.
        """

        def ask(room: int) -> tuple[int, tuple[Array, ...]]:
            out = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
            pointers = (_address(one) for one in out)
            return self.kernel.library.partition_areas(self._struct, sites.struct, floor_m2, *pointers, room), out

        site, zone, area = _asked(ask, 64 + 16 * len(sites.shape_at))
        return site, zone, area

    def depths(
        self,
        sites: Outlines,
        site: Array,
        zone: Array,
        *,
        deep_m: Array,
        shallow_m: Array,
        clear_m: Array,
        thread_m: float,
    ) -> Array:
        """Of pairs of site and zone, the `Depth` of what they have in common.

        Args:
            site: Numbers of areas; arrays of one length, like all that follow.
            deep_m: A point as deep makes it deep.
            shallow_m: It is shallow if no point is deeper.
            clear_m: How far inside the site's own edge the point that proves it deep must lie.
            thread_m: Strips as narrow along edges have nothing in common.

        Raises:
            MemoryError: There is not enough.
        """
        numbers = [np.ascontiguousarray(one, dtype=np.int64) for one in (site, zone)]
        lengths = [np.ascontiguousarray(one, dtype=np.float64) for one in (deep_m, shallow_m, clear_m)]
        found = np.zeros(len(site), np.uint8)
        pointers = [_address(one) for one in (*numbers, *lengths)]
        if self.kernel.library.partition_depths(
            self._struct, sites.struct, len(found), *pointers, thread_m, _address(found)
        ):
            raise MemoryError
        return found

    # -- the file ------------------------------------------------------------------------------------------------------

    def write(self, path: Path, made_from: Mapping[str, str]) -> None:
        """Into a file, whole or not at all.

        Args:
            made_from: Digests of the files with the zones, by name.

        Raises:
            OSError: It cannot be written.
        """
        described = {
            "format": FORMAT,
            "made_from": _making(made_from),
            "box": self.box,
            "layer_at": self.layer_at,
            "lengths": [self.arrays[name].size for name, _ in STORED],
        }
        head = json.dumps(described, sort_keys=True).encode()
        head += b" " * (-(DIGEST_LINE + len(head) + 1) % ALIGNMENT) + b"\n"
        summed = hashlib.sha256(head)
        for block in self._blocks():
            summed.update(block)
        handle, draft = tempfile.mkstemp(prefix=".draft-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(summed.hexdigest().encode() + b"\n" + head)
                for block in self._blocks():
                    opened.write(block)
                opened.flush()
                os.fsync(opened.fileno())
            Path(draft).chmod(0o644)
            Path(draft).replace(path)
        finally:
            Path(draft).unlink(missing_ok=True)

    def _blocks(self) -> list[bytes | memoryview]:
        blocks: list[bytes | memoryview] = []
        for name, _ in STORED:
            array = self.arrays[name]
            blocks += [np.ascontiguousarray(array).view(np.uint8).data, b"\0" * (-array.nbytes % ALIGNMENT)]
        return [block for block in blocks if len(block)]

    @staticmethod
    def open(path: Path, made_from: Mapping[str, str], kernel: Kernel) -> Partition | None:
        """The index in a file, memory-mapped; None if it is missing, damaged, of other zones or of other software."""
        try:
            with path.open("rb") as opened:
                digest = opened.read(DIGEST_LINE).decode("ascii", "replace")
                if hashlib.file_digest(opened, "sha256").hexdigest() + "\n" != digest:
                    return None
                opened.seek(DIGEST_LINE)
                described = json.loads(opened.readline())
                if (described["format"], described["made_from"]) != (FORMAT, _making(made_from)):
                    return None
                mapped = np.asarray(np.memmap(opened, np.uint8, "r", offset=opened.tell()))
        except (OSError, ValueError):
            return None
        arrays = _arrays_in(mapped, described["lengths"])
        box, layer_at = tuple(described["box"]), tuple(described["layer_at"])
        if arrays is None or not np.isfinite(box).all() or not is_sound(layer_at, arrays):
            return None
        return Partition(kernel, box, layer_at, arrays)


def _making(made_from: Mapping[str, str]) -> dict[str, str]:
    """All that decides what an index holds."""
    return {**made_from, "kernel": str(VERSION)}


def _arrays_in(mapped: Array, lengths: Sequence[int]) -> dict[str, Array] | None:
    """The arrays of a file, if they fill it."""
    arrays: dict[str, Array] = {}
    offset = 0
    for (name, dtype), length in zip(STORED, lengths, strict=True):
        size = length * np.dtype(dtype).itemsize
        if not 0 <= size <= mapped.size - offset:
            return None
        arrays[name] = mapped[offset : offset + size].view(dtype)
        offset += -(-size // ALIGNMENT) * ALIGNMENT
    return arrays if offset == mapped.size else None


def _asked(ask: Any, room: int) -> tuple[Array, ...]:
    """What the kernel wrote, asked again where it had more than there was room for.

    Raises:
        MemoryError: There is not enough.
    """
    found, out = ask(room)
    if found > room:
        found, out = ask(found)
    if found < 0:
        raise MemoryError
    return tuple(one[:found] for one in out)


def _square_around(xy: Array) -> Any:
    west, south = xy.min(axis=0) - CLEARANCE_M if len(xy) else (0.0, 0.0)
    east, north = xy.max(axis=0) + CLEARANCE_M if len(xy) else (1.0, 1.0)
    side = max(east - west, north - south)
    return (ctypes.c_double * 4)(west, south, west + side, south + side)


def _copied(library: ctypes.CDLL, built: int, part: int, dtype: type[np.generic]) -> Array:
    size = ctypes.c_int64()
    at = library.partition_part(built, part, ctypes.byref(size))
    if not size.value:
        return np.empty(0, dtype)
    return np.frombuffer(ctypes.string_at(at, size.value), dtype)


def is_indexed(shape: BaseGeometry) -> bool:
    """Whether the index can be asked about a shape: one or several points or polygons."""
    return shape.geom_type in ("Point", "MultiPoint", "Polygon", "MultiPolygon") and not shape.is_empty
