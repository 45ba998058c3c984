"""The files of a run: what was handed in, and what is written once every row is done."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from screening.run_errors import RunFileMissingError

OUTPUTS = ("results.xlsx", "mend.xlsx", "sites.gpkg")


class RunFiles:
    """One folder a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep_input(self, run_id: str, name: str, content: bytes) -> None:
        """Keep what was handed in; its name decides how it is read."""
        folder = self._folder / run_id / "input"
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)

    def input(self, run_id: str) -> Path:
        """What was handed in.

        Raises:
            RunFileMissingError: It is gone.
        """
        found = sorted((self._folder / run_id / "input").glob("*"))
        if not found:
            raise RunFileMissingError.of("input")
        return found[0]

    def write(self, run_id: str, name: str, write: Callable[[Path], None]) -> None:
        """Write an output beside its place and move it there whole."""
        folder = self._folder / run_id
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            made = Path(beside) / name
            write(made)
            made.replace(folder / name)

    def output(self, run_id: str, name: str) -> Path:
        """An output that was written.

        Raises:
            RunFileMissingError: There is none of that name, or not yet.
        """
        path = self._folder / run_id / name
        if name not in OUTPUTS or not path.is_file():
            raise RunFileMissingError.of(name[:40])
        return path

    def names(self, run_id: str) -> tuple[str, ...]:
        """Outputs that are there."""
        return tuple(name for name in OUTPUTS if (self._folder / run_id / name).is_file())

    def remove(self, run_id: str) -> None:
        """Everything of a run."""
        shutil.rmtree(self._folder / run_id, ignore_errors=True)
