"""The commands about past approvals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from api.account_cli import operator
from api.approval_port import ApprovalPort, approval_port
from api.service import ScreeningService
from api.settings import Settings
from layers.history_template import write_history_template

history_app = typer.Typer(no_args_is_help=True, help="历史审批 · past approvals")
_MOST_SHOWN = 50


@history_app.command("template")
def history_template(
    path: Annotated[Path, typer.Argument(help="要写的 .xlsx · the .xlsx to write")],
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "zh",
) -> None:
    """空白模板，带下拉选项和填写说明 · a blank template with drop-downs and notes."""
    write_history_template(path, "en" if lang.lower().startswith("en") else "zh")
    typer.echo(str(path))


@history_app.command("import")
def history_import(
    path: Annotated[Path, typer.Argument(help="历史审批 .xlsx 或 .csv · past approvals")],
    demonstration: Annotated[
        bool, typer.Option("--demonstration", help="标为示例数据 · mark as demonstration data")
    ] = False,
) -> None:
    """导入历史审批，每件只导入一次；有未导入的行时退出码为 1 · import past approvals, each once; exit code 1 if rows failed."""
    with _port() as port:
        done = port.history.load(operator(), path, is_demonstration=demonstration)
    for issue in done.issues[:_MOST_SHOWN]:
        typer.echo(f"✗ {issue.place}: {issue.message.zh} · {issue.message.en}")
    typer.echo(
        f"导入 {done.added} 件，已有 {done.unchanged} 件，未导入 {len(done.issues)} 行 · "
        f"{done.added} imported, {done.unchanged} known already, {len(done.issues)} rows not imported"
    )
    if done.issues:
        raise typer.Exit(1)


@history_app.command("screen")
def history_screen(
    most: Annotated[int, typer.Option(help="最多几处选址 · at most so many sites", min=1)] = 100,
) -> None:
    """按现行成果补做研判：导入的选址中最近的、还没有研判的 · screen imported sites that have no verdict yet, the latest first."""
    with _port() as port:
        found = port.history.screen(operator(), most)
    for number, problem in found.faults[:_MOST_SHOWN]:
        typer.echo(f"✗ {number}: {problem.what.zh}{problem.cure.zh} · {problem.what.en} {problem.cure.en}")
    typer.echo(
        f"研判 {found.done} 处，{len(found.faults)} 处不能研判 · "
        f"{found.done} sites screened, {len(found.faults)} could not be"
    )


@contextmanager
def _port() -> Iterator[ApprovalPort]:
    settings = Settings()
    service = ScreeningService(settings)
    try:
        yield approval_port(service, settings)
    finally:
        service.close()
