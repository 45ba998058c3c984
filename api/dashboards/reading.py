"""Cases as dashboards count them, read from the database in a handful of queries."""

from __future__ import annotations

import json
from collections import ChainMap, Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.approvals.tables import CaseRow, JudgementRow, MarkRow, PastRow, SiteRow, StageRow
from api.audit import EventRow
from api.cases import ScreeningRow
from api.dashboards.cases import CaseFact, StageFact, VerdictFact
from screening.words import Text

_WEIGHTY = frozenset({"violates", "undetermined", "conditional"})
_RETURNED = "ask"
_CEILING = "ceiling"
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to cases, by their id or number."""

    stages: Mapping[str, list[StageFact]]
    past: Mapping[str, PastRow]
    marks: Mapping[str, MarkRow]
    returned: Mapping[str, int]
    overrides: Mapping[str, int]
    screenings: Mapping[str, list[str]]


class CaseFacts:
    """Reads cases; what it read of a sealed verdict it keeps, since that never changes.

    Args:
        unit_layers: Ids of the layers of control units in a release; None where it cannot be read now.
    """

    def __init__(self, unit_layers: Callable[[str], frozenset[str] | None]) -> None:
        self._unit_layers = unit_layers
        self._verdicts: dict[str, VerdictFact] = {}

    def read(self, session: Session) -> list[CaseFact]:
        """All cases, by number."""
        parts = _parts(session)
        verdicts = self._learnt(session, {one for ids in parts.screenings.values() for one in ids})
        rows = session.scalars(select(CaseRow).order_by(CaseRow.number))
        return [_case(row, parts, verdicts) for row in rows]

    def _learnt(self, session: Session, ids: set[str]) -> Mapping[str, VerdictFact]:
        """Verdicts by id; one whose release cannot be read now is read again the next time."""
        units: dict[str, frozenset[str] | None] = {}
        passing: dict[str, VerdictFact] = {}
        missing = sorted(ids - self._verdicts.keys())
        for start in range(0, len(missing), _AT_ONCE):
            asked = select(ScreeningRow.id, ScreeningRow.record).where(
                ScreeningRow.id.in_(missing[start : start + _AT_ONCE])
            )
            for one in session.execute(asked):
                record = json.loads(one.record)
                release = record["release"]["id"]
                if release not in units:
                    units[release] = self._unit_layers(release)
                kept = passing if units[release] is None else self._verdicts
                kept[one.id] = verdict_fact(record, units[release])
        return ChainMap(passing, self._verdicts)


def _case(row: CaseRow, parts: _Parts, learnt: Mapping[str, VerdictFact]) -> CaseFact:
    past = parts.past.get(row.id)
    said = parts.marks.get(row.id) or past  # what persons noted last stands in place of the imported row
    industries = json.loads(row.industries)
    has_point = past is not None and past.longitude is not None and past.latitude is not None
    return CaseFact(
        number=row.number,
        project=row.project,
        agency=row.agency,
        district=row.district,
        construction=row.construction,
        section=industries[0][:1] if industries else "",
        stage=row.stage,
        decision=row.decision,
        opened_on=_day_of(row.opened_at),
        decided_on=_day_of(row.decided_at) if row.decided_at else None,
        due_on=date.fromisoformat(row.due_on) if row.due_on else None,
        is_waiting=row.asked_on is not None,
        is_imported=past is not None,
        is_demonstration=past is not None and past.is_demonstration,
        stages=tuple(parts.stages.get(row.id, ())),
        is_key_project=said.is_key_project if said else None,
        category=said.eia_category if said else "",
        stated_conclusion=past.conclusion if past else "",
        returned=past.returned if past else parts.returned.get(row.number, 0),
        overrides=past.overrides if past else parts.overrides.get(row.id, 0),
        demands=json.loads(past.facts) if past else {},
        point=(past.longitude or 0.0, past.latitude or 0.0) if past and has_point else None,
        started_on=_optional(said.started_on) if said else None,
        operated_on=_optional(said.operated_on) if said else None,
        verdicts=tuple(learnt[one] for one in parts.screenings.get(row.id, ())),
    )


def verdict_fact(record: Mapping[str, Any], unit_layers: frozenset[str] | None) -> VerdictFact:
    """What is counted of the record of a verdict; without the layers of control units their class is not known."""
    classes = [
        one["class"]
        for one in record["contacts"]
        if one["layer"] in (unit_layers or ()) and one["relation"] != "apart" and one["class"] is not None
    ]
    findings = record["findings"]
    point = shapely.from_geojson(json.dumps(record["site"]["geometry"])).representative_point()
    keys = [one["key"].split(":") for one in findings if one["subject"] == _CEILING]
    facts = record["project"]["facts"].items()
    return VerdictFact(
        conclusion=record["conclusion"],
        strictest=min(classes, default=None),
        is_strictest_known=unit_layers is not None,
        weighty=tuple(
            (one["key"], Text(**one["title"]), one["outcome"]) for one in findings if one["outcome"] in _WEIGHTY
        ),
        ceilings=frozenset((holder, fact) for _, holder, fact in keys),
        demands={
            name: value for name, value in facts if isinstance(value, int | float) and not isinstance(value, bool)
        },
        point=(point.x, point.y),
    )


def _parts(session: Session) -> _Parts:
    stages: defaultdict[str, list[StageFact]] = defaultdict(list)
    asked = select(StageRow.case_id, StageRow.stage, StageRow.days, StageRow.limit_days)
    for one in session.execute(asked.order_by(StageRow.case_id, StageRow.position)):
        stages[one.case_id].append(StageFact(stage=one.stage, days=one.days, limit_days=one.limit_days))
    screenings: defaultdict[str, list[str]] = defaultdict(list)
    sites = select(SiteRow.case_id, SiteRow.screening_id).order_by(SiteRow.case_id, SiteRow.position)
    for site in session.execute(sites):
        if site.screening_id is not None:
            screenings[site.case_id].append(site.screening_id)
    overridden = JudgementRow.outcome != JudgementRow.machine_outcome
    return _Parts(
        stages=stages,
        past={one.case_id: one for one in session.scalars(select(PastRow))},
        marks={one.case_id: one for one in session.scalars(select(MarkRow))},
        returned=_counted(session.scalars(select(EventRow.subject).where(EventRow.kind == _RETURNED))),
        overrides=_counted(session.scalars(select(JudgementRow.case_id).where(overridden))),
        screenings=screenings,
    )


def _counted(subjects: Iterable[str]) -> Mapping[str, int]:
    return Counter(subjects)


def _day_of(instant: str) -> date:
    return datetime.fromisoformat(instant).date()


def _optional(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
