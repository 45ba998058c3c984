"""Whether the arrays of an index that come from a file would lead the kernel beyond their ends.

Their meaning is in `partition.c`. A file is read only if its digest is right; this holds also for one that was made wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

MOST_LAYERS = 64
DEEPEST = 44  # levels of nodes below the root, as in `partition.c`

Array = np.ndarray[Any, np.dtype[Any]]


def is_sound(layer_at: Sequence[int], arrays: Mapping[str, Array]) -> bool:
    """Whether the kernel stays within the arrays and its own memory, whatever it is asked."""
    zones, nodes, rings, vertices = layer_at[-1], *(len(arrays[name]) for name in ("right", "ring_zone", "drawn"))
    offsets = (("full_at", nodes, len(arrays["full"])), ("ring_at", nodes, rings), ("vertex_at", rings, vertices))
    return (
        len(layer_at) <= MOST_LAYERS + 1
        and len(arrays["layer_of"]) == zones
        and _rises(np.array(layer_at), zones)
        and np.array_equal(arrays["layer_of"], np.repeat(np.arange(len(layer_at) - 1), np.diff(layer_at)))
        and len(arrays["layers"]) == nodes
        and len(arrays["xy"]) == 2 * vertices
        and all(len(arrays[name]) == count + 1 and _rises(arrays[name], end) for name, count, end in offsets)
        and all(bool(((arrays[name] >= 0) & (arrays[name] < zones)).all()) for name in ("full", "ring_zone"))
        and _is_tree(zones, arrays)
    )


def _rises(at: Array, end: int) -> bool:
    """Whether offsets begin at nothing, never fall, and come to an end."""
    return bool(at[0] == 0 and at[-1] == end and (at[:-1] <= at[1:]).all())


def _is_tree(zones: int, arrays: Mapping[str, Array]) -> bool:
    """Whether one way leads down to every node, none deeper than the kernel goes or past more zones than there are."""
    right, ring_at, ring_zone = arrays["right"], arrays["ring_at"], arrays["ring_zone"]
    begins = np.ones(len(ring_zone) + 1, bool)  # a zone's rings within a node are one after the other
    begins[1:-1] = ring_zone[1:] != ring_zone[:-1]
    begins[ring_at] = True
    own = np.diff(np.concatenate([[0], np.cumsum(begins)])[ring_at])
    full = np.diff(arrays["full_at"])
    level = met = np.zeros(min(len(right), 1), np.int64)
    ways = 0
    is_reached = np.zeros(len(right), bool)
    for _ in range(DEEPEST + 1):
        ways += len(level)
        is_reached[level] = True
        met = met + full[level]
        if ways > len(right) or (met + own[level] > zones).any():
            return False
        halved = right[level] >= 0
        level, met = np.concatenate([level[halved] + 1, right[level[halved]]]), np.tile(met[halved], 2)
        if not len(level) or level.max() >= len(right):
            break
    return not len(level) and ways == len(right) > 0 and bool(is_reached.all())
