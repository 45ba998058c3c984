"""What a benchmark found, kept as JSON with the machine it ran on; the tables of docs/performance.md are made from it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "results"
ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
PAGE = ROOT / "docs" / "performance.md"
END = "<!-- end of results -->"
MEGABYTE, GIGABYTE = 1e6, 1e9

Result = dict[str, Any]


def folder_argument(parser: argparse.ArgumentParser) -> None:
    """Where results go; only those in the folder of this package reach the documentation."""
    parser.add_argument(
        "--results", type=Path, default=FOLDER, help="folder for the results; only the default reaches docs"
    )


def machine() -> Result:
    """The machine and its load now, to be asked before the work begins."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _field(Path("/proc/cpuinfo"), "model name"),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE, 1),
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def _field(path: Path, name: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), platform.machine())


def machine_words(found: Mapping[str, Any]) -> str:
    """One line on where and when a result was found."""
    on, load = found["machine"], f"load {found['machine']['load']:g} before, {found['load_after']:g} after"
    return (
        f"{on['at'][:10]}: {on['processor']}, {on['cores']} cores, {on['memory_gb']:g} GB, {on['system']}, "
        f"Python {on['python']}; {load}."
    )


def keep(folder: Path, name: str, found: Result) -> Result:
    """Write a result, with the load at its end."""
    found = {**found, "load_after": round(os.getloadavg()[0], 1)}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    told(f"kept {path}")
    return found


def read(folder: Path, name: str) -> Result | None:
    """A result kept before; None where there is none."""
    path = folder / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def publish(folder: Path, name: str, table: str) -> None:
    """Print a table and, where its result is one to commit, put it in its place of the documentation."""
    print(table)
    if folder.resolve() == FOLDER:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), name, table), encoding="utf-8")


def start_of(name: str) -> str:
    """The line after which a result's table stands in the documentation."""
    return f"<!-- results: {name} -->"


def replaced(page: str, name: str, table: str) -> str:
    """A page with a table in its place.

    Raises:
        ValueError: The page has no place of this name.
    """
    before, start, rest = page.partition(start_of(name))
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{PAGE.name} has no place for {name}")
    return f"{before}{start}\n\n{table.strip()}\n\n{end}{after}"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> str:
    """A Markdown table; the first columns are words, the others figures."""
    rule = "|" + "---|" * words + "---:|" * (len(head) - words)
    return "\n".join(["| " + " | ".join(head) + " |", rule, *("| " + " | ".join(row) + " |" for row in rows)])


_BEGUN = time.perf_counter()


def told(words: str) -> None:
    """Say how far the work is: seconds since the start, megabytes held now."""
    print(f"[{time.perf_counter() - _BEGUN:7.1f} s, {held_mb():6,.0f} MB] {words}", file=sys.stderr, flush=True)


def held_mb(pid: int | None = None, *, most: bool = False) -> float:
    """Memory of a process, megabytes: now, or the most it has held; of this process where none is named."""
    status = Path(f"/proc/{pid or os.getpid()}/status").read_text(encoding="ascii")
    name = "VmHWM:" if most else "VmRSS:"
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith(name))) * 1024 / MEGABYTE
