"""Reading strangers' files in a process of its own, with a cap on memory, processor time and patience.

A file may be made to swallow all memory or to keep a reader busy for ever. In a child process it takes down only itself.
This guards against exhaustion; it is no fence against a flaw in a driver that lets a file run code.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from screening.errors import ReaderStoppedError, ThreeLinesError
from screening.words import Text

Asked = ParamSpec("Asked")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """What reading one file may take.

    Attributes:
        memory_bytes: On top of what the reader needs before it opens anything.
        cpu_s: Processor time.
        wall_s: From start to answer, the start of the process included.
    """

    memory_bytes: int = 1_500_000_000
    cpu_s: int = 60
    wall_s: float = 120.0


DEFAULT = Cap()


def run(file: str, cap: Cap, reader: Callable[Asked, Read], *args: Asked.args, **options: Asked.kwargs) -> Read:
    """What a reader returns, run in a process of its own.

    Args:
        file: Its name, for the error.
        cap: What it may take.
        reader: A function of a module, so that the child can import it; its arguments and answer are pickled.
        *args: Of the reader.
        **options: Of the reader.

    Raises:
        ThreeLinesError: What the reader raised.
        ReaderStoppedError: It ran into a limit, or died.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        child = context.Process(target=_child, args=(theirs, cap, scratch, reader, args, options), daemon=True)
        child.start()
        theirs.close()
        try:
            answer = _answer(ours, file, cap, child)
        finally:
            ours.close()
            child.kill()
            child.join()
    if isinstance(answer, ThreeLinesError):
        raise answer
    read: Read = answer
    return read


def _answer(ours: Connection, file: str, cap: Cap, child: Any) -> Any:
    if not ours.poll(cap.wall_s):
        limit = Text(f"{cap.wall_s:g} 秒内未读完", f"not read within {cap.wall_s:g} s")
        raise ReaderStoppedError.of(file, limit)
    try:
        answer = ours.recv()
    except EOFError:
        child.join()
        raise ReaderStoppedError.of(file, _how_it_ended(child.exitcode, cap)) from None
    if isinstance(answer, MemoryError):
        raise ReaderStoppedError.of(file, _memory(cap))
    return answer


def _how_it_ended(code: int | None, cap: Cap) -> Text:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return Text(f"处理器时间超过 {cap.cpu_s} 秒", f"more than {cap.cpu_s} s of processor time")
    if code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
        return Text("读取程序崩溃，多因内存不足或文件损坏", "the reader crashed, out of memory or on a damaged file")
    return Text(f"读取程序意外结束（{code}）", f"the reader ended unexpectedly ({code})")


def _memory(cap: Cap) -> Text:
    megabytes = f"{cap.memory_bytes / 1_000_000:.0f} MB"
    return Text(f"内存超过 {megabytes}", f"more than {megabytes} of memory")


def _child(theirs: Connection, cap: Cap, scratch: str, reader: Callable[..., Any], args: Any, options: Any) -> None:
    """Runs in the child. Only errors that are understood travel; any other ends it, which the parent reports.

    Whatever it or a library writes for a while lies in the parent's folder: a child that is killed cannot tidy up.
    """
    os.environ.update(TMPDIR=scratch, CPL_TMPDIR=scratch, SQLITE_TMPDIR=scratch)
    tempfile.tempdir = scratch
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (in_use + cap.memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (cap.cpu_s, cap.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: Any = reader(*args, **options)
    except ThreeLinesError as error:
        answer = error
    except MemoryError:
        answer = MemoryError()
    theirs.send(answer)
    theirs.close()
