"""Reference data: every file is registered, every row has a source, a first day, and says whether it was checked."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from layers.register import UNREGISTERED, ReferenceTable, register
from tests.test_cli import run

FOLDER = Path(str(files("layers").joinpath("reference")))


def test_every_file_is_registered_once() -> None:
    present = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file())
    assert sorted(one.file for one in register()) == [name for name in present if name not in UNREGISTERED]


@pytest.mark.parametrize("table", register(), ids=lambda table: table.name)
def test_every_row_has_source_validity_and_verified(table: ReferenceTable) -> None:
    assert table.rows
    assert table.title.zh
    assert table.title.en
    assert table.complete
    for row in table.rows:
        assert row.key, table.name
        assert row.source
        assert isinstance(row.valid_from, date)
        assert isinstance(row.verified, bool)


def test_the_sources_name_every_table() -> None:
    sources = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert [one.file for one in register() if Path(one.file).name not in sources] == []


def test_the_command_lists_what_is_unverified(tmp_path: Path) -> None:
    done = run(tmp_path, "reference", "list")
    assert done.returncode == 0, done.stderr
    for table in register():
        assert f"{table.file}" in done.stdout
    done = run(tmp_path, "reference", "unverified")
    counted = sum(len(table.unverified) for table in register())
    assert f"{counted}" in done.stdout
    done = run(tmp_path, "reference", "unverified", "--table", "basis_repeals")
    repeals = next(table for table in register() if table.name == "basis_repeals")
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("·")] == [
        row.key for row in repeals.unverified
    ]
    assert run(tmp_path, "reference", "unverified", "--table", "none").returncode == 2
