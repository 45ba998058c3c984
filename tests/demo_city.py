"""The demonstration city, built once per test run through the importers, whatever number of processes it has."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from layers.delivery import read_delivery
from layers.publication import publish
from layers.release import read_content, write_release
from layers.snapshot import Snapshot, load_snapshot

ROOT = Path(__file__).parents[1]


def build_demo(folder: Path) -> Path:
    """Build, import and publish the demonstration city below a folder, which is returned."""
    subprocess.run([sys.executable, "-m", "sample_data.build", "--out", str(folder)], check=True, cwd=ROOT)
    store = folder / "releases"
    name = write_release(read_content(read_delivery(folder / "delivery")), store)
    publish(store, name, at="2026-07-01T00:00:00+08:00", by="tests")
    return folder


def release_in(folder: Path) -> str:
    """The one release below it."""
    return next((folder / "releases").glob("*/manifest.json")).parent.name


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A copy of this process' own: tests publish into it."""
    base = tmp_path_factory.getbasetemp()
    built = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    with built.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes first builds it, the others wait
        if not built.exists():
            build_demo(tmp_path_factory.mktemp("draft")).rename(built)
    own = tmp_path_factory.mktemp("demo")
    shutil.copytree(built, own, dirs_exist_ok=True)
    return own / "releases", release_in(own)


@pytest.fixture(scope="session")
def demo(demo_store: tuple[Path, str]) -> Snapshot:
    store, name = demo_store
    return load_snapshot(store / name)
