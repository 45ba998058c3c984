"""A real scheduler and workers of dask, as processes on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60.0


@dataclass
class Cluster:
    """A scheduler, and workers by name; each writes what it says to a file of its name."""

    folder: Path
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def on(self) -> str:
        """As `--on` names it."""
        return f"dask://127.0.0.1:{self.port}"

    def schedule(self) -> None:
        """Start the scheduler."""
        self._start("scheduler", "dask_scheduler", "--port", str(self.port))

    def work(self, *names: str, environment: Mapping[str, str] | None = None) -> None:
        """Start workers and wait until they have come."""
        for name in names:
            own = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder / name), "--name", name)
            self._start(name, "dask_worker", f"tcp://127.0.0.1:{self.port}", *own, environment=environment)
        self.wait_for(len(self.running) - 1)

    def wait_for(self, workers: int) -> None:
        """Until so many workers are there, no more and no less."""
        ends = time.monotonic() + PATIENCE_S
        with Client(f"tcp://127.0.0.1:{self.port}", timeout=PATIENCE_S, set_as_default=False) as client:
            while len(client.scheduler_info(n_workers=-1)["workers"]) != workers:
                assert time.monotonic() < ends, f"{workers} workers did not come, see {self.folder}"
                time.sleep(0.1)

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End one process."""
        process = self.running.pop(name)
        process.send_signal(how)
        process.wait(PATIENCE_S)

    def _start(self, name: str, module: str, *options: str, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *options, "--host", "127.0.0.1", "--no-dashboard"]
        with (self.folder / f"{name}.log").open("ab") as said:
            self.running[name] = subprocess.Popen(
                command,
                stdout=said,
                stderr=said,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            )


@contextmanager
def cluster(folder: Path, *workers: str, environment: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """A scheduler on a free port and some workers, ended at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = Cluster(folder, probe.getsockname()[1])
    try:
        found.schedule()
        found.work(*workers, environment=environment)
        yield found
    finally:
        for name in list(found.running):
            found.kill(name)
