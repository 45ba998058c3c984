"""Conditions by brute force: a CEL engine on every way in which undeclared facts could turn out.

An undeclared number may be anything: the ranges of the schema bound what may be declared, not what is unknown (ADR 11).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from functools import cache

import cel

Value = bool | float | str

NUMBERS = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?")
NAMES = re.compile(r"[A-Za-z_]\w*")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@cache
def _asked(expression: str) -> tuple[str, ...]:
    return tuple(sorted(set(NAMES.findall(QUOTED.sub("", expression))) - {"true", "false", "in"}))


def holds(expression: str, facts: Mapping[str, Value], kinds: Mapping[str, str]) -> str:
    """`yes` or `no` if it comes to that however undeclared facts turn out, `unknown` otherwise."""
    return _decided(expression, _known(expression, facts), _kinds(expression, kinds))[0]


def missing(expression: str, facts: Mapping[str, Value], kinds: Mapping[str, str]) -> frozenset[str]:
    """Undeclared facts of which there is a way to turn out that changes the whole."""
    return _decided(expression, _known(expression, facts), _kinds(expression, kinds))[1]


def _known(expression: str, facts: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple((name, facts[name]) for name in _asked(expression) if name in facts)


def _kinds(expression: str, kinds: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, kinds[name]) for name in _asked(expression))


@cache
def _decided(
    expression: str, known: tuple[tuple[str, Value], ...], kinds: tuple[tuple[str, str], ...]
) -> tuple[str, frozenset[str]]:
    program, facts = cel.compile(expression), dict(known)
    free = [(name, _possible(expression, kind)) for name, kind in kinds if name not in facts]
    results = {
        chosen: bool(
            program.execute(cel.Context(variables={**facts, **dict(zip([n for n, _ in free], chosen, strict=True))}))
        )
        for chosen in itertools.product(*(values for _, values in free))
    }
    if len(set(results.values())) == 1:
        return ("yes" if next(iter(results.values())) else "no"), frozenset()
    turning = {
        name
        for at, (name, values) in enumerate(free)
        for chosen, result in results.items()
        for value in values
        if results[(*chosen[:at], value, *chosen[at + 1 :])] != result
    }
    return "unknown", frozenset(turning)


def _possible(expression: str, kind: str) -> tuple[Value, ...]:
    if kind == "boolean":
        return True, False
    if kind == "choice":
        return (*(one[1:-1] for one in QUOTED.findall(expression)), "something else")
    limits = {0.0, *(float(one) for one in NUMBERS.findall(QUOTED.sub("", expression)))}
    return tuple(sorted({-1e12, 1e12, *(limit + step for limit in limits for step in (-0.5, 0.0, 0.5))}))
