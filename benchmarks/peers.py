"""Ours against the engines a user would pick instead: the same work, answers compared, ratios from turns in one run.

    python -m benchmarks.peers --scale city
    python -m benchmarks.peers --scale nation --engines ours geopandas shapely subdivided --works areas points

Machines differ and are busy with other things; so every engine does a part of the work in turn, round after round, and
what counts is the ratio of medians. A slow engine answers fewer questions a turn, as many as take about as long as the
turn may. Before that, every engine answers for the same sites, and the answers must agree: the same pairs of site and
zone, areas to 1e-6 of the site or 1e-3 m². The result is kept as JSON, drawn (`benchmarks/chart.py`) and tabulated.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import shapely

from benchmarks import coverage, results
from benchmarks.chart import NOT_ASKED, drawn
from benchmarks.engines import (
    FLOOR_M2,
    Engine,
    Work,
    load_postgis,
    ours,
    pieces_of,
    with_duckdb,
    with_geopandas,
    with_postgis,
    with_sedonadb,
    with_shapely,
)
from benchmarks.results import Result, told
from layers.kernel import Kernel, installed
from layers.partition import Shapes
from tests.postgis import server

WITHIN_M = 5000.0
CHECKED = 300  # sites for which every engine's answer is compared
BATCHES = {
    "areas": 100_000,
    "points": 1_000_000,
    "nearest": 100_000,
    "one": 5_000,
}  # at most in a turn; a slow engine does less
SECONDS = 2.0  # about as long as a turn may take
NAMES = {
    "ours": "三线 index",
    "geopandas": "geopandas",
    "shapely": "shapely, STRtree + prepared",
    "postgis": "PostGIS",
    "subdivided": "PostGIS, subdivided",
    "duckdb": "DuckDB spatial, subdivided",
    "sedonadb": "SedonaDB, subdivided",
}
WORKS = {
    "areas": "site polygons, exact areas",
    "points": "points",
    "nearest": "nearest within 5 km",
    "one": "one site, JSON",
}
IN_POSTGIS = frozenset({"postgis", "subdivided", "duckdb", "sedonadb"})  # their zones are loaded, and cut, there
IN_PIECES = IN_POSTGIS - {"postgis"}
POSTGIS_OPTIONS = "-c shared_buffers=1GB -c work_mem=256MB -c max_parallel_workers=0 -c jit=off -c fsync=off"
NOT_INSTALLED = "not installed"
DISTRIBUTIONS = ("numpy", "geopandas", "shapely", "duckdb", "sedonadb")
# How many times as fast as a peer ours is to be, by scale and work
GOALS: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "city": {
        "areas": {"geopandas": 500, "subdivided": 60, "duckdb": 55, "sedonadb": 55},
        "points": {"geopandas": 108, "subdivided": 180, "sedonadb": 25},
        "nearest": {"geopandas": 500, "subdivided": 10},
        "one": {"geopandas": 1000, "subdivided": 20},
    },
    "nation": {"areas": {"geopandas": 70, "subdivided": 40}},
}


def main() -> None:
    """Measure, keep, draw and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=list(coverage.SCALES), default="small")
    parser.add_argument("--data", type=Path, help="folder in which generated zones are kept for the next run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engines", nargs="+", choices=list(NAMES), default=list(NAMES), help="beside ours")
    parser.add_argument("--works", nargs="+", choices=list(WORKS), default=list(WORKS))
    parser.add_argument("--seconds", type=float, default=SECONDS, help="about as long as a turn may take")
    results.folder_argument(parser)
    asked = parser.parse_args()
    kernel = installed()
    if kernel is None:
        raise SystemExit("the kernel of the index is not built: install the package with a C compiler")
    wanted = [key for key in NAMES if key == "ours" or key in asked.engines]
    works = [kind for kind in WORKS if kind in asked.works]
    found = compared(coverage.SCALES[asked.scale], kernel, wanted, works, asked.rounds, asked.seconds, asked.data)
    name = f"peers-{asked.scale}"
    found = results.keep(asked.results, name, found)
    results.publish(asked.results, name, told_and_drawn(found, asked.results))


def told_and_drawn(found: Result, folder: Path) -> str:
    """The table of a result; its drawing is written, for the documentation or beside the result."""
    is_published = folder.resolve() == results.FOLDER
    path = (results.IMAGES if is_published else folder) / f"peers-{found['scale']}.svg"
    path.write_text(drawn(found, WORKS), encoding="utf-8")
    picture = f"![Questions a second by engine and work, {found['scale']}](images/{path.name})"
    return "\n\n".join(part for part in (described(found), table(found), picture, goals(found), samples(found)) if part)


def compared(
    scale: coverage.Scale,
    kernel: Kernel,
    wanted: Sequence[str],
    works: Sequence[str],
    rounds: int,
    seconds: float,
    folder: Path | None,
) -> Result:
    """Rates of the wanted engines at some kinds of work, after their answers have been compared.

    Raises:
        SystemExit: Two engines answer differently.
    """
    machine = results.machine()
    work = Work(layers=zones_of(scale, folder), nearest_layer="red_line", within_m=WITHIN_M)
    vertices = int(shapely.get_num_coordinates(work.zones).sum())
    told(f"{len(work.layers)} layers, {len(work.zones):,} zones, {vertices:,} vertices")
    versions = {one: importlib.metadata.version(one) for one in DISTRIBUTIONS if _is_installed(one)}
    versions["GEOS"] = shapely.geos_version_string
    with ExitStack() as stack:
        engines, loading, absent = _engines(work, kernel, stack, wanted, versions)
        questions = _questions(scale, works)
        _agree(engines, questions)
        measured = _measured(engines, questions, rounds, seconds)
    return {
        "scale": scale.name,
        "machine": machine,
        "versions": versions,
        "layers": len(work.layers),
        "zones": len(work.zones),
        "vertices": vertices,
        "rounds": rounds,
        "absent": absent,
        "loading_s": loading,
        "peak_mb": round(results.held_mb(most=True)),
        "works": measured,
    }


def zones_of(scale: coverage.Scale, folder: Path | None) -> Mapping[str, Shapes]:
    """The generated layers, read from where an earlier run kept them."""
    return {plan.name: _layer(scale, number, folder) for number, plan in enumerate(scale.layers)}


def _layer(scale: coverage.Scale, number: int, folder: Path | None) -> Shapes:
    kept = folder / scale.name / f"{scale.layers[number].name}.parquet" if folder else None
    if kept is not None and kept.exists():
        read: Shapes = shapely.from_wkb(pd.read_parquet(kept)["wkb"].to_numpy())
        return read
    told(f"generating {scale.layers[number].name}")
    zones = coverage.layer(scale.layers[number], scale, coverage.FIRST_SEED + number)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame({"wkb": shapely.to_wkb(zones)}).to_parquet(kept)
    return zones


def _engines(
    work: Work, kernel: Kernel, stack: ExitStack, wanted: Sequence[str], versions: dict[str, str]
) -> tuple[dict[str, Engine], dict[str, float], dict[str, str]]:
    """Engines by key, ready to answer; seconds each took to get there; why the others are not here."""
    ready, loading = dict[str, Engine](), dict[str, float]()
    absent = {key: NOT_ASKED for key in NAMES if key not in wanted}
    url = ""
    if IN_POSTGIS & set(wanted) and has_postgis():
        url = stack.enter_context(server(options=POSTGIS_OPTIONS))
        begun = time.perf_counter()
        versions["PostGIS"] = load_postgis(work, url, with_pieces=bool(IN_PIECES & set(wanted)))
        loading["tables"] = round(time.perf_counter() - begun, 1)
        told("PostGIS has its tables")
    starts: dict[str, Callable[[], Engine]] = {
        "ours": lambda: ours(work, kernel),
        "geopandas": lambda: with_geopandas(work),
        "shapely": lambda: with_shapely(work),
        "postgis": lambda: with_postgis(work, url, is_subdivided=False),
        "subdivided": lambda: with_postgis(work, url, is_subdivided=True),
        "duckdb": lambda: with_duckdb(work, pieces_of(url)),
        "sedonadb": lambda: with_sedonadb(work, pieces_of(url)),
    }
    for key in wanted:
        if key in IN_POSTGIS and not url:
            absent[key] = f"{NOT_INSTALLED}: PostgreSQL with PostGIS, which cuts the zones"
            continue
        begun = time.perf_counter()
        try:
            ready[key] = starts[key]()
        except ImportError as missing:
            absent[key] = f"{NOT_INSTALLED}: {missing.name or missing}"
            continue
        loading[key] = round(time.perf_counter() - begun, 1)
        told(f"{NAMES[key]} is ready")
    return ready, loading, absent


def has_postgis() -> bool:
    """Whether the server's programs and the extension are installed, as Debian lays them out."""
    return any(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))


def _is_installed(distribution: str) -> bool:
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _questions(scale: coverage.Scale, works: Sequence[str]) -> dict[str, Any]:
    sites = coverage.sites(scale, BATCHES["areas"])
    questions = {
        "areas": sites,
        "points": coverage.points(scale, BATCHES["points"]),
        "nearest": sites,
        "one": sites[: BATCHES["one"]],
    }
    return {kind: questions[kind] for kind in works}


def _agree(engines: Mapping[str, Engine], questions: Mapping[str, Any]) -> None:
    """That every engine says of some sites and points what ours says.

    Raises:
        SystemExit: One does not.
    """
    expected = {kind: _said(engines["ours"], kind, asked) for kind, asked in questions.items()}
    for key, engine in engines.items():
        for kind, asked in questions.items():
            if key != "ours" and getattr(engine, kind) is not None:
                problem = difference(kind, asked, expected[kind], _said(engine, kind, asked))
                if problem:
                    raise SystemExit(f"{NAMES[key]}, {WORKS[kind]}: {problem}")
        told(f"{NAMES[key]} agrees")


def _said(engine: Engine, kind: str, asked: Any) -> Any:
    """What an engine answers to the first questions of a kind, in a form that can be compared."""
    match kind:
        case "areas":
            site, zone, area = engine.areas(asked[:CHECKED])
            return dict(zip(zip(site.tolist(), zone.tolist(), strict=True), area.tolist(), strict=True))
        case "points":
            return engine.points(asked[: 10 * CHECKED]) if engine.points else None
        case "nearest":
            return engine.nearest(asked[:CHECKED]) if engine.nearest else None
    rows = [json.loads(engine.one(site)) for site in asked[: CHECKED // 10]]
    return {(i, int(row["zone"])): float(row["area_m2"]) for i, found in enumerate(rows) for row in found}


def difference(kind: str, asked: Any, expected: Any, found: Any) -> str:
    """How two answers differ; empty if they do not."""
    if kind == "points":
        return "" if found == expected else f"{found} pairs of point and zone, not {expected}"
    if kind == "nearest":
        return "" if np.allclose(found, expected, rtol=0, atol=1e-6) else "other distances"
    rounded = 0.01 if kind == "one" else 0.0  # its answers have two decimals
    for pair in expected.keys() | found.keys():
        allowed = max(2 * FLOOR_M2, 1e-6 * asked[pair[0]].area) + rounded
        if abs(expected.get(pair, 0.0) - found.get(pair, 0.0)) > allowed:
            return f"{found.get(pair)} m² of {pair}, not {expected.get(pair)}"
    return ""


def _measured(engines: Mapping[str, Engine], questions: Mapping[str, Any], rounds: int, seconds: float) -> Result:
    """For every kind of work and engine: questions a turn, questions a second of every round, and their median."""
    spent: Result = {}
    for kind, question in questions.items():
        turns: dict[str, tuple[Callable[[Any], object], Any]] = {}
        for key, one in engines.items():
            answer = getattr(one, kind)
            if answer is not None:
                many = _each(answer) if kind == "one" else answer
                turns[key] = many, question[: _batch(many, question, seconds)]
        rates: dict[str, list[float]] = {key: [] for key in turns}
        for _ in range(rounds):
            for key, (answer, part) in turns.items():
                rates[key].append(len(part) / _took(answer, part))
        spent[kind] = {
            key: {
                "a_turn": len(turns[key][1]),
                "rates": [float(f"{rate:.5g}") for rate in found],
                "rate": float(f"{median(found):.5g}"),
            }
            for key, found in rates.items()
        }
        told(f"{WORKS[kind]}: " + ", ".join(f"{key} {one['rate']:,.0f}/s" for key, one in spent[kind].items()))
    return spent


def _each(answer: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda sites: [answer(site) for site in sites]


def _batch(answer: Callable[[Any], object], question: Any, seconds: float) -> int:
    """How many questions an engine is asked in one turn: as many as take about as long as it may."""
    few, most = min(len(question), 20), len(question)
    answer(question[:few])
    while (took := min(_took(answer, question[:few]) for _ in range(2))) < seconds / 2 and few < most:
        few = min(most, int(few * min(4.0, seconds / took)))  # what every call costs weighs less in a larger one
    return few if took <= seconds else max(1, int(few * seconds / took))


def _took(answer: Callable[[Any], object], part: Any) -> float:
    begun = time.perf_counter()
    answer(part)
    return time.perf_counter() - begun


def described(found: Result) -> str:
    """What was measured, where, and who is missing."""
    versions = ", ".join(f"{name} {one}" if name != "PostGIS" else one for name, one in found["versions"].items())
    lines = [
        f"**{found['scale'].capitalize()}** ({results.machine_words(found)} {found['layers']} layers, {found['zones']:,} "
        f"zones, {found['vertices']:,} vertices; {versions}; {found['rounds']} rounds, at most {found['peak_mb']:,} MB "
        "beside PostGIS). Questions a second, and how many times as long as ours it takes:",
        *(f"{NAMES[key]}: {why}." for key, why in found["absent"].items()),
    ]
    return "\n\n".join(lines)


def table(found: Result) -> str:
    """All engines and kinds of work; what was not measured has a dash."""
    rows = []
    for key, name in NAMES.items():
        cells = [f"**{name}**" if key == "ours" else name]
        for work in (found["works"].get(kind, {}) for kind in WORKS):
            rate = work.get(key, {}).get("rate")
            cells.append(f"{rate:,.0f}/s · {work['ours']['rate'] / rate:,.1f}×" if rate else "–")
        rows.append(cells)
    return results.markdown(["engine", *WORKS.values()], rows)


def samples(found: Result) -> str:
    """Which share of ours every engine answered in a turn."""
    rows = []
    for key, name in NAMES.items():
        counts = [work.get(key, {}).get("a_turn") for work in (found["works"].get(kind, {}) for kind in WORKS)]
        if any(counts):
            rows.append([name, *(f"{count:,}" if count else "–" for count in counts)])
    return results.markdown(["questions a turn, the first of the same", *WORKS.values()], rows)


def goals(found: Result) -> str:
    """What was asked and what is reached, where something was asked of this scale."""
    rows = []
    for kind, asked in GOALS.get(found["scale"], {}).items():
        work = found["works"].get(kind, {})
        reached = [
            f"{work['ours']['rate'] / work[key]['rate']:,.1f}×" if key in work else "not measured" for key in asked
        ]
        against = ", against " + " · ".join(NAMES[key] for key in asked)
        rows.append(
            [WORKS[kind] + against, " · ".join(f"{times:,.0f}×" for times in asked.values()), " · ".join(reached)]
        )
    return results.markdown(["goal", "asked", "measured here"], rows) if rows else ""


if __name__ == "__main__":
    main()
