"""The workbook of resource ceilings and quality objectives: every row becomes a line or an issue."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from layers.issues import Issue, error
from layers.spreadsheet import CellError, SheetRow, Workbook
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


RATIO_COLUMN = "未达标替代倍数"  # may be left out
Entry = TypeVar("Entry")


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
        except CellError as problem:
            issues.append(error("lines", f"{row.place} {problem.column}", problem.text))
    for row in book.rows(OBJECTIVE_SHEET, OBJECTIVE_COLUMNS):
        try:
            objectives.append(_objective(row))
        except CellError as problem:
            issues.append(error("lines", f"{row.place} {problem.column}", problem.text))
    issues += _doubled([f"{c.holder}:{c.fact}" for c in ceilings], CEILING_SHEET)
    issues += _doubled([f"{o.holder}:{o.fact}" for o in objectives], OBJECTIVE_SHEET)
    ceilings.sort(key=lambda line: (line.holder, line.fact))
    objectives.sort(key=lambda line: (line.holder, line.fact))
    return tuple(ceilings), tuple(objectives), issues


def _ceiling(row: SheetRow) -> Ceiling:
    resource = _known(row, "资源类型", _reference()["resource"])
    _in_unit(row, resource["unit"])
    return Ceiling(
        holder=row.required("编码"),
        holder_name=row["名称"],
        resource=Text(row["资源类型"], resource["name_en"]),
        metric=row.required("指标"),
        fact=resource["fact"],
        per_fact=resource["per_fact"],
        cap=_number(row, "上限"),
        used=_number(row, "已用"),
        unit=row["单位"],
        year=_year(row),
        effect=_effect(row, "超限效力"),
        wording=row.required("要求原文"),
        basis=row.required("依据"),
        verified=row.yes("核实"),
    )


def _objective(row: SheetRow) -> Objective:
    element = _known(row, "要素", _reference()["element"])
    scale = element.get("scale")
    _in_unit(row, element["unit"])
    return Objective(
        holder=row.required("编码"),
        holder_name=row["名称"],
        element=Text(row["要素"], element["name_en"]),
        metric=row.required("指标"),
        fact=element["fact"],
        emission_fact=element["emission_fact"],
        target=_graded(row, "目标", scale),
        state=_graded(row, "现状", scale),
        target_text=row["目标"],
        state_text=row["现状"],
        unit=row["单位"],
        year=_year(row),
        effect=_effect(row, "未达标效力"),
        wording=row.required("要求原文"),
        basis=row.required("依据"),
        verified=row.yes("核实"),
        replacement_ratio=_number(row, RATIO_COLUMN),
        pollutants=tuple(element["pollutants"]),
    )


def _graded(row: SheetRow, column: str, scale: list[str] | None) -> float | None:
    if scale is None:
        return _number(row, column)
    words = row[column].removesuffix("类")
    if words and words not in scale:
        raise _not_one_of(row, column, scale)
    return float(scale.index(words) + 1) if words else None


def _number(row: SheetRow, column: str) -> float | None:
    """A number; a blank cell or a dash means not known, never zero."""
    written = row[column]
    if written in ("", "-", "—", "/"):
        return None
    try:
        number = float(written.replace(",", ""))
    except ValueError as problem:
        raise CellError(column, Text(f"“{written}”不是数值", f"“{written}” is not a number")) from problem
    if not 0 <= number < math.inf:  # also refuses NaN
        raise CellError(column, Text(f"“{written}”应为非负数", f"“{written}” must be a number of at least zero"))
    return number


def _year(row: SheetRow) -> int:
    written = row["年份"]
    if not re.fullmatch(r"(19|20)\d\d", written):
        raise CellError("年份", Text(f"“{written}”不是年份", f"“{written}” is not a year"))
    return int(written)


def _effect(row: SheetRow, column: str) -> Effect:
    return _known(row, column, {text.zh: effect for effect, text in EFFECT.items()})


def _known(row: SheetRow, column: str, table: Mapping[str, Entry]) -> Entry:
    if row[column] not in table:
        raise _not_one_of(row, column, table)
    return table[row[column]]


def _not_one_of(row: SheetRow, column: str, known: Iterable[str]) -> CellError:
    listed = "、".join(known)
    return CellError(column, Text(f"“{row[column]}”不在{listed}之中", f"“{row[column]}” is none of {listed}"))


def _in_unit(row: SheetRow, unit: str) -> None:
    """Whether the unit is the one prescribed; `µg/m³` and `μg/m3` are two spellings of one."""
    if unicodedata.normalize("NFKC", row["单位"]) != unit:
        raise CellError("单位", Text(f"应为 {unit}，不是“{row['单位']}”", f"must be {unit}, not “{row['单位']}”"))


def _doubled(keys: list[str], sheet: str) -> list[Issue]:
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    return [error("lines", f"{sheet} {key}", Text(f"“{key}”重复", f"“{key}” occurs twice")) for key in doubled]


@cache
def _reference() -> Mapping[str, Any]:
    with files("layers").joinpath("reference/resources.toml").open("rb") as opened:
        return tomllib.load(opened)
