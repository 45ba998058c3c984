"""Opening a release: from its memory-mapped plane geometry, and from GeoParquet projected on the way."""

from __future__ import annotations

import sys
from pathlib import Path

import shapely

from benchmarks.side_by_side import printed, ratios
from layers.jurisdiction import read_jurisdiction
from layers.release_parts import read_document, read_manifest
from layers.zone_table import open_plane_zones, read_zones


def main() -> None:
    """Print the ratios for the release folder named as argument."""
    folder = Path(sys.argv[1])
    manifest = read_manifest(folder)
    plane = read_jurisdiction(read_document(folder, manifest, "jurisdiction.json"), "jurisdiction.json").plane

    def mapped() -> list[object]:
        return [open_plane_zones(folder, manifest, one).shapes for one in manifest["layers"]]

    def projected() -> list[object]:
        return [plane.from_degrees(read_zones(folder, manifest, one).shapes) for one in manifest["layers"]]

    assert all(shapely.equals_exact(a, b).all() for a, b in zip(mapped(), projected(), strict=True))
    found = ratios({"memory-mapped, on the plane": mapped, "GeoParquet, projected": projected}, rounds=5)
    print(printed(f"opening {folder.name}", found))


if __name__ == "__main__":
    main()
