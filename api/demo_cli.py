"""The command that shows everything at once: the demonstration city built, published, asked and served."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.check_cli import check
from api.history_cli import history_import, history_screen
from api.release_cli import build, publish_release
from api.serve_cli import serve
from screening.model import Construction

DEMO_SITE = "POLYGON((120.1285 36.3285,120.1315 36.3285,120.1315 36.3315,120.1285 36.3315,120.1285 36.3285))"
DEMO_INDUSTRY = "C3360"
DEMO_SCREENED = 40  # of the imported cases: enough for the statistics of verdicts, and soon done


def demo(
    keep_serving: Annotated[bool, typer.Option("--serve/--no-serve", help="演示后启动服务 · serve afterwards")] = True,
    port: Annotated[int | None, typer.Option(help="端口 · port")] = None,
) -> None:
    """建示例城市、发布、研判一个选址并启动服务 · build and publish the sample city, screen one site, serve."""
    delivery = Path("build/demo/delivery")
    typer.echo("1/5 生成示例城市（示例数据） · building the demonstration city …")
    subprocess.run([sys.executable, "-m", "sample_data.build", "--out", str(delivery.parent)], check=True)
    typer.echo("2/5 导入、检查、发布 · importing, checking, publishing …")
    name = build(delivery)
    publish_release(name, "demo")
    typer.echo("3/5 研判一个选址 · screening one site …\n")
    check(DEMO_SITE, [DEMO_INDUSTRY], Construction.NEW, ["discharges_wastewater=true"])
    typer.echo("\n4/5 导入示例历史审批（示例数据） · importing the demonstration history …")
    past = delivery.parent / "history.csv"
    subprocess.run([sys.executable, "-m", "sample_data.history", "--out", str(past)], check=True)
    history_import(past, demonstration=True)
    history_screen(DEMO_SCREENED)
    if keep_serving:
        typer.echo("\n5/5 启动服务 · serving")
        serve(None, port)
