"""Run under the address sanitizer: degenerate coverages through every function of a library built to watch itself."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.index import certain_depths
from layers.kernel import Kernel
from layers.partition import STORED, Outlines, Partition, outlines_of
from tests.coverages import coverages, moved, site_lists


def main() -> None:
    """Fail by dying."""
    kernel = Kernel.load(Path(sys.argv[1]))

    def ask(built: Partition, sites: Outlines, layers: int) -> None:
        built.areas(sites)
        built.near(sites, [2.3] * layers)
        built.nearest(sites, [40.0] * layers, 1e-6)
        built.at(np.array([[3.2, 4.1], [8.0, 8.0], [-5.0, 2.0]]))
        first, last = np.array([0, len(sites) - 1]), np.array([0, built.zones - 1])
        for width in (0.4, 3.0):
            certain_depths(built, sites, first, last, np.full(2, width))

    @settings(max_examples=60, deadline=None, database=None)
    @given(coverages, site_lists)
    def watched(zones: list[list[BaseGeometry]], asked: list[BaseGeometry]) -> None:
        built = Partition.build([moved(one, (0.0, 0.0)) for one in zones], kernel, 3)
        sites = outlines_of(moved(asked, (0.0, 0.0)))
        ask(built, sites, len(zones))

    @settings(max_examples=60, deadline=None, database=None)
    @given(coverages, site_lists, st.sampled_from(STORED), st.integers(0, 1 << 30), st.integers(-3, 90))
    def watched_when_doctored(
        zones: list[list[BaseGeometry]],
        asked: list[BaseGeometry],
        part: tuple[str, type[np.generic]],
        at: int,
        value: int,
    ) -> None:
        built = Partition.build([moved(one, (0.0, 0.0)) for one in zones], kernel, 1)
        array = built.arrays[part[0]].copy()
        at %= max(len(array), 1)
        array[at : at + 1] = np.array(value).astype(array.dtype)
        replace(built, arrays={**built.arrays, part[0]: array}).write(file, {})
        opened = Partition.open(file, {}, kernel)
        if opened is not None:
            ask(opened, outlines_of(moved(asked, (0.0, 0.0))), len(zones))

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "zones.index"
        watched_when_doctored()
    watched()


if __name__ == "__main__":
    main()
