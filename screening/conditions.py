"""Clause conditions over declared facts, in Common Expression Language, with three values.

CEL's own rule makes Kleene's logic: `&&` and `||` absorb an error on one side when the other side decides
(cel-spec, "Logical operators"). A fact that was not declared is left out of the context, so that an expression
which needs it fails, and one which does not need it still answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import cel

from screening.errors import ConditionError
from screening.model import Fact, FactValue
from screening.truth import Truth

# Division, indexing and conversions can fail on declared values; without them only a missing fact can.
OPERATORS = frozenset(
    {"_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_+_", "_-_", "_*_", "-_", "@in"}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One expression, e.g. `discharges_wastewater && water_m3_per_year > 1000.0`.

    >>> condition = Condition("burns_coal || coal_t_per_year > 0.0")
    >>> condition.holds({"burns_coal": True}), condition.holds({"coal_t_per_year": 0.0})
    (<Truth.YES: 'yes'>, <Truth.UNKNOWN: 'unknown'>)
    """

    expression: str

    @property
    def fact_names(self) -> frozenset[str]:
        """Names of the facts it asks for."""
        return frozenset(_compiled(self.expression).variables())

    def missing(self, facts: Mapping[str, FactValue]) -> frozenset[str]:
        """Facts it asks for which were not declared."""
        return self.fact_names - facts.keys()

    def holds(self, facts: Mapping[str, FactValue]) -> Truth:
        """Whether it holds; unknown where undeclared facts would decide.

        Raises:
            ConditionError: It cannot be evaluated although every fact is declared.
        """
        known = {name: facts[name] for name in self.fact_names & facts.keys()}
        try:
            answer = _compiled(self.expression).execute(cel.Context(variables=known))
        except (RuntimeError, TypeError, ValueError) as problem:
            if self.missing(facts):
                return Truth.UNKNOWN
            raise ConditionError.unusable(self.expression, str(problem)) from problem
        if not isinstance(answer, bool):
            raise ConditionError.unusable(self.expression, f"{answer!r}")
        return Truth.of(answer)


def check_condition(expression: str, schema: Mapping[str, Fact]) -> Condition:
    """The condition, proved usable against the declared facts before any project meets it.

    Raises:
        ConditionError: It does not parse, asks for an unknown fact, uses an operator outside the allowed set,
            or compares a fact with something of another type.
    """
    try:
        program = _compiled(expression)
    except ValueError as problem:
        raise ConditionError.unreadable(expression, str(problem)) from problem
    unknown = sorted(set(program.variables()) - schema.keys())
    if unknown:
        raise ConditionError.unknown_facts(expression, unknown, sorted(schema))
    foreign = sorted(set(program.functions()) - OPERATORS)
    if foreign:
        raise ConditionError.foreign_operators(expression, foreign)
    condition = Condition(expression)
    for answer in (True, False):  # so that neither side of an && or || hides from the trial
        condition.holds({name: _sample(schema[name], answer) for name in condition.fact_names})
    return condition


def _sample(fact: Fact, answer: bool) -> FactValue:
    if fact.kind == "number":
        return 1.0
    if fact.kind == "boolean":
        return answer
    return fact.choices[0][0] if fact.choices else ""


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> cel.Program:
    return cel.compile(expression)
