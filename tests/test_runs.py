"""Batch runs in the background: every row once whatever is killed; pause, resume, cancel; files equal to the screenings."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import geopandas as gpd
import openpyxl  # type: ignore[import-untyped]
import pytest
from fastapi.testclient import TestClient

from api.accounts.roles import Role
from api.app import create_api
from api.approval_port import approval_port
from api.batch_service import Handed
from api.runs.model import ENDED, NEXT, Run, RunAction, RunState
from api.runs.service import RunService
from api.runs.store import LostLeaseError
from api.runs.told import faults_of
from api.runs.worker import Worker
from api.service import ScreeningService
from api.settings import Settings
from screening.errors import BatchTooLargeError, SiteFileError
from screening.readings import Declaration
from screening.run_errors import RunFileMissingError, RunStateError, UnknownRunError
from tests.approvals import OPERATOR
from tests.conftest import NOW
from tests.test_batch_runs import BAD_CODE, BLANK, GOOD, HEADER, OUTSIDE
from tests.test_batches import saved

MIXED = [GOOD, BAD_CODE, BLANK, OUTSIDE, GOOD]


def handed(path: Path) -> Handed:
    return Handed(name=path.name, content=path.read_bytes(), mapping={}, declared=Declaration())


def file_of(folder: Path, *rows: list[str]) -> Handed:
    return handed(saved(folder / "甲 乙.xlsx", [HEADER, *rows]))


@pytest.fixture
def settings(small_store: tuple[Path, str], tmp_path: Path) -> Settings:
    store, _ = small_store
    (tmp_path / "releases").symlink_to(store)
    return Settings(data=tmp_path)


@pytest.fixture
def runs(settings: Settings) -> Iterator[RunService]:
    service = ScreeningService(settings, now=lambda: NOW)
    yield RunService(service, settings)
    service.close()


def worked(runs: RunService, settings: Settings, run: Run) -> RunState:
    """The state in which a worker in this process gives the run back."""
    taken = runs.store.take(run.id, "me")
    assert taken is not None
    return Worker(settings, taken, "me", runs.screening).work()


def test_every_row_is_screened_or_told_why_not(runs: RunService, settings: Settings, tmp_path: Path) -> None:
    run = runs.hand_in(file_of(tmp_path, *MIXED), "zh")
    assert (run.rows, run.done, run.blank) == (4, 1, 1)
    assert worked(runs, settings, run) is RunState.FINISHED
    found = runs.standing(run.id)
    assert (found.run.state, found.run.done) == (RunState.FINISHED, 4)
    lines = list(runs.store.every_line(run.id))
    assert [one.state.value for one in lines] == ["screened", "faulty", "faulty", "screened"]
    assert [faults_of(one)[0].key for one in lines if one.faults] == ["industries", "coordinates"]
    assert sum(found.counts.values()) == 4
    assert found.counts["faulty"] == 2
    for one in lines:
        if one.conclusion:
            assert runs.screening.find(one.screening).record["conclusion"] == one.conclusion


def test_the_files_say_what_the_screenings_say(runs: RunService, settings: Settings, tmp_path: Path) -> None:
    run = runs.hand_in(file_of(tmp_path, *MIXED), "zh")
    with pytest.raises(RunFileMissingError):
        runs.files.output(run.id, "results.xlsx")
    worked(runs, settings, run)
    lines = list(runs.store.every_line(run.id))
    book = openpyxl.load_workbook(runs.files.output(run.id, "results.xlsx"))
    rows = list(book["结果"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [one.place for one in lines]
    assert [row[7] or "" for row in rows] == [one.screening if one.conclusion else "" for one in lines]
    assert book["结果"].freeze_panes == "C2"
    findings = list(book["要点"].iter_rows(min_row=2, values_only=True))
    kept = runs.screening.find(lines[0].screening)
    told = kept.explanations["zh"]
    own = [row for row in findings if row[0] == lines[0].place]
    assert len(own) == len(told["concerned"]) + len(told["without_data"])  # type: ignore[arg-type]
    sites = gpd.read_file(runs.files.output(run.id, "sites.gpkg"))
    assert sorted(sites["screening"]) == sorted(one.screening for one in lines if one.conclusion)
    assert sites.crs.to_epsg() == 4490
    again = runs.hand_in(handed(runs.files.output(run.id, "mend.xlsx")), "zh")
    assert again.rows == 2


def test_a_batch_without_a_row_that_can_be_screened_still_ends(
    runs: RunService, settings: Settings, tmp_path: Path
) -> None:
    run = runs.hand_in(file_of(tmp_path, BAD_CODE, BLANK), "en")
    assert worked(runs, settings, run) is RunState.FINISHED
    assert len(gpd.read_file(runs.files.output(run.id, "sites.gpkg"))) == 0


def test_nothing_is_left_of_a_file_that_is_refused(runs: RunService, settings: Settings, tmp_path: Path) -> None:
    runs.most_rows = 2
    with pytest.raises(BatchTooLargeError):
        runs.hand_in(file_of(tmp_path, GOOD, GOOD, GOOD), "zh")
    with pytest.raises(SiteFileError):
        runs.hand_in(Handed(name="x.xlsx", content=b"no", mapping={}, declared=Declaration()), "zh")
    assert list(settings.runs.iterdir()) == []
    assert runs.store.newest("") == []


# -- actions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", RunState)
@pytest.mark.parametrize("action", RunAction)
def test_only_what_the_table_allows_is_done(
    runs: RunService, tmp_path: Path, state: RunState, action: RunAction
) -> None:
    run = runs.hand_in(file_of(tmp_path, GOOD), "zh")
    with sqlite3.connect(tmp_path / "cases.sqlite3") as database:
        database.execute("UPDATE batch_run SET state = ?, heartbeat = ?", (state.value, time.time()))
    if (state, action) in NEXT:
        after = runs.act(run.id, action)
        assert (after.wanted or after.state) == NEXT[state, action]
        assert after.state is (RunState.RUNNING if state is RunState.RUNNING else NEXT[state, action])
    elif action is RunAction.DELETE and state in (*ENDED, RunState.DRAFT):
        runs.act(run.id, action)
        with pytest.raises(UnknownRunError):
            runs.standing(run.id)
    else:
        with pytest.raises(RunStateError):
            runs.act(run.id, action)


def test_a_paused_run_goes_on_where_it_stood(
    runs: RunService, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.runs.worker.CHUNK", 2)
    run = runs.hand_in(file_of(tmp_path, *[GOOD] * 7), "zh")
    taken = runs.store.take(run.id, "me")
    assert taken is not None
    runs.act(run.id, RunAction.PAUSE)
    assert Worker(settings, taken, "me", runs.screening).work() is RunState.PAUSED
    assert runs.store.find(run.id).done == 2
    kept = [one.screening for one in runs.store.every_line(run.id) if one.conclusion]
    runs.act(run.id, RunAction.RESUME)
    assert worked(runs, settings, run) is RunState.FINISHED
    assert runs.store.find(run.id).done == 7
    assert [one.screening for one in runs.store.every_line(run.id)][:2] == kept


def test_a_cancelled_run_keeps_what_was_screened(
    runs: RunService, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.runs.worker.CHUNK", 2)
    run = runs.hand_in(file_of(tmp_path, *[GOOD] * 5), "zh")
    taken = runs.store.take(run.id, "me")
    assert taken is not None
    runs.act(run.id, RunAction.CANCEL)
    assert Worker(settings, taken, "me", runs.screening).work() is RunState.CANCELLED
    lines = [one for one in runs.store.every_line(run.id) if one.conclusion]
    assert len(lines) == 2
    runs.act(run.id, RunAction.DELETE)
    assert runs.screening.find(lines[0].screening).id == lines[0].screening
    assert not (settings.runs / run.id).exists()


def test_two_workers_never_keep_the_same_rows(runs: RunService, settings: Settings, tmp_path: Path) -> None:
    run = runs.hand_in(file_of(tmp_path, GOOD, GOOD), "zh")
    first = runs.store.take(run.id, "first")
    assert first is not None
    assert runs.store.take(run.id, "second") is None
    with sqlite3.connect(tmp_path / "cases.sqlite3") as database:
        database.execute("UPDATE batch_run SET heartbeat = 0")
    assert runs.store.next_waiting() == run.id
    second = runs.store.take(run.id, "second")
    assert second is not None
    with pytest.raises(LostLeaseError):
        Worker(settings, first, "first", runs.screening).work()
    assert runs.store.find(run.id).done == 0
    assert Worker(settings, second, "second", runs.screening).work() is RunState.FINISHED


def test_another_release_in_force_interrupts_a_run_and_says_so(
    runs: RunService, settings: Settings, tmp_path: Path
) -> None:
    run = runs.hand_in(file_of(tmp_path, GOOD), "zh")
    with sqlite3.connect(tmp_path / "cases.sqlite3") as database:
        database.execute("UPDATE batch_run SET release = 'another'")
    assert worked(runs, settings, run) is RunState.FAILED
    problem = runs.store.find(run.id).problem
    assert problem is not None
    assert "another" in json.loads(problem)["zh"]
    assert "handed" in json.loads(problem)["en"] or "Hand" in json.loads(problem)["en"]


def test_runs_past_their_time_go_and_their_screenings_stay(
    runs: RunService, settings: Settings, tmp_path: Path
) -> None:
    run = runs.hand_in(file_of(tmp_path, GOOD), "zh")
    worked(runs, settings, run)
    (line,) = runs.store.every_line(run.id)
    runs.days = 0
    runs.clear(NOW.replace(year=2027))
    assert runs.store.newest("") == []
    assert runs.screening.find(line.screening).id == line.screening


def test_several_processes_come_to_the_same(settings: Settings, runs: RunService, tmp_path: Path) -> None:
    rows = [*MIXED, *[GOOD] * 5]
    alone = runs.hand_in(file_of(tmp_path, *rows), "zh")
    worked(runs, settings, alone)
    together = runs.hand_in(file_of(tmp_path, *rows), "zh")
    assert worked(runs, settings.model_copy(update={"run_processes": 2}), together) is RunState.FINISHED

    def told(run: Run) -> list[tuple[object, ...]]:
        lines = runs.store.every_line(run.id)
        return [(one.place, one.state, one.conclusion, one.told, one.faults, one.shape) for one in lines]

    assert told(alone) == told(together)


# -- killed ------------------------------------------------------------------------------------------------------------


def until(is_so: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def started(settings: Settings, run: Run) -> subprocess.Popen[bytes]:
    worker = subprocess.Popen([sys.executable, "-m", "api.runs.worker", run.id], stdin=subprocess.PIPE)
    assert worker.stdin is not None
    with worker.stdin as given:
        given.write(settings.model_dump_json().encode())
    return worker


def test_killed_three_times_a_run_finishes_with_every_row_once(
    runs: RunService, settings: Settings, tmp_path: Path
) -> None:
    number = int(os.environ.get("THREELINES_TEST_ROWS", "600"))
    rows = [[f"项目{n}", f"120.{10 + n % 9}, 36.0{1 + n % 9}", "I6511", "新建", ""] for n in range(number)]
    patience = 60 + number / 5  # seconds; a busy machine screens some thirty rows in one
    run = runs.hand_in(file_of(tmp_path, *rows), "zh")
    for part in (1, 2, 3):
        worker = started(settings, run)
        until(lambda goal=number * part // 5: runs.store.find(run.id).done >= goal, patience)  # type: ignore[misc]
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert runs.store.find(run.id).state is RunState.RUNNING
        with sqlite3.connect(tmp_path / "cases.sqlite3") as database:
            database.execute("UPDATE batch_run SET heartbeat = 0")  # the lease is over
    last = started(settings, run)
    assert last.wait(patience * 2) == 0
    assert runs.store.find(run.id).state is RunState.FINISHED
    with sqlite3.connect(tmp_path / "cases.sqlite3") as database:
        (kept,) = database.execute("SELECT count(*) FROM screening").fetchone()
        (named,) = database.execute(
            "SELECT count(DISTINCT screening) FROM batch_run_line WHERE state = 'screened'"
        ).fetchone()
        (lines,) = database.execute("SELECT count(*) FROM batch_run_line").fetchone()
    assert kept == named == lines == number
    assert runs.store.find(run.id).done == number
    book = openpyxl.load_workbook(runs.files.output(run.id, "results.xlsx"), read_only=True)
    places = [row[0] for row in book["结果"].iter_rows(min_row=2, max_col=1, values_only=True)]
    assert len(places) == len(set(places)) == number


# -- the HTTP door -----------------------------------------------------------------------------------------------------

RUNS = "/api/v1/approval/batch-runs"


@contextmanager
def machine(settings: Settings, *names: str) -> Iterator[list[TestClient]]:
    """A client for each of some keys, all of one service."""
    service = ScreeningService(settings, now=lambda: NOW)
    port = approval_port(service, settings)
    app = create_api(settings, service, port=port)
    made = [port.keys.make(OPERATOR, name=one, role=Role.APPROVER, districts=("370211",), days=30) for one in names]
    with TestClient(app, headers={"Authorization": f"Bearer {made[0][1]}"}) as first:
        others = [TestClient(app, headers={"Authorization": f"Bearer {key}"}) for _, key in made[1:]]
        yield [first, *others]
    service.close()


def test_over_http_a_run_is_handed_in_watched_and_fetched_by_its_owner_alone(
    settings: Settings, tmp_path: Path
) -> None:
    content = file_of(tmp_path, *MIXED).content
    with machine(settings, "OA", "GIS") as (client, other):
        answer = client.post(RUNS, params={"name": "a.xlsx"}, content=content)
        assert answer.status_code == 202
        run = answer.json()["id"]
        with client.stream("GET", f"{RUNS}/{run}/events") as stream:
            told = [json.loads(line.removeprefix("data:")) for line in stream.iter_lines() if line.startswith("data:")]
        assert told[-1]["state"] == "finished"
        assert [one["done"] for one in told] == sorted(one["done"] for one in told)
        assert [one["name"] for one in told[-1]["files"]] == ["results.xlsx", "mend.xlsx", "sites.gpkg"]
        for one in told[-1]["files"]:
            assert client.get(one["url"]).status_code == 200
            assert other.get(one["url"]).status_code == 404
        lines = client.get(f"{RUNS}/{run}/lines", params={"state": "faulty"}).json()
        assert lines["total"] == 2
        assert client.get(f"{RUNS}/{run}/lines", params={"words": "%"}).json()["total"] == 0
        points = client.get(f"{RUNS}/{run}/sites.geojson").json()
        assert len(points["features"]) == 2
        reports = ZipFile(io.BytesIO(client.get(f"{RUNS}/{run}/reports.zip", params={"limit": 1}).content))
        assert len([name for name in reports.namelist() if name.endswith(".docx")]) == 1
        assert other.get(f"{RUNS}/{run}/reports.zip").status_code == 404
        assert client.get(RUNS).json()[0]["id"] == run
        assert other.get(RUNS).json() == []
        assert other.get(f"{RUNS}/{run}").status_code == 404
        assert other.post(f"{RUNS}/{run}/delete").status_code == 404
        assert client.post(f"{RUNS}/{run}/pause").status_code == 409
        assert client.post(f"{RUNS}/{run}/delete").status_code == 200
        assert client.get(f"{RUNS}/{run}").status_code == 404


def test_a_service_that_stops_leaves_the_run_for_the_next(settings: Settings, tmp_path: Path) -> None:
    rows = [[f"项目{n}", "120.15, 36.08", "I6511", "新建", ""] for n in range(300)]
    content = file_of(tmp_path, *rows).content
    with machine(settings, "OA") as (client,):
        run = client.post(RUNS, params={"name": "a.xlsx"}, content=content).json()["id"]
        until(lambda: client.get(f"{RUNS}/{run}").json()["done"] > 0)
    service = ScreeningService(settings, now=lambda: NOW)
    left = RunService(service, settings).store
    assert left.find(run).state is RunState.WAITING
    assert left.find(run).done < 300
    with TestClient(create_api(settings, service)):
        until(lambda: left.find(run).state is RunState.FINISHED, 120)
    service.close()
