"""A real scheduler and workers of dask, as processes on loopback."""

from __future__ import annotations

import os
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
    environment: Mapping[str, str]
    scheme: str = "tcp"
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def on(self) -> str:
        """As `--on` names it."""
        return f"{'dask' if self.scheme == 'tcp' else 'dask+tls'}://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """As dask names it."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def schedule(self) -> None:
        """Start the scheduler and wait until it answers."""
        self._start("scheduler", "dask_scheduler", "--port", str(self.port))
        ends = time.monotonic() + PATIENCE_S
        while not _answers(self.port):
            assert time.monotonic() < ends, f"the scheduler did not come, see {self.folder}"
            time.sleep(0.05)

    def work(self, *names: str, **environment: str) -> None:
        """Start workers and wait until they have come, and until any that were killed are known to be gone."""
        for name in names:
            own = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder / name), "--name", name)
            self._start(name, "dask_worker", self.address, *own, **environment)
        ends = time.monotonic() + PATIENCE_S
        with Client(self.address, timeout=PATIENCE_S, set_as_default=False) as client:
            while {one["name"] for one in client.scheduler_info(n_workers=-1)["workers"].values()} != self.workers:
                assert time.monotonic() < ends, f"workers did not come, see {self.folder}"
                time.sleep(0.05)

    @property
    def workers(self) -> set[str]:
        """Names of those that run."""
        return self.running.keys() - {"scheduler"}

    def allow_failures(self, count: int) -> None:
        """How many workers a part may take with it before the scheduler gives it back."""
        with Client(self.address, set_as_default=False) as client:
            client.run_on_scheduler(lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", count))

    def kill(self, name: str) -> None:
        """End one process, without a chance to say so."""
        process = self.running.pop(name)
        process.kill()
        process.wait(PATIENCE_S)

    @property
    def _places(self) -> dict[str, str]:
        return {"PYTHONPATH": str(ROOT), "DASK_TEMPORARY_DIRECTORY": str(self.folder)}

    def _start(self, name: str, module: str, *options: str, **environment: str) -> None:
        at = ("--host", f"{self.scheme}://127.0.0.1", "--no-dashboard")
        with (self.folder / f"{name}.log").open("ab") as said:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *options, *at],
                stdout=said,
                stderr=said,
                cwd=self.folder,
                env={**os.environ, **self._places, **self.environment, **environment},
            )


@contextmanager
def cluster(folder: Path, scheme: str = "tcp", **environment: str) -> Iterator[Cluster]:
    """A scheduler on a free port; it and all workers are ended at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = Cluster(folder, probe.getsockname()[1], environment, scheme)
    try:
        found.schedule()
        yield found
    finally:
        for name in list(found.running):
            found.kill(name)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
