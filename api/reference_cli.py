"""The commands for tables: reference data, the access list's template, EIA agencies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.law import AGENCIES_FILE
from api.settings import Settings
from api.terminal import Lang, console, language_named
from layers.agencies import read_agencies, write_agencies
from layers.facts import fact_schema
from layers.register import register
from layers.workbook_writer import write_access_list
from screening.access import AccessList

reference_app = typer.Typer(no_args_is_help=True, help="参考数据 · reference data")
agencies_app = typer.Typer(no_args_is_help=True, help="环评单位 · EIA agencies")
list_app = typer.Typer(no_args_is_help=True, help="准入清单 · the access list")


@list_app.command("template")
def list_template(
    path: Annotated[Path, typer.Argument(help="要写的 .xlsx · the .xlsx to write")],
) -> None:
    """空白准入清单模板，带下拉选项和填写说明 · a blank access list with drop-downs and notes."""
    write_access_list(AccessList(version="", clauses=()), {}, path)
    typer.echo(str(path))


@list_app.command("facts")
def list_facts(lang: Lang = "zh") -> None:
    """条件中可用的申报项 · the facts that conditions may ask for."""
    language = language_named(lang)
    for fact in fact_schema().values():
        choices = ", ".join(f"{value}={text.in_(language)}" for value, text in fact.choices)
        bounds = f"{fact.minimum:g}…{fact.maximum:g} {fact.unit}" if fact.maximum is not None else fact.unit
        print(f"{fact.name}  {fact.label.in_(language)}  {fact.kind}  {choices or bounds}")


@agencies_app.command("import")
def agencies_import(
    path: Annotated[Path, typer.Argument(help="环评单位名录 .xlsx 或 .csv · the list of agencies")],
) -> None:
    """导入环评单位名录；有一行不合格就整体不导入 · import the list of agencies, all of it or none."""
    found, issues = read_agencies(path)
    for issue in issues:
        console.print(f"✗ {issue.place}: {issue.message.zh} · {issue.message.en}", markup=False)
    if issues:
        raise typer.Exit(1)
    data = Settings().data
    data.mkdir(parents=True, exist_ok=True)
    write_agencies(found, data / AGENCIES_FILE)
    typer.echo(f"{len(found)} 家 · agencies → {data / AGENCIES_FILE}")


@reference_app.command("list")
def reference_list(lang: Lang = "zh") -> None:
    """参考数据：来源、起始日、核实与完整程度 · reference tables: source, first day, how much was checked."""
    language = language_named(lang)
    for table in register():
        checked = len(table.rows) - len(table.unverified)
        print(f"{table.name}  {table.title.in_(language)}  {table.file}")
        print(f"  {table.valid_from} · {checked}/{len(table.rows)} {'已核实' if language == 'zh' else 'verified'}")
        print(f"  {table.complete}")


@reference_app.command("unverified")
def reference_unverified(
    table: Annotated[str, typer.Option(help="只列一张表 · one table only")] = "", lang: Lang = "zh"
) -> None:
    """尚未对照正式文本核实的行 · rows nobody has checked against the official text."""
    known = [one.name for one in register()]
    if table and table not in known:
        raise typer.BadParameter(f"{table}: {', '.join(known)}")
    chosen = [one for one in register() if table in ("", one.name) and one.unverified]
    for one in chosen:
        print(f"{one.name}  {one.title.in_(language_named(lang))}: {len(one.unverified)}/{len(one.rows)}")
        if table:
            for row in one.unverified:
                print(f"· {row.key}  {row.source}")
    total = sum(len(one.unverified) for one in chosen)
    print(f"未核实 {total} 行 · {total} rows unverified")
