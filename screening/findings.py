"""What a verdict is made of: outcomes and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from screening.access import Clause
from screening.accuracy import Certainty
from screening.evidence import Contact
from screening.model import Ceiling, FactValue, Objective
from screening.truth import Truth
from screening.words import Text


class Outcome(IntEnum):
    """研判结果, mildest first: the gravest finding is the conclusion."""

    NOT_CONCERNED = 0  # 不涉及, of a finding only
    COMPLIES = 1  # 符合
    CONDITIONAL = 2  # 有条件符合
    UNDETERMINED = 3  # 无法判定
    VIOLATES = 4  # 不符合


class Subject(StrEnum):
    """What a finding is about, in the order in which findings of one outcome are told."""

    UNIT = "unit"  # does the site lie in control units at all
    LAYER = "layer"  # did every layer answer
    LIST = "list"  # does the list speak about what was found
    CLAUSE = "clause"
    CEILING = "ceiling"
    OBJECTIVE = "objective"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementDemand:
    """替代量: what the project must see taken away elsewhere.

    Attributes:
        declared: What it adds, in the fact's unit; None where not declared.
        amount: `declared` times `ratio`; None where not declared.
    """

    fact: str
    ratio: float
    declared: float | None

    @property
    def amount(self) -> float | None:
        """What must be replaced, in the fact's unit."""
        return None if self.declared is None else self.declared * self.ratio


def replacement_demands(
    asked: Iterable[tuple[str, float]], facts: Mapping[str, FactValue]
) -> tuple[ReplacementDemand, ...]:
    """Demands for facts and ratios; an amount that is declared to be zero demands nothing."""
    demands = []
    for fact, ratio in asked:
        declared = facts.get(fact)
        if declared != 0.0:
            amount = declared if isinstance(declared, float) else None
            demands.append(ReplacementDemand(fact=fact, ratio=ratio, declared=amount))
    return tuple(demands)


class StepName(StrEnum):
    """The questions by which a clause comes to its outcome, in the order in which they are asked."""

    PLACE = "place"  # does it speak about the place?
    INDUSTRY = "industry"  # about the industry?
    CONSTRUCTION = "construction"  # about the kind of construction?
    CONDITION = "condition"  # does its condition hold?
    EXCEPTION = "exception"  # "unless …": is the project taken out of a ban?
    SATISFIED = "satisfied"  # does what was declared show it met?
    PERMITTED = "permitted"  # does a permission that names it hold for the whole site?


@dataclass(frozen=True, slots=True)
class Step:
    """推演步骤: one question and its answer."""

    name: StepName
    truth: Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """研判要点: one clause, line or gap that speaks about the site.

    Attributes:
        key: Stable within one verdict, e.g. `clause:DEMO-N-03`.
        truth: Whether the thing applies to this project at this site.
        reason: Why the outcome is what it is, one sentence.
        duty: What the project must do or a person must decide; None if nothing.
        contacts: Zones through which it applies.
        missing_facts: Undeclared facts that would decide it.
        replacements: Amounts to be replaced elsewhere, by the clause or objective.
        steps: How a clause came to its outcome; `screening.chain` replays them. Empty for anything but a clause.
        certainty: Borderline where it turns on the accuracy of lines, or on what a zone leaves blank.
        needs_person: Whether only a person can decide, whatever is declared.
    """

    key: str
    subject: Subject
    outcome: Outcome
    truth: Truth
    title: Text
    reason: Text
    duty: Text | None = None
    contacts: tuple[Contact, ...] = ()
    missing_facts: tuple[str, ...] = ()
    replacements: tuple[ReplacementDemand, ...] = ()
    needs_person: bool = False
    certainty: Certainty = Certainty.CERTAIN
    steps: tuple[Step, ...] = ()
    clause: Clause | None = None
    ceiling: Ceiling | None = None
    objective: Objective | None = None
    layer_id: str = ""
