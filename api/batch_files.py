"""Workbooks of batches, kept by the digest of their content for some hours so that they can be fetched."""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from pathlib import Path

from screening.errors import UnknownBatchFileError

_NAME = re.compile(r"[0-9a-f]{64}")
_HOUR_S = 3600


class BatchFiles:
    """A folder of workbooks that empties itself.

    Who knows the digest may fetch the file; it holds random ids, so that it cannot be guessed.
    """

    def __init__(self, folder: Path, *, hours: int) -> None:
        self._folder, self.hours = folder, hours

    def keep(self, content: bytes) -> str:
        """Keep a workbook; its name. Those past their time go."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._clear()
        name = hashlib.sha256(content).hexdigest()
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as made:
            made.write(content)
        Path(made.name).replace(self._folder / name)
        return name

    def find(self, name: str) -> bytes:
        """A workbook that is still kept.

        Raises:
            UnknownBatchFileError: There is none of that name, or its time is over.
        """
        path = self._folder / name
        if not _NAME.fullmatch(name) or not path.is_file() or self._is_over(path):
            raise UnknownBatchFileError.of(name[:80], self.hours)
        return path.read_bytes()

    def _clear(self) -> None:
        for path in self._folder.iterdir():
            if self._is_over(path):
                path.unlink(missing_ok=True)

    def _is_over(self, path: Path) -> bool:
        return path.stat().st_mtime < time.time() - self.hours * _HOUR_S
