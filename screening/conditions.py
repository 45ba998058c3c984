"""Clause conditions over declared facts: read, checked against the schema, evaluated in three values, told in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from screening.errors import ConditionError
from screening.expressions import (
    ORDERING,
    Arithmetic,
    Comparison,
    Every,
    Literal,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Some,
    SyntaxProblemError,
    names,
    parse,
    program,
    undecided,
)
from screening.model import Fact, FactValue
from screening.truth import Truth
from screening.words import Text, joined, same

MIRRORED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Condition:
    """One expression, e.g. `discharges_wastewater && water_m3_per_year > 1000.0`; see `screening.expressions`.

    >>> condition = Condition("burns_coal || coal_t_per_year > 0.0")
    >>> condition.holds({"burns_coal": True}), condition.holds({"coal_t_per_year": 0.0})
    (<Truth.YES: 'yes'>, <Truth.UNKNOWN: 'unknown'>)
    """

    expression: str

    @property
    def fact_names(self) -> frozenset[str]:
        """Names of the facts it asks for."""
        return _names_in(self.expression)

    def missing(self, facts: Mapping[str, FactValue]) -> frozenset[str]:
        """Undeclared facts on which it still turns; none where it is decided.

        >>> sorted(Condition("a && b > 1.0").missing({"a": False})), sorted(Condition("a && b > 1.0").missing({}))
        ([], ['a', 'b'])
        """
        return undecided(parse(self.expression), facts)

    def holds(self, facts: Mapping[str, FactValue]) -> Truth:
        """Whether it holds; unknown where undeclared facts would decide."""
        found = program(self.expression)(facts)
        return Truth.of(None if found is None else found is True)

    def told(self, schema: Mapping[str, Fact]) -> Text:
        """The condition in words."""
        return _told(parse(self.expression), schema)


@cache
def _names_in(expression: str) -> frozenset[str]:
    return names(parse(expression))


def check_condition(expression: str, schema: Mapping[str, Fact]) -> Condition:
    """The condition, proved usable against the declared facts before any project meets it.

    Raises:
        ConditionError: It does not parse, asks for an unknown fact, compares or adds what has another type or unit,
            names a choice nobody can declare, or always comes to the same whatever is declared within the ranges.
    """
    try:
        node = parse(expression)
    except SyntaxProblemError as problem:
        raise ConditionError.unreadable(expression, problem.column, problem.found) from problem
    unknown = sorted(names(node) - schema.keys())
    if unknown:
        raise ConditionError.unknown_facts(expression, unknown, sorted(schema))
    kind = _Checker(expression, schema).kind(node)
    if kind != _BOOLEAN:
        raise ConditionError.mistyped(expression, Text("不是是非判断", "is not something that holds or does not"))
    return Condition(expression)


# -- types, units and ranges -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a part of an expression is: its type, unit, choices, and the range it can take.

    `unit` is None for a bare number, which takes the unit of what it meets.
    """

    type: str
    unit: str | None = None
    low: float = -math.inf
    high: float = math.inf
    choices: frozenset[str] | None = None


_BOOLEAN = _Kind("boolean")


@dataclass(frozen=True, slots=True)
class _Checker:
    expression: str
    schema: Mapping[str, Fact]

    def kind(self, node: Node) -> _Kind:
        match node:
            case Literal(value):
                return _literal_kind(value)
            case Name(name):
                return _fact_kind(self.schema[name])
            case Every(items) | Some(items):
                return self._all_boolean(items)
            case Not(item):
                return self._all_boolean((item,))
            case Comparison(sign, left, right):
                return self._compared(sign, self.kind(left), self.kind(right))
            case Member(item, of):
                kind = self.kind(item)
                for one in of:
                    self._compared("==", kind, _literal_kind(one.value))
                return _BOOLEAN
            case Negative(item):
                kind = self._number(self.kind(item))
                return _Kind("number", kind.unit, -kind.high, -kind.low)
            case Arithmetic(sign, left, right):
                return self._calculated(sign, self._number(self.kind(left)), self._number(self.kind(right)))

    def _all_boolean(self, items: tuple[Node, ...]) -> _Kind:
        for item in items:
            if self.kind(item) != _BOOLEAN:
                raise self._mistyped("“&&”“||”“!” 只能连接是非判断", "“&&”, “||” and “!” join only what holds or not")
        return _BOOLEAN

    def _compared(self, sign: str, left: _Kind, right: _Kind) -> _Kind:
        if left.type != right.type:
            raise self._mistyped(
                f"比较的类型不同：{left.type}、{right.type}", f"compares {left.type} with {right.type}"
            )
        if sign in ORDERING and left.type != "number":
            raise self._mistyped(f"“{sign}”只能比较数值", f"“{sign}” compares numbers only")
        if left.choices is not None and right.choices is not None and not left.choices & right.choices:
            stranger = "、".join(sorted(right.choices - left.choices) or sorted(left.choices))
            raise ConditionError.mistyped(
                self.expression,
                Text(f"没有选项“{stranger}”", f"names the choice “{stranger}”, which nobody can declare"),
                sorted(left.choices | right.choices),
            )
        if left.type == "number":
            self._same_unit(left, right)
            self._not_constant(sign, left, right)
        return _BOOLEAN

    def _not_constant(self, sign: str, left: _Kind, right: _Kind) -> None:
        """Whether the ranges leave the comparison open; a threshold out of range is a slip of unit or digit."""
        apart = left.high < right.low or left.low > right.high
        always = {
            "<": left.high < right.low,
            "<=": left.high <= right.low,
            ">": left.low > right.high,
            ">=": left.low >= right.high,
            "==": False,
            "!=": apart,
        }[sign]
        never = {
            "<": left.low >= right.high,
            "<=": left.low > right.high,
            ">": left.high <= right.low,
            ">=": left.high < right.low,
            "==": apart,
            "!=": False,
        }[sign]
        if always or never:
            zh, en = ("恒成立", "always holds") if always else ("恒不成立", "never holds")
            ranges = f"{left.low:g}…{left.high:g} {sign} {right.low:g}…{right.high:g}"
            raise self._mistyped(f"{zh}，超出取值范围：{ranges}", f"{en}, out of range: {ranges}")

    def _calculated(self, sign: str, left: _Kind, right: _Kind) -> _Kind:
        if sign == "*":
            if left.unit is not None and right.unit is not None:
                raise self._mistyped("两个带单位的量不能相乘", "multiplies two quantities with units")
            corners = [_times(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
            return _Kind("number", left.unit if left.unit is not None else right.unit, min(corners), max(corners))
        self._same_unit(left, right)
        unit = left.unit if left.unit is not None else right.unit
        if sign == "+":
            return _Kind("number", unit, left.low + right.low, left.high + right.high)
        return _Kind("number", unit, left.low - right.high, left.high - right.low)

    def _same_unit(self, left: _Kind, right: _Kind) -> None:
        if left.unit is not None and right.unit is not None and left.unit != right.unit:
            raise self._mistyped(
                f"单位不同：{left.unit or '—'}、{right.unit or '—'}",
                f"has different units: {left.unit or '—'}, {right.unit or '—'}",
            )

    def _number(self, kind: _Kind) -> _Kind:
        if kind.type != "number":
            raise self._mistyped("只有数值可以运算", "calculates with something that is no number")
        return kind

    def _mistyped(self, zh: str, en: str) -> ConditionError:
        return ConditionError.mistyped(self.expression, Text(zh, en))


def _literal_kind(value: FactValue) -> _Kind:
    if isinstance(value, bool):
        return _BOOLEAN
    if isinstance(value, str):
        return _Kind("choice", choices=frozenset({value}))
    return _Kind("number", low=value, high=value)


def _fact_kind(fact: Fact) -> _Kind:
    if fact.kind == "boolean":
        return _BOOLEAN
    if fact.kind == "choice":
        return _Kind("choice", choices=frozenset(value for value, _ in fact.choices))
    low = -math.inf if fact.minimum is None else float(fact.minimum)
    high = math.inf if fact.maximum is None else float(fact.maximum)
    return _Kind("number", fact.unit, low, high)


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0.0 or b == 0.0 else a * b  # not NaN where one side has no bound


# -- words -------------------------------------------------------------------------------------------------------------

SIGNS: Mapping[str, Text] = {
    "<": Text("小于", "below"),
    "<=": Text("不超过", "at most"),
    ">": Text("大于", "above"),
    ">=": Text("不少于", "at least"),
    "==": Text("为", "is"),
    "!=": Text("不为", "is not"),
}


def _told(node: Node, schema: Mapping[str, Fact]) -> Text:
    match node:
        case Every(items):
            return joined([_part(item, schema) for item in items], zh="，且", en=" and ")
        case Some(items):
            return joined([_part(item, schema) for item in items], zh="，或", en=" or ")
        case Not(Name(name)):
            return Text("不属于“{fact}”", "not “{fact}”").filled(fact=_label(name, schema))
        case Not(item):
            return Text("不是（{what}）", "not ({what})").filled(what=_told(item, schema))
        case Comparison(sign, Literal(), right) if not isinstance(right, Literal):
            return _told(Comparison(MIRRORED[sign], right, node.left), schema)
        case Comparison(sign, left, right):
            fact = schema.get(left.name) if isinstance(left, Name) else None
            gap = " " if isinstance(right, Literal) and isinstance(right.value, float) else ""
            return Text(f"{{left}}{{sign}}{gap}{{right}}", "{left} {sign} {right}").filled(
                left=_told(left, schema), sign=SIGNS[sign], right=_operand(right, fact, schema)
            )
        case Member(item, of):
            fact = schema.get(item.name) if isinstance(item, Name) else None
            choices = joined([_operand(one, fact, schema) for one in of], zh="、", en=", ")
            return Text("{item}为{of}之一", "{item} is one of {of}").filled(item=_told(item, schema), of=choices)
        case Arithmetic(sign, left, right):
            return Text(f"{{left}} {sign} {{right}}", f"{{left}} {sign} {{right}}").filled(
                left=_told(left, schema), right=_told(right, schema)
            )
        case Negative(item):
            return Text("−{item}", "−{item}").filled(item=_told(item, schema))
        case Name(name):
            return _label(name, schema)
        case Literal():
            return _operand(node, None, schema)


def _part(node: Node, schema: Mapping[str, Fact]) -> Text:
    told = _told(node, schema)
    return Text(f"（{told.zh}）", f"({told.en})") if isinstance(node, (Every, Some)) else told


def _operand(node: Node, fact: Fact | None, schema: Mapping[str, Fact]) -> Text:
    """The right side of a comparison: a number with the fact's unit, a choice by its label."""
    if not isinstance(node, Literal):
        return _told(node, schema)
    if isinstance(node.value, bool):
        return Text("是", "true") if node.value else Text("否", "false")
    if isinstance(node.value, str):
        labels = dict(fact.choices) if fact else {}
        return labels.get(node.value, same(node.value))
    unit = f" {fact.unit}" if fact and fact.unit else ""
    return same(f"{node.value:,.10g}{unit}")


def _label(name: str, schema: Mapping[str, Fact]) -> Text:
    return schema[name].label if name in schema else same(name)
