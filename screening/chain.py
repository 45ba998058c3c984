"""The reason chain replayed: from the recorded answers to each clause's questions to its outcome, and to the conclusion.

This is the law of the matter once more, in one table, over plain data: whoever holds a record can follow it by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from screening.findings import Outcome, StepName
from screening.model import Effect
from screening.truth import Truth, every

SPEAKS = (StepName.PLACE, StepName.INDUSTRY, StepName.CONSTRUCTION, StepName.CONDITION)
BANS = (Effect.PROHIBIT, Effect.PHASE_OUT)
WELCOMES = (Effect.ENCOURAGE, Effect.PERMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One finding on the way to the conclusion.

    Attributes:
        outcome: Of a clause, by its steps; of anything else, as recorded.
        so_far: The gravest outcome up to here: the last one is the conclusion.
    """

    key: str
    outcome: Outcome
    so_far: Outcome


def replay(record: Mapping[str, Any]) -> tuple[Replayed, ...]:
    """Every finding of a record with the conclusion so far, in the order of the record.

    Args:
        record: As `screening.record.as_record` writes it.
    """
    so_far, chain = Outcome.COMPLIES, []
    for finding in record["findings"]:
        recorded = Outcome[finding["outcome"].upper()]
        outcome = outcome_by_steps(finding) if finding["clause"] else recorded
        so_far = max(so_far, outcome)
        chain.append(Replayed(key=finding["key"], outcome=outcome, so_far=so_far))
    return tuple(chain)


def outcome_by_steps(finding: Mapping[str, Any]) -> Outcome:
    """The outcome of a recorded clause by the answers to its questions alone."""
    steps = {StepName(one["step"]): Truth(one["truth"]) for one in finding["steps"]}
    effect, in_principle = Effect(finding["clause"]["effect"]), finding["clause"]["in_principle"]
    outcome = _before_permits(effect, steps, in_principle=in_principle)
    permitted = steps.get(StepName.PERMITTED, Truth.NO)
    if permitted is Truth.YES and outcome > Outcome.CONDITIONAL:
        return Outcome.CONDITIONAL
    return Outcome.UNDETERMINED if permitted is Truth.UNKNOWN and outcome is Outcome.VIOLATES else outcome


def _before_permits(effect: Effect, steps: Mapping[StepName, Truth], *, in_principle: bool) -> Outcome:
    satisfied = steps.get(StepName.SATISFIED)
    match every(steps[name] for name in SPEAKS):
        case Truth.NO:
            return Outcome.NOT_CONCERNED
        case Truth.UNKNOWN:
            is_harmless = effect in WELCOMES or (effect not in BANS and satisfied is Truth.YES)
            return Outcome.NOT_CONCERNED if is_harmless else Outcome.UNDETERMINED
    if effect in WELCOMES:
        return Outcome.COMPLIES
    if effect in BANS:
        return _of_ban(steps.get(StepName.EXCEPTION, Truth.NO), in_principle=in_principle)
    if effect is Effect.PROSE or (effect is Effect.RESTRICT and satisfied is None):
        return Outcome.UNDETERMINED
    return Outcome.CONDITIONAL if satisfied is None else _of_requirement(satisfied, in_principle=in_principle)


def _of_ban(excepted: Truth, *, in_principle: bool) -> Outcome:
    match excepted:
        case Truth.YES:
            return Outcome.CONDITIONAL
        case Truth.UNKNOWN:
            return Outcome.UNDETERMINED
        case Truth.NO:
            return Outcome.UNDETERMINED if in_principle else Outcome.VIOLATES


def _of_requirement(satisfied: Truth, *, in_principle: bool) -> Outcome:
    match satisfied:
        case Truth.YES:
            return Outcome.COMPLIES
        case Truth.UNKNOWN:
            return Outcome.UNDETERMINED
        case Truth.NO:
            return Outcome.UNDETERMINED if in_principle else Outcome.VIOLATES
