"""The workbook of resource ceilings and quality objectives: every row becomes a line or an issue."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from layers.issues import Issue, error
from layers.spreadsheet import SheetRow, Workbook
from screening.model import Ceiling, Effect, Objective
from screening.terms import EFFECT
from screening.words import Text

CEILING_SHEET = "资源利用上线"
CEILING_COLUMNS = (
    "编码",
    "名称",
    "资源类型",
    "指标",
    "上限",
    "已用",
    "单位",
    "年份",
    "超限效力",
    "要求原文",
    "依据",
    "来源",
    "核实",
)
OBJECTIVE_SHEET = "环境质量目标"
OBJECTIVE_COLUMNS = (
    "编码",
    "名称",
    "要素",
    "指标",
    "目标",
    "现状",
    "单位",
    "年份",
    "未达标效力",
    "要求原文",
    "依据",
    "来源",
    "核实",
)


def read_quantities(path: Path) -> tuple[tuple[Ceiling, ...], tuple[Objective, ...], list[Issue]]:
    """Ceilings, objectives, and an issue for each row that is neither.

    Raises:
        DeliveryError: A sheet or a column is missing.
    """
    book = Workbook(path)
    issues: list[Issue] = []
    ceilings, objectives = [], []
    for row in book.rows(CEILING_SHEET, CEILING_COLUMNS):
        try:
            ceilings.append(_ceiling(row))
        except (KeyError, ValueError) as problem:
            issues.append(_unreadable(row, problem))
    for row in book.rows(OBJECTIVE_SHEET, OBJECTIVE_COLUMNS):
        try:
            objectives.append(_objective(row))
        except (KeyError, ValueError) as problem:
            issues.append(_unreadable(row, problem))
    issues += _doubled([f"{c.holder}:{c.fact}" for c in ceilings], CEILING_SHEET)
    issues += _doubled([f"{o.holder}:{o.fact}" for o in objectives], OBJECTIVE_SHEET)
    ceilings.sort(key=lambda line: (line.holder, line.fact))
    objectives.sort(key=lambda line: (line.holder, line.fact))
    return tuple(ceilings), tuple(objectives), issues


def _ceiling(row: SheetRow) -> Ceiling:
    resource = _reference()["resource"][row["资源类型"]]
    if row["单位"] != resource["unit"]:
        raise ValueError(f"单位应为 {resource['unit']}，不是 {row['单位']}")
    return Ceiling(
        holder=row["编码"],
        holder_name=row["名称"],
        resource=Text(row["资源类型"], resource["name_en"]),
        metric=row["指标"],
        fact=resource["fact"],
        per_fact=resource["per_fact"],
        cap=_number(row["上限"]),
        used=_number(row["已用"]),
        unit=row["单位"],
        year=int(row["年份"]),
        effect=_effect(row["超限效力"]),
        wording=row["要求原文"],
        basis=row["依据"],
        verified=row["核实"] == "是",
    )


def _objective(row: SheetRow) -> Objective:
    element = _reference()["element"][row["要素"]]
    scale = element.get("scale")
    return Objective(
        holder=row["编码"],
        holder_name=row["名称"],
        element=Text(row["要素"], element["name_en"]),
        metric=row["指标"],
        fact=element["fact"],
        emission_fact=element["emission_fact"],
        target=_graded(row["目标"], scale),
        state=_graded(row["现状"], scale),
        target_text=row["目标"],
        state_text=row["现状"],
        unit=row["单位"],
        year=int(row["年份"]),
        effect=_effect(row["未达标效力"]),
        wording=row["要求原文"],
        basis=row["依据"],
        verified=row["核实"] == "是",
    )


def _graded(written: str, scale: list[str] | None) -> float | None:
    if scale is None:
        return _number(written)
    words = written.removesuffix("类")
    return float(scale.index(words) + 1) if words else None


def _number(written: str) -> float | None:
    """A number; a blank cell or a dash means not known, never zero."""
    return None if written in ("", "-", "—", "/") else float(written.replace(",", ""))


def _effect(written: str) -> Effect:
    for effect, text in EFFECT.items():
        if text.zh == written:
            return effect
    raise ValueError(f"不认识效力“{written}”")


def _unreadable(row: SheetRow, problem: Exception) -> Issue:
    return error("lines", row.place, Text(f"读不懂：{problem}", f"cannot be read: {problem}"))


def _doubled(keys: list[str], sheet: str) -> list[Issue]:
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    return [error("lines", f"{sheet} {key}", Text(f"“{key}”重复", f"“{key}” occurs twice")) for key in doubled]


@cache
def _reference() -> Mapping[str, Any]:
    with files("layers").joinpath("reference/resources.toml").open("rb") as opened:
        return tomllib.load(opened)
