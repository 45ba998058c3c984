"""`threelines batch --on`: a sweep from the command line, with its progress, killed and taken up again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from api.settings import Settings
from api.sweeps.engines import require_known
from api.sweeps.outputs import require_format, write
from api.sweeps.parts import Parts, about_of
from api.sweeps.run import ROWS, Told, run
from api.sweeps.work import Assignment
from api.terminal import console, say, told_to_stop
from layers.batches.columns import require_mapping
from layers.batches.stream import digest_of, require_readable, rows_in
from layers.publication import in_force
from layers.release_copy import manifest_digest, require_no_password, silent_layers
from layers.release_parts import read_manifest
from screening import ENGINE_VERSION
from screening.errors import BatchJournalError
from screening.readings import Declaration
from screening.words import Language, Text

LEFT_TO_MEND = 1
INTERRUPTED = 130


def sweep_file(
    file: Path,
    results: Path,
    on: str,
    mapping: Mapping[str, str],
    declared: Declaration,
    as_of: datetime | None,
    language: Language,
    release_at: str = "",
) -> None:
    """Sweep a file of projects into a table.

    Args:
        results: GeoParquet, GeoPackage or Excel, by its ending.
        on: Where to work, as `api.sweeps.engines` names it.
        release_at: Folder of releases as workers see it, or a URL; empty for the same path as here.
        as_of: Day asked for; None for that of the sweep that goes on, or today.

    Raises:
        ThreeLinesError: The file, the release or the engine cannot be used.
        typer.Exit: 1 where rows are left to mend, 130 where it was interrupted.
    """
    require_known(on)
    require_no_password(release_at)
    require_format(results)
    require_readable(file)
    require_mapping(mapping)
    settings, folder = Settings(), results.with_name(f"{results.name}.parts")
    begun = about_of(folder)
    day = (
        as_of.date()
        if as_of
        else date.fromisoformat(begun["as_of"])
        if begun
        else datetime.now(ZoneInfo(settings.timezone)).date()
    )
    release = in_force(settings.releases, day).release
    silent = silent_layers(settings.releases / release)
    about = {
        "input": digest_of(file),
        "options": json.dumps([dict(mapping), asdict(declared)], sort_keys=True, default=str),
        "as_of": day.isoformat(),
        "release": release,
        "nature": str(read_manifest(settings.releases / release)["nature"]),
        "engine": ENGINE_VERSION,
        "rows": str(ROWS),
        "silent": " ".join(silent) or "none",
    }
    assignment = Assignment(
        store=release_at or str(settings.releases.resolve()),
        release=release,
        manifest=manifest_digest(settings.releases / release),
        as_of=day,
        silent=silent,
        mapping=mapping,
        declared=declared,
    )
    with Parts.open(folder, about) as parts:
        started = time.monotonic()
        with told_to_stop() as is_cancelled, _bar(rows_in(file)) as progress:
            told = run(file, assignment, parts, on, size=ROWS, progress=progress, is_cancelled=is_cancelled)
        if not told.is_whole:
            say(f"已停：{told.rows:,} 行已完成；重复同一命令即接着做 · {told.rows:,} rows done; repeat to go on")
            raise typer.Exit(INTERRUPTED)
        if digest_of(file) != about["input"]:
            parts.remove()
            raise BatchJournalError.of(folder.name, Text("文件在研判时被改动", "the file was changed meanwhile"))
        write(results, parts.draft, parts.tables(told.parts), about, language)
        parts.remove()
    _summary(told, time.monotonic() - started)
    typer.echo(str(results))
    if told.counts["faulty"]:
        raise typer.Exit(LEFT_TO_MEND)


def _summary(told: Told, seconds: float) -> None:
    for notice in told.notices:
        say(f"! {notice.zh} · {notice.en}")
    counts = told.counts
    say(
        f"共 {told.rows:,} 行，{seconds:,.0f} 秒：已研判 {counts['read']:,}，未研判 {counts['faulty']:,}，"
        f"空行 {counts['blank']:,}，示例 {counts['example']:,}"
        f" · {told.rows:,} rows in {seconds:,.0f} s: screened {counts['read']:,}, not screened {counts['faulty']:,},"
        f" blank {counts['blank']:,}, examples {counts['example']:,}"
    )


@contextmanager
def _bar(total: int | None) -> Iterator[Callable[[int], None]]:
    shown = (
        TextColumn("研判 · screening"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*shown, console=console) as bar:
        task = bar.add_task("", total=total)
        yield lambda rows: bar.update(task, completed=rows)
