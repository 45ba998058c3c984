"""Files of projects over the small city, and sweeps over them."""

from __future__ import annotations

import csv
import hashlib
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from api.sweeps.parts import Parts
from api.sweeps.run import Told, run
from api.sweeps.work import COLUMNS, Assignment
from layers.batches.cells import fact_words
from layers.batches.rows import example_rows
from layers.facts import declared, fact_schema
from layers.release_copy import manifest_digest
from layers.snapshot import LAND
from tests.conftest import QUIET_FACTS
from tests.smallcity import AS_OF, box

EXAMPLE = example_rows("zh")[0]
DECLARED = {
    f"fact:{name}": fact_words(fact_schema()[name], value, "zh")
    for name, value in declared({key: one for key, one in QUIET_FACTS.items() if key != LAND}).items()
}
HEADER = list(dict.fromkeys([*EXAMPLE, *DECLARED]))
Row = dict[str, str]


def polygon(west: float, south: float, size: float = 0.2) -> str:
    """A square in hundredths of a degree, as WKT."""
    return str(box(west, south, west + size, south + size).wkt)


def row(name: str, coordinates: str, industry: str, **other: str) -> Row:
    """One row by key."""
    told = {"project_name": name, "coordinates": coordinates, "industries": industry, "construction": "新建"}
    return {**told, **other}


PAST_THE_CORNER = "POLYGON((119.86 35.96, 119.96 35.86, 119.95 35.85, 119.85 35.95, 119.86 35.96))"
"""A strip outside the extent, within whose box a corner of the extent lies."""

SPECIAL = [
    row("红线内", polygon(3, 14, 0.5), "C2614"),
    row("压红线边", polygon(4.9, 14), "C2614", **DECLARED),
    row("水源地", polygon(14.2, 4.2), "C3360"),
    row("化工园", polygon(3, 3), "C2614", **DECLARED),
    row("点", "120.155, 36.085", "I6511", **DECLARED),
    row("近界", polygon(9.95, 9.95), "C3360", **DECLARED),
    EXAMPLE,
    row("境外", "121.9, 37.1", "C3360"),
    row("仅外框相交", PAST_THE_CORNER, "C3360"),
    row("无此行业", polygon(12, 8), "9999"),
    row("无坐标", "", "C3360"),
    {},
]
"""One row of every kind; the last six are not screened."""


def rows(count: int, every: int = 40) -> list[Row]:
    """Rows of projects, most of them deep inside one unit, now and then one of another kind."""
    at = random.Random(9)
    return [
        SPECIAL[number // every % len(SPECIAL)]
        if number % every == 1
        else row(
            f"项目{number}",
            polygon(at.uniform(16.5, 19), at.uniform(7.5, 9), 0.1),
            at.choice(["C3360", "I6511"]),
            **(DECLARED if number % 3 else {}),
        )
        for number in range(count)
    ]


def written(path: Path, count: int, every: int = 40) -> Path:
    """A text table of so many rows."""
    with path.open("w", encoding="utf-8", newline="") as opened:
        table = csv.DictWriter(opened, HEADER)
        table.writeheader()
        table.writerows(rows(count, every))
    return path


def assignment(store: tuple[Path, str], **other: Any) -> Assignment:
    """On the release of a store as it lies there."""
    folder, release = store
    own = {"store": str(folder.resolve()), "manifest": manifest_digest(folder / release), **other}
    return Assignment(release=release, as_of=AS_OF, **own)


def about(file: Path, **other: str) -> dict[str, str]:
    """What a sweep is begun with."""
    own = {"input": hashlib.sha256(file.read_bytes()).hexdigest(), "as_of": AS_OF.isoformat(), "release": "r"}
    return {"nature": "demonstration", "options": "[]", "engine": "1", "rows": "2", "silent": "none", **own, **other}


def swept_on(where: str, file: Path, of: Assignment, folder: Path, size: int, **options: Any) -> tuple[Told, pa.Table]:
    """What a sweep came to, and its table."""
    with Parts.open(folder, about(file)) as parts:
        told = run(file, of, parts, where, size=size, **options)
        return told, pa.concat_tables(parts.tables(told.parts))


def assert_every_row_once(table: pa.Table, told: Told, count: int, every: int = 40) -> None:
    """Rows in, rows out."""
    asked = rows(count, every)
    assert told.is_whole
    assert told.rows == count
    assert (told.counts["blank"], told.counts["example"]) == (asked.count({}), asked.count(EXAMPLE))
    places = [str(number) for number, one in enumerate(asked, start=2) if one not in ({}, EXAMPLE)]
    assert table["place"].to_pylist() == places
    states = table["state"].to_pylist()
    assert (told.counts["read"], told.counts["faulty"]) == (states.count("read"), states.count("faulty"))
    assert table.schema.equals(COLUMNS)


def command(file: Path, results: Path, *options: str) -> list[str]:
    """`threelines batch --on`, to be run with `environment`."""
    named = ("--results", str(results), "--as-of", AS_OF.isoformat())
    return [sys.executable, "-m", "api.cli", "batch", str(file), *named, *options]


def environment(data: Path) -> dict[str, str]:
    """With releases of that folder."""
    return {**os.environ, "THREELINES_DATA": str(data), "COLUMNS": "200"}


def parquet_rows(path: Path) -> Sequence[dict[str, Any]]:
    """Rows of a table of results."""
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found
