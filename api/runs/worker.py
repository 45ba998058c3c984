"""The process that works on one run: `python -m api.runs.worker RUN`, the settings as JSON on standard input.

It holds a lease on the run. Rows are screened in chunks; the verdicts of a chunk, its rows and the progress are one
transaction, under ids fixed before anything was screened. Killed at any moment, it leaves whole chunks behind, and whoever
takes the run next goes on with the rows still waiting: none is lost, none is kept twice.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

import shapely

from api.batches import kept_of
from api.cases import Case
from api.row_questions import ROW_TROUBLE, key_of, question_of
from api.runs.files import RunFiles
from api.runs.model import Line, LineState, Run, RunState
from api.runs.service import batch_of_run
from api.runs.store import LostLeaseError, RunStore
from api.runs.told import faults_json, faults_of, problem_json, site_rows, told_json
from api.service import Answered, ScreeningService, new_case_id
from api.settings import Settings
from layers.batches.mend import Mendable, write_mend_file
from layers.batches.model import AskedRow, Batch, BatchRow
from layers.batches.results import Report, RowResult, write_results
from layers.batches.sites import write_sites
from screening.errors import ThreeLinesError
from screening.run_errors import ReleaseChangedError
from screening.words import Language

Thing = TypeVar("Thing")
CHUNK = 20
"""Rows in one transaction: what a kill costs at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A row to screen, without the table it came from."""

    number: int
    screening: str
    asked: AskedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a row came to: a verdict to keep, or the trouble that is the row's own."""

    number: int
    case: Case | None = None
    shape: bytes | None = None
    trouble: ThreeLinesError | None = None


class Screener:
    """Screens rows in this process or in a pool of them."""

    def __init__(self, settings: Settings, service: ScreeningService, as_of: date) -> None:
        self._service, self._as_of = service, as_of
        self._pool: ProcessPoolExecutor | None = None
        if settings.run_processes > 1:
            self._pool = ProcessPoolExecutor(
                settings.run_processes, get_context("spawn"), _begin, (settings.model_dump_json(),)
            )

    def __call__(self, tasks: Sequence[Task]) -> list[Done]:
        """What each row comes to.

        Raises:
            ThreeLinesError: The service as a whole cannot answer.
        """
        if self._pool is None:
            return screened(self._service, tasks, self._as_of)
        parts = list(_parts(tasks, CHUNK // 4))
        return [one for part in self._pool.map(_in_pool, parts, [self._as_of] * len(parts)) for one in part]

    def close(self) -> None:
        """Let the pool go."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def screened(service: ScreeningService, tasks: Iterable[Task], as_of: date) -> list[Done]:
    """What each row comes to, nothing kept yet.

    Raises:
        ThreeLinesError: The service as a whole cannot answer.
    """
    return [_screened(service, one, as_of) for one in tasks]


def _screened(service: ScreeningService, task: Task, as_of: date) -> Done:
    try:
        found = service.prepare(question_of(task.asked, as_of), case_id=task.screening)
    except ROW_TROUBLE as trouble:
        return Done(number=task.number, trouble=trouble)
    return Done(number=task.number, case=found.case, shape=shapely.to_wkb(found.shape))


_own: list[ScreeningService] = []


def _begin(settings: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _own.append(ScreeningService(Settings.model_validate_json(settings)))


def _end_with(parent: int) -> None:
    """A worker that is killed cannot tell its pool."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _in_pool(tasks: Sequence[Task], as_of: date) -> list[Done]:
    return screened(_own[0], tasks, as_of)


class Worker:
    """Works on one run until it is done, somebody wants it otherwise, or whoever started it is gone."""

    def __init__(
        self,
        settings: Settings,
        run: Run,
        holder: str,
        service: ScreeningService,
        is_told_to_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._settings, self._run, self._holder, self._service = settings, run, holder, service
        self._is_told_to_stop = is_told_to_stop
        self._store, self._files = RunStore(service.database), RunFiles(settings.runs)
        self._parent = os.getppid()

    def work(self) -> RunState:
        """The state in which the run is given back."""
        try:
            state = self._worked()
        except ThreeLinesError as problem:
            self._give_back(RunState.FAILED, problem_json(problem))
            return RunState.FAILED
        self._give_back(state)
        return state

    def _worked(self) -> RunState:
        run, service = self._run, self._service
        day = date.fromisoformat(run.as_of)
        in_force = service.snapshot(day).release.id
        if in_force != run.release:
            raise ReleaseChangedError.of(run.release, in_force)
        batch = batch_of_run(run, self._files.input(run.id))
        screener = Screener(self._settings, service, day)
        try:
            for chunk in _parts(self._waiting(), CHUNK * max(1, self._settings.run_processes)):
                wanted = self._chunk(screener, batch, chunk)
                if wanted:
                    return RunState(wanted)
                if self._is_told_to_stop() or os.getppid() != self._parent:
                    return RunState.WAITING
        finally:
            screener.close()
        self._write(batch)
        return RunState.FINISHED

    def _waiting(self) -> Iterator[Line]:
        return (one for one in self._store.every_line(self._run.id) if one.state is LineState.WAITING)

    def _chunk(self, screener: Screener, batch: Batch, chunk: Sequence[Line]) -> str:
        rows = {one.number: batch.asking[one.number] for one in chunk}
        tasks = [Task(number=one.number, screening=one.screening, asked=_asked(rows[one.number])) for one in chunk]
        done = screener(tasks)
        lines = [_line(before, rows[one.number], one) for before, one in zip(chunk, done, strict=True)]
        cases = [one.case for one in done if one.case is not None]
        return self._store.keep(self._run.id, self._holder, cases, lines)

    def _write(self, batch: Batch) -> None:
        """The outputs; written again where a kill came between them and the end of the run."""
        run, language = self._run, _language(self._run)
        results = RunResults(self._store, self._service, run, batch)
        report = Report(batch=batch, digest=run.digest, as_of=run.as_of, results=results)
        self._files.write(run.id, "results.xlsx", lambda path: write_results(path, report, language))
        left = [Mendable(row=one.row, faults=one.faults) for one in results.faulty()]
        if left:
            self._files.write(run.id, "mend.xlsx", lambda path: write_mend_file(path, left, language))
        self._files.write(
            run.id, "sites.gpkg", lambda path: write_sites(path, site_rows(self._store.every_line(run.id), language))
        )

    def _give_back(self, state: RunState, problem: str | None = None) -> None:
        ended = self._service.now().isoformat(timespec="seconds") if state is RunState.FINISHED else ""
        self._store.release(self._run.id, self._holder, state, problem=problem, at=ended)


class RunResults(Collection[RowResult]):
    """What the rows of a run came to, read from the database as they are asked for."""

    def __init__(self, store: RunStore, service: ScreeningService, run: Run, batch: Batch) -> None:
        self._store, self._service, self._run, self._batch = store, service, run, batch

    def __len__(self) -> int:
        return self._run.rows

    def __contains__(self, one: object) -> bool:
        return one in list(self)

    def __iter__(self) -> Iterator[RowResult]:
        language = _language(self._run)
        for line in self._store.every_line(self._run.id):
            row = self._batch.asking[line.number]
            if line.state is LineState.SCREENED:
                kept = kept_of(self._service.find(line.screening), language)
                yield RowResult(row=row, kept=kept, faults=())
            else:
                yield RowResult(row=row, kept=None, faults=faults_of(line))

    def faulty(self) -> Iterator[RowResult]:
        """Those to mend."""
        for line in self._store.every_line(self._run.id):
            if line.state is LineState.FAULTY:
                row = self._batch.asking[line.number]
                yield RowResult(row=row, kept=None, faults=faults_of(line))


def _line(before: Line, row: BatchRow, done: Done) -> Line:
    if done.case is None:
        assert done.trouble is not None
        fault = row.fault(done.trouble, key_of(done.trouble))
        return replace(before, state=LineState.FAULTY, faults=faults_json([fault]))
    told = told_json(Answered(done.case))
    return replace(before, state=LineState.SCREENED, conclusion=done.case.conclusion, told=told, shape=done.shape)


def _asked(row: BatchRow) -> AskedRow:
    assert row.asked is not None, "a row that waits was read"
    return row.asked


def _parts(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    waiting = iter(things)
    while part := list(islice(waiting, size)):
        yield part


def _language(run: Run) -> Language:
    return "en" if run.language == "en" else "zh"


def main() -> None:
    """Work on the run named on the command line; exit at once if another worker has it."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = Settings.model_validate_json(sys.stdin.read())
    service = ScreeningService(settings)
    try:
        holder = new_case_id()
        run = None if told else RunStore(service.database).take(sys.argv[1], holder)
        if run is not None:
            Worker(settings, run, holder, service, lambda: bool(told)).work()
    except LostLeaseError:
        return
    finally:
        service.close()


if __name__ == "__main__":
    main()
