"""How long until the first verdict, and how much memory: fresh processes, one after the other, in turns.

    python -m benchmarks.start RELEASE --rounds 5

RELEASE is a folder in a store in which it is published. Seconds are of the processor, user and system; what the terminal
keeps goes to a folder that is thrown away. The service is `benchmarks.service`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SITE, INDUSTRY = "120.1300,36.3300", "C3360"
STEPS = ("the interpreter", "imports", "opening the release", "the verdict")
KB_PER_MB = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one process: seconds of the processor, megabytes at most, and what it printed."""

    seconds: float
    peak_mb: float
    printed: str


def main() -> None:
    """Print what starting costs, median of the rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--site", default=SITE, help="for the terminal")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "releases").symlink_to(asked.release.resolve().parent)
        works = {
            "open and screen once": ("benchmarks.first_verdict", str(asked.release.resolve())),
            "threelines check": ("api.cli", "check", asked.site, "-i", INDUSTRY),
            "threelines release list": ("api.cli", "release", "list"),
            "threelines --help": ("api.cli", "--help"),
        }
        for work in works.values():
            spent(work, data)  # the case store is made, files are in memory
        costs: dict[str, list[Cost]] = {name: [] for name in works}
        for _ in range(asked.rounds):
            for name, work in works.items():
                costs[name].append(spent(work, data))
    for name, found in costs.items():
        seconds, most = [one.seconds for one in found], max(one.peak_mb for one in found)
        print(f"{name}: {median(seconds):.2f} s ({min(seconds):.2f}–{max(seconds):.2f}), at most {most:.0f} MB")
    print_steps(costs["open and screen once"])


def print_steps(found: Sequence[Cost]) -> None:
    """Where the first verdict's time goes, as it says itself."""
    rows = zip(*([float(took) for took in one.printed.split()] for one in found), strict=True)
    print(", ".join(f"{step} {median(row):.0f} ms" for step, row in zip(STEPS, rows, strict=True)))


def spent(work: Sequence[str], data: Path) -> Cost:
    """What a module run with its arguments, in a process of its own, costs.

    The process is started by this small one: a child's peak begins with that of who started it.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", *work],
        env={**os.environ, "THREELINES_DATA": str(data)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as out:
        printed = out.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(work)}: exit code {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / KB_PER_MB, printed)


if __name__ == "__main__":
    main()
