"""Run under the address sanitizer: degenerate coverages through every function of a library built to watch itself."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from shapely.geometry.base import BaseGeometry

from layers.kernel import Kernel
from layers.partition import Partition, outlines_of
from tests.coverages import coverages, moved, site_lists


def main() -> None:
    """Fail by dying."""
    kernel = Kernel.load(Path(sys.argv[1]))

    @settings(max_examples=60, deadline=None, database=None)
    @given(coverages, site_lists)
    def watched(zones: list[list[BaseGeometry]], asked: list[BaseGeometry]) -> None:
        built = Partition.build([moved(one, (0.0, 0.0)) for one in zones], kernel, 3)
        sites = outlines_of(moved(asked, (0.0, 0.0)))
        built.areas(sites)
        built.near(sites, [2.3] * len(zones))
        built.nearest(sites, [40.0] * len(zones), 1e-6)
        first, last = np.array([0, len(asked) - 1]), np.array([0, built.zones - 1])
        for width in (0.4, 3.0):
            lengths = {
                name: np.full(2, share * width)
                for name, share in (("deep_m", 1.05), ("shallow_m", 0.98), ("clear_m", 0.03))
            }
            built.depths(sites, first, last, **lengths, thread_m=0.001)
        built.at(np.array([[3.2, 4.1], [8.0, 8.0], [-5.0, 2.0]]))

    watched()


if __name__ == "__main__":
    main()
