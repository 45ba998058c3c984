"""The parts of a sweep on disk: each is there whole or not at all, and says which sweep it is of.

Beside the results lies a folder with `sweep.json`, all that decides an answer, and a file for every part that is done: a
line with a digest of `sweep.json`, its number and the rest, and a table as Parquet. A sweep that was killed finds them and goes on
with the others: no part is lost, and none can be there twice. What is damaged or of another sweep is made again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
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
_REST = b"threelines"
_NAMES = {
    "input": Text("文件内容不同", "the file differs"),
    "options": Text("列映射或坐标声明不同", "the mapping or what was declared differs"),
    "as_of": Text("基准日不同", "the day asked for differs"),
    "release": Text("成果版本不同", "the release differs"),
    "engine": Text("软件版本不同", "the software differs"),
    "rows": Text("每部分行数不同", "the number of rows in a part differs"),
    "silent": Text("读不出的图层不同", "the layers that cannot be read differ"),
}
_OTHERWISE = Text("内容不同", "what it was begun with differs")


class Parts:
    """The folder of one sweep, for one process at a time; a context manager."""

    def __init__(self, folder: Path, about: Mapping[str, str], lock: IO[bytes]) -> None:
        self.folder, self.about, self._lock = folder, about, lock
        self._sweep = hashlib.sha256(_canonical(about)).digest()

    @classmethod
    def open(cls, folder: Path, about: Mapping[str, str]) -> Self:
        """The folder, made if there is none.

        Args:
            folder: Beside the results.
            about: All that decides an answer.

        Raises:
            BatchJournalError: It is of another sweep, in use, or damaged.
        """
        lock = _locked(folder)
        try:
            known = about_of(folder)
            if known is None:
                _write(folder / ABOUT, _canonical(about))
            elif known != dict(about):
                differs = [words for key, words in _NAMES.items() if known.get(key) != about.get(key)]
                raise BatchJournalError.of(folder.name, differs[0] if differs else _OTHERWISE)
        except BatchJournalError:
            lock.close()
            raise
        return cls(folder, about, lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.close()

    @property
    def draft(self) -> Path:
        """A folder for results that are being written; empty."""
        folder = self.folder / "draft"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def keep(self, number: int, done: Done) -> None:
        """One part, on disk when this returns."""
        rest = {"counts": dict(done.counts), "notices": [[one.zh, one.en] for one in done.notices]}
        sink = pa.BufferOutputStream()
        pq.write_table(done.table.replace_schema_metadata({_REST: json.dumps(rest)}), sink, compression="zstd")
        content = sink.getvalue().to_pybytes()
        _write(self._path(number), self._proof(number, content) + b"\n" + content)

    def find(self, number: int) -> Done | None:
        """A part that is there, whole and of this sweep; else None."""
        try:
            proof, _, content = self._path(number).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        if proof != self._proof(number, content):
            return None
        table = pq.read_table(pa.BufferReader(content))
        rest = json.loads(table.schema.metadata[_REST])
        notices = tuple(Text(*one) for one in rest["notices"])
        return Done(table.replace_schema_metadata(None), rest["counts"], notices)

    def tables(self, count: int) -> Iterator[pa.Table]:
        """All parts in their order, one at a time.

        Raises:
            BatchJournalError: One is no longer what it was.
        """
        for number in range(count):
            done = self.find(number)
            if done is None:
                damaged = Text(f"第 {number + 1} 部分已损坏", f"its part {number + 1} was damaged")
                raise BatchJournalError.of(self.folder.name, damaged)
            yield done.table
        if not count:
            yield COLUMNS.empty_table()

    def remove(self) -> None:
        """Once the results are written; the lock goes last, and the folder is left to whoever has come since."""
        for one in self.folder.iterdir():
            if one.is_dir():
                shutil.rmtree(one)
            elif one.name != LOCK:
                one.unlink()
        (self.folder / LOCK).unlink()
        with suppress(OSError):
            self.folder.rmdir()

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:07d}.part"

    def _proof(self, number: int, content: bytes) -> bytes:
        return hashlib.sha256(self._sweep + number.to_bytes(8, "big") + content).hexdigest().encode()


def about_of(folder: Path) -> dict[str, str] | None:
    """What the sweep of a folder was begun with; None where no part of any is done.

    Raises:
        BatchJournalError: It cannot be read.
    """
    if not any(folder.glob("*.part")):
        return None
    try:
        found: dict[str, str] = json.loads((folder / ABOUT).read_bytes())
        date.fromisoformat(found["as_of"])
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as problem:
        raise BatchJournalError.of(folder.name, Text(f"{ABOUT} 读不出", f"{ABOUT} cannot be read")) from problem
    return found


def _locked(folder: Path) -> IO[bytes]:
    """The lock of a folder, held until it is closed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a+b")
    except FileNotFoundError as problem:
        raise _in_use(folder) from problem  # just removed by another process
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_there = os.path.samestat(os.fstat(lock.fileno()), (folder / LOCK).stat())
    except (BlockingIOError, FileNotFoundError):
        is_there = False  # held by another process, or just removed by it
    if not is_there:
        lock.close()
        raise _in_use(folder)
    return lock


def _in_use(folder: Path) -> BatchJournalError:
    return BatchJournalError.of(folder.name, Text("另一个进程正在使用", "another process is using it"))


def _canonical(about: Mapping[str, str]) -> bytes:
    return json.dumps(dict(about), ensure_ascii=False, sort_keys=True).encode()


def _write(path: Path, content: bytes) -> None:
    """Whole, and on disk."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(path)
