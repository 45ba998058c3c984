"""Which declarations matter for a project at a site, in the order in which they decide: what a form should ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from screening.findings import Finding, Outcome, Subject
from screening.model import Effect, Fact
from screening.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An undeclared fact on which findings turn.

    Attributes:
        fact: Name in the schema, or `construction`.
        worst: The gravest outcome it may lead to.
        findings: Keys of the findings that turn on it.
    """

    fact: str
    worst: Outcome
    findings: tuple[str, ...]


def asked(verdict: Verdict, schema: Mapping[str, Fact]) -> tuple[Asked, ...]:
    """Undeclared facts that can still change a finding: first those that may prohibit, then those many clauses ask for.

    Facts that layers establish are left out: nobody can declare them. What they are may grow or shrink with every answer; a form asks again after each.
    """
    by_key = {finding.key: finding for finding in verdict.findings}
    questions = [
        Asked(fact=fact, worst=max(_worst(by_key[key]) for key in keys), findings=keys)
        for fact, keys in verdict.would_change
        if fact not in schema or not schema[fact].is_derived
    ]
    return tuple(sorted(questions, key=lambda one: (-one.worst, -len(one.findings), one.fact)))


def _worst(finding: Finding) -> Outcome:
    """The gravest that a finding may become once the facts are known."""
    line = finding.ceiling or finding.objective
    if line is not None:
        return Outcome.VIOLATES if line.effect is Effect.PROHIBIT else Outcome.CONDITIONAL
    clause = finding.clause
    if finding.subject is not Subject.CLAUSE or clause is None:
        return finding.outcome
    if clause.effect in (Effect.PROHIBIT, Effect.PHASE_OUT) or clause.satisfied_when is not None:
        return Outcome.VIOLATES
    return Outcome.UNDETERMINED if clause.effect in (Effect.RESTRICT, Effect.PROSE) else Outcome.CONDITIONAL
