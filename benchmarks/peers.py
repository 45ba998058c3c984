"""Ours against the engines a user would pick instead: the same work, answers compared, ratios from turns in one run.

    python -m benchmarks.peers --scale city

Machines differ and are busy with other things; so every engine does a part of the work in turn, round after round, and
what counts is the ratio of medians. Before that, every engine answers for the same sites, and the answers must agree:
the same pairs of site and zone, areas to 1e-6 of the site or 1e-3 m².
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import psycopg
import shapely

from benchmarks import coverage
from benchmarks.engines import (
    FLOOR_M2,
    Engine,
    Work,
    ours,
    with_duckdb,
    with_geopandas,
    with_postgis,
    with_sedonadb,
    with_shapely,
)
from layers.kernel import Kernel, installed
from layers.partition import Shapes
from tests.postgis import server

WITHIN_M = 5000.0
CHECKED = 300  # sites for which every engine's answer is compared
BATCHES = {"areas": 20_000, "points": 100_000, "nearest": 20_000, "one": 200}  # of ours; others do less at a time
SECONDS = 2.0  # about as long as a turn may take


def main() -> None:
    """Print the table, as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(coverage.SCALES), default="small")
    parser.add_argument("--data", type=Path, help="folder in which generated zones are kept for the next run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without", nargs="*", default=[], help="engines left out, by the beginning of their names")
    asked = parser.parse_args()
    kernel = installed()
    if kernel is None:
        raise SystemExit("the kernel of the index is not built: install the package with a C compiler")
    scale = coverage.SCALES[asked.scale]
    work = Work(layers=zones_of(scale, asked.data), nearest_layer="red_line", within_m=WITHIN_M)
    with ExitStack() as stack:
        engines, absent = _engines(work, kernel, stack, asked.without)
        print(_described(scale, work, asked.rounds, absent))
        questions = _questions(scale)
        _agree(engines, questions)
        print(_table(_measured(engines, questions, asked.rounds)))


def zones_of(scale: coverage.Scale, folder: Path | None) -> Mapping[str, Shapes]:
    """The generated layers, read from where an earlier run kept them."""
    kept = folder / f"{scale.name}.parquet" if folder else None
    if kept is not None and kept.exists():
        frame = pd.read_parquet(kept)
        return {str(name): shapely.from_wkb(one["wkb"].to_numpy()) for name, one in frame.groupby("layer", sort=False)}
    layers = coverage.layers(scale)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        names = np.repeat(list(layers), [len(one) for one in layers.values()])
        pd.DataFrame({"layer": names, "wkb": shapely.to_wkb(np.concatenate(list(layers.values())))}).to_parquet(kept)
    return layers


def _engines(work: Work, kernel: Kernel, stack: ExitStack, without: list[str]) -> tuple[list[Engine], list[str]]:
    url = stack.enter_context(server(options="-c shared_buffers=1GB -c work_mem=256MB -c max_parallel_workers=0"))
    plain = with_postgis(work, url, is_subdivided=False)
    subdivided = with_postgis(work, url, is_subdivided=True)
    found, absent = [ours(work, kernel), with_geopandas(work), with_shapely(work), plain, subdivided], []
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute("SELECT id, ST_AsBinary(geom) FROM pieces").fetchall()
    pieces = pd.DataFrame(rows, columns=["id", "wkb"])
    for name, start in (("DuckDB spatial", with_duckdb), ("SedonaDB", with_sedonadb)):
        try:
            found.append(start(work, pieces))
        except ImportError:
            absent.append(name)
    return [one for one in found if not any(one.name.startswith(name) for name in without)], absent


def _questions(scale: coverage.Scale) -> dict[str, Any]:
    sites = coverage.sites(scale, BATCHES["areas"])
    return {
        "areas": sites,
        "points": coverage.points(scale, BATCHES["points"]),
        "nearest": sites,
        "one": sites[: BATCHES["one"]],
    }


def _agree(engines: list[Engine], questions: Mapping[str, Any]) -> None:
    """That every engine says of some sites and points what the first one says.

    Raises:
        SystemExit: One does not.
    """
    sites, points = questions["areas"][:CHECKED], questions["points"][: 10 * CHECKED]
    expected = _by_pair(engines[0], sites)
    count, distances = engines[0].points(points) if engines[0].points else 0, engines[0].nearest
    for one in engines[1:]:
        found = _by_pair(one, sites)
        for pair in expected.keys() | found.keys():
            allowed = max(2 * FLOOR_M2, 1e-6 * sites[pair[0]].area)
            if abs(expected.get(pair, 0.0) - found.get(pair, 0.0)) > allowed:
                raise SystemExit(f"{one.name}: {found.get(pair)} m² of {pair}, not {expected.get(pair)}")
        if one.points and one.points(points) != count:
            raise SystemExit(f"{one.name}: {one.points(points)} pairs of point and zone, not {count}")
        if one.nearest and distances and not np.allclose(one.nearest(sites), distances(sites), rtol=0, atol=1e-6):
            raise SystemExit(f"{one.name}: other distances")
        json.loads(one.one(sites[0]))


def _by_pair(engine: Engine, sites: Shapes) -> dict[tuple[int, int], float]:
    site, zone, area = engine.areas(sites)
    return dict(zip(zip(site.tolist(), zone.tolist(), strict=True), area.tolist(), strict=True))


def _measured(engines: list[Engine], questions: Mapping[str, Any], rounds: int) -> dict[str, dict[str, float]]:
    """Median seconds per question of every engine, for every kind of work."""
    spent: dict[str, dict[str, float]] = {}
    for kind, question in questions.items():
        turns: dict[str, tuple[Callable[[Any], object], Any]] = {}
        for one in engines:
            answer = getattr(one, kind)
            if answer is not None:
                many = _each(answer) if kind == "one" else answer
                turns[one.name] = many, question[: _batch(many, len(question), question)]
        times: dict[str, list[float]] = {name: [] for name in turns}
        for _ in range(rounds):
            for name, (answer, part) in turns.items():
                begun = time.perf_counter()
                answer(part)
                times[name].append((time.perf_counter() - begun) / len(part))
        spent[kind] = {name: median(found) for name, found in times.items()}
    return spent


def _each(answer: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda sites: [answer(site) for site in sites]


def _batch(answer: Callable[[Any], object], most: int, question: Any) -> int:
    """How many questions an engine is asked in one turn: as many as take about two seconds."""
    few = min(most, 20)
    answer(question[:few])
    while True:
        begun = time.perf_counter()
        answer(question[:few])
        took = time.perf_counter() - begun
        if took > SECONDS / 4 or few == most:
            return max(1, min(most, int(few * SECONDS / max(took, 1e-9))))
        few = min(most, few * 4)


def _described(scale: coverage.Scale, work: Work, rounds: int, absent: list[str]) -> str:
    vertices = int(shapely.get_num_coordinates(work.zones).sum())
    versions = f"Python {platform.python_version()}, geopandas {geopandas.__version__}, shapely {shapely.__version__} (GEOS {shapely.geos_version_string})"
    lines = [
        f"Scale {scale.name}: {len(work.layers)} layers, {len(work.zones):,} zones, {vertices:,} vertices. "
        f"{os.cpu_count()} cores, {versions}. {rounds} rounds in turns.",
        *(f"{name}: not installed, left out." for name in absent),
    ]
    return "\n\n".join(lines) + "\n"


def _table(spent: Mapping[str, Mapping[str, float]]) -> str:
    kinds = {
        "areas": "site polygons, exact areas",
        "points": "points",
        "nearest": "nearest within 5 km",
        "one": "one site, JSON",
    }
    names = list(next(iter(spent.values())))
    rows = ["| engine | " + " | ".join(kinds.values()) + " |", "|---|" + "---:|" * len(kinds)]
    for name in names:
        cells = []
        for kind in kinds:
            took, best = spent[kind].get(name), spent[kind][names[0]]
            cells.append("–" if took is None else f"{1 / took:,.0f}/s · {took / best:,.1f}×")
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
