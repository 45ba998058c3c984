"""Whole verdicts over a release: where the time goes, with the index and without it.

    python -m benchmarks.verdicts RELEASE --sites 1000 --sweep 100000

Sites are parcels of half a hectare to fifty anywhere in the territory, each with one of several projects. Times are of the
processor, phase by phase and path by path in turns; both paths must give the same records, byte for byte. The sweep judges
the sites together, as `threelines batch --on` does, and must find the same about each of those that were asked singly.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
import shapely

from benchmarks import results
from benchmarks.coverage import parcel
from benchmarks.results import Result, told
from layers.facts import fact_schema
from layers.industries import lineage_of
from layers.snapshot import Snapshot, load_snapshot
from layers.sweep import Sweep, settle
from screening.explain import explain
from screening.model import Construction, FactValue, Industry, Project, Site
from screening.record import as_record, canonical
from screening.situation import shortened
from screening.verdict import screen
from screening.words import Text

DAY = date(2026, 11, 21)
PART = 2_000
PHASES = ("evidence", "findings", "record", "explanation")
INDUSTRIES = ("C2614", "C3011", "D4411", "A0313", "I6511", "C1310", "G5523")
Answer = TypeVar("Answer")


def main() -> None:
    """Print milliseconds of processor time per verdict and rates of a sweep; keep the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--sweep", type=int, default=100_000)
    results.folder_argument(parser)
    asked = parser.parse_args()
    machine = results.machine()
    fast = load_snapshot(asked.release)
    if fast.index is None:
        raise SystemExit("the release has no index: install the package with a C compiler")
    ways = {"with the index": fast, "without": replace(fast, index=None)}
    spent = {name: dict.fromkeys(PHASES, 0.0) for name in ways}
    for site, project in questions(fast, asked.sites):
        records = {name: _answered(one, site, project, spent[name]) for name, one in ways.items()}
        if len(set(records.values())) > 1:
            raise SystemExit(f"the two paths differ about {shapely.to_wkt(site.geometry)}")
    told(f"{asked.sites:,} verdicts, one by one")
    found = {
        "machine": machine,
        "release": fast.release.id,
        "layers": len(fast.layers),
        "clauses": len(fast.access_list.clauses),
        "verdicts": asked.sites,
        "ms": {
            name: {phase: round(1e3 * took / asked.sites, 3) for phase, took in phases.items()}
            for name, phases in spent.items()
        },
        "sweep": _sweep(asked.release, fast, asked.sweep, asked.sites),
    }
    found["all_cores"] = _on_all_cores(asked.release, asked.sweep)
    found = results.keep(asked.results, "verdicts", found)
    results.publish(asked.results, "verdicts", table(found))


def table(found: Result) -> str:
    """Phases in milliseconds, one by one; then the rates of the sweep."""
    rows = [
        [
            name,
            *(f"{phases[phase]:.2f}" for phase in PHASES),
            f"{1e3 / (phases['evidence'] + phases['findings']):,.0f}/s",
        ]
        for name, phases in found["ms"].items()
    ]
    sweep = found["sweep"]
    return (
        f"{results.machine_words(found)} Release {found['release']}: {found['layers']} layers, {found['clauses']:,} clauses; "
        f"{found['verdicts']:,} verdicts, milliseconds of processor time each:\n\n"
        f"{results.markdown(['one by one', *PHASES, 'evidence and findings alone'], rows)}\n\n"
        f"Swept together in one process: **{sweep['rate']:,.0f} verdicts a second** of processor time over "
        f"{sweep['sites']:,} sites, {sweep['first']:,.0f} over the first {PART:,}, {sweep['last']:,.0f} over the last; "
        f"{sweep['alone']:.1%} looked at by themselves. In {found['all_cores']['processes']} processes at once, after loading: "
        f"**{found['all_cores']['rate']:,.0f} a second by the clock** over {found['all_cores']['sites']:,} sites."
    )


def _sweep(folder: Path, snapshot: Snapshot, count: int, checked: int) -> Result:
    """The rate of a sweep, over all and thousand by thousand of sites, as what it has seen adds up."""
    put = questions(snapshot, count)
    settle()
    sweep, rates = Sweep(snapshot, DAY, folder), []
    list(sweep([put[0][0]], [put[0][1]]))  # what layers leave open is found once, and kept
    for at in range(0, count, PART):
        part = put[at : at + PART]
        begun = time.process_time()
        found = list(sweep([site for site, _ in part], [project for _, project in part]))
        rates.append(len(part) / (time.process_time() - begun))
        for (site, project), one in zip(part[: max(0, checked - at)], found, strict=False):
            if one.verdict != shortened(screen(project, site, snapshot.gather(site, DAY), DAY)):
                raise SystemExit(f"the sweep differs about {shapely.to_wkt(site.geometry)}")
        told(f"swept {at + len(part):,}: {rates[-1]:,.0f}/s")
    whole = count / sum(min(PART, count - at) / rate for at, rate in zip(range(0, count, PART), rates, strict=True))
    rounded = {"rate": round(whole), "first": round(rates[0]), "last": round(rates[-1])}
    return {"sites": count, **rounded, "alone": round(sweep.alone / count, 4)}


def _on_all_cores(folder: Path, count: int) -> Result:
    """The rate of as many processes as there are cores, each with its share of the sites, by the clock."""
    processes = os.cpu_count() or 1
    share = count // processes
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        times = list(pool.map(_share, [folder] * processes, [share] * processes, range(processes)))
    took = max(end for _, end in times) - min(begun for begun, _ in times)
    told(f"swept {share * processes:,} in {processes} processes: {share * processes / took:,.0f}/s")
    return {"processes": processes, "sites": share * processes, "rate": round(share * processes / took)}


def _share(folder: Path, count: int, number: int) -> tuple[float, float]:
    """When a process began and ended to judge its sites; it has loaded and made them before."""
    snapshot = load_snapshot(folder)
    put = questions(snapshot, count, seed=100 + number)
    sweep = Sweep(snapshot, DAY, folder)
    list(sweep([put[0][0]], [put[0][1]]))
    settle()
    begun = time.time()
    for at in range(0, count, PART):
        part = put[at : at + PART]
        list(sweep([site for site, _ in part], [project for _, project in part]))
    return begun, time.time()


def questions(snapshot: Snapshot, count: int, seed: int = 8) -> list[tuple[Site, Project]]:
    """Sites anywhere in the territory, with projects."""
    rng = np.random.default_rng(seed)
    plane = snapshot.jurisdiction.plane
    west, south, east, north = snapshot.outline.bounds
    shapely.prepare(snapshot.outline)
    found: list[tuple[Site, Project]] = []
    while len(found) < count:
        place = rng.uniform((west, south), (east, north))
        if not shapely.intersects_xy(snapshot.outline, *place):
            continue
        shape = parcel(place, float(np.exp(rng.uniform(np.log(0.5), np.log(50.0)))), rng)
        words = Text("随机", "random")
        site = Site(name="", geometry=plane.to_degrees(shape), as_written="", read_as=words, accuracy_m=2.0)
        found.append((site, _project(INDUSTRIES[len(found) % len(INDUSTRIES)])))
    return found


def _project(code: str) -> Project:
    facts: dict[str, FactValue] = {"water_m3_per_year": 5000.0, "discharges_wastewater": True}
    industry = Industry(code=code, name=code, lineage=lineage_of(code))
    return Project(name="", industries=(industry,), construction=Construction.NEW, facts=facts)


def _answered(snapshot: Snapshot, site: Site, project: Project, spent: dict[str, float]) -> bytes:
    evidence = _timed(spent, "evidence", lambda: snapshot.gather(site, DAY))
    verdict = _timed(spent, "findings", lambda: screen(project, site, evidence, DAY))
    record = _timed(spent, "record", lambda: canonical(as_record(verdict)))
    _timed(spent, "explanation", lambda: explain(verdict, fact_schema(), "zh"))
    return record


def _timed(spent: dict[str, float], phase: str, work: Callable[[], Answer]) -> Answer:
    begun = time.process_time()
    answer = work()
    spent[phase] += time.process_time() - begun
    return answer


if __name__ == "__main__":
    main()
