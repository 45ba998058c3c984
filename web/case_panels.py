"""What the law beside the zones says of a case's project, for whoever works on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.approval_port import ApprovalPort
from api.approvals.views import CaseView
from api.law_routes import FOR_A_PERSON
from layers.policy import catalogues
from screening.model import Construction
from screening.policy import POLICY_CLASS
from screening.terms import EFFECT
from screening.words import Language

MOST_CANDIDATES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """One catalogue's answer in words.

    Attributes:
        candidates: Wordings of entries that may be meant, the gravest first.
        more: How many candidates there are beyond these.
    """

    title: str
    label: str
    effect: str
    reason: str
    candidates: tuple[str, ...]
    more: int
    verified: bool


def policy_lines(port: ApprovalPort, case: CaseView, day: date, language: Language) -> list[PolicyLine]:
    """How the industrial-policy catalogues of a day class the project; without an industry nothing is asked."""
    if not case.industries:
        return []
    verdict = next((one.screening_id for one in case.sites if one.screening_id), "")
    facts = port.screenings.find(verdict).record["project"]["facts"] if verdict else {}
    answers = port.screenings.law.policy(
        case.industries,
        [case.line.project],
        facts,
        construction=Construction(case.construction) if case.construction else None,
        confirmed={},
        read=(),
        as_of=day,
    )
    return [
        PolicyLine(
            title=catalogues()[one.catalogue].title.in_(language),
            label=(POLICY_CLASS[one.cls] if one.cls else FOR_A_PERSON).in_(language),
            effect=EFFECT[one.effect].in_(language) if one.effect else "",
            reason=one.reason.in_(language),
            candidates=tuple(match.entry.wording for match in one.matches[:MOST_CANDIDATES]),
            more=max(0, len(one.matches) - MOST_CANDIDATES),
            verified=one.is_verified,
        )
        for one in answers
    ]
