"""One verdict in a process that has just started, and how long each step of it took; `benchmarks.start` runs it.

python -m benchmarks.first_verdict RELEASE
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

STARTED = time.process_time()

import shapely  # noqa: E402  from here on imports are what is measured

from layers.industries import lineage_of  # noqa: E402
from layers.snapshot import Snapshot, load_snapshot  # noqa: E402
from screening.model import Construction, Industry, Project, Site  # noqa: E402
from screening.verdict import screen  # noqa: E402
from screening.words import Text  # noqa: E402

IMPORTED = time.process_time()
DAY = date(2026, 11, 21)
INDUSTRY = "C2614"
HALF_SIDE_M = 100.0


def main() -> None:
    """Print milliseconds of processor time: the interpreter's own, imports, opening the release, the verdict."""
    snapshot = load_snapshot(Path(sys.argv[1]))
    opened = time.process_time()
    site = parcel_in(snapshot)
    screen(PROJECT, site, snapshot.gather(site, DAY), DAY)
    steps = (STARTED, IMPORTED - STARTED, opened - IMPORTED, time.process_time() - opened)
    print(" ".join(f"{1e3 * step:.1f}" for step in steps))


def parcel_in(snapshot: Snapshot) -> Site:
    """Four hectares well inside the territory."""
    x, y = shapely.get_coordinates(shapely.point_on_surface(snapshot.outline))[0]
    square = shapely.box(x - HALF_SIDE_M, y - HALF_SIDE_M, x + HALF_SIDE_M, y + HALF_SIDE_M)
    geometry = snapshot.jurisdiction.plane.to_degrees(square)
    return Site(name="", geometry=geometry, as_written="", read_as=Text("方", "square"), accuracy_m=2.0)


PROJECT = Project(
    name="",
    industries=(Industry(code=INDUSTRY, name=INDUSTRY, lineage=lineage_of(INDUSTRY)),),
    construction=Construction.NEW,
    facts={"water_m3_per_year": 5000.0, "discharges_wastewater": True},
)

if __name__ == "__main__":
    main()
