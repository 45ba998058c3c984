"""Cases found by place, as they stand in the database, for those who may see them in the list of cases."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.roles import Action, Principal
from api.approvals.tables import CaseRow, PastRow
from api.approvals.views import seen_by

AT_ONCE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """One case.

    Attributes:
        decision: Empty while it is open.
        decided_on: Day; empty likewise.
        is_demonstration: Whether it is invented.
    """

    id: str
    number: str
    project: str
    industries: tuple[str, ...]
    district: str
    stage: str
    decision: str
    opened_on: str
    decided_on: str
    is_demonstration: bool


def lines_of(session: Session, who: Principal, action: Action, ids: Collection[str]) -> dict[str, PlacedLine]:
    """The cases of these ids that somebody may see, by id."""
    found: dict[str, PlacedLine] = {}
    for part in parts(list(ids)):
        asked = (
            select(CaseRow, PastRow.is_demonstration)
            .outerjoin(PastRow, PastRow.case_id == CaseRow.id)
            .where(CaseRow.id.in_(part), seen_by(who, action))
        )
        for row, invented in session.execute(asked):
            found[row.id] = PlacedLine(
                id=row.id,
                number=row.number,
                project=row.project,
                industries=tuple(json.loads(row.industries)),
                district=row.district,
                stage=row.stage,
                decision=row.decision,
                opened_on=row.opened_at[:10],
                decided_on=(row.decided_at or "")[:10],
                is_demonstration=bool(invented),
            )
    return found


def parts(ids: list[str]) -> Iterator[list[str]]:
    """So many ids as one question may name."""
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))
