"""The part of a sweep that one process does: rows in, a table of verdicts in short out.

It needs a release and nothing else: no database, no keys. So it runs in a process beside, or on another machine.
"""

from __future__ import annotations

import platform
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely

from api.question import project_of, site_of
from api.row_questions import ROW_TROUBLE, key_of, question_of
from layers.batches.model import BatchRow, Fault, RowState
from layers.batches.rows import batch_of
from layers.batches.sources import Source
from layers.release_copy import cache_folder, fetched, is_url, manifest_digest
from layers.snapshot import Snapshot, load_snapshot
from layers.sweep import Sweep, Swept, settle
from screening import ENGINE_VERSION
from screening.errors import UnusableEngineError
from screening.findings import Outcome
from screening.model import Project, Site
from screening.readings import Declaration
from screening.terms import OUTCOME
from screening.words import Text

LIST = pa.list_(pa.string())
FINDING = pa.struct([("key", pa.string()), ("outcome", pa.string()), ("truth", pa.string()), ("person", pa.bool_())])
COLUMNS = pa.schema(
    [
        ("place", pa.string()),
        ("name", pa.string()),
        ("state", pa.string()),
        ("conclusion", pa.string()),
        ("conclusion_zh", pa.string()),
        ("conclusion_en", pa.string()),
        ("deciding", LIST),
        ("findings", pa.list_(FINDING)),
        ("to_declare", LIST),
        ("area_m2", pa.float64()),
        ("problems_zh", LIST),
        ("problems_en", LIST),
        ("geometry", pa.binary()),
    ]
)
"""One row for every row that asks something.

`state` is `read` (screened) or `faulty` (not screened: see the problems). `findings` are those that concern the site or could
not be decided, gravest first. `geometry` is WKB in EPSG:4490.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What is the same for all parts of a sweep.

    Attributes:
        store: Folder of releases as the worker sees it, or a URL from which it fetches the release.
        manifest: Digest of the release's manifest.
        silent: Layers of it that cannot be read, in alphabetical order: about these, and no others, nobody can speak.
        mapping: Key → name of the column in the file.
        declared: Of the whole file.
        engine: Version of the software that asks.
    """

    store: str
    release: str
    manifest: str
    as_of: date
    silent: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    declared: Declaration = field(default_factory=Declaration)
    engine: str = ENGINE_VERSION


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a part.

    Attributes:
        table: Of `COLUMNS`.
        counts: Rows by state.
        notices: What to know of the file as a whole.
    """

    table: pa.Table
    counts: Mapping[str, int]
    notices: tuple[Text, ...] = ()


_one_at_a_time = threading.Lock()


def require_fit(assignment: Assignment) -> None:
    """That this process would answer as the one that asks, as far as can be seen at once.

    Raises:
        UnusableEngineError: It has other software, or another release of the name.
        BrokenReleaseError: It does not find the release.
    """
    if assignment.engine != ENGINE_VERSION:
        reason = Text(
            f"软件版本 {ENGINE_VERSION}，应为 {assignment.engine}",
            f"it has version {ENGINE_VERSION} of the software, not {assignment.engine}",
        )
        raise UnusableEngineError.unfit(platform.node(), reason)
    folder = Path(assignment.store) / assignment.release
    if not is_url(assignment.store) and manifest_digest(folder) != assignment.manifest:
        reason = Text(f"{folder} 的内容不同", f"what {folder} holds is another")
        raise UnusableEngineError.unfit(platform.node(), reason)


def swept(assignment: Assignment, part: Source) -> Done:
    """The verdicts on the rows of a part.

    Raises:
        UnusableEngineError: This process has other software, cannot fetch the release, or reads other layers of it.
        BrokenReleaseError: The release is damaged.
        ThreeLinesError: The part cannot be read.
    """
    require_fit(assignment)
    with _one_at_a_time:  # a sweep remembers what it found, and is no shared thing
        snapshot, sweep = _sweep(
            assignment.store, assignment.release, assignment.manifest, assignment.as_of, assignment.silent
        )
        batch = batch_of(part, assignment.mapping, assignment.declared, is_part=True)
        read = [(row, *_read(row, assignment.as_of, snapshot)) for row in batch.asking]
        put = [(site, project) for _, site, project, _ in read if site is not None and project is not None]
        found = sweep([site for site, _ in put], [project for _, project in put])
        rows = [_told(row, site, faults, found) for row, site, _, faults in read]
    counts = batch.counts
    return Done(
        pa.Table.from_pylist(rows, COLUMNS),
        {
            "read": len(put),
            "faulty": len(rows) - len(put),
            "blank": counts.blank,
            "example": counts.example,
        },
        batch.notices,
    )


@lru_cache(maxsize=2)  # two commands on one cluster
def _sweep(store: str, release: str, manifest: str, as_of: date, silent: tuple[str, ...]) -> tuple[Snapshot, Sweep]:
    folder = fetched(store, release, manifest, cache_folder()) if is_url(store) else Path(store) / release
    snapshot = load_snapshot(folder)
    if differing := sorted(snapshot.silent.keys() ^ set(silent)):  # a share that failed for a moment, most likely
        layers = ", ".join(differing)
        reason = Text(f"它读到的图层与命令不同：{layers}", f"it reads other layers than the command: {layers}")
        raise UnusableEngineError.unfit(platform.node(), reason)
    settle()
    return snapshot, Sweep(snapshot, as_of, folder)


def _read(row: BatchRow, as_of: date, snapshot: Snapshot) -> tuple[Site | None, Project | None, tuple[Fault, ...]]:
    """What a row asks, or what is wrong with it."""
    if row.state is not RowState.READ or row.asked is None:
        return None, None, row.faults
    question = question_of(row.asked, as_of)
    try:
        site = site_of(question, snapshot)
        snapshot.require_inside(site)
        return site, project_of(question), ()
    except ROW_TROUBLE as problem:
        return None, None, (row.fault(problem, key_of(problem)),)


def _told(row: BatchRow, site: Site | None, faults: tuple[Fault, ...], found: Iterator[Swept]) -> dict[str, Any]:
    told = {"place": row.place, "name": row.name}
    if site is None:
        return {
            **told,
            "state": RowState.FAULTY.value,
            "problems_zh": [one.words("zh") for one in faults],
            "problems_en": [one.words("en") for one in faults],
        }
    one = next(found)
    verdict = one.verdict
    return {
        **told,
        "state": RowState.READ.value,
        "conclusion": verdict.conclusion.name.lower(),
        "conclusion_zh": OUTCOME[verdict.conclusion].zh,
        "conclusion_en": OUTCOME[verdict.conclusion].en,
        "deciding": list(verdict.deciding),
        "findings": [
            {
                "key": each.key,
                "outcome": each.outcome.name.lower(),
                "truth": each.truth.value,
                "person": each.needs_person,
            }
            for each in verdict.findings
            if each.outcome is not Outcome.NOT_CONCERNED
        ],
        "to_declare": list(verdict.would_change),
        "area_m2": one.area_m2,
        "geometry": shapely.to_wkb(site.geometry),
    }
