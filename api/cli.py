"""The `threelines` command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn

from api.account_cli import account_app, audit_app, backup_file, restore_file
from api.batch_cli import batch, batch_template
from api.cases_cli import cases_app
from api.documents.cli import report, template_app
from api.history_cli import history_app, history_import, history_screen
from api.law import AGENCIES_FILE
from api.question import Question
from api.release_cli import build, layers_app, publish_release, release_app
from api.seal_cli import keys_app, verify_file
from api.service import Answered, ScreeningService
from api.settings import Settings
from api.statement_page import statement_page
from api.statements import repeated
from api.terminal import Lang, console, language_named
from layers.agencies import read_agencies, write_agencies
from layers.facts import fact_schema, particular_schema
from layers.register import register
from layers.workbook_writer import write_access_list
from screening.access import AccessList
from screening.errors import ThreeLinesError
from screening.model import Construction, Fact
from screening.words import Language

app = typer.Typer(
    no_args_is_help=True, help="三线一单选址研判 · Three Lines site screening", pretty_exceptions_enable=False
)
app.add_typer(release_app, name="release")
app.add_typer(layers_app, name="layers")
reference_app = typer.Typer(no_args_is_help=True, help="参考数据 · reference data")
app.add_typer(reference_app, name="reference")
agencies_app = typer.Typer(no_args_is_help=True, help="环评单位 · EIA agencies")
app.add_typer(agencies_app, name="agencies")
list_app = typer.Typer(no_args_is_help=True, help="准入清单 · the access list")
app.add_typer(list_app, name="list")
app.add_typer(keys_app, name="keys")
app.add_typer(template_app, name="template")
app.command("report")(report)
app.add_typer(account_app, name="account")
app.add_typer(audit_app, name="audit")
app.add_typer(history_app, name="history")
app.add_typer(cases_app, name="cases")
app.command("backup")(backup_file)
app.command("restore")(restore_file)
app.command("verify")(verify_file)
app.command("batch")(batch)
app.command("batch-template")(batch_template)
_REFUSED = 2

DEMO_SITE = "POLYGON((120.1285 36.3285,120.1315 36.3285,120.1315 36.3315,120.1285 36.3315,120.1285 36.3285))"
DEMO_INDUSTRY = "C3360"
DEMO_SCREENED = 40  # of the imported cases: enough for the statistics of verdicts, and soon done


def main() -> None:
    """Run the command; an error of ours is three lines and exit code 2, never a traceback."""
    try:
        app()
    except ThreeLinesError as problem:
        _fail(problem)


@app.command()
def check(
    site: Annotated[
        str, typer.Argument(help="“经度,纬度”、WKT、GeoJSON 或 .geojson 文件 · lon,lat, WKT, GeoJSON or a file")
    ],
    industry: Annotated[list[str], typer.Option("--industry", "-i", help="GB/T 4754 代码，可多次 · code, repeatable")],
    construction: Annotated[Construction | None, typer.Option(help="建设性质 · kind of construction")] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option("--fact", "-f", help="申报事实 名称=值，可带单位，可多次 · name=value, with a unit if need be"),
    ] = None,
    particular: Annotated[
        list[str] | None, typer.Option("--particular", help="报告表字段 名称=值，可多次 · field of the EIA form")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="基准日 · day asked for")
    ] = None,
    width: Annotated[float | None, typer.Option(help="线宽（米） · width of a line, metres")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · machine-readable")] = False,
    lang: Lang = "zh",
    statement: Annotated[
        Path | None, typer.Option(help="另写一图一表一说明的网页 · also write map, table and narrative as a page")
    ] = None,
) -> None:
    """研判一个选址 · screen one site."""
    service = ScreeningService(Settings())
    try:
        answered = service.screen(
            Question(
                text=_site_text(site),
                width_m=width,
                industries=tuple(industry),
                construction=construction,
                facts=dict(_fact(words, fact_schema()) for words in fact or []),
                particulars=dict(_fact(words, particular_schema()) for words in particular or []),
                as_of=as_of.date() if as_of else None,
            )
        )
        if statement is not None:
            page = statement_page(repeated(service, answered.id), language_named(lang), linked=False)
            statement.write_text(page, encoding="utf-8")
    finally:
        service.close()
    print(_as_json(answered) if as_json else _as_words(answered, language_named(lang)))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 · address")] = None,
    port: Annotated[int | None, typer.Option(help="端口 · port")] = None,
) -> None:
    """启动网页和接口 · serve pages and API."""
    settings = Settings()
    where, at = host or settings.host, port or settings.port
    typer.echo(f"三线一单 · Three Lines: http://{where}:{at}/  (Ctrl-C 停止 · stops)")
    uvicorn.run(
        "web.app:create_app", factory=True, host=where, port=at, log_level="warning", workers=1, proxy_headers=False
    )


@app.command()
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


def _site_text(site: str) -> str:
    path = Path(site)
    if path.suffix.lower() in (".geojson", ".json", ".wkt", ".txt") and path.is_file():
        return path.read_text(encoding="utf-8")
    return site


def _fact(words: str, schema: Mapping[str, Fact]) -> tuple[str, object]:
    """One `name=value`; a number keeps its unit and is read where facts are."""
    name, _, value = words.partition("=")
    if name in schema and schema[name].kind != "boolean":
        return name, value
    return name, {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}.get(value, value)


def _as_json(answered: Answered) -> str:
    return json.dumps(
        {"id": answered.id, "created_at": answered.created_at, "digest": answered.digest, "verdict": answered.record},
        ensure_ascii=False,
        indent=1,
    )


def _as_words(answered: Answered, language: Language) -> str:
    told = json.loads(json.dumps(answered.explanations[language]))
    lines = [f"【{told['conclusion_label']}】{told['headline']}"]
    lines += [told["notice"]] if told["notice"] else []
    zh = language == "zh"
    lines += _section("决定性理由" if zh else "What decides", told["deciding"])
    lines += _section("下一步" if zh else "What to do next", told["next_steps"])
    lines += _section("概况" if zh else "Summary", [f"{row['label']}: {row['value']}" for row in told["summary"]])
    for title, key in _ENTRIES[language]:
        whole = key != "not_concerned"  # `--json` has the rest
        entries = [f"[{e['outcome_label']}] {e['title']}: {e['text']}{_detail(e) if whole else ''}" for e in told[key]]
        lines += _section(f"{title} ({len(entries)})", entries)
    lines += _section("请人工核对" if zh else "For a person to look at", told.get("remarks", []))
    lines += _section("使用限制" if zh else "Limits of use", told["limits"])
    lines += ["", f"{'编号' if zh else 'Number'} {answered.id} · SHA-256 {answered.digest}"]
    return "\n".join(lines)


_ENTRIES: dict[Language, tuple[tuple[str, str], ...]] = {
    "zh": (("涉及", "concerned"), ("没有数据", "without_data"), ("已核对、不涉及", "not_concerned")),
    "en": (("Concerned", "concerned"), ("Without data", "without_data"), ("Checked, not concerned", "not_concerned")),
}


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"  - {line}" for line in lines)] if lines else []


def _detail(entry: dict[str, list[dict[str, str]]]) -> str:
    return "".join(f"\n      {row['label']}: {row['value']}" for row in entry["rows"])


def _fail(problem: ThreeLinesError) -> NoReturn:
    for text in (problem.title, problem.what, problem.why, problem.cure):
        console.print(f"{text.zh}\n  {text.en}", markup=False, highlight=False)
    for candidate in problem.candidates[:10]:
        console.print(f"  · {candidate}", markup=False, highlight=False)
    sys.exit(_REFUSED)


if __name__ == "__main__":
    main()
