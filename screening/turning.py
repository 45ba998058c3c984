"""What would change it: single declarations that would turn the conclusion, and into what."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from screening.expressions import Comparison, Literal, Name, parse, walk
from screening.findings import Finding, Outcome, StepName
from screening.model import Ceiling, Construction, Fact, FactValue, Project
from screening.truth import Truth
from screening.verdict import Verdict, findings_on_project

CONSTRUCTION = "construction"
NUDGE = 1e-6  # of a threshold: so far beside it "slightly below" and "slightly above" are tried


class Side(StrEnum):
    """Where beside a value the conclusion turns."""

    AT = "at"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One declaration that would turn the conclusion, everything else left as declared.

    Attributes:
        fact: Name in the schema, or `construction`.
        value: What to declare instead; for a number the threshold.
        side: At the value, or slightly below or above it.
        conclusion: What would be concluded.
    """

    fact: str
    value: FactValue
    side: Side
    conclusion: Outcome


def turning_points(verdict: Verdict, schema: Mapping[str, Fact]) -> tuple[Turn, ...]:
    """For every fact that is asked for: the values that turn the conclusion, of a number the nearest for each conclusion.

    The mildest conclusion comes first, and what was not declared before what was.

    Args:
        verdict: What `screen` answered.
        schema: Facts by name; derived ones are left alone, for nobody declares them.
    """
    turns = []
    for name, moved in sorted(_moved(verdict).items()):
        fact = schema.get(name)
        if name == CONSTRUCTION:
            turns += _turns_of_construction(verdict, moved)
        elif fact is not None and not fact.is_derived:
            turns += _turns_of(verdict, fact, moved)
    declared = verdict.project.facts.keys()
    return tuple(sorted(turns, key=lambda one: (one.conclusion, one.fact in declared, one.fact)))


def _moved(verdict: Verdict) -> dict[str, frozenset[str]]:
    """For every declaration that any clause reaching the site, or any ceiling or objective of the place, asks for: the
    keys of the findings that may turn with it."""
    moved: dict[str, set[str]] = {}
    for finding in (*verdict.judged, *_on_lines(verdict)):
        for name in _asked_by(finding):
            moved.setdefault(name, set()).add(finding.key)
    families = _families(verdict)
    return {
        name: frozenset(keys.union(*(family for family in families if not family.isdisjoint(keys))))
        for name, keys in moved.items()
    }


def _on_lines(verdict: Verdict) -> Iterator[Finding]:
    return (one for one in verdict.findings if one.ceiling is not None or one.objective is not None)


def _asked_by(finding: Finding) -> Iterator[str]:
    """The declarations on which a finding may turn: of a clause about other industries none, of one about other kinds
    of construction the kind alone."""
    if finding.clause is not None:
        answers = {step.name: step.truth for step in finding.steps}
        if answers[StepName.INDUSTRY] is Truth.NO:
            return
        if finding.clause.construction:
            yield CONSTRUCTION
        if answers[StepName.CONSTRUCTION] is not Truth.NO:
            yield from finding.clause.fact_names
    if finding.ceiling is not None:
        yield finding.ceiling.fact
    if finding.objective is not None:
        yield finding.objective.emission_fact


def _families(verdict: Verdict) -> list[set[str]]:
    """Keys of the findings on clauses that are exceptions to one another: such turn together."""
    families: list[set[str]] = []
    for clause, _ in verdict.reached:
        if clause.exempts:
            own = {f"clause:{one}" for one in (clause.id, *clause.exempts)}
            kin = [family for family in families if not family.isdisjoint(own)]
            families = [family for family in families if family not in kin] + [own.union(*kin)]
    return families


def _turns_of(verdict: Verdict, fact: Fact, moved: Container[str]) -> list[Turn]:
    declared = verdict.project.facts.get(fact.name)
    standing = _standing(verdict, moved)
    found: list[tuple[float, Turn]] = []
    for value, threshold, side in _candidates(verdict, fact) if standing < Outcome.VIOLATES else ():
        if value == declared:
            continue
        facts = {**verdict.project.facts, fact.name: value}
        conclusion = _conclusion(verdict, standing, replace(verdict.project, facts=facts), moved)
        if conclusion is not verdict.conclusion:
            turn = Turn(fact=fact.name, value=threshold, side=side, conclusion=conclusion)
            found.append((_distance(value, declared), turn))
    nearest: dict[tuple[Outcome, FactValue | None], Turn] = {}
    for _, turn in sorted(found, key=lambda pair: (pair[0], pair[1].side is not Side.AT)):
        nearest.setdefault((turn.conclusion, None if fact.kind == "number" else turn.value), turn)
    return list(nearest.values())


def _turns_of_construction(verdict: Verdict, moved: Container[str]) -> list[Turn]:
    standing = _standing(verdict, moved)
    found = []
    for kind in Construction:
        if kind is verdict.project.construction:
            continue
        conclusion = _conclusion(verdict, standing, replace(verdict.project, construction=kind), moved)
        if conclusion is not verdict.conclusion:
            found.append(Turn(fact=CONSTRUCTION, value=kind.value, side=Side.AT, conclusion=conclusion))
    return found


def _standing(verdict: Verdict, moved: Container[str]) -> Outcome:
    """The gravest of what stays as it is."""
    return max((one.outcome for one in verdict.findings if one.key not in moved), default=Outcome.COMPLIES)


def _conclusion(verdict: Verdict, standing: Outcome, project: Project, moved: Container[str]) -> Outcome:
    """The conclusion on a project that differs in one declaration: only what may turn with it is judged anew."""
    findings = findings_on_project(verdict, project, moved)
    return max([standing, Outcome.COMPLIES, *(one.outcome for one in findings)])


def _candidates(verdict: Verdict, fact: Fact) -> Iterator[tuple[FactValue, FactValue, Side]]:
    """Values worth trying, each with the value it stands beside."""
    if fact.kind == "boolean":
        yield from ((value, value, Side.AT) for value in (False, True))
    elif fact.kind == "choice":
        yield from ((value, value, Side.AT) for value, _ in fact.choices)
    else:
        yield from _numbers(fact, {*_thresholds(verdict, fact.name), *_room(verdict.evidence.ceilings, fact.name)})


def _numbers(fact: Fact, thresholds: set[float]) -> Iterator[tuple[FactValue, FactValue, Side]]:
    low = -float("inf") if fact.minimum is None else fact.minimum
    high = float("inf") if fact.maximum is None else fact.maximum
    for threshold in sorted(thresholds):
        nudge = max(abs(threshold), 1.0) * NUDGE
        for value, side in (
            (threshold, Side.AT),
            (threshold - nudge, Side.BELOW),
            (threshold + nudge, Side.ABOVE),
        ):
            if low <= value <= high:
                yield value, threshold, side


def _thresholds(verdict: Verdict, name: str) -> Iterator[float]:
    """Numbers against which conditions of the clauses that reach the site hold a fact."""
    for clause, _ in verdict.reached:
        for condition in (clause.applies_when, clause.satisfied_when, clause.excepted_when):
            if condition is not None and name in condition.fact_names:
                yield from _compared(condition.expression, name)


def _compared(expression: str, name: str) -> Iterator[float]:
    for node in walk(parse(expression)):
        match node:
            case Comparison(_, Name(one), Literal(value)) | Comparison(_, Literal(value), Name(one)):
                if one == name and isinstance(value, float) and not isinstance(value, bool):
                    yield value


def _room(ceilings: Sequence[Ceiling], name: str) -> Iterator[float]:
    """How much of a fact each ceiling on it has left, and none at all."""
    for one in ceilings:
        if one.fact == name:
            yield 0.0
            if one.cap is not None and one.used is not None and one.per_fact > 0:
                yield max(0.0, (one.cap - one.used) / one.per_fact)


def _distance(value: FactValue, declared: FactValue | None) -> float:
    """How far a number lies from the one declared; among undeclared ones the smaller comes first."""
    if isinstance(value, bool | str):
        return 0.0
    return abs(value - (declared if isinstance(declared, float) else 0.0))
