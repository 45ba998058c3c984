"""What layers that must tile leave open of the territory, to the half millimetre.

A release is refused when it has gaps; what remains are the threads of rounding between borders drawn through different
corners. A thread that is nowhere as wide as half a millimetre is none for `screening.overlay` either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.overlay import THREAD_WIDTH_M

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

MARGIN_M = 1.0  # kept from a gap


@dataclass(frozen=True, slots=True)
class Gaps:
    """Of some layers together, found when first asked for.

    Attributes:
        outline: Of the territory, on the plane.
        layers: Zones on the plane, by layer.
    """

    outline: BaseGeometry
    layers: Mapping[str, Shapes]
    _found: dict[tuple[str, ...], BaseGeometry] = field(default_factory=dict, repr=False)

    def are_clear_of(self, layer_ids: Sequence[str], shapes: Shapes) -> Flags:
        """Whether shapes inside the territory lie wholly in zones of some layers."""
        key = tuple(sorted(layer_ids))
        if key not in self._found:
            self._found[key] = self._of(key)
        clear: Flags = ~shapely.dwithin(self._found[key], shapes, MARGIN_M)
        return clear

    def _of(self, layer_ids: Sequence[str]) -> BaseGeometry:
        union = shapely.union_all(np.concatenate([self.layers[one] for one in layer_ids]))
        left = shapely.get_parts(shapely.difference(self.outline, union))
        wide = ~shapely.is_empty(shapely.buffer(left, -THREAD_WIDTH_M / 4, quad_segs=1))
        gaps = shapely.union_all(left[wide])
        shapely.prepare(gaps)
        return gaps
