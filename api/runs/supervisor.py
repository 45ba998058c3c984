"""The thread that gives waiting runs to worker processes, one at a time, and takes back those of workers that died."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

from sqlalchemy.exc import SQLAlchemyError

from api.runs.service import RunService
from api.settings import Settings
from screening.errors import ThreeLinesError

LOOK_S = 0.5
_CLEAR_EVERY = 7200  # looks
_log = logging.getLogger("threelines.runs")


class Supervisor:
    """Started with the service, stopped with it: a worker at hand finishes its rows and leaves the rest waiting."""

    def __init__(self, runs: RunService, settings: Settings) -> None:
        self._runs, self._settings = runs, settings
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look for runs."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._look, name="batch-runs")
        self._thread.start()

    def stop(self) -> None:
        """Let the worker finish its rows, and end."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        looks = 0
        while not self._stopped.is_set():
            try:
                if looks % _CLEAR_EVERY == 0:
                    self._runs.clear(self._runs.screening.now())
                if waiting := self._runs.store.next_waiting():
                    self._work(waiting)
            except (ThreeLinesError, SQLAlchemyError, OSError):
                _log.exception("the batch runs could not be looked after; trying again")
            looks += 1
            self._stopped.wait(LOOK_S)

    def _work(self, run_id: str) -> None:
        worker = subprocess.Popen(
            [sys.executable, "-m", "api.runs.worker", run_id],
            stdin=subprocess.PIPE,
        )
        assert worker.stdin is not None
        with worker.stdin as settings:
            settings.write(self._settings.model_dump_json().encode())
        while worker.poll() is None:
            if self._stopped.wait(LOOK_S / 2):
                worker.terminate()
                worker.wait()
        if worker.returncode:
            _log.error("the worker of batch run %s ended with %s", run_id, worker.returncode)
