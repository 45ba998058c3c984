"""What was acknowledged is still there, and is never changed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from api.cases import Case, CaseStore
from screening.errors import CaseStoreError, UnknownScreeningError

CASE = Case(
    id="a1",
    created_at="2026-11-21T09:00:00+08:00",
    as_of="2026-11-21",
    release="r",
    conclusion="complies",
    digest="0" * 64,
    record="{}",
    explanations="{}",
)


def test_a_case_survives_a_killed_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cases.sqlite3'}"
    script = (
        "import os, signal, sys; sys.path.insert(0, '.');"
        "from api.cases import CaseStore; from tests.test_cases import CASE;"
        f"CaseStore({url!r}).keep(CASE); print('kept', flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("kept\n", -9)
    store = CaseStore(url)
    assert store.find("a1") == CASE
    store.close()


def test_a_kept_case_cannot_be_changed_or_removed(tmp_path: Path) -> None:
    path = tmp_path / "cases.sqlite3"
    store = CaseStore(f"sqlite:///{path}")
    store.keep(CASE)
    store.close()
    connection = sqlite3.connect(path)
    for statement in ("UPDATE screening SET conclusion = 'violates'", "DELETE FROM screening"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute(statement)
    connection.close()


def test_an_unknown_or_doubled_id_is_a_clear_error(tmp_path: Path) -> None:
    store = CaseStore(f"sqlite:///{tmp_path / 'cases.sqlite3'}")
    with pytest.raises(UnknownScreeningError):
        store.find("nothing")
    store.keep(CASE)
    with pytest.raises(CaseStoreError):
        store.keep(CASE)
    store.close()
