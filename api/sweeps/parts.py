"""The parts of a sweep on disk: each is there whole or not at all, and says which sweep it is of.

Beside the results lies a folder with `sweep.json`, all that decides an answer, and a file for every part that is done. A
sweep that was killed finds them and goes on with the rest: no part is lost, and none can be there twice.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pyarrow as pa
import pyarrow.parquet as pq

from api.sweeps.work import COLUMNS, Done
from screening.errors import BatchJournalError
from screening.words import Text

ABOUT = "sweep.json"
LOCK = "lock"
_COUNTS = b"threelines:counts"
_NAMES = {
    "input": Text("文件内容不同", "the file differs"),
    "options": Text("列映射或坐标声明不同", "the mapping or what was declared differs"),
    "as_of": Text("基准日不同", "the day asked for differs"),
    "release": Text("成果版本不同", "the release differs"),
    "engine": Text("软件版本不同", "the software differs"),
    "rows": Text("每部分行数不同", "the number of rows in a part differs"),
}


class Parts:
    """The folder of one sweep, for one process at a time; a context manager."""

    def __init__(self, folder: Path, about: Mapping[str, str], lock: IO[bytes]) -> None:
        self.folder, self.about, self._lock = folder, about, lock

    @classmethod
    def open(cls, folder: Path, about: Mapping[str, str]) -> Self:
        """The folder, made if there is none.

        Args:
            folder: Beside the results.
            about: All that decides an answer.

        Raises:
            BatchJournalError: It is of another sweep, or in use.
        """
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a+b")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            lock.close()
            raise BatchJournalError.of(
                folder.name, Text("另一个进程正在使用", "another process is using it")
            ) from problem
        known = about_of(folder)
        if known is None:
            _write(folder / ABOUT, json.dumps(dict(about), ensure_ascii=False, sort_keys=True).encode())
        elif known != dict(about):
            lock.close()
            differs = next(_NAMES[key] for key in _NAMES if known.get(key) != about.get(key))
            raise BatchJournalError.of(folder.name, differs)
        return cls(folder, about, lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.close()

    def keep(self, number: int, done: Done) -> None:
        """One part, on disk when this returns."""
        table = done.table.replace_schema_metadata({_COUNTS: json.dumps(dict(done.counts))})
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        _write(self._path(number), sink.getvalue().to_pybytes())

    def counts(self, number: int) -> Mapping[str, int] | None:
        """The counts of a part that is there; None if it is not."""
        path = self._path(number)
        if not path.exists():
            return None
        found: dict[str, int] = json.loads(pq.read_schema(path).metadata[_COUNTS])
        return found

    def tables(self) -> Iterator[pa.Table]:
        """All parts in their order, one at a time."""
        for path in sorted(self.folder.glob("*.parquet")):
            yield pq.read_table(path, schema=COLUMNS)

    def remove(self) -> None:
        """Once the results are written."""
        shutil.rmtree(self.folder)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:07d}.parquet"


def about_of(folder: Path) -> dict[str, str] | None:
    """What the sweep of a folder was begun with; None where there is none."""
    file = folder / ABOUT
    if not file.exists():
        return None
    found: dict[str, str] = json.loads(file.read_bytes())
    return found


def _write(path: Path, content: bytes) -> None:
    """Whole, and on disk."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(path)
