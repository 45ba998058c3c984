"""Where a sweep is worked on: the cores of this machine, or a cluster that is there already.

Either takes calls and gives futures, so that a sweep is written once.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import re
import signal
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

from screening.errors import ThreeLinesError, UnusableEngineError

LOCAL = re.compile(r"local(:(?P<workers>[1-9][0-9]{0,2}))?")
DASK = re.compile(r"dask(?P<tls>\+tls)?://(?P<address>([^:/@\s]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5})")
CONNECT_S = 5  # for a scheduler to answer


class Awaited(Protocol):
    """What will come of a call."""

    def result(self) -> Any:
        """What came of it; waits for it, and raises what the call raised."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that works.

    Attributes:
        name: As it was asked for.
        submit: A function of a module, and what it is called with.
        done: Of some calls under way those that came to an end, waiting for one as long as is said.
        workers: How many calls it can work on at a time.
        losses: What it raises for a call whose worker was lost.
        has_workers: Whether there is still somebody to work.
    """

    name: str
    submit: Callable[..., Awaited]
    done: Callable[[Collection[Any], float], Collection[Any]]
    workers: int
    losses: tuple[type[BaseException], ...]
    has_workers: Callable[[], bool]


def require_known(where: str) -> None:
    """Refuse what names no engine, before any work is done.

    Raises:
        UnusableEngineError: It does not.
    """
    if not (LOCAL.fullmatch(where) or DASK.fullmatch(where)):
        raise UnusableEngineError.unknown(where)


def is_cluster(where: str) -> bool:
    """Whether workers may be on other machines."""
    return DASK.fullmatch(where) is not None


@contextmanager
def engine(where: str, require_fit: Callable[[], None]) -> Iterator[Engine]:
    """The engine named by `local`, `local:N` or `dask://host:port`, let go of at the end.

    Args:
        require_fit: What every worker of a cluster is asked at first; it raises where one cannot do its part.

    Raises:
        UnusableEngineError: There is no such engine, it does not answer, or one of its workers cannot be used.
    """
    require_known(where)
    if found := DASK.fullmatch(where):
        scheme = "tls" if found["tls"] else "tcp"
        with _on_dask(where, f"{scheme}://{found['address']}", require_fit) as there:
            yield there
    elif found := LOCAL.fullmatch(where):
        with _on_cores(where, int(found["workers"] or cores())) as here:
            yield here


# -- this machine ------------------------------------------------------------------------------------------------------


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def _on_cores(where: str, workers: int) -> Iterator[Engine]:
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _as_worker)

    def done(calls: Collection[Future[Any]], seconds: float) -> Collection[Future[Any]]:
        return wait(calls, seconds, FIRST_COMPLETED).done

    try:
        yield Engine(where, pool.submit, done, workers, (BrokenExecutor, CancelledError), lambda: True)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _as_worker() -> None:
    """Ctrl-C is for the process that was asked; it ends the others, also by its own death."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)  # nobody is left to hand anything to


# -- a cluster ---------------------------------------------------------------------------------------------------------


class _Call:
    """A call that is made where it is unpickled: the scheduler passes bytes on, and needs none of our software."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._function, self._arguments = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._function, self._arguments


@contextmanager
def _on_dask(where: str, address: str, require_fit: Callable[[], None]) -> Iterator[Engine]:
    try:
        import dask
        import distributed
        from distributed.client import ClosedClientError
        from distributed.comm import CommClosedError
    except ImportError as problem:
        raise UnusableEngineError.missing("distributed") from problem
    for handler in logging.getLogger("distributed").handlers:
        handler.setLevel(logging.CRITICAL)  # what goes wrong there is told by our own errors
    own = {"distributed.admin.large-graph-warning-threshold": "1GB", "distributed.comm.timeouts.connect": CONNECT_S}
    with dask.config.set(own):
        try:
            client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as problem:
            raise UnusableEngineError.silent(where, str(problem)) from problem
        with client:
            _require_fit(where, client, require_fit)

            def workers() -> int:
                with suppress(OSError):
                    known = client.scheduler_info(n_workers=-1).get("workers", {})
                    return sum(one["nthreads"] for one in known.values())
                return 0

            def submit(function: Callable[..., Any], *arguments: Any) -> Awaited:
                call: Awaited = client.submit(pickle.loads, pickle.dumps(_Call(function, arguments)), pure=False)
                return call

            def done(calls: Collection[Any], seconds: float) -> Collection[Any]:
                with client.as_current(), suppress(TimeoutError, CancelledError):
                    distributed.wait(list(calls), seconds, "FIRST_COMPLETED")
                return [one for one in calls if one.done()]

            losses = (CancelledError, distributed.KilledWorker, CommClosedError, ClosedClientError)
            yield Engine(where, submit, done, workers(), losses, lambda: workers() > 0)


def _require_fit(where: str, client: Any, require_fit: Callable[[], None]) -> None:
    """Refuse a cluster without workers, or with one that cannot do its part."""
    told = client.run(pickle.loads, pickle.dumps(_Call(require_fit, ())), on_error="return")
    present = {worker: one for worker, one in told.items() if not isinstance(one, OSError)}  # others have just gone
    if not present:
        raise UnusableEngineError.idle(where)
    for worker, problem in present.items():
        if isinstance(problem, UnusableEngineError):
            raise problem
        if isinstance(problem, ThreeLinesError):
            raise UnusableEngineError.unfit(worker, problem.what) from problem
        if isinstance(problem, Exception):
            raise UnusableEngineError.lacking(worker, f"{type(problem).__name__}: {problem}") from problem
