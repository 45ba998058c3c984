"""What the machine said of a case's sites, what persons said of it, and what follows for the decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.truth import Truth
from screening.words import Text

GRAVITY = ("violates", "undetermined", "conditional", "complies", "not_concerned")
JUDGED_AS = ("complies", "conditional", "violates", "not_concerned")  # a person decides, so never `undetermined`
_STOPS = frozenset({"violates", "undetermined"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding of one sealed verdict, as the machine answered it.

    Attributes:
        key: Of the finding in its verdict.
        outcome: One of `GRAVITY`.
        is_red_line: Whether it rests on a zone of the ecological red line.
    """

    screening_id: str
    key: str
    title: Text
    reason: Text
    outcome: str
    is_red_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a person says of a finding.

    Attributes:
        outcome: As the person sees it; the machine's own where it was accepted.
        document: Digest of the file it rests on; empty where it was accepted.
        confirmed_by_id: The second person; empty until then.
    """

    screening_id: str
    finding: str
    machine_outcome: str
    outcome: str
    reason: str
    document: str
    is_red_line: bool
    by_id: str
    by_name: str
    at: str
    confirmed_by_id: str
    confirmed_by_name: str
    confirmed_at: str

    @property
    def is_override(self) -> bool:
        """Whether the person says otherwise than the machine."""
        return self.outcome != self.machine_outcome

    @property
    def counts(self) -> bool:
        """Whether it holds already: of the red line only with the second person."""
        return not (self.is_override and self.is_red_line) or bool(self.confirmed_by_id)


Judgements = Mapping[tuple[str, str], Judgement]


def findings_of(screening_id: str, record: Mapping[str, Any], red_line_layers: frozenset[str]) -> tuple[Finding, ...]:
    """The findings of a kept verdict, the gravest first."""
    found = [
        Finding(
            screening_id=screening_id,
            key=one["key"],
            title=Text(**one["title"]),
            reason=Text(**one["reason"]),
            outcome=one["outcome"],
            is_red_line=one["layer"] in red_line_layers
            or any(contact.partition(":")[0] in red_line_layers for contact in one["contacts"]),
        )
        for one in record["findings"]
    ]
    return tuple(sorted(found, key=lambda one: GRAVITY.index(one.outcome)))


def touches_red_line(record: Mapping[str, Any], red_line_layers: frozenset[str]) -> Truth:
    """Whether a site touches the red line; unknown where its layers did not answer or the border is uncertain."""
    asked = [one for one in record["consulted"] if one["layer"] in red_line_layers]
    contacts = [one for one in record["contacts"] if one["layer"] in red_line_layers]
    if any(one["relation"] != "apart" for one in contacts):
        return Truth.YES
    if not asked or any(one["answer"] != "answered" for one in asked):
        return Truth.UNKNOWN
    return Truth.UNKNOWN if any(one["certainty"] != "certain" for one in contacts) else Truth.NO


def effective(finding: Finding, judgements: Judgements) -> str:
    """The outcome that counts: the person's where it holds, else the machine's."""
    judged = judgements.get((finding.screening_id, finding.key))
    return judged.outcome if judged is not None and judged.counts else finding.outcome


def blockers(findings: Iterable[Finding], judgements: Judgements) -> tuple[Finding, ...]:
    """Findings that stand against an approval."""
    return tuple(one for one in findings if effective(one, judgements) in _STOPS)


def weightiest(findings: Sequence[Finding], judgements: Judgements) -> str:
    """The gravest outcome that counts; empty without findings."""
    return min((effective(one, judgements) for one in findings), key=GRAVITY.index, default="")
