"""Cases as dashboards count them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.approvals.flow import Decision, Stage
from screening.words import Text

GRAVEST_FIRST = ("violates", "undetermined", "conditional", "complies")
APPROVALS = frozenset({Decision.APPROVED.value, Decision.CONDITIONAL.value})
UNTIL_DECISION = (Stage.RECEIVED.value, Stage.ASSESSING.value, Stage.REVIEWING.value, Stage.DECIDING.value)
ENDED_EARLY = frozenset({Decision.DECLINED.value, Decision.WITHDRAWN.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFact:
    """A stage that a case has left; `days` is None where nobody knows."""

    stage: str
    days: int | None
    limit_days: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether it is known to have taken longer than its limit."""
        return self.days is not None and self.limit_days is not None and self.days > self.limit_days


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFact:
    """What of a sealed verdict is counted.

    Attributes:
        strictest: Class of the strictest control unit the site touches; None where it touches none, or nobody knows.
        is_strictest_known: Whether the release of the verdict says which of its layers are control units.
        weighty: Findings that violate, are undetermined or conditional: key, title, outcome.
        ceilings: Holder and fact of the ceilings it was measured against.
        demands: Declared amounts by fact.
        point: Longitude and latitude in the site, EPSG:4490.
    """

    conclusion: str
    strictest: int | None
    weighty: tuple[tuple[str, Text, str], ...]
    ceilings: frozenset[tuple[str, str]]
    demands: Mapping[str, float]
    point: tuple[float, float]
    is_strictest_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact:
    """One case.

    Attributes:
        section: Letter of its first industry code; empty for none.
        due_on: Of the stage it is at; None where nothing is due or nobody knows.
        is_key_project: None where nobody said.
        stated_conclusion: As an earlier system stated it; empty for none.
        returned: How often the applicant was asked; None where not recorded.
        overrides: Findings overridden; None where not recorded.
        demands: As stated by an imported row.
        point: As stated by an imported row; None otherwise.
        verdicts: On its sites, as far as there are any.
    """

    number: str
    project: str
    agency: str
    district: str
    construction: str
    section: str
    stage: str
    decision: str
    opened_on: date
    decided_on: date | None
    due_on: date | None
    is_waiting: bool
    is_imported: bool
    is_demonstration: bool
    stages: tuple[StageFact, ...]
    is_key_project: bool | None
    category: str
    stated_conclusion: str
    returned: int | None
    overrides: int | None
    demands: Mapping[str, float]
    point: tuple[float, float] | None
    started_on: date | None
    operated_on: date | None
    verdicts: tuple[VerdictFact, ...]

    @property
    def is_approved(self) -> bool:
        """Whether it was approved, with or without conditions."""
        return self.decision in APPROVALS

    @property
    def conclusion(self) -> str:
        """The gravest conclusion of its verdicts; empty where it has none."""
        return min((one.conclusion for one in self.verdicts), key=GRAVEST_FIRST.index, default="")

    @property
    def total_days(self) -> int | None:
        """Working days from submission to the decision; None where undecided, or a stage it passed is missing or not known."""
        on_record = {one.stage for one in self.stages}
        passed = tuple(one for one in UNTIL_DECISION if one in on_record)
        needed = UNTIL_DECISION[: max(1, len(passed))] if self.decision in ENDED_EARLY else UNTIL_DECISION
        counted = [one.days for one in self.stages if one.stage in UNTIL_DECISION]
        if not self.decision or passed != needed or None in counted:
            return None
        return sum(one for one in counted if one is not None)

    def is_overdue(self, today: date) -> bool:
        """Whether a stage took longer than its limit, or the present one is past its due day."""
        late_now = self.due_on is not None and not self.is_waiting and self.due_on < today
        return late_now or any(one.is_overdue for one in self.stages)

    @property
    def place(self) -> tuple[float, float] | None:
        """Where it is: by its first verdict, else as stated."""
        return self.verdicts[0].point if self.verdicts else self.point


def grouped(cases: Sequence[CaseFact], of: Callable[[CaseFact], str]) -> dict[str, list[CaseFact]]:
    """Cases by what something says of each, in the order of that."""
    groups: defaultdict[str, list[CaseFact]] = defaultdict(list)
    for case in cases:
        groups[of(case)].append(case)
    return {key: groups[key] for key in sorted(groups)}
