"""The `threelines` command."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
import uvicorn
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.account_cli import account_app, audit_app, backup_file, restore_file
from api.batch_cli import batch, batch_template
from api.cases_cli import cases_app
from api.difference_page import difference_lines, difference_page
from api.documents.cli import report, template_app
from api.history_cli import history_app, history_import, history_screen
from api.law import AGENCIES_FILE
from api.question import Question
from api.seal_cli import keys_app, verify_file
from api.service import Answered, ScreeningService
from api.settings import Settings
from api.statement_page import statement_page
from api.statements import repeated
from layers.agencies import read_agencies, write_agencies
from layers.difference import difference
from layers.export import export_delivery
from layers.facts import fact_schema, particular_schema
from layers.inspection import TableInspection, inspect
from layers.issues import Issue, Severity
from layers.jurisdiction import read_delivery
from layers.publication import publications, publish, withdraw
from layers.register import register
from layers.release import Content, read_content, write_release
from layers.release_parts import read_manifest
from layers.vector import Declared
from layers.workbook_writer import write_access_list
from screening.access import AccessList
from screening.errors import ThreeLinesError, UnknownReleaseError
from screening.model import Construction, Fact
from screening.words import Language

app = typer.Typer(
    no_args_is_help=True, help="三线一单选址研判 · Three Lines site screening", pretty_exceptions_enable=False
)
layers_app = typer.Typer(no_args_is_help=True, help="图层文件 · layer files")
release_app = typer.Typer(no_args_is_help=True, help="成果版本 · releases")
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
_console = Console(stderr=True)
_REFUSED = 2

Lang = Annotated[str, typer.Option("--lang", help="zh or en")]
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
            page = statement_page(repeated(service, answered.id), _language(lang), linked=False)
            statement.write_text(page, encoding="utf-8")
    finally:
        service.close()
    print(_as_json(answered) if as_json else _as_words(answered, _language(lang)))


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
    name = _build(delivery)
    _publish(name, "demo")
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
    typer.echo(_build(delivery))


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
    _publish(name, by, override)


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
        until = one.effective_until or ("长期" if _language(lang) == "zh" else "open")
        print(f"{one.release}  {one.effective_from} – {until}  {manifest['title'][_language(lang)]}{taken_back}")
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
        html.write_text(difference_page(found, _language(lang)), encoding="utf-8")
        typer.echo(str(html))
    elif as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(difference_lines(found, _language(lang))))


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
    language = _language(lang)
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
        _console.print(f"✗ {issue.place}: {issue.message.zh} · {issue.message.en}", markup=False)
    if issues:
        raise typer.Exit(1)
    data = Settings().data
    data.mkdir(parents=True, exist_ok=True)
    write_agencies(found, data / AGENCIES_FILE)
    typer.echo(f"{len(found)} 家 · agencies → {data / AGENCIES_FILE}")


@reference_app.command("list")
def reference_list(lang: Lang = "zh") -> None:
    """参考数据：来源、起始日、核实与完整程度 · reference tables: source, first day, how much was checked."""
    language = _language(lang)
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
        print(f"{one.name}  {one.title.in_(_language(lang))}: {len(one.unverified)}/{len(one.rows)}")
        if table:
            for row in one.unverified:
                print(f"· {row.key}  {row.source}")
    total = sum(len(one.unverified) for one in chosen)
    print(f"未核实 {total} 行 · {total} rows unverified")


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


def _build(delivery: Path) -> str:
    return write_release(_read(delivery), Settings().releases)


def _read(delivery: Path) -> Content:
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=_console) as bar:
        task = bar.add_task("…", total=None)
        content = read_content(
            read_delivery(delivery), lambda text: bar.update(task, description=f"{text.zh} · {text.en}")
        )
    for issue in content.issues[:50]:
        mark = "✗" if issue.severity is Severity.ERROR else "!"
        _console.print(f"{mark} {issue.layer} {issue.place}: {issue.message.zh} · {issue.message.en}", markup=False)
    if len(content.issues) > 50:
        _console.print(f"… {len(content.issues)} 处 · in all")
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


def _publish(name: str, by: str, override: str = "") -> None:
    settings = Settings()
    done = publish(settings.releases, name, at=_instant(settings), by=by, override=override)
    typer.echo(f"{done.release}: {done.effective_from} → {done.effective_until or '…'}")


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


def _language(lang: str) -> Language:
    return "en" if lang.lower().startswith("en") else "zh"


def _fail(problem: ThreeLinesError) -> NoReturn:
    for text in (problem.title, problem.what, problem.why, problem.cure):
        _console.print(f"{text.zh}\n  {text.en}", markup=False, highlight=False)
    for candidate in problem.candidates[:10]:
        _console.print(f"  · {candidate}", markup=False, highlight=False)
    sys.exit(_REFUSED)


if __name__ == "__main__":
    main()
