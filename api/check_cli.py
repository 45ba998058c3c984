"""The command that screens one site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.question import Question
from api.service import Answered, ScreeningService
from api.settings import Settings
from api.statement_page import statement_page
from api.statements import repeated
from api.terminal import Lang, language_named
from layers.facts import fact_schema, particular_schema
from screening.model import Construction, Fact
from screening.words import Language


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
