"""What layers that must tile leave open of the territory, to the half millimetre.

A release is refused when it has gaps; what remains are the threads of rounding between borders drawn through different
corners. A thread that is nowhere as wide as half a millimetre is none for `screening.overlay` either.

To find them takes seconds, so they are kept in a file beside the release's index: a line with the digest of the rest, and
JSON. Like the index it names what it was made from, and is made again where it is damaged, of other zones or found otherwise.
Like the index it is trusted as the folder is in which it lies.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.overlay import THREAD_WIDTH_M

FILE = "zones.gaps"
VERSION = 1  # of how they are found: those found otherwise are not used
MARGIN_M = 1.0  # kept from a gap

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Of some layers together, found when first asked for.

    Attributes:
        outline: Of the territory, on the plane.
        layers: Zones on the plane, by layer.
        file: Where they are kept for the next time; None for nowhere.
        made_from: Digests of the files of these layers and the outline.
    """

    outline: BaseGeometry
    layers: Mapping[str, Shapes]
    file: Path | None = None
    made_from: Mapping[str, str] = field(default_factory=dict)
    _found: dict[str, BaseGeometry] = field(default_factory=dict, repr=False)

    def are_clear_of(self, layer_ids: Sequence[str], shapes: Shapes) -> Flags:
        """Whether shapes inside the territory lie wholly in zones of some layers."""
        clear: Flags = ~shapely.dwithin(self._between(sorted(layer_ids)), shapes, MARGIN_M)
        return clear

    def _between(self, layer_ids: Sequence[str]) -> BaseGeometry:
        key = " ".join(layer_ids)
        if not self._found:
            self._found.update(self._kept())
        if key not in self._found:
            self._found[key] = self._of(layer_ids)
            self._keep()
        gaps = self._found[key]
        shapely.prepare(gaps)
        return gaps

    def _of(self, layer_ids: Sequence[str]) -> BaseGeometry:
        union = shapely.union_all(np.concatenate([self.layers[one] for one in layer_ids]))
        left = shapely.get_parts(shapely.difference(self.outline, union))
        wide = ~shapely.is_empty(shapely.buffer(left, -THREAD_WIDTH_M / 4, quad_segs=1))
        return shapely.union_all(left[wide])

    def _kept(self) -> dict[str, BaseGeometry]:
        """What the file says; nothing where there is none, or none of these zones found in this way."""
        if self.file is None:
            return {}
        try:
            digest, _, content = self.file.read_bytes().partition(b"\n")
        except OSError:
            return {}
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return {}
        told = json.loads(content)
        if told["made_from"] != self._making:
            return {}
        return {key: shapely.from_wkb(gaps) for key, gaps in told["gaps"].items()}

    @property
    def _making(self) -> dict[str, str]:
        """All that decides what gaps there are."""
        return {**self.made_from, "gaps": str(VERSION), "thread": str(THREAD_WIDTH_M)}

    def _keep(self) -> None:
        if self.file is None:
            return
        gaps = {key: shapely.to_wkb(one, hex=True) for key, one in sorted(self._found.items())}
        content = json.dumps({"made_from": self._making, "gaps": gaps}, sort_keys=True).encode()
        try:
            with tempfile.TemporaryDirectory(prefix=".draft-", dir=self.file.parent) as folder:
                draft = Path(folder) / FILE
                draft.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
                draft.replace(self.file)
        except OSError as problem:
            log.warning("the gaps of %s are kept in memory only: %s", self.file.parent.name, problem)
