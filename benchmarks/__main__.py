"""All benchmarks, one after the other, each in a process of its own: results as JSON, tables and plots made from them.

    python -m benchmarks                          all but the nation
    python -m benchmarks --only peers-nation      some of them
    python -m benchmarks --quick                  whether all is ready to run: minutes, figures of no meaning, not kept
    python -m benchmarks --tables                 measures nothing: tables and plots again from the results

Inputs (generated zones, the demonstration city) are made once below build/benchmarks. A peer that is not installed has a row
that says so.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import cases, growth, peers, results, service, verdicts
from benchmarks.results import FOLDER, ROOT, Result, told

INPUTS = ROOT / "build" / "benchmarks"
TRIED = INPUTS / "tried"  # results of --quick
NATION = "peers-nation"  # an hour and ten gigabytes: on request
CITY, START = "peers-city", "start"
TABLES: Mapping[str, Callable[[Result, Path], str]] = {
    "peers-small": peers.told_and_drawn,
    CITY: peers.told_and_drawn,
    NATION: peers.told_and_drawn,
    "cases": lambda found, _: cases.table(found),
    "verdicts": lambda found, _: verdicts.table(found),
    "service": lambda found, _: service.table(found),
    "growth": lambda found, _: growth.table(found),
    START: lambda found, _: started(found),
}


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(TABLES))
    parser.add_argument("--quick", action="store_true", help="small inputs, results not kept")
    parser.add_argument("--tables", action="store_true", help="only tables and plots")
    asked = parser.parse_args()
    folder = TRIED if asked.quick else FOLDER
    if asked.tables:
        for name in TABLES:
            again(folder, name)
        return
    only = asked.only or [name for name in TABLES if name != NATION and not (asked.quick and name == CITY)]
    failed = [name for name in only if not ran(name, folder, is_quick=asked.quick)]
    if failed:
        raise SystemExit("not finished: " + ", ".join(failed))


def again(folder: Path, name: str) -> None:
    """The table and plot of a result, if there is one."""
    found = results.read(folder, name)
    if found is not None:
        results.publish(folder, name, TABLES[name](found, folder))


def ran(name: str, folder: Path, *, is_quick: bool) -> bool:
    """Whether a benchmark ran to its end."""
    told(f"== {name}")
    if name == START:
        return start(folder, is_quick=is_quick)
    words = [*command(name, is_quick=is_quick), "--results", str(folder)]
    told("python -m " + " ".join(words))
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT).returncode == 0


def command(name: str, *, is_quick: bool) -> list[str]:
    """Module and arguments of a benchmark."""
    if name.startswith("peers-"):
        scale = "small" if is_quick else name.removeprefix("peers-")
        some = ["--engines", "geopandas", "shapely", "subdivided"] if name == NATION else []
        short = ["--rounds", "1", "--seconds", "0.3"] if is_quick else []
        return ["benchmarks.peers", "--scale", scale, "--data", str(INPUTS), *some, *short]
    quick: Mapping[str, Sequence[str]] = {
        "cases": ["--sizes", "1000", "--rounds", "1"],
        "verdicts": ["--sites", "20", "--sweep", "2000"],
        "service": ["--rates", "2", "--seconds", "5"],
        "growth": ["--times", "1", "--rate", "2", "--seconds", "5"],
    }
    inputs: Mapping[str, Callable[[], Path]] = {"verdicts": release, "service": city}
    given = [str(inputs[name]())] if name in inputs else []
    return [f"benchmarks.{name}", *given, *(quick[name] if is_quick else ())]


def city() -> Path:
    """The data folder of the demonstration city, built and published once."""
    folder = INPUTS / "city"
    if not (folder / "releases" / "publications.json").exists():
        told("building the demonstration city")
        from tests.demo_city import build_demo

        build_demo(folder)
    return folder


def release() -> Path:
    """The release of the demonstration city."""
    return next(one.parent for one in (city() / "releases").glob("*/manifest.json"))


def start(folder: Path, *, is_quick: bool) -> bool:
    """What a start costs, as `benchmarks.start` prints it."""
    machine = results.machine()
    words = [sys.executable, "-m", f"benchmarks.{START}", str(release()), "--rounds", "1" if is_quick else "5"]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode == 0:
        results.keep(folder, START, {"machine": machine, "printed": done.stdout.splitlines()})
        again(folder, START)
    return done.returncode == 0


def started(found: Result) -> str:
    """What it printed, one line each."""
    return results.machine_words(found) + "\n\n" + "\n".join(f"- {line}" for line in found["printed"])


if __name__ == "__main__":
    main()
