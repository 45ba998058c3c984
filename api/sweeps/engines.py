"""Where a sweep is worked on: the cores of this machine, or a cluster that is there already.

Either is an executor of the standard library (`concurrent.futures`), so that a sweep is written once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from screening.errors import UnusableEngineError

LOCAL, DASK = "local", "dask://"


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that works.

    Attributes:
        workers: How many parts it can work on at a time.
        losses: What it raises for a part whose worker was lost.
    """

    executor: Executor
    workers: int
    losses: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def engine(where: str) -> Iterator[Engine]:
    """The engine named by `local`, `local:N` or `dask://host:port`, let go of at the end.

    Raises:
        UnusableEngineError: There is no such engine, or it does not answer.
    """
    if where.startswith(DASK):
        with _on_dask(where.removeprefix(DASK)) as found:
            yield found
        return
    name, _, count = where.partition(":")
    if name != LOCAL or not (count.isdigit() or not count) or count == "0":
        raise UnusableEngineError.unknown(where)
    workers = int(count or cores())
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _deaf)
    try:
        yield Engine(pool, workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _deaf() -> None:
    """Ctrl-C is for the process that was asked; it ends the others when they have finished their part."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _on_dask(address: str) -> Iterator[Engine]:
    try:
        from distributed import Client, KilledWorker
    except ImportError as problem:
        raise UnusableEngineError.missing("distributed") from problem
    try:
        client = Client(f"tcp://{address}", timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as problem:
        raise UnusableEngineError.silent(f"{DASK}{address}", str(problem)) from problem
    with client:
        workers = sum(one["nthreads"] for one in client.scheduler_info(n_workers=-1)["workers"].values())
        if not workers:
            raise UnusableEngineError.silent(f"{DASK}{address}", "no workers")
        yield Engine(client.get_executor(pure=False), workers, (CancelledError, KilledWorker))
