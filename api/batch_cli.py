"""The commands for batches: the template, and a run that can be killed and taken up again."""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.batch_journal import Journal
from api.batches import screen_rows
from api.service import ScreeningService
from api.settings import Settings
from api.sweeps.cli import sweep_file
from api.sweeps.engines import is_cluster
from api.terminal import Lang, console, language_named, say, told_to_stop
from layers.batches.mend import Mendable, write_mend_file
from layers.batches.model import Batch
from layers.batches.results import Report, RowResult, write_results
from layers.batches.rows import read_batch
from layers.batches.stream import digest_of
from layers.batches.template import write_template
from screening.datums import Datum
from screening.errors import UnusableMappingError
from screening.readings import Declaration
from screening.words import Language

LEFT_TO_MEND = 1
INTERRUPTED = 130


def batch_template(
    path: Annotated[Path, typer.Argument(help="要写的 .xlsx · the .xlsx to write")], lang: Lang = "zh"
) -> None:
    """空白批量模板，带下拉选项和说明 · a blank batch template with drop-downs and notes."""
    write_template(path, language_named(lang))
    typer.echo(str(path))


def batch(
    file: Annotated[Path, typer.Argument(help="模板、CSV、Shapefile 压缩包、GeoJSON 等 · filled table or vector file")],
    mapping: Annotated[Path | None, typer.Option(help="列映射 .toml · mapping of columns")] = None,
    as_of: Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="基准日 · day")] = None,
    results: Annotated[Path | None, typer.Option(help="结果工作簿 · workbook of results")] = None,
    mend: Annotated[Path | None, typer.Option(help="待修改的行 · workbook of rows to mend")] = None,
    datum: Annotated[Datum | None, typer.Option(help="行内未写时的基准 · datum where rows say none")] = None,
    epsg: Annotated[int | None, typer.Option(help="行内和文件未写时的坐标系 · system where nothing says it")] = None,
    width: Annotated[float | None, typer.Option(help="行内未写时的线宽（米） · width where rows say none")] = None,
    on: Annotated[
        str,
        typer.Option(
            help="local、local:N 或 dask://主机:端口：只写结果表，不存档 · a table of short verdicts, nothing kept"
        ),
    ] = "",
    release_at: Annotated[
        str,
        typer.Option(
            "--release-at",
            help="dask 工作进程从哪里读成果：文件夹，或 s3://… 等 URL · where workers of dask find releases: path or URL",
        ),
    ] = "",
    lang: Lang = "zh",
) -> None:
    """批量研判；中断后重复同一命令即接着做；有待修改的行时退出码为 1 · screen a batch; exit code 1 if rows are left."""
    language = language_named(lang)
    declared = Declaration(datum=datum, epsg=epsg, width_m=width)
    columns = _mapping(mapping) if mapping else {}
    if release_at and not is_cluster(on):
        raise typer.BadParameter("只用于 --on dask://… · only with --on dask://…", param_hint="--release-at")
    if on:
        if mend:
            raise typer.BadParameter(
                "--on 不写待修改的行，见结果表 · not with --on: see the table", param_hint="--mend"
            )
        results = results or file.with_name(f"{file.stem}-results.parquet")
        sweep_file(file, results, on, columns, declared, as_of, language, release_at)
        return
    results = results or file.with_name(f"{file.stem}-results.xlsx")
    mend = mend or file.with_name(f"{file.stem}-mend.xlsx")
    found = read_batch(file, columns, declared)
    service = ScreeningService(Settings())
    try:
        with Journal.open(
            results.with_name(f"{results.name}.journal"),
            input_digest=digest_of(file),
            options=json.dumps([columns, datum, epsg, width], sort_keys=True),
            as_of=as_of.date().isoformat() if as_of else "",
            today=service.today().isoformat(),
        ) as journal:
            if journal.begun:
                say(f"接着做：已有 {journal.begun} 行 · going on after {journal.begun} rows")
            done = _screened(service, found, language, journal)
            if len(done) < len(found.asking):
                say(f"已停：{len(done)}/{len(found.asking)} 行；重复同一命令即接着做 · stopped; repeat to go on")
                raise typer.Exit(INTERRUPTED)
            _finish(found, done, journal, results, mend, language)
            journal.remove()
    finally:
        service.close()
    if any(one.kept is None for one in done):
        raise typer.Exit(LEFT_TO_MEND)


def _screened(service: ScreeningService, found: Batch, language: Language, journal: Journal) -> list[RowResult]:
    with told_to_stop() as is_cancelled, _bar() as progress:
        return list(
            screen_rows(
                service,
                found,
                language,
                date.fromisoformat(journal.as_of),
                ids=journal,
                progress=progress,
                is_cancelled=is_cancelled,
            )
        )


def _finish(
    found: Batch, done: list[RowResult], journal: Journal, results: Path, mend: Path, language: Language
) -> None:
    report = Report(batch=found, digest=journal.header["input"], as_of=journal.as_of, results=tuple(done))
    left = [Mendable(row=one.row, faults=one.faults) for one in done if one.kept is None]
    if left:
        _replaced(mend, lambda path: write_mend_file(path, left, language))
    _replaced(results, lambda path: write_results(path, report, language))
    for notice in found.notices:
        say(f"! {notice.zh} · {notice.en}")
    for one in done:
        for fault in one.faults:
            say(f"✗ {one.row.place} {fault.words(language)}")
    counts = report.counts
    say(
        f"共 {counts.rows} 行：已研判 {counts.read}，待修改 {counts.faulty}，空行 {counts.blank}，示例 {counts.example}"
        f" · {counts.rows} rows: screened {counts.read}, to mend {counts.faulty}, blank {counts.blank},"
        f" examples {counts.example}"
    )
    typer.echo(str(results))
    if left:
        typer.echo(str(mend))


def _replaced(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside its place and move it there whole."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / path.name
        write(made)
        made.replace(path)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    shown = (TextColumn("研判 · screening"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*shown, console=console) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _mapping(path: Path) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise UnusableMappingError.of_column(f"{path.name}: {problem}", ()) from problem
    for key, name in content.items():
        if not isinstance(name, str):
            raise UnusableMappingError.of_key(key, ())
    return content
