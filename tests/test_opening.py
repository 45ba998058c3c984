"""What is opened from the memory map is what was released."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.release_parts import open_plane_zones, plane_part, read_manifest, read_zones
from layers.snapshot import Snapshot, load_snapshot
from screening.errors import BrokenReleaseError
from screening.evidence import Answer


def test_the_shapes_on_the_plane_are_those_in_degrees(demo_store: tuple[Path, str], demo: Snapshot) -> None:
    folder = demo_store[0] / demo_store[1]
    manifest = read_manifest(folder)
    for layer_id in manifest["layers"]:
        in_degrees = read_zones(folder, manifest, layer_id)
        opened = open_plane_zones(folder, manifest, layer_id)
        expected = demo.jurisdiction.plane.from_degrees(np.asarray(in_degrees.geometry.values))
        assert shapely.equals_exact(np.asarray(opened.geometry.values), expected).all()
        assert opened.drop(columns="geometry").equals(in_degrees.drop(columns="geometry"))


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
