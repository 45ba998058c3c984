"""A file swept on this machine: every row once, whatever is killed; the same answers as one by one, in every format."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl  # type: ignore[import-untyped]
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from typer import Exit
from typer.testing import CliRunner

import api.sweeps.cli
import api.sweeps.engines
import api.sweeps.run
from api.cli import app
from api.row_questions import question_of
from api.service import ScreeningService
from api.sweeps import outputs
from api.sweeps.cli import sweep_file
from api.sweeps.engines import Engine
from api.sweeps.outputs import require_format, write
from api.sweeps.parts import ABOUT, Parts, about_of
from api.sweeps.run import MOST_LOSSES, Told, run
from api.sweeps.work import Assignment, Done, require_fit, swept
from layers.batches.rows import read_batch
from layers.batches.stream import parts_of
from layers.delivery import read_delivery
from layers.publication import publish
from layers.release import read_content, write_release
from layers.release_copy import fetched, silent_layers
from screening.errors import (
    BatchJournalError,
    BrokenReleaseError,
    RowsLostError,
    SiteFileError,
    ThreeLinesError,
    UnusableEngineError,
    UnusableMappingError,
    WorkersLostError,
)
from screening.readings import Declaration
from screening.words import LANGUAGES, Language, Text
from tests.conftest import NOW
from tests.smallcity import AS_OF, SmallCity
from tests.sweeping import (
    EXAMPLE,
    about,
    assert_every_row_once,
    assignment,
    command,
    environment,
    parquet_rows,
    rows,
    swept_on,
    written,
)
from tests.test_batch_runs import HEADER as SHEET_HEADER
from tests.test_batches import saved

NONE = Declaration()
DAY = datetime.fromisoformat(AS_OF.isoformat())
NOBODY = Assignment(store="", release="", manifest="", as_of=AS_OF)
"""For engines that ask nobody."""


@pytest.fixture
def data(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    (tmp_path / "releases").symlink_to(small_store[0])
    return tmp_path


def inline(file: Path, store: tuple[Path, str], size: int = 500) -> list[Done]:
    """The parts of a file, swept here."""
    of = assignment(store)
    return [swept(of, part) for part in parts_of(file, of.mapping, of.declared, size)]


# -- answers -----------------------------------------------------------------------------------------------------------


def test_every_row_is_told_what_it_would_be_told_alone(
    service: ScreeningService, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    file = written(tmp_path / "a.csv", 150, every=4)
    table = pa.concat_tables([done.table for done in inline(file, small_store, 40)])
    told = {row["place"]: row for row in table.to_pylist()}
    batch = read_batch(file, cap=None)
    assert list(told) == [row.place for row in batch.asking]
    conclusions = set()
    for row in batch.asking:
        own = told[row.place]
        if row.asked is None:
            assert own["problems_zh"] == [one.words("zh") for one in row.faults]
            continue
        if own["state"] == "faulty":
            with pytest.raises(ThreeLinesError) as refused:
                service.screen(question_of(row.asked, AS_OF))
            (in_zh,), (in_en,) = own["problems_zh"], own["problems_en"]
            assert refused.value.what.zh in in_zh
            assert refused.value.what.en in in_en
            continue
        alone = service.screen(question_of(row.asked, AS_OF)).record
        conclusions.add(own["conclusion"])
        assert own["conclusion"] == alone["conclusion"]
        gravest = [one["key"] for one in alone["findings"] if one["outcome"] == alone["conclusion"]]
        assert own["deciding"] == (gravest if alone["conclusion"] != "complies" else [])
        assert own["to_declare"] == [one["fact"] for one in alone["would_change"]]
        concerned = [one for one in alone["findings"] if one["outcome"] != "not_concerned"]
        assert [(one["key"], one["outcome"]) for one in own["findings"]] == [
            (one["key"], one["outcome"]) for one in concerned
        ]
        assert own["area_m2"] == pytest.approx(alone["site"]["area_m2"] or 0.0, abs=0.01) or own["area_m2"] is None
    assert conclusions >= {"complies", "violates", "undetermined"}


def test_rows_in_are_rows_out_of_every_state(small_store: tuple[Path, str], tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", 480)
    done = inline(file, small_store, 37)
    sums = {key: sum(one.counts[key] for one in done) for key in ("read", "faulty", "blank", "example")}
    counts = read_batch(file, cap=None).counts
    assert sum(sums.values()) == counts.rows == 480
    assert (sums["blank"], sums["example"]) == (counts.blank, counts.example)
    assert counts.example == rows(480).count(EXAMPLE) > 0
    assert sums["faulty"] > counts.faulty > 0  # of which some are read, and lie outside
    assert sum(len(one.table) for one in done) == sums["read"] + sums["faulty"]


def test_what_is_to_be_known_of_the_whole_file_comes_with_its_parts(
    small_store: tuple[Path, str], tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("坐标,行业代码,新增取用水量(万m³/a)\n" + '"120.18,36.08",C3360,5\n' * 3, encoding="utf-8")
    with Parts.open(tmp_path / "p", about(file)) as parts:
        first = run(file, assignment(small_store), parts, "local:1", size=2)
        again = run(file, assignment(small_store), parts, "local:1", size=2)
    assert any("单位" in notice.zh for notice in first.notices)
    assert list(again.notices) == list(first.notices)
    assert (again.parts, again.rows, again.counts) == (first.parts, 3, first.counts)


# -- engines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [
        "local:",
        "local:0",
        "local:-1",
        "local:²",
        "local:1000",
        "remote",
        "tcp://h:1",
        "dask:h:1",
        "dask://",
        "dask://h",
        "dask://u@h:1",
    ],
)
def test_what_names_no_engine_is_refused_before_any_work(
    where: str, sweep: Callable[..., None], tmp_path: Path
) -> None:
    with pytest.raises(UnusableEngineError, match="names no engine") as refused:
        sweep(written(tmp_path / "a.csv", 1), tmp_path / "r.parquet", on=where)
    assert "local:N" in refused.value.cure.zh
    assert list(tmp_path.glob("r.*")) == []


def test_a_machine_without_the_packages_of_a_cluster_says_so_and_works_alone(
    small_store: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("dask", "distributed", "fsspec"):
        monkeypatch.setitem(sys.modules, name, None)
        monkeypatch.delitem(sys.modules, f"{name}.core", raising=False)
    file = written(tmp_path / "a.csv", 10)
    with pytest.raises(UnusableEngineError, match="distributed is not installed"):
        swept_on("dask://h:1", file, assignment(small_store), tmp_path / "p", 10)
    with pytest.raises(UnusableEngineError, match="fsspec is not installed"):
        fetched("memory://a", "r", "0" * 64, tmp_path)
    told, table = swept_on("local:1", file, assignment(small_store), tmp_path / "p", 10)
    assert_every_row_once(table, told, 10)


def test_a_process_with_other_software_or_another_release_does_not_answer(
    small_store: tuple[Path, str], tmp_path: Path
) -> None:
    require_fit(assignment(small_store))
    with pytest.raises(UnusableEngineError, match="not 9"):
        require_fit(assignment(small_store, engine="9.9"))
    with pytest.raises(UnusableEngineError, match="another"):
        require_fit(assignment(small_store, manifest="0" * 64))
    with pytest.raises(BrokenReleaseError):
        require_fit(replace(assignment(small_store), store=str(tmp_path)))


def test_a_layer_that_one_process_cannot_read_for_a_moment_stops_it_and_is_not_remembered(
    small_store: tuple[Path, str], tmp_path: Path
) -> None:
    store = shutil.copytree(small_store[0], tmp_path / "releases")
    of = assignment((store, small_store[1]))
    (part,) = parts_of(written(tmp_path / "a.csv", 30, every=3), {}, NONE, 50)
    layer = store / of.release / "red_line.parquet"
    layer.rename(tmp_path / "away")
    with pytest.raises(UnusableEngineError, match="red_line") as refused:
        swept(of, part)
    assert "red_line" in refused.value.what.zh
    (tmp_path / "away").rename(layer)
    whole = swept(of, part)
    assert whole.table.equals(swept(assignment(small_store), part).table)
    with pytest.raises(UnusableEngineError, match="red_line"):
        swept(replace(of, silent=("red_line",)), part)


def test_a_release_that_lacks_a_layer_is_swept_and_says_so(
    sweep: Callable[..., None], data: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    (data / "releases").unlink()
    shutil.copytree(small_store[0], data / "releases")
    layer = data / "releases" / small_store[1] / "red_line.plane.arrow"
    content = layer.read_bytes()
    layer.write_bytes(content[:-9])
    file = written(tmp_path / "a.csv", 30, every=3)
    assert silent_layers(layer.parent) == ("red_line",)
    with pytest.raises(Exit):
        sweep(file, tmp_path / "r.parquet")
    assert "complies" not in {one["conclusion"] for one in parquet_rows(tmp_path / "r.parquet")}
    assert json.loads(pq.read_schema(tmp_path / "r.parquet").metadata[b"threelines"])["silent"] == "red_line"
    layer.write_bytes(content)
    assert silent_layers(layer.parent) == ()


class Swept:
    """A file, and its parts of five rows each."""

    def __init__(self, file: Path, parts: list[Done]) -> None:
        self.file, self.parts = file, parts


@pytest.fixture(scope="module")
def finished(small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Swept:
    file = written(tmp_path_factory.mktemp("parts") / "a.csv", 60, every=3)
    return Swept(file, inline(file, small_store, 5))


class Failing:
    """Engines that lose calls as a script says: some workers die with what they work on, now and then all of them."""

    def __init__(self, script: list[int], workers: list[int], finished: list[Done]) -> None:
        self.script, self.workers, self.finished = iter(script), iter(workers), finished
        self.begun = 0

    @contextmanager
    def __call__(self, where: str, _: Callable[[], None]) -> Iterator[Engine]:
        broken = False
        self.begun += 1

        def submit(_: Any, __: Any, part: Any) -> Future[Done]:
            nonlocal broken
            number = (part.sheets[0].grid[1].number - 2) // 5
            action = next(self.script, 0)
            if broken or action == 3:
                broken = True
                raise BrokenExecutor
            future: Future[Done] = Future()
            if action:
                future.set_exception(BrokenExecutor())
            else:
                future.set_result(self.finished[number])
            return future

        def done(calls: Any, _: float) -> Any:
            return list(calls)[: next(self.script, 1) or 1]

        yield Engine(where, submit, done, next(self.workers, 1), (BrokenExecutor,), lambda: True)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 3]), max_size=40),
    st.lists(st.integers(1, 4), max_size=12),
)
def test_whatever_is_lost_every_part_is_kept_once_and_the_rest_is_done_when_it_is_repeated(
    finished: Swept,
    tmp_path_factory: pytest.TempPathFactory,
    script: list[int],
    workers: list[int],
) -> None:
    file = finished.file
    failing = Failing(script, workers, finished.parts)
    with pytest.MonkeyPatch.context() as patch, Parts.open(tmp_path_factory.mktemp("p") / "p", about(file)) as parts:
        patch.setattr(api.sweeps.run, "engine", failing)
        whole = False
        with suppress(WorkersLostError):
            whole = run(file, NOBODY, parts, "local", size=5).is_whole
        assert whole == (len(list(parts.folder.glob("*.part"))) == 12)
        assert whole or failing.begun >= MOST_LOSSES
        failing.script = iter(())
        told = run(file, NOBODY, parts, "local", size=5)
        assert_every_row_once(pa.concat_tables(parts.tables(told.parts)), told, 60, every=3)


@pytest.mark.parametrize("harm", ["a row fewer counted", "a row fewer told", "another part"])
def test_a_part_that_comes_back_without_a_row_is_told_and_not_kept(harm: str, finished: Swept, tmp_path: Path) -> None:
    first = finished.parts[0]
    state = first.table["state"][0].as_py()
    harmed = {
        "a row fewer counted": replace(first, counts={**first.counts, state: first.counts[state] - 1}),
        "a row fewer told": replace(first, table=first.table.slice(1)),
        "another part": replace(first, table=first.table.slice(0, 0), counts=dict.fromkeys(first.counts, 0)),
    }
    failing = Failing([], [], [harmed[harm], *finished.parts[1:]])
    with pytest.MonkeyPatch.context() as patch, Parts.open(tmp_path / "p", about(finished.file)) as parts:
        patch.setattr(api.sweeps.run, "engine", failing)
        with pytest.raises(RowsLostError, match="part 1") as refused:
            run(finished.file, NOBODY, parts, "local", size=5)
        assert "第 1 部分" in refused.value.what.zh
        assert parts.find(0) is None
        failing.finished = finished.parts
        assert run(finished.file, NOBODY, parts, "local", size=5).rows == 60


def test_a_file_that_says_it_has_more_rows_than_came_back_is_told(
    finished: Swept, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(api.sweeps.run, "engine", Failing([], [], finished.parts))
    monkeypatch.setattr(api.sweeps.run, "rows_in", lambda _: 61)
    with Parts.open(tmp_path / "p", about(finished.file)) as parts, pytest.raises(RowsLostError, match="61 rows, 60"):
        run(finished.file, NOBODY, parts, "local", size=5)


def children_of(process: int) -> list[int]:
    """Processes of the pool of a command."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(one) for one in found if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def until(is_so: Callable[[], bool]) -> None:
    """Wait for it."""
    ends = time.monotonic() + 60.0
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_worker_that_is_killed_is_survived(small_store: tuple[Path, str], tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", 1200)
    killed: list[int] = []

    def kill_one(_: int) -> None:
        if not killed:
            killed.append(children_of(os.getpid())[0])
            os.kill(killed[0], signal.SIGKILL)

    told, table = swept_on("local:2", file, assignment(small_store), tmp_path / "p", 100, progress=kill_one)
    assert killed
    assert_every_row_once(table, told, 1200)
    assert table.equals(pa.concat_tables([done.table for done in inline(file, small_store, 100)]))


def has_more(folder: Path, parts: int) -> bool:
    """Whether there are more parts."""
    return len(list(folder.glob("*.part"))) > parts


def has_ended(process: int) -> bool:
    """Whether it is no more, or waits for nothing but to be counted."""
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


IN_SMALL_PARTS = "import api.sweeps.cli as cli; cli.ROWS = 300; from api.cli import main; main()"
"""So many that some are left however late a signal comes."""


def test_the_command_killed_and_interrupted_ends_as_if_it_had_not_been(
    data: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    file, results = written(tmp_path / "a.csv", 9_000), tmp_path / "r.parquet"
    folder = tmp_path / "r.parquet.parts"
    words = [sys.executable, "-c", IN_SMALL_PARTS, *command(file, results, "--on", "local:1")[3:]]
    for how in (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGINT):
        known = len(list(folder.glob("*.part")))
        started = subprocess.Popen(words, env=environment(data), stderr=subprocess.PIPE, start_new_session=True)
        until(partial(has_more, folder, known))
        (worker,) = children_of(started.pid)
        if how is signal.SIGKILL:
            os.kill(started.pid, how)
        else:
            os.killpg(started.pid, how)  # as a terminal does: the workers get it too
        _, said = started.communicate(timeout=60)
        until(partial(has_ended, worker))
        assert not results.exists()
    assert started.returncode == 130
    assert "重复同一命令" in said.decode()
    assert "Traceback" not in said.decode()
    done = subprocess.run(words, env=environment(data), stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1, done.stderr  # rows are left to mend
    assert not folder.exists()
    rest = json.loads(pq.read_schema(results).metadata[b"threelines"])
    whole = [one.table for one in inline(file, small_store, 300)]
    assert len(whole) == 30
    (tmp_path / "drafts").mkdir()
    write(tmp_path / "whole.parquet", tmp_path / "drafts", whole, rest, "zh")
    assert results.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def peak_kb(data: Path, file: Path, results: Path) -> int:
    """The most memory that any process of the command held."""
    measured = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=False, stderr=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    words = [sys.executable, "-c", measured, *command(file, results, "--on", "local:1")]
    said = subprocess.run(words, env=environment(data), capture_output=True, text=True, check=True).stdout
    return int(said.splitlines()[-1])


def test_eight_times_the_rows_take_no_more_memory(data: Path, tmp_path: Path) -> None:
    told = [
        "乙",
        "",
        "C3360",
        "新建",
        "x" * 400,
    ]  # without coordinates, so that most of the work is reading and writing
    sizes = {2_000: 0, 16_000: 0}
    for count in sizes:
        file = tmp_path / f"{count}.csv"
        file.write_text("\n".join(",".join(one) for one in [SHEET_HEADER, *[told] * count]), encoding="utf-8")
        sizes[count] = peak_kb(data, file, tmp_path / f"{count}.parquet")
        assert len(parquet_rows(tmp_path / f"{count}.parquet")) == count
    assert sizes[16_000] < sizes[2_000] + 30_000


# -- parts -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "a.csv", 20)


@pytest.fixture
def one(finished: Swept) -> Done:
    return finished.parts[0]


def test_a_part_is_found_as_it_was_kept(file: Path, one: Done, tmp_path: Path) -> None:
    said = replace(one, notices=(Text("甲", "a"),))
    with Parts.open(tmp_path / "p", about(file)) as parts:
        assert parts.find(3) is None
        parts.keep(3, said)
        found = parts.find(3)
    assert found is not None
    assert found.table.equals(one.table)
    assert (found.counts, found.notices) == (one.counts, said.notices)


@pytest.mark.parametrize("harm", ["cut", "flipped", "emptied", "of another sweep", "of another number"])
def test_a_part_that_is_damaged_or_not_the_one_is_made_again(harm: str, file: Path, one: Done, tmp_path: Path) -> None:
    with Parts.open(tmp_path / "other", about(file, as_of="2020-01-01")) as parts:
        parts.keep(0, one)
    with Parts.open(tmp_path / "p", about(file)) as parts:
        parts.keep(0, one)
        parts.keep(1, one)
        path = tmp_path / "p" / "0000000.part"
        content = path.read_bytes()
        middle = len(content) // 2
        harmed = {
            "cut": content[:middle],
            "flipped": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "emptied": b"",
            "of another sweep": (tmp_path / "other" / "0000000.part").read_bytes(),
            "of another number": (tmp_path / "p" / "0000001.part").read_bytes(),
        }
        path.write_bytes(harmed[harm])
        assert parts.find(0) is None
        with pytest.raises(BatchJournalError, match="part 1"):
            list(parts.tables(2))
        parts.keep(0, one)
        assert len(list(parts.tables(2))) == 2


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("input", "文件内容不同"),
        ("options", "列映射或坐标声明不同"),
        ("as_of", "基准日不同"),
        ("release", "成果版本不同"),
        ("engine", "软件版本不同"),
        ("rows", "每部分行数不同"),
        ("silent", "读不出的图层不同"),
        ("nature", "内容不同"),
    ],
)
def test_a_sweep_of_something_else_is_refused_by_name(
    key: str, said: str, file: Path, one: Done, tmp_path: Path
) -> None:
    with Parts.open(tmp_path / "p", about(file)):
        pass
    with Parts.open(tmp_path / "p", about(file, **{key: "before anything was done"})):
        pass
    with Parts.open(tmp_path / "p", about(file)) as parts:
        parts.keep(0, one)
    with pytest.raises(BatchJournalError, match=said):
        Parts.open(tmp_path / "p", about(file, **{key: "another"}))
    with Parts.open(tmp_path / "p", about(file)) as parts:
        assert parts.find(0) is not None


def test_two_commands_do_not_work_on_one_folder(file: Path, one: Done, tmp_path: Path) -> None:
    with Parts.open(tmp_path / "p", about(file)) as parts:
        parts.keep(0, one)
        with pytest.raises(BatchJournalError, match="another process is using it"):
            Parts.open(tmp_path / "p", about(file))
        parts.remove()
        with Parts.open(tmp_path / "p", about(file)) as next_one:
            assert next_one.find(0) is None
    assert not (tmp_path / "p" / "0000000.part").exists()


@pytest.mark.parametrize("torn", ['{"input": ', "[]", '"a"', "{}", '{"as_of": "soon"}', '{"as_of": 1}', "\ufffd"])
def test_a_torn_description_is_told(torn: str, file: Path, one: Done, tmp_path: Path) -> None:
    with Parts.open(tmp_path / "p", about(file)) as parts:
        parts.keep(0, one)
    (tmp_path / "p" / ABOUT).write_text(torn, encoding="utf-8")
    for read in (lambda: Parts.open(tmp_path / "p", about(file)), lambda: about_of(tmp_path / "p")):
        with pytest.raises(BatchJournalError, match=ABOUT):
            read()


def test_a_command_that_comes_while_the_folder_is_removed_is_told_or_begins_anew(
    file: Path, one: Done, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[Parts] = []
    unlink = Path.unlink

    def come_after(path: Path, missing_ok: bool = False) -> None:
        unlink(path, missing_ok)
        if not begun:
            with suppress(BatchJournalError):
                begun.append(Parts.open(tmp_path / "p", about(file, release="another")))
                assert path.name == "lock"

    with Parts.open(tmp_path / "p", about(file)) as parts:
        for number in range(3):
            parts.keep(number, one)
        assert parts.draft.is_dir()
        monkeypatch.setattr(Path, "unlink", come_after)
        parts.remove()
    with begun[0] as other:
        assert about_of(other.folder) is None
        other.keep(0, one)
        assert other.find(0) is not None
        assert about_of(other.folder) == about(file, release="another")
        assert other.find(1) is None


def test_a_folder_removed_while_it_is_opened_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    with pytest.raises(BatchJournalError, match="another process"):
        Parts.open(tmp_path / "p", about(file))


# -- results -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    (tmp_path / "drafts").mkdir()
    return tmp_path / "drafts"


@pytest.fixture
def tables(finished: Swept) -> list[pa.Table]:
    return [done.table for done in finished.parts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_formats_say_the_same(
    language: Language, tables: list[pa.Table], file: Path, drafts: Path, tmp_path: Path
) -> None:
    rest = about(file)
    for name in ("a.parquet", "a.gpkg", "a.xlsx"):
        write(tmp_path / name, drafts, tables, rest, language)
    assert list(drafts.iterdir()) == []
    asked = pa.concat_tables(tables).to_pylist()

    parquet = gpd.read_parquet(tmp_path / "a.parquet")
    assert parquet.crs.to_epsg() == 4490
    assert parquet["place"].tolist() == [row["place"] for row in asked]
    assert shapely.to_wkb(parquet.geometry.to_numpy()).tolist() == [row["geometry"] for row in asked]
    metadata = pq.read_schema(tmp_path / "a.parquet").metadata
    assert json.loads(metadata[b"threelines"]) == rest

    package = gpd.read_file(tmp_path / "a.gpkg", layer="sites")
    assert package.crs.to_epsg() == 4490
    assert pyogrio.read_info(tmp_path / "a.gpkg")["dataset_metadata"] == rest
    assert set(package["nature"]) == {"demonstration"}
    assert package["area_m2"].dtype == "float64"

    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet, notes = book.worksheets
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {key.value: value.value for key, value in notes.iter_rows()} == rest
    assert sheet.freeze_panes == "C2"

    assert len(asked) == len(package) == len(lines)
    columns = list(package.columns[:8])
    for row, feature, line in zip(asked, package.to_dict("records"), lines, strict=True):
        told = dict(zip(columns, line, strict=True))
        assert feature["geometry"] == (shapely.from_wkb(row["geometry"]) if row["geometry"] else None)
        for key in ("place", "name", "conclusion", "deciding", "findings", "to_declare", "problems"):
            in_package = feature[key] if isinstance(feature[key], str) else None
            assert (in_package or None) == told[key], key
        assert told["conclusion"] == row[f"conclusion_{language}"]
        assert (told["deciding"] or "").splitlines() == (row["deciding"] or [])
        assert (told["problems"] or "").splitlines() == (row[f"problems_{language}"] or [])
        assert [one.split(": ")[1] for one in (told["findings"] or "").splitlines()] == [
            one["outcome"] for one in row["findings"] or []
        ]
        assert told["area_m2"] == pytest.approx(row["area_m2"])


@pytest.mark.parametrize("name", ["a.parquet", "a.gpkg", "a.xlsx"])
def test_results_are_the_same_byte_for_byte_at_any_time(
    name: str, tables: list[pa.Table], file: Path, drafts: Path, tmp_path: Path
) -> None:
    written_twice = []
    for _ in range(2):
        write(tmp_path / name, drafts, tables, about(file), "zh")
        written_twice.append((tmp_path / name).read_bytes())
        time.sleep(1.1 if name != "a.parquet" and len(written_twice) == 1 else 0)
    assert written_twice[0] == written_twice[1]


def test_results_without_rows_are_files_without_rows(file: Path, drafts: Path, tmp_path: Path) -> None:
    with Parts.open(tmp_path / "p", about(file)) as parts:
        for name in ("a.parquet", "a.gpkg", "a.xlsx"):
            write(tmp_path / name, drafts, parts.tables(0), about(file), "en")
    assert len(gpd.read_parquet(tmp_path / "a.parquet")) == len(gpd.read_file(tmp_path / "a.gpkg")) == 0
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["Results"].max_row == 1


def test_a_column_that_is_empty_at_first_keeps_its_kind(
    tables: list[pa.Table], file: Path, drafts: Path, tmp_path: Path
) -> None:
    whole = pa.concat_tables(tables)
    points, areas = (whole.filter(pc.is_null(whole["area_m2"])), whole)
    write(tmp_path / "a.gpkg", drafts, [points, areas], about(file), "zh")
    found = gpd.read_file(tmp_path / "a.gpkg")
    assert len(found) == len(points) + len(areas)
    assert found["area_m2"].sum() == pytest.approx(pc.sum(whole["area_m2"]).as_py())


def test_a_worksheet_holds_what_it_can_and_says_what_it_cannot(
    tables: list[pa.Table], file: Path, drafts: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = tables[0].set_column(1, "name", pa.array(["=1+1" + "长" * 40_000] * len(tables[0])))
    write(tmp_path / "a.xlsx", drafts, [long], about(file), "zh")
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["结果"]["B2"]
    assert (len(cell.value), cell.value[-1], cell.data_type) == (32_767, "…", "s")
    monkeypatch.setattr(outputs, "MOST_EXCEL_ROWS", 7)
    (tmp_path / "b.xlsx").write_bytes(b"before")
    with pytest.raises(SiteFileError, match="worksheet") as refused:
        write(tmp_path / "b.xlsx", drafts, tables, about(file), "zh")
    assert "b.parquet.parts" in refused.value.cure.en
    assert (tmp_path / "b.xlsx").read_bytes() == b"before"


@pytest.mark.parametrize("name", ["a.csv", "a", "a.xls"])
def test_results_in_another_form_are_refused(name: str) -> None:
    with pytest.raises(SiteFileError, match="cannot be written"):
        require_format(Path(name))


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def sweep(data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`sweep_file` over the small city, on one process."""
    monkeypatch.setenv("THREELINES_DATA", str(data))

    def swept_file(file: Path, results: Path, **other: Any) -> None:
        own = {"on": "local:1", "mapping": {}, "declared": NONE, "as_of": DAY, "language": "zh", **other}
        sweep_file(file, results, **own)

    return swept_file


def test_the_command_says_what_came_of_it(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THREELINES_DATA", str(data))
    file = saved(tmp_path / "甲.xlsx", [SHEET_HEADER, ["甲", "120.18, 36.08", "I6511", "新建", ""]])
    words = ["batch", str(file), "--results", str(tmp_path / "r.gpkg"), "--as-of", AS_OF.isoformat(), "--on", "local:1"]
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stdout.strip()) == (0, str(tmp_path / "r.gpkg")), done.output
    assert len(gpd.read_file(tmp_path / "r.gpkg")) == 1
    for options in (("--mend", "m.xlsx"), ("--release-at", "s3://a/b")):
        refused = CliRunner().invoke(app, [*words, *options])
        assert (refused.exit_code, options[0] in refused.output) == (2, True)


def stopped(*_: Any) -> None:
    """In the place of writing: the machine stops."""
    raise InterruptedError


def test_what_was_begun_goes_on_as_it_was_begun(
    sweep: Callable[..., None],
    data: Path,
    small_store: tuple[Path, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    file, results = written(tmp_path / "a.csv", 30), tmp_path / "r.parquet"
    monkeypatch.setattr(api.sweeps.cli, "write", stopped)
    with pytest.raises(InterruptedError):
        sweep(file, results, as_of=DAY.replace(day=20))
    monkeypatch.setattr(api.sweeps.cli, "write", write)
    for other, said in (
        ({"as_of": DAY}, "基准日不同"),
        ({"mapping": {"site_name": "project_name"}}, "列映射"),
        ({"declared": Declaration(width_m=3.0)}, "列映射"),
    ):
        with pytest.raises(BatchJournalError, match=said):
            sweep(file, results, **{"as_of": DAY.replace(day=20), **other})
    content = file.read_bytes()
    file.write_bytes(content + b"x\n")
    with pytest.raises(BatchJournalError, match="文件内容不同"):
        sweep(file, results, as_of=None)
    file.write_bytes(content)
    (data / "releases").unlink()
    shutil.copytree(small_store[0], data / "releases")
    newer = SmallCity(effective_from=DAY.date().replace(day=1))
    name = write_release(read_content(read_delivery(newer.deliver(tmp_path / "delivery"))), data / "releases")
    publish(data / "releases", name, at=NOW.isoformat(), by="tests")
    with pytest.raises(BatchJournalError, match="成果版本不同"):
        sweep(file, results, as_of=None)
    shutil.rmtree(data / "releases")
    (data / "releases").symlink_to(small_store[0])
    sweep(file, results, as_of=None)
    assert json.loads(pq.read_schema(results).metadata[b"threelines"])["as_of"] == "2026-11-20"


def test_a_file_that_changes_while_it_is_read_gives_no_results(
    sweep: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, results = written(tmp_path / "a.csv", 30), tmp_path / "r.parquet"

    def changed_meanwhile(*asked: Any, **options: Any) -> Told:
        told = run(*asked, **options)
        file.write_bytes(file.read_bytes() + b"x\n")
        return told

    monkeypatch.setattr(api.sweeps.cli, "run", changed_meanwhile)
    with pytest.raises(BatchJournalError, match="changed meanwhile"):
        sweep(file, results)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("r.")] == []


def test_trouble_with_the_file_leaves_what_was_done(
    sweep: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(api.sweeps.cli, "ROWS", 10)
    file, results = written(tmp_path / "a.csv", 60), tmp_path / "r.parquet"
    with pytest.raises(UnusableMappingError):
        sweep(file, results, mapping={"site_name": "no such column"})
    with file.open("ab") as opened:
        opened.write(b'"a quote that never closes\n')
    with pytest.raises(SiteFileError):
        sweep(file, results)
    assert list((tmp_path / "r.parquet.parts").glob("*.part"))
