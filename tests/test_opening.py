"""What is opened from the memory map is what was released."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import shapely

from benchmarks.first_verdict import DAY, PROJECT, parcel_in
from layers.release_parts import plane_part, read_manifest
from layers.snapshot import Snapshot, load_snapshot
from layers.zone_table import open_plane_zones, read_zones
from screening.errors import BrokenReleaseError
from screening.evidence import Answer
from screening.verdict import screen


def test_the_shapes_on_the_plane_are_those_in_degrees(demo_store: tuple[Path, str], demo: Snapshot) -> None:
    folder = demo_store[0] / demo_store[1]
    manifest = read_manifest(folder)
    for layer_id in manifest["layers"]:
        in_degrees = read_zones(folder, manifest, layer_id)
        opened = open_plane_zones(folder, manifest, layer_id)
        expected = demo.jurisdiction.plane.from_degrees(in_degrees.shapes)
        assert shapely.equals_exact(opened.shapes, expected).all()
        assert opened.rows == in_degrees.rows


@pytest.mark.parametrize("name", ["red_line.parquet", plane_part("red_line")])
def test_a_changed_file_of_a_layer_silences_it(small_store: tuple[Path, str], tmp_path: Path, name: str) -> None:
    folder = tmp_path / small_store[1]
    folder.mkdir()
    for part in (small_store[0] / small_store[1]).iterdir():
        (folder / part.name).write_bytes(part.read_bytes())
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(bytes(content))
    _, answer, reason = load_snapshot(folder).silent["red_line"]
    assert answer is Answer.BROKEN
    assert name in reason.zh


def test_a_missing_file_is_named(small_store: tuple[Path, str], tmp_path: Path) -> None:
    folder = tmp_path / small_store[1]
    folder.mkdir()
    for part in (small_store[0] / small_store[1]).iterdir():
        (folder / part.name).write_bytes(part.read_bytes())
    (folder / plane_part("water")).unlink()
    manifest = read_manifest(folder)
    with pytest.raises(BrokenReleaseError, match="缺失"):
        open_plane_zones(folder, manifest, "water")
    assert "water" in load_snapshot(folder).silent


def test_a_process_that_opens_a_release_and_screens_loads_no_data_frames(
    small_store: tuple[Path, str], small: Snapshot
) -> None:
    script = (
        "import sys; from pathlib import Path; from benchmarks.first_verdict import PROJECT, DAY, parcel_in;"
        "from layers.snapshot import load_snapshot; from screening.verdict import screen;"
        "snapshot = load_snapshot(Path(sys.argv[1])); site = parcel_in(snapshot);"
        "verdict = screen(PROJECT, site, snapshot.gather(site, DAY), DAY);"
        "print(verdict.conclusion.name, len(snapshot.published_degrees('unit_land')),"
        "      {'pandas', 'geopandas', 'pyogrio', 'pyarrow.dataset'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(small_store[0] / small_store[1])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    conclusion, units, loaded = done.stdout.split(maxsplit=2)
    site = parcel_in(small)
    assert conclusion == screen(PROJECT, site, small.gather(site, DAY), DAY).conclusion.name
    assert int(units) == len(small.layers["unit_land"].zones)
    assert loaded.strip() == "set()"
