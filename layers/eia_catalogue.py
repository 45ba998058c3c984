"""The EIA catalogue and the facts it asks for: read from their tables, and refused where a row cannot be used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from layers.facts import checked, fact_schema, schema_in
from layers.industries import classification
from layers.industry_search import is_class
from screening.conditions import Condition, check_condition
from screening.eia_model import Catalogue, EiaLevel, Item, Rule, is_code
from screening.errors import ReferenceTableError, ThreeLinesError
from screening.model import Fact, FactValue
from screening.words import Text, same

TABLE = "eia_catalogue_2021.toml"
FACTS_TABLE = "eia_facts.toml"
LEVELS = {level.name.lower(): level for level in EiaLevel}
NO_SUCH_LEVEL = "/"
# A number may only be compared with a written number: then its answers fall into finitely many kinds.
COMPARISON = re.compile(r"\b([a-z]\w*) (?:>=|>|<=|<) (-?\d+(?:\.\d+)?)")
NAME = re.compile(r"'[^']*'|\b[A-Za-z_]\w*")


@cache
def eia_fact_schema() -> Mapping[str, Fact]:
    """Every fact the catalogue asks for: its own, then those it shares with the access list; areas come last."""
    own = schema_in(FACTS_TABLE)
    asked = frozenset(name for row in _table()["item"] for rule in row["rules"] for name in NAME.findall(rule["when"]))
    shared = {name: fact for name, fact in fact_schema().items() if name in asked}
    areas = {name: fact for name, fact in own.items() if name.startswith("area_")}
    return {**{name: fact for name, fact in own.items() if name not in areas}, **shared, **areas}


@cache
def eia_catalogue() -> Catalogue:
    """The catalogue this version ships, read and checked once.

    Raises:
        ReferenceTableError: A row cannot be used.
    """
    return catalogue_from(_table(), eia_fact_schema())


def declared_for_eia(values: Mapping[str, object]) -> dict[str, FactValue]:
    """Facts declared for the catalogue, checked; None stands for not declared and is left out.

    Raises:
        UnknownFactError: A name outside the schema, a wrong type, or a number out of range.
    """
    return checked(values, eia_fact_schema())


def catalogue_from(table: Mapping[str, Any], facts: Mapping[str, Fact]) -> Catalogue:
    """The catalogue a table holds.

    Raises:
        ReferenceTableError: An item is missing, doubled or cannot be used.
    """
    items = [_item(row, facts) for row in table["item"]]
    numbers = [item.number for item in items]
    for before, after in pairwise([0, *numbers]):
        if after != before + 1:
            raise _refused(after, Text(f"应接在第 {before} 项之后", f"does not follow item {before}"))
    by_number = dict(zip(numbers, items, strict=True))
    for item in items:
        _check_references(item, by_number, ())
    return Catalogue(
        title=Text(table["title_zh"], table["title_en"]),
        document=table["document"],
        issued=table["issued"],
        valid_from=table["valid_from"],
        valid_to=table.get("valid_to"),
        verified=table["verified"],
        items=by_number,
        facts=facts,
        thresholds=_thresholds([rule.condition for item in items for rule in item.rules], facts),
        classes=tuple(code for code in classification().entries if is_class(code)),
        caution=Text(table["caution_zh"], table["caution_en"]) if "caution_zh" in table else None,
    )


def _item(row: Mapping[str, Any], facts: Mapping[str, Fact]) -> Item:
    number = row.get("number", "?")
    try:
        item = Item(
            number=number,
            category=row["category"],
            title=Text(row["text"], row["title_en"]),
            report_book=row["report_book"],
            report_table=row["report_table"],
            registration_form=row["registration_form"],
            sensitive_meaning=row["sensitive_meaning"],
            areas=tuple(row["areas"]),
            codes=tuple(row["codes"]),
            codes_by_category=row.get("codes_from") == "category",
            related=tuple(row.get("related", ())),
            rules=tuple(_rule(rule, row["areas"], facts) for rule in row["rules"]),
            note=row.get("note", ""),
            page=row["page"],
            verified=row.get("verified", True),
        )
    except KeyError as problem:
        raise _refused(number, Text(f"缺少 {problem}", f"lacks {problem}")) from problem
    except ThreeLinesError as problem:
        raise _refused(number, Text(f"不可用：{problem.what.zh}", f"cannot be used: {problem.what.en}")) from problem
    _check(item, facts)
    return item


def _rule(row: Mapping[str, Any], areas: Sequence[str], facts: Mapping[str, Fact]) -> Rule:
    written = row["when"]
    expression = re.sub(r"\bsensitive\b", f"({' || '.join(areas)})", written)
    named = {name for name in NAME.findall(expression) if is_code(name)}
    for code in named:
        classification().find(code, field=TABLE)
    condition = check_condition(expression, {**facts, **{code: _as_fact(code) for code in named}})
    match row["level"]:
        case "elsewhere":
            return Rule(level=None, condition=condition, written=written, refers=tuple(row["items"]))
        case "person":
            return Rule(level=None, condition=condition, written=written)
        case level:
            return Rule(level=LEVELS[level], condition=condition, written=written)


def _as_fact(code: str) -> Fact:
    """An industry code as a condition sees it: true or false."""
    return Fact(name=code, label=same(code), kind="boolean", unit="", help=same(""), group=same(""))


def _check(item: Item, facts: Mapping[str, Fact]) -> None:
    for code in (*item.codes, *item.related):
        if code not in classification().entries:
            raise _refused(item.number, Text(f"行业代码 {code} 不存在", f"names the unknown industry {code}"))
    for area in item.areas:
        if area not in facts:
            raise _refused(item.number, Text(f"不认识环境敏感区 {area}", f"names the unknown area {area}"))
    if bool(item.areas) != bool(item.sensitive_meaning):
        raise _refused(
            item.number, Text("的敏感区含义与所列区域不一致", "lists areas other than its meaning of sensitive areas")
        )
    for level in (EiaLevel.REPORT_BOOK, EiaLevel.REPORT_TABLE, EiaLevel.REGISTRATION_FORM):
        spoken = item.column(level) != NO_SUCH_LEVEL
        if spoken != any(rule.level is level for rule in item.rules):
            raise _refused(
                item.number, Text(f"的 {level.name} 栏与规则不一致", f"has rules unlike its {level.name} column")
            )
    if item.asks_industry and not item.codes:
        raise _refused(item.number, Text("按行业分档却没有行业代码", "turns on industries and has no codes"))
    for rule in item.rules:
        _check_numbers(item, rule.condition, facts)


def _check_numbers(item: Item, condition: Condition, facts: Mapping[str, Fact]) -> None:
    compared = [name for name, _ in COMPARISON.findall(condition.expression)]
    named = [name for name in NAME.findall(condition.expression) if name in facts and facts[name].kind == "number"]
    if sorted(compared) != sorted(named):
        raise _refused(
            item.number,
            Text(f"的条件“{condition.expression}”须把数值与写明的数比较", "compares a number with no written number"),
        )


def _check_references(item: Item, items: Mapping[int, Item], passed: tuple[int, ...]) -> None:
    """References lead to items that ask no industry, and never in a circle."""
    for number in (number for rule in item.rules for number in rule.refers or ()):
        if number not in items or number in (*passed, item.number) or items[number].asks_industry:
            raise _refused(item.number, Text(f"不能转到第 {number} 项", f"cannot refer to item {number}"))
        _check_references(items[number], items, (*passed, item.number))


def _thresholds(conditions: Sequence[Condition], facts: Mapping[str, Fact]) -> dict[str, tuple[float, ...]]:
    found: dict[str, set[float]] = {}
    for condition in conditions:
        for name, number in COMPARISON.findall(condition.expression):
            found.setdefault(name, set()).add(float(number))
    return {name: tuple(sorted(numbers)) for name, numbers in found.items() if name in facts}


def _refused(number: object, problem: Text) -> ReferenceTableError:
    return ReferenceTableError.of(TABLE, f"第 {number} 项", problem)


@cache
def _table() -> dict[str, Any]:
    with files("layers").joinpath(f"reference/{TABLE}").open("rb") as opened:
        return tomllib.load(opened)
