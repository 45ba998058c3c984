"""The journal of a batch: which row is kept under which id, written before the row is screened.

Killed at any moment and started again, a batch finds every row either not begun, or under its id, or begun and not kept:
it is then screened under that same id. So no row is lost and none is kept twice.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from api.service import new_case_id
from screening.errors import BatchJournalError
from screening.words import Text

_NAMES = {
    "input": Text("文件内容不同", "the file differs"),
    "options": Text("列映射或坐标声明不同", "the mapping or what was declared differs"),
    "as_of": Text("基准日不同", "the day asked for differs"),
}


class Journal:
    """An open journal, for one process at a time; a context manager."""

    def __init__(self, path: Path, opened: IO[bytes], header: Mapping[str, str], ids: dict[str, str]) -> None:
        self.path, self.header = path, header
        self._file, self._ids = opened, ids

    @classmethod
    def open(cls, path: Path, *, input_digest: str, options: str, as_of: str, today: str) -> Self:
        """The journal at a path, begun if there is none.

        Args:
            path: Beside the results.
            input_digest: SHA-256 of the file handed in.
            options: Everything else that decides what is asked, as text.
            as_of: Day asked for; empty to take the journal's, or `today` where it begins.
            today: Current day.

        Raises:
            BatchJournalError: It is of another batch, in use by another process, or no journal.
        """
        file = path.open("a+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            file.close()
            raise BatchJournalError.of(
                path.name, Text("另一个进程正在使用", "another process is using it")
            ) from problem
        try:
            lines = _sound_lines(path, file)
            header = {"input": input_digest, "options": options, "as_of": as_of or today}
            if not lines:
                made = cls(path, file, header, {})
                made._append(header)
                return made
            found = {name: str(lines[0].get(name, "")) for name in header}
            header["as_of"] = as_of or found["as_of"]
            for name, difference in _NAMES.items():
                if found[name] != header[name]:
                    raise BatchJournalError.of(path.name, difference)
        except BatchJournalError:
            file.close()
            raise
        return cls(path, file, header, {line["row"]: line["screening"] for line in lines[1:]})

    @property
    def as_of(self) -> str:
        """Day asked for, ISO."""
        return self.header["as_of"]

    @property
    def begun(self) -> int:
        """How many rows have an id."""
        return len(self._ids)

    def id_of(self, place: str) -> str:
        """The id for a row, on disk before it is given."""
        if place not in self._ids:
            case_id = new_case_id()
            self._append({"row": place, "screening": case_id})
            self._ids[place] = case_id
        return self._ids[place]

    def remove(self) -> None:
        """Take it away, once everything it stood for is written elsewhere."""
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def _append(self, line: Mapping[str, str]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def _sound_lines(path: Path, file: IO[bytes]) -> list[dict[str, str]]:
    """Whole lines; one that was cut off by a crash was never acted upon and is taken away."""
    file.seek(0)
    content = file.read()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        file.truncate(len(whole))
    try:
        lines = [json.loads(line) for line in whole.splitlines()]
    except ValueError as problem:
        raise BatchJournalError.of(path.name, Text("不是进度文件", "it is no journal")) from problem
    if not all(isinstance(line, dict) for line in lines):
        raise BatchJournalError.of(path.name, Text("不是进度文件", "it is no journal"))
    return lines
