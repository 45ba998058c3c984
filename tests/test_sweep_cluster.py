"""A file swept on a real cluster: the answers of one machine, every row once, whoever is killed; no release but the one."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import dask
import fsspec
import numpy as np
import pyarrow as pa
import pytest
import shapely
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from distributed import Client
from typer.testing import CliRunner

import api.sweeps.engines
import api.sweeps.run
from api.cli import app
from api.sweeps import work
from api.sweeps.engines import CONNECT_S
from api.sweeps.run import AHEAD
from api.sweeps.work import Assignment, swept
from layers import gaps, index
from layers.batches.stream import parts_of
from layers.gaps import Gaps
from layers.index import build_index
from layers.release_copy import cache_folder, fetched, manifest_digest, require_no_password
from layers.release_parts import MANIFEST, index_sources, read_manifest
from layers.snapshot import load_snapshot
from screening.errors import BrokenReleaseError, ThreeLinesError, UnusableEngineError
from tests.cluster import Cluster, cluster
from tests.kernels import kernel
from tests.smallcity import AS_OF
from tests.sweeping import assert_every_row_once, assignment, swept_on, written

ROWS, SIZE = 1_200, 50


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("file") / "a.csv", ROWS)


@pytest.fixture(scope="module")
def whole(file: Path, small_store: tuple[Path, str]) -> pa.Table:
    """What one process finds, without any engine."""
    of = assignment(small_store)
    return pa.concat_tables([swept(of, part).table for part in parts_of(file, of.mapping, of.declared, SIZE)])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers, with a cache of their own."""
    cache = tmp_path_factory.mktemp("cache")
    with cluster(tmp_path_factory.mktemp("cluster"), XDG_CACHE_HOME=str(cache)) as found:
        found.work("one", "two")
        yield found


@pytest.fixture
def both(running: Cluster) -> Cluster:
    """The cluster with two workers again, whatever became of them."""
    running.work(*({"one", "two"} - running.workers))
    return running


# -- answers -----------------------------------------------------------------------------------------------------------


def test_a_cluster_gives_the_table_of_one_machine_and_nothing_piles_up_in_its_scheduler(
    both: Cluster, file: Path, whole: pa.Table, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    held: list[int] = []
    with Client(both.address, set_as_default=False) as watch:

        def look(_: int) -> None:
            held.append(watch.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))

        of = assignment(small_store)
        told, table = swept_on(both.on, file, of, tmp_path / "dask", SIZE, progress=look)
        assert_every_row_once(table, told, ROWS)
        assert table.equals(whole)
        assert max(held) <= 2 * AHEAD * 2 < ROWS / SIZE  # letting go of one takes a moment
        assert watch.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) == 0
        assert not watch.run_on_scheduler(lambda: "geopandas" in __import__("sys").modules)
    swept_on("local:1", file, of, tmp_path / "local", SIZE)
    for part in sorted((tmp_path / "local").glob("*.part")):
        assert part.read_bytes() == (tmp_path / "dask" / part.name).read_bytes()


def once(act: Callable[[], None]) -> Callable[[int], None]:
    """A progress that does something when the first part is done."""
    done: list[int] = []

    def progress(rows: int) -> None:
        if not done:
            done.append(rows)
            act()

    return progress


@pytest.mark.parametrize("patient", [True, False])
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    patient: bool, both: Cluster, file: Path, whole: pa.Table, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    """With a scheduler that gives the parts to another worker, and with one that gives them back."""
    both.allow_failures(3 if patient else 0)
    kill = once(lambda: both.kill("one"))
    told, table = swept_on(both.on, file, assignment(small_store), tmp_path / "p", SIZE, progress=kill)
    assert_every_row_once(table, told, ROWS)
    assert table.equals(whole)


def test_when_all_workers_are_gone_it_waits_for_others_but_not_for_ever(
    both: Cluster,
    file: Path,
    whole: pa.Table,
    small_store: tuple[Path, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    both.allow_failures(3)
    monkeypatch.setattr(api.sweeps.run, "LOOK_S", 0.1)

    def kill_all() -> None:
        for name in ("one", "two"):
            both.kill(name)

    with pytest.raises(UnusableEngineError, match="no workers"):
        swept_on(both.on, file, assignment(small_store), tmp_path / "p", SIZE, progress=once(kill_all))
    with pytest.raises(UnusableEngineError, match="没有工作进程"):
        swept_on(both.on, file, assignment(small_store), tmp_path / "p", SIZE)
    told, table = swept_on("local:1", file, assignment(small_store), tmp_path / "p", SIZE)
    assert_every_row_once(table, told, ROWS)
    assert table.equals(whole)


def test_others_take_over_from_workers_that_were_all_lost(
    both: Cluster, file: Path, whole: pa.Table, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    def replace_all() -> None:
        both.kill("one")
        both.kill("two")
        both.work("one")

    told, table = swept_on(both.on, file, assignment(small_store), tmp_path / "p", SIZE, progress=once(replace_all))
    assert_every_row_once(table, told, ROWS)
    assert table.equals(whole)


def test_a_cluster_that_speaks_tls_only(
    file: Path, whole: pa.Table, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    certificate = str(self_signed(tmp_path / "own.pem"))
    names = ("ca-file", "scheduler.cert", "worker.cert", "client.cert")
    own = {f"distributed.comm.tls.{name}": certificate for name in names}
    environment = {f"dask_{name}".replace(".", "__").replace("-", "_").upper(): certificate for name in own}
    with dask.config.set(own), cluster(tmp_path / "c", "tls", **environment) as safe:
        safe.work("one")
        told, table = swept_on(safe.on, file, assignment(small_store), tmp_path / "p", SIZE)
        assert_every_row_once(table, told, ROWS)
        assert table.equals(whole)
        refusal(safe.on.replace("dask+tls", "dask"), file, assignment(small_store), tmp_path / "q")


def self_signed(path: Path) -> Path:
    """A key and the certificate that it signed for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    signed = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, SHA256())
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + signed.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_scheduler_that_ends_in_the_middle_is_told_and_what_was_done_is_kept(
    file: Path, whole: pa.Table, small_store: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(api.sweeps.engines, "CONNECT_S", 1)
    with cluster(tmp_path / "c") as other:
        other.work("one")
        kill = once(lambda: other.kill("scheduler"))
        with pytest.raises(UnusableEngineError, match="does not answer"):
            swept_on(other.on, file, assignment(small_store), tmp_path / "p", SIZE, progress=kill)
    assert list((tmp_path / "p").glob("*.part"))
    told, table = swept_on("local:1", file, assignment(small_store), tmp_path / "p", SIZE)
    assert_every_row_once(table, told, ROWS)
    assert table.equals(whole)


# -- clusters that cannot be used --------------------------------------------------------------------------------------


def refusal(on: str, file: Path, of: Assignment, folder: Path) -> UnusableEngineError:
    """How a sweep there is refused, within seconds."""
    begun = time.monotonic()
    with pytest.raises(UnusableEngineError) as refused:
        swept_on(on, file, of, folder, SIZE)
    assert time.monotonic() - begun < 3 * CONNECT_S
    assert list(folder.glob("*.part")) == []
    assert refused.value.what.zh
    assert refused.value.what.en
    return refused.value


def test_a_scheduler_that_is_not_there_is_told_in_both_languages(
    file: Path, small_store: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for where in ("dask://127.0.0.1:1", "dask://127.0.0.1:99999"):
        monkeypatch.setattr(api.sweeps.engines, "CONNECT_S", 5 if where.endswith(":1") else 1)
        problem = refusal(where, file, assignment(small_store), tmp_path / "p")
        assert f"{where} 没有应答" in problem.what.zh
        assert f"{where} does not answer" in problem.what.en


def test_a_scheduler_without_workers_is_told(file: Path, small_store: tuple[Path, str], tmp_path: Path) -> None:
    with cluster(tmp_path / "c") as alone:
        problem = refusal(alone.on, file, assignment(small_store), tmp_path / "p")
    assert "没有工作进程" in problem.what.zh
    assert "no workers" in problem.what.en


def test_workers_with_other_software_or_another_release_are_told(
    both: Cluster, file: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    def said(**other: str) -> str:
        return refusal(both.on, file, assignment(small_store, **other), tmp_path / "p").what.en

    assert "version" in said(engine="0.0.1")
    assert "another" in said(manifest="0" * 64)
    away = refusal(both.on, file, replace(assignment(small_store), store=str(tmp_path / "nowhere")), tmp_path / "p")
    assert MANIFEST in away.what.en
    assert "tcp://" in away.what.en
    assert "--release-at" in away.cure.zh


def test_a_worker_without_our_software_is_told_at_first_and_when_it_comes_later(
    both: Cluster, file: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['api'] = None  # as if it were not installed\n")

    def come() -> None:
        both.work("stranger", PYTHONPATH=str(tmp_path))

    try:
        with pytest.raises(UnusableEngineError, match="our software is not there"):
            swept_on(both.on, file, assignment(small_store), tmp_path / "p", 10, progress=once(come))
        assert list((tmp_path / "p").glob("*.part"))
        assert "缺少软件" in refusal(both.on, file, assignment(small_store), tmp_path / "q").what.zh
    finally:
        both.kill("stranger")


# -- releases that are fetched -----------------------------------------------------------------------------------------


@pytest.fixture
def mirror(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of the store, as a share or a bucket would hold it."""
    copy: Path = shutil.copytree(small_store[0], tmp_path / "mirror")
    return copy


def test_workers_fetch_the_release_once_and_give_the_same_answers(
    both: Cluster, file: Path, whole: pa.Table, small_store: tuple[Path, str], mirror: Path, tmp_path: Path
) -> None:
    of = replace(assignment(small_store), store=mirror.as_uri())
    told, table = swept_on(both.on, file, of, tmp_path / "p", SIZE)
    assert_every_row_once(table, told, ROWS)
    assert table.equals(whole)
    cache = Path(both.environment["XDG_CACHE_HOME"]) / "threelines" / "releases"
    (kept,) = cache.iterdir()
    assert sorted(one.name for one in kept.iterdir()) == [of.release, "lock"]
    shutil.rmtree(mirror)
    told, table = swept_on(both.on, file, of, tmp_path / "q", SIZE)
    assert table.equals(whole)


def test_a_release_is_fetched_from_any_store_that_fsspec_knows(
    mirror: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    of = assignment(small_store)
    memory = fsspec.filesystem("memory")
    memory.put(str(mirror / of.release), f"/releases/{of.release}", recursive=True)
    try:
        folder = fetched("memory://releases", of.release, of.manifest, tmp_path / "cache")
        assert (folder / index.FILE).read_bytes() == (mirror / of.release / index.FILE).read_bytes()
    finally:
        memory.rm("/releases", recursive=True)
    assert fetched("memory://releases", of.release, of.manifest, tmp_path / "cache") == folder


def doctored(folder: Path) -> None:
    """An index and gaps beside a release that prove themselves: no red line where it is, and a gap where there is none."""
    snapshot, made_from = load_snapshot(folder), index_sources(read_manifest(folder))
    layers = {one: snapshot.layers[one].shapes for one in sorted(snapshot.layers)}
    away = shapely.transform(layers["red_line"], lambda xy: xy + 40_000.0)
    built = build_index({**layers, "red_line": away}, snapshot.outline, kernel())
    assert built is not None
    built.partition.write(folder / index.FILE, made_from)
    (folder / gaps.FILE).unlink(missing_ok=True)
    elsewhere = Gaps(shapely.box(0, 0, 1, 1), layers, folder / gaps.FILE, made_from)
    elsewhere.are_clear_of(["unit_land"], np.array([shapely.Point(0, 0)], object))


def test_an_index_and_gaps_doctored_in_the_store_are_never_used(
    file: Path,
    whole: pa.Table,
    mirror: Path,
    small_store: tuple[Path, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    of = replace(assignment(small_store), store=mirror.as_uri())
    doctored(mirror / of.release)

    def told(cache: Path, before: Callable[[Path], None]) -> pa.Table:
        monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
        before(fetched(of.store, of.release, of.manifest, cache_folder()))
        work._sweep.cache_clear()
        (part,) = islice(parts_of(file, of.mapping, of.declared, SIZE), 1)
        return swept(of, part).table

    def clauses(table: pa.Table) -> set[str]:
        return {one["key"] for one in table["findings"][1].as_py()}  # of the site in the red line

    theirs, ours = told(tmp_path / "theirs", doctored), told(tmp_path / "ours", lambda _: None)
    assert clauses(ours) - clauses(theirs) == {"clause:DEMO-N-02"}, "the files would do no harm"
    assert ours.equals(whole.slice(0, len(ours)))
    for name in (index.FILE, gaps.FILE):
        (kept,) = (tmp_path / "ours").rglob(name)
        assert kept.read_bytes() != (mirror / of.release / name).read_bytes()


@pytest.mark.parametrize("harm", ["a part changed", "a part missing", "the manifest changed", "the manifest missing"])
def test_what_was_damaged_in_the_cache_is_fetched_again_and_never_used(
    harm: str, mirror: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    of = assignment(small_store)
    folder = fetched(mirror.as_uri(), of.release, of.manifest, tmp_path / "cache")
    path = folder / (MANIFEST if "manifest" in harm else "red_line.parquet")
    whole = path.read_bytes()
    if "missing" in harm:
        path.unlink()
    else:
        path.write_bytes(whole[:-9] + b" " + whole[-8:])
    (folder.parent / ".draft-of-a-killed-process").mkdir()
    assert fetched(mirror.as_uri(), of.release, of.manifest, tmp_path / "cache") == folder
    assert path.read_bytes() == whole
    assert sorted(one.name for one in folder.parent.iterdir()) == [of.release, "lock"]


@pytest.mark.parametrize("harm", ["a part changed", "a part missing", "the manifest changed", "the release missing"])
def test_a_store_that_does_not_hold_the_release_is_told_and_nothing_of_it_is_kept(
    harm: str, mirror: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    of = assignment(small_store)
    path = mirror / of.release / (MANIFEST if "manifest" in harm else "red_line.parquet")
    if harm == "the release missing":
        shutil.rmtree(mirror / of.release)
    elif "missing" in harm:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b"r", b"s", 1))
    with pytest.raises((UnusableEngineError, BrokenReleaseError)) as refused:
        fetched(mirror.as_uri(), of.release, of.manifest, tmp_path / "cache")
    told: ThreeLinesError = refused.value
    assert of.release in told.what.zh + told.value
    assert [one.name for one in (tmp_path / "cache" / of.manifest[:16]).iterdir()] == ["lock"]


@pytest.mark.parametrize("store", ["nonsense://a/b", "s3://bucket/releases"])
def test_a_store_of_an_unknown_kind_is_told(store: str, small_store: tuple[Path, str], tmp_path: Path) -> None:
    of = assignment(small_store)
    with pytest.raises(UnusableEngineError, match="cannot be fetched"):
        fetched(store, of.release, of.manifest, tmp_path / "cache")


class ForbiddenError(Exception):
    """As a package of a store has of its own."""


def test_whatever_a_store_raises_is_told_without_what_is_secret_in_its_url(
    small_store: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise ForbiddenError("403 at memory://somebody:a-secret@host/releases/manifest.json")

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "get_file", refuse)
    of = assignment(small_store)
    with pytest.raises(UnusableEngineError, match="ForbiddenError: 403") as refused:
        fetched("memory://somebody:a-secret@host/releases", of.release, of.manifest, tmp_path / "cache")
    assert "memory://host/releases" in refused.value.what.zh
    assert "a-secret" not in "".join(map(str, refused.value.args)) + repr(refused.value) + refused.value.value
    assert "secret" not in refused.value.what.zh + refused.value.what.en + refused.value.cure.en


def test_a_password_on_the_command_line_is_refused_and_not_repeated(file: Path, tmp_path: Path) -> None:
    words = ["batch", str(file), "--on", "dask://127.0.0.1:1", "--results", str(tmp_path / "r.parquet")]
    done = CliRunner().invoke(app, [*words, "--release-at", "https://somebody:a-secret@host/releases"])
    assert isinstance(done.exception, UnusableEngineError)
    assert "https://host/releases" in str(done.exception)
    assert "secret" not in str(done.exception) + done.output
    require_no_password("sftp://somebody@host/releases")
    require_no_password("s3://bucket/a:b@c/releases")


def test_processes_that_fetch_at_once_do_not_disturb_each_other(
    mirror: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    of = assignment(small_store)
    asked = [(mirror.as_uri(), of.release, of.manifest, tmp_path / "cache")] * 6
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        folders = set(pool.map(fetched, *zip(*asked, strict=True)))
    (folder,) = folders
    assert manifest_digest(folder) == of.manifest
    assert sorted(one.name for one in folder.parent.iterdir()) == [of.release, "lock"]


def test_the_cache_is_where_the_system_keeps_such_things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "threelines" / "releases"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "threelines" / "releases"


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_takes_the_release_from_where_it_is_told(
    both: Cluster, mirror: Path, small_store: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("THREELINES_DATA", str(tmp_path))
    (tmp_path / "releases").symlink_to(small_store[0])
    few = written(tmp_path / "a.csv", 80, every=4)
    words = ["batch", str(few), "--as-of", AS_OF.isoformat(), "--lang", "en"]
    there = [*words, "--on", both.on, "--results", str(tmp_path / "there.parquet"), "--release-at", mirror.as_uri()]
    here = [*words, "--on", "local:1", "--results", str(tmp_path / "here.parquet")]
    assert [CliRunner().invoke(app, one).exit_code for one in (there, here)] == [1, 1]  # rows are left to mend
    assert (tmp_path / "there.parquet").read_bytes() == (tmp_path / "here.parquet").read_bytes()
