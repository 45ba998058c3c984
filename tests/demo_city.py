"""The demonstration city, built once per test session through the importers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from layers.delivery import read_delivery
from layers.publication import publish
from layers.release import read_content, write_release
from layers.snapshot import Snapshot, load_snapshot

ROOT = Path(__file__).parents[1]


def build_demo(folder: Path) -> tuple[Path, str]:
    """Build, import and publish the demonstration city below a folder; the store and the release id."""
    subprocess.run([sys.executable, "-m", "sample_data.build", "--out", str(folder)], check=True, cwd=ROOT)
    store = folder / "releases"
    name = write_release(read_content(read_delivery(folder / "delivery")), store)
    publish(store, name, at="2026-07-01T00:00:00+08:00", by="tests")
    return store, name


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    return build_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def demo(demo_store: tuple[Path, str]) -> Snapshot:
    store, name = demo_store
    return load_snapshot(store / name)
