"""The kernel of the index, compiled for the tests alone, with every warning an error."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from layers.kernel import FLAGS, SOURCE, WARNINGS, Kernel

SANITIZED = ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")


def compiled(target: Path, *more: str) -> Path:
    """The library in a file."""
    subprocess.run(["cc", *FLAGS, *WARNINGS, *more, "-o", str(target), str(SOURCE), "-lm"], check=True)
    return target


@cache
def kernel() -> Kernel:
    """One for all tests."""
    return Kernel.load(compiled(Path(mkdtemp(prefix="threelines-kernel-")) / "partition.so"))
