"""The commands for layer files and releases: look into a file, build, check, publish, withdraw, compare, export."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.difference_page import difference_lines, difference_page
from api.settings import Settings
from api.terminal import Lang, console, language_named
from layers.delivery import read_delivery
from layers.difference import difference
from layers.export import export_delivery
from layers.inspection import TableInspection, inspect
from layers.issues import Issue, Severity
from layers.publication import publications, publish, withdraw
from layers.release import Content, read_content, write_release
from layers.release_parts import read_manifest
from layers.vector import Declared
from screening.errors import UnknownReleaseError

layers_app = typer.Typer(no_args_is_help=True, help="图层文件 · layer files")
release_app = typer.Typer(no_args_is_help=True, help="成果版本 · releases")


@layers_app.command("inspect")
def layers_inspect(
    path: Annotated[Path, typer.Argument(help="文件、.gdb 目录、.zip 或 .kmz · file, .gdb folder, .zip or .kmz")],
    crs: Annotated[int | None, typer.Option(help="文件没有坐标系时声明 EPSG · EPSG where the file has none")] = None,
    encoding: Annotated[str | None, typer.Option(help="Shapefile 文字编码 · text encoding of a Shapefile")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · machine-readable")] = False,
) -> None:
    """看看文件里有什么、会怎样读，并给出字段配置 · what a file holds, how it would be read, and a profile."""
    found = inspect(path, Declared(crs=crs, encoding=encoding))
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        print("\n".join(_inspection_lines(one)), end="\n\n")


@release_app.command("build")
def release_build(
    delivery: Annotated[Path, typer.Argument(help="交付目录（含 delivery.toml） · delivery folder")],
) -> None:
    """读入并检查一次交付，写成不可变的版本 · read and check a delivery, write an immutable release."""
    typer.echo(build(delivery))


@release_app.command("check")
def release_check(
    delivery: Annotated[Path, typer.Argument(help="交付目录（含 delivery.toml） · delivery folder")],
    log: Annotated[Path | None, typer.Option(help="问题清单写成 CSV · write the issue log as CSV")] = None,
) -> None:
    """检查一次交付而不写版本；有错误时退出码为 1 · check a delivery and write nothing; exit code 1 on errors."""
    content = _read(delivery)
    if log is not None:
        _write_log(content.issues, log)
        typer.echo(str(log))
    warnings = len(content.issues) - len(content.errors)
    typer.echo(f"错误 {len(content.errors)}，提示 {warnings} · {len(content.errors)} errors, {warnings} warnings")
    if content.errors:
        raise typer.Exit(1)


@release_app.command("export")
def release_export(
    name: Annotated[str, typer.Argument(help="版本编号 · release id")],
    folder: Annotated[Path, typer.Argument(help="新目录 · a new folder")],
) -> None:
    """把版本导出为交付目录，可在别处原样导入 · a release as a delivery, to import elsewhere unchanged."""
    store = Settings().releases
    if not (store / name).is_dir():
        raise UnknownReleaseError.of(name, [one.release for one in publications(store)])
    export_delivery(store / name, folder)
    typer.echo(str(folder))


@release_app.command("publish")
def release_publish(
    name: Annotated[str, typer.Argument(help="版本编号 · release id")],
    by: Annotated[str, typer.Option(help="发布人 · who publishes")],
    override: Annotated[str, typer.Option(help="明显变少仍要发布的理由 · why, although it lost much")] = "",
) -> None:
    """发布一个版本 · publish a release."""
    publish_release(name, by, override)


@release_app.command("withdraw")
def release_withdraw(
    name: Annotated[str, typer.Argument(help="版本编号 · release id")],
    by: Annotated[str, typer.Option(help="撤回人 · who withdraws")],
    because: Annotated[str, typer.Option(help="理由 · why")],
) -> None:
    """撤回一个已发布的版本 · take a published release back."""
    settings = Settings()
    done = withdraw(settings.releases, name, at=_instant(settings), by=by, because=because)
    typer.echo(f"{done.release}: 已撤回 · withdrawn {done.withdrawn_at}")


@release_app.command("list")
def release_list(as_json: Annotated[bool, typer.Option("--json")] = False, lang: Lang = "zh") -> None:
    """列出已发布的版本 · list published releases."""
    store = Settings().releases
    known = publications(store)
    if as_json:
        print(json.dumps([asdict(one) for one in known], ensure_ascii=False, indent=1, default=str))
        return
    for one in known:
        manifest = read_manifest(store / one.release)
        taken_back = "  [已撤回 · withdrawn]" if one.withdrawn_at else ""
        until = one.effective_until or ("长期" if language_named(lang) == "zh" else "open")
        print(f"{one.release}  {one.effective_from} – {until}  {manifest['title'][language_named(lang)]}{taken_back}")
    if not known:
        typer.echo("没有已发布的版本 · nothing published yet", err=True)


@release_app.command("diff")
def release_diff(
    old: Annotated[str, typer.Argument(help="旧版本 · the old release")],
    new: Annotated[str, typer.Argument(help="新版本 · the new release")],
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · machine-readable")] = False,
    html: Annotated[Path | None, typer.Option(help="写成网页 · write a page")] = None,
    lang: Lang = "zh",
) -> None:
    """比较两个版本 · what changed from one release to another."""
    store = Settings().releases
    for name in (old, new):
        if not (store / name).is_dir():
            raise UnknownReleaseError.of(name, [one.release for one in publications(store)])
    found = difference(store / old, store / new, exact=True)
    if html is not None:
        html.write_text(difference_page(found, language_named(lang)), encoding="utf-8")
        typer.echo(str(html))
    elif as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(difference_lines(found, language_named(lang))))


def _inspection_lines(one: TableInspection) -> list[str]:
    if one.problem:
        return [f"✗ {one.file} · {one.table}", f"  {one.problem.zh}", f"  {one.problem.en}"]
    lines = [f"{one.file} · {one.table}: {one.rows} 行 · rows, {', '.join(one.shapes)}"]
    lines += [
        f"  坐标系 · CRS: {one.crs.zh} · {one.crs.en}",
        f"  编码 · encoding: {one.encoding.zh} · {one.encoding.en}",
        f"  范围 · bounds: {one.bounds}",
    ]
    lines += [f"  列 · column: {field} ← {column!r}" for field, column in one.columns.items()]
    lines += [f"  未识别 · unmatched: {column!r} {', '.join(values)}" for column, values in one.unmatched.items()]
    lines += [f"  分类 · class: {word!r} → {cls or '? 不认识 · unknown'}" for word, cls in one.classes.items()]
    return [*lines, "", *one.profile.splitlines()]


def build(delivery: Path) -> str:
    """A delivery read, checked and written as a release; its id."""
    return write_release(_read(delivery), Settings().releases)


def _read(delivery: Path) -> Content:
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console) as bar:
        task = bar.add_task("…", total=None)
        content = read_content(
            read_delivery(delivery), lambda text: bar.update(task, description=f"{text.zh} · {text.en}")
        )
    for issue in content.issues[:50]:
        mark = "✗" if issue.severity is Severity.ERROR else "!"
        console.print(f"{mark} {issue.layer} {issue.place}: {issue.message.zh} · {issue.message.en}", markup=False)
    if len(content.issues) > 50:
        console.print(f"… {len(content.issues)} 处 · in all")
    return content


def _write_log(issues: tuple[Issue, ...], path: Path) -> None:
    """One row an issue; with a byte-order mark, so that spreadsheet programs read the Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["级别 severity", "图层 layer", "位置 place", "问题", "issue", "经度 longitude", "纬度 latitude"])
        rows.writerows(
            [one.severity, one.layer, one.place, one.message.zh, one.message.en, one.longitude, one.latitude]
            for one in issues
        )


def _instant(settings: Settings) -> str:
    return datetime.now(ZoneInfo(settings.timezone)).isoformat(timespec="seconds")


def publish_release(name: str, by: str, override: str = "") -> None:
    """Publish a release and say from when it is in force."""
    settings = Settings()
    done = publish(settings.releases, name, at=_instant(settings), by=by, override=override)
    typer.echo(f"{done.release}: {done.effective_from} → {done.effective_until or '…'}")
