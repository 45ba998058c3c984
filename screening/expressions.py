"""The condition language: comparisons of declared facts joined by and, or, not; parsed into a tree that can be
evaluated in three values, checked against a schema, and told in words.

Its syntax is a subset of Common Expression Language, so that a list can be carried to other engines::

    condition  = conjunction {"||" conjunction}
    conjunction = comparison {"&&" comparison}
    comparison = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum | "in" "[" literal {"," literal} "]"]
    sum        = product {("+" | "-") product}
    product    = unary {"*" unary}
    unary      = "!" unary | "-" unary | literal | name | "(" condition ")"
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.model import FactValue

ORDERING = frozenset({"<", "<=", ">", ">="})
OPERATORS: Mapping[str, Callable[[Any, Any], FactValue]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\],+\-*]))""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)")


class SyntaxProblemError(ValueError):
    """An expression that does not parse, at a column counted from 1."""

    def __init__(self, column: int, found: str) -> None:
        super().__init__(f"column {column}: {found!r}")
        self.column, self.found = column, found


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a word in quotation marks, or true or false."""

    value: FactValue


@dataclass(frozen=True, slots=True)
class Name:
    """A fact."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """What does not hold."""

    item: Node


@dataclass(frozen=True, slots=True)
class Negative:
    """A number below zero."""

    item: Node


@dataclass(frozen=True, slots=True)
class Every:
    """What holds all together."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Of which one at least holds."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of `< <= > >= == !=`."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Member:
    """One of several literals."""

    item: Node
    of: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One of `+ - *`."""

    sign: str
    left: Node
    right: Node


Work = Callable[[Mapping[str, FactValue]], FactValue | None]
Node = Literal | Name | Not | Negative | Every | Some | Comparison | Member | Arithmetic


@lru_cache(maxsize=4096)
def parse(expression: str) -> Node:
    """The tree of an expression.

    >>> parse("water > 100.0 && !coal")
    Every(items=(Comparison(sign='>', left=Name(name='water'), right=Literal(value=100.0)), Not(item=Name(name='coal'))))

    Raises:
        SyntaxProblemError: It does not parse.
    """
    return _Parser(expression).whole()


def names(node: Node) -> frozenset[str]:
    """Names of the facts a tree asks for."""
    return frozenset(one.name for one in walk(node) if isinstance(one, Name))


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in _children(node):
        yield from walk(child)


def evaluate(node: Node, facts: Mapping[str, FactValue]) -> FactValue | None:
    """The value of a tree that was checked against a schema; None where undeclared facts would decide.

    And and or follow Kleene: one item that decides is enough, whatever the others are.
    """
    return _work(node)(facts)


@lru_cache(maxsize=4096)
def program(expression: str) -> Work:
    """An expression as a function of the declared facts; see `evaluate`.

    Raises:
        SyntaxProblemError: It does not parse.
    """
    return _work(parse(expression))


def undecided(node: Node, facts: Mapping[str, FactValue]) -> frozenset[str]:
    """Undeclared facts on which the value still turns; none where it is known."""
    if evaluate(node, facts) is not None:
        return frozenset()
    if isinstance(node, Name):
        return frozenset({node.name})
    return frozenset(name for child in _children(node) for name in undecided(child, facts))


def _work(node: Node) -> Work:
    """The function a tree stands for, its parts resolved once."""
    match node:
        case Literal(value):
            return lambda facts: value
        case Name(name):
            return lambda facts: facts.get(name)
        case Every(items):
            return _first(tuple(_work(item) for item in items), deciding=False)
        case Some(items):
            return _first(tuple(_work(item) for item in items), deciding=True)
        case Not(item):
            return _applied(operator.not_, _work(item))
        case Negative(item):
            return _applied(operator.neg, _work(item))
        case Member(item, of):
            values = tuple(one.value for one in of)
            return _applied(values.__contains__, _work(item))
        case Comparison(sign, left, right) | Arithmetic(sign, left, right):
            return _combined(OPERATORS[sign], _work(left), _work(right))


def _first(items: tuple[Work, ...], *, deciding: bool) -> Work:
    def work(facts: Mapping[str, FactValue]) -> bool | None:
        open_item = False
        for item in items:
            found = item(facts)
            if found is deciding:
                return deciding
            open_item = open_item or found is None
        return None if open_item else not deciding

    return work


def _applied(operation: Callable[[Any], FactValue], item: Work) -> Work:
    def work(facts: Mapping[str, FactValue]) -> FactValue | None:
        found = item(facts)
        return None if found is None else operation(found)

    return work


def _combined(operation: Callable[[Any, Any], FactValue], left: Work, right: Work) -> Work:
    def work(facts: Mapping[str, FactValue]) -> FactValue | None:
        one, other = left(facts), right(facts)
        return None if one is None or other is None else operation(one, other)

    return work


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Every(items) | Some(items):
            return items
        case Not(item) | Negative(item):
            return (item,)
        case Comparison(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Member(item, of):
            return (item, *of)
        case Literal() | Name():
            return ()


class _Parser:
    """Recursive descent over the tokens, one method a rule of the grammar."""

    def __init__(self, expression: str) -> None:
        self._tokens = list(_tokens(expression))
        self._at = 0

    def whole(self) -> Node:
        node = self._some()
        self._expect("end")
        return node

    def _some(self) -> Node:
        items = [self._every()]
        while self._take("||"):
            items.append(self._every())
        return items[0] if len(items) == 1 else Some(tuple(items))

    def _every(self) -> Node:
        items = [self._comparison()]
        while self._take("&&"):
            items.append(self._comparison())
        return items[0] if len(items) == 1 else Every(tuple(items))

    def _comparison(self) -> Node:
        left = self._sum()
        sign = self._peek()[1]
        if sign in ORDERING or sign in ("==", "!="):
            self._at += 1
            return Comparison(sign, left, self._sum())
        if self._take("in"):
            return Member(left, self._list())
        return left

    def _list(self) -> tuple[Literal, ...]:
        self._expect("[")
        items = [self._literal()]
        while self._take(","):
            items.append(self._literal())
        self._expect("]")
        return tuple(items)

    def _sum(self) -> Node:
        node = self._product()
        while (sign := self._peek()[1]) in ("+", "-"):
            self._at += 1
            node = Arithmetic(sign, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._unary()
        while self._take("*"):
            node = Arithmetic("*", node, self._unary())
        return node

    def _unary(self) -> Node:
        if self._take("!"):
            return Not(self._unary())
        if self._take("-"):
            return Negative(self._unary())
        if self._take("("):
            node = self._some()
            self._expect(")")
            return node
        kind, words, _ = self._peek()
        if kind == "name" and words not in ("true", "false", "in"):
            self._at += 1
            return Name(words)
        return self._literal()

    def _literal(self) -> Literal:
        kind, words, column = self._peek()
        self._at += 1
        match kind:
            case "number":
                return Literal(float(words))
            case "string":
                return Literal(_ESCAPED.sub(r"\1", words[1:-1]))
            case "name" if words in ("true", "false"):
                return Literal(words == "true")
        raise SyntaxProblemError(column, words)

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._at]

    def _take(self, sign: str) -> bool:
        kind, words, _ = self._peek()
        taken = words == sign and kind in ("sign", "name")
        self._at += taken
        return taken

    def _expect(self, sign: str) -> None:
        kind, words, column = self._peek()
        if (kind if sign == "end" else words) != sign:
            raise SyntaxProblemError(column, words)
        self._at += 1


def _tokens(expression: str) -> Iterator[tuple[str, str, int]]:
    """Kind, words and column of every token, and an end."""
    at = 0
    while expression[at:].strip():
        found = _TOKEN.match(expression, at)
        if found is None or found.lastgroup is None:
            column = at + len(expression[at:]) - len(expression[at:].lstrip())
            raise SyntaxProblemError(column + 1, expression[column : column + 1])
        yield found.lastgroup, found[found.lastgroup], found.start(found.lastgroup) + 1
        at = found.end()
    yield "end", "", len(expression) + 1
