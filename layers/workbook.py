"""The access-list workbook: every row becomes a clause or an issue, none is lost.

Sheets and columns are described in docs/delivery.md. Values are the field's own words (`禁止`, `空间布局约束`, `新建`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TypeVar

from layers.facts import fact_schema
from layers.fields import zone_class
from layers.industries import classification
from layers.issues import Issue, error
from layers.spreadsheet import CellError, SheetRow, Workbook
from layers.tables import day, optional_day
from screening.access import AccessList, Clause, IndustrySet, Level, Position, Replacement, Scope, ZoneTrigger
from screening.conditions import Condition, check_condition
from screening.errors import ConditionError, UnknownIndustryError
from screening.model import Effect, Realm
from screening.terms import CONSTRUCTION, DIMENSION, EFFECT, LEVEL, POSITION, REALM
from screening.words import Text

SHEETS = ("总体清单", "陆域单元清单", "海域单元清单")
COLUMNS = (
    "条款编号",
    "层级",
    "适用单元编码",
    "适用单元类别",
    "适用区县",
    "陆海",
    "管控维度",
    "管控要求",
    "管控要求（英文）",
    "管控效力",
    "行业（含）",
    "行业（除外）",
    "建设性质",
    "空间条件",
    "适用条件",
    "满足条件",
    "例外条件",
    "原则性",
    "依据（现行）",
    "依据（原）",
    "现行依据起始日",
    "生效日期",
    "失效日期",
    "核实",
)
OPTIONAL_COLUMNS = ("替代要求", "例外于条款")
_SEPARATOR = re.compile(r"[；;、,，\s]+")
_TRIGGER = re.compile(
    r"^(?P<layer>[^\[{\s]+)(?:\[(?P<subtypes>[^\]]+)\])?(?:\{(?P<attributes>[^}]+)\})?\s*(?P<position>区内|区外|周边)\s*(?P<metres>\d+(?:\.\d+)?)?$"
)

Term = TypeVar("Term", bound=Enum)


def read_access_list(
    path: Path, version: str, levels: frozenset[Level], layer_ids: Mapping[str, str]
) -> tuple[AccessList, list[Issue]]:
    """All clauses of a workbook and an issue for each row that is none.

    Args:
        path: The `.xlsx`.
        version: Name of this version of the list.
        levels: Levels the jurisdiction's list must hold.
        layer_ids: Layer id by Chinese layer name, for the column 空间条件.

    Raises:
        DeliveryError: A sheet or a column is missing.
    """
    book = Workbook(path)
    clauses: dict[str, Clause] = {}
    issues: list[Issue] = []
    for sheet in SHEETS:
        for row in book.rows(sheet, COLUMNS):
            try:
                clause = _clause(row, layer_ids)
            except CellError as problem:
                issues.append(error("access_list", f"{row.place} {problem.column}", problem.text))
                continue
            if clause.id in clauses:
                text = Text(f"条款编号“{clause.id}”重复", f"clause id “{clause.id}” occurs twice")
                issues.append(error("access_list", f"{row.place} 条款编号", text))
                continue
            clauses[clause.id] = clause
    return AccessList(version=version, clauses=tuple(clauses[key] for key in sorted(clauses)), levels=levels), issues


def _clause(row: SheetRow, layer_ids: Mapping[str, str]) -> Clause:
    effect = _term(row, "管控效力", EFFECT)
    valid_from, valid_to = day(row, "生效日期"), optional_day(row, "失效日期")
    if valid_to is not None and valid_to < valid_from:
        raise CellError("失效日期", Text(f"早于生效日期 {valid_from}", f"is before it takes effect on {valid_from}"))
    return Clause(
        id=row.required("条款编号"),
        level=_term(row, "层级", LEVEL),
        dimension=_term(row, "管控维度", DIMENSION),
        scope=_scope(row, layer_ids),
        industries=IndustrySet(include=_industries(row, "行业（含）"), exclude=_industries(row, "行业（除外）")),
        effect=effect,
        wording=Text(row.required("管控要求"), row["管控要求（英文）"]),
        basis=row.required("依据（现行）"),
        valid_from=valid_from,
        row=row.place,
        construction=frozenset(_terms(row, "建设性质", CONSTRUCTION)),
        applies_when=_condition(row, "适用条件"),
        satisfied_when=_condition(row, "满足条件"),
        excepted_when=_condition(row, "例外条件"),
        replacements=_replacements(row),
        exempts=_exempts(row, effect),
        in_principle=row.yes("原则性"),
        basis_old=row["依据（原）"],
        basis_since=optional_day(row, "现行依据起始日"),
        valid_to=valid_to,
        verified=row.yes("核实"),
    )


def _scope(row: SheetRow, layer_ids: Mapping[str, str]) -> Scope:
    classes = []
    for word in _words(row["适用单元类别"]):
        cls = zone_class(word)
        if cls is None:
            raise CellError("适用单元类别", Text(f"不认识“{word}”", f"“{word}” is not a unit class"))
        classes.append(cls)
    realm = _term(row, "陆海", REALM) if row["陆海"] else Realm.BOTH
    return Scope(
        units=frozenset(_words(row["适用单元编码"])),
        classes=frozenset(classes),
        districts=frozenset(_words(row["适用区县"])),
        realm=realm,
        zones=tuple(_trigger(words, layer_ids) for words in re.split(r"[；;]", row["空间条件"]) if words.strip()),
    )


def _trigger(words: str, layer_ids: Mapping[str, str]) -> ZoneTrigger:
    found = _TRIGGER.match(words.strip())
    if found is None:
        raise CellError("空间条件", Text(f"“{words}”不是“图层[细类] 区内/区外/周边 距离”", f"“{words}” cannot be read"))
    layer_id = layer_ids.get(found["layer"], found["layer"])
    if layer_id not in layer_ids.values():
        raise CellError("空间条件", Text(f"没有图层“{found['layer']}”", f"there is no layer “{found['layer']}”"))
    position = next(one for one, text in POSITION.items() if text.zh == found["position"])
    if (position is Position.NEAR) != (found["metres"] is not None):
        raise CellError("空间条件", Text("“周边”须带距离（米），其余不带", "only “周边” takes a distance in metres"))
    return ZoneTrigger(
        layer_id=layer_id,
        position=position,
        subtypes=frozenset(found["subtypes"].split("|")) if found["subtypes"] else frozenset(),
        attributes=_attributes(found["attributes"] or ""),
        distance_m=float(found["metres"] or 0.0),
    )


def _attributes(words: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Columns and values, as in `类型=水库|湖泊，级别=省级`."""
    pairs = []
    for part in re.split(r"[,，]", words):
        if not part.strip():
            continue
        name, equals, values = part.partition("=")
        if not (name.strip() and equals and values.strip()):
            raise CellError("空间条件", Text(f"“{part}”不是“属性=值”", f"“{part}” is not “attribute=value”"))
        pairs.append((name.strip(), frozenset(value.strip() for value in values.split("|"))))
    return tuple(pairs)


def _replacements(row: SheetRow) -> tuple[Replacement, ...]:
    """Amounts and ratios, as in `vocs_t_per_year 2；二氧化硫年排放量 1.5`: a fact's name or its label."""
    known = {fact.label.zh: name for name, fact in fact_schema().items() if fact.kind == "number"}
    known |= {name: name for name in known.values()}
    found = []
    for part in re.split(r"[；;]", row["替代要求"]):
        if not part.strip():
            continue
        words, _, ratio = part.strip().rpartition(" ")
        if words.strip() not in known:
            text = Text(f"“{words}”不是申报项", f"“{words}” is no amount that can be declared")
            raise CellError("替代要求", text)
        if not re.fullmatch(r"\d+(\.\d+)?", ratio) or float(ratio) == 0:
            raise CellError("替代要求", Text(f"“{ratio}”不是倍数", f"“{ratio}” is not a ratio"))
        found.append(Replacement(fact=known[words.strip()], ratio=float(ratio)))
    return tuple(found)


def _exempts(row: SheetRow, effect: Effect) -> frozenset[str]:
    ids = frozenset(_words(row["例外于条款"]))
    if ids and effect is not Effect.PERMIT:
        raise CellError("例外于条款", Text("只有“允许”类条款可以是例外", "only a permission can be an exception"))
    return ids


def _industries(row: SheetRow, column: str) -> frozenset[str]:
    try:
        return frozenset(classification().find(word).code for word in _words(row[column]))
    except UnknownIndustryError as problem:
        raise CellError(column, problem.what) from problem


def _condition(row: SheetRow, column: str) -> Condition | None:
    if not row[column]:
        return None
    try:
        return check_condition(row[column], fact_schema())
    except ConditionError as problem:
        raise CellError(column, problem.what) from problem


def _term(row: SheetRow, column: str, terms: Mapping[Term, Text]) -> Term:
    return _one_term(row.required(column), column, terms)


def _terms(row: SheetRow, column: str, terms: Mapping[Term, Text]) -> list[Term]:
    return [_one_term(word, column, terms) for word in _words(row[column])]


def _one_term(word: str, column: str, terms: Mapping[Term, Text]) -> Term:
    for term, text in terms.items():
        if word == text.zh:
            return term
    known = "、".join(text.zh for text in terms.values())
    raise CellError(column, Text(f"“{word}”不在{known}之中", f"“{word}” is none of {known}"))


def _words(cell: str) -> list[str]:
    return [word for word in _SEPARATOR.split(cell) if word]
