"""Cases as those who may see them see them: lists, the desk, one case with its verdicts, judgements, files and events."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session

from api import audit
from api.accounts.roles import Action, Principal, Reach, allows, reach
from api.accounts.tables import AccountRow
from api.approvals.acts import Acts, Mark, judgements_by_key
from api.approvals.casebook import Casebook, attachments_of, due_of, sites_of, state_of, target_of
from api.approvals.flow import RULES, Stage, is_possible
from api.approvals.matters import Finding, Judgements, blockers
from api.approvals.tables import AttachmentRow, CaseRow, ContentRow, MarkRow, PastRow
from api.approvals.words import SHOWN_TO_OWNERS
from screening.approval_errors import UnknownAttachmentError
from screening.truth import Truth

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case in a list.

    Attributes:
        due_on: None where the calendar does not reach so far, or nothing is due.
        unknown_year: The year nobody has announced that stands against a due day.
        is_waiting: Whether the clock stands because the applicant was asked.
        is_overdue: Whether the due day has passed while the clock ran.
    """

    number: str
    project: str
    organisation: str
    district: str
    stage: Stage
    assignee: str
    due_on: date | None
    unknown_year: int | None
    is_waiting: bool
    is_overdue: bool
    decision: str
    opened_at: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file of a case."""

    digest: str
    name: str
    media_type: str
    size: int
    by_name: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSite:
    """One site; `findings` is None where it has no verdict yet."""

    position: int
    name: str
    written: str
    screening_id: str
    findings: tuple[Finding, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case as one person sees it.

    Attributes:
        judgements: What persons said, by verdict and finding; empty for owners until the decision.
        against: Findings that stand against an approval.
        red_line: Whether it touches the red line.
        acts: What this person may do now.
        mark: What is noted of it for supervision, by persons or else by the imported row; None for nothing.
        source_number: Of the earlier system, where the case was imported; empty otherwise.
        is_demonstration: Whether the case is invented.
        head: The chain's last hash, to write down.
        head_seq: Its number.
    """

    line: CaseLine
    industries: tuple[str, ...]
    construction: str
    agency: str
    opinion: str
    decided_at: str
    sites: tuple[CaseSite, ...]
    judgements: Judgements
    against: tuple[Finding, ...]
    red_line: Truth
    attachments: tuple[Attachment, ...]
    events: tuple[audit.Event, ...]
    acts: frozenset[Action]
    source_number: str
    is_demonstration: bool
    mark: Mark | None
    head: str
    head_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which cases to list; empty fields ask for nothing."""

    words: str = ""
    stage: str = ""
    district: str = ""
    assignee: str = ""
    decision: str = ""
    year: int | None = None
    overdue: bool = False
    page: int = 1


class Views:
    """Reads the cases of one casebook."""

    def __init__(self, casebook: Casebook, acts: Acts) -> None:
        self._book = casebook
        self._acts = acts

    def listed(self, who: Principal, asked: Filter) -> tuple[list[CaseLine], int]:
        """One page of the cases somebody may see, the newest first, and how many there are in all."""
        with self._book.database.reading() as session:
            wanted = self._wanted(who, asked)
            count = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
            rows = wanted.order_by(CaseRow.opened_at.desc(), CaseRow.number.desc())
            page = session.scalars(rows.limit(PAGE_SIZE).offset(PAGE_SIZE * (asked.page - 1)))
            return self._lines(session, list(page)), count

    def desk(self, who: Principal) -> list[CaseLine]:
        """What waits for somebody: overdue first, then by the day it is due; owners see their own open cases."""
        with self._book.database.reading() as session:
            open_cases = select(CaseRow).where(CaseRow.stage != Stage.ARCHIVED.value, seen_by(who, Action.LIST))
            is_owner = reach(who, Action.LIST) is Reach.OWN
            mine = open_cases if is_owner else open_cases.where(CaseRow.assignee_id == who.id)
            lines = self._lines(session, list(session.scalars(mine)))
        last = date.max
        if is_owner:
            return sorted(lines, key=lambda one: (not one.is_waiting, one.opened_at))
        return sorted(lines, key=lambda one: (not one.is_overdue, one.is_waiting, one.due_on or last, one.number))

    def unassigned(self, who: Principal) -> list[CaseLine]:
        """Open cases somebody may take on and nobody has."""
        if reach(who, Action.ACCEPT) is Reach.NONE:
            return []
        with self._book.database.reading() as session:
            free = select(CaseRow).where(
                CaseRow.stage != Stage.ARCHIVED.value, CaseRow.assignee_id.is_(None), seen_by(who, Action.ACCEPT)
            )
            return self._lines(session, list(session.scalars(free.order_by(CaseRow.opened_at).limit(PAGE_SIZE))))

    def case(self, who: Principal, number: str) -> CaseView:
        """One case.

        Raises:
            UnknownCaseError: There is none of that number.
            ForbiddenError: The role may not read it.
        """
        with self._book.reading(who, number) as (session, row):
            found = self._acts.findings(session, row)
            is_owner = reach(who, Action.READ) is Reach.OWN
            judged = {} if is_owner and not row.decided_at else judgements_by_key(session, row)
            head, past = audit.head(session), session.get(PastRow, row.id)
            return CaseView(
                line=self._lines(session, [row])[0],
                industries=tuple(json.loads(row.industries)),
                construction=row.construction,
                agency=row.agency,
                opinion="" if is_owner else row.opinion,
                decided_at=row.decided_at or "",
                sites=tuple(
                    CaseSite(
                        position=one.position,
                        name=one.name,
                        written=one.written,
                        screening_id=one.screening_id or "",
                        findings=found.get(one.position),
                    )
                    for one in sites_of(session, row)
                ),
                judgements=judged,
                against=tuple(one for findings in found.values() for one in blockers(findings, judged)),
                red_line=self._acts.is_red_line_matter(session, row),
                attachments=tuple(
                    _attachment(one) for one in attachments_of(session, row) if not is_owner or one.by_id == who.id
                ),
                events=tuple(
                    one for one in audit.events(session, subject=number) if not is_owner or _is_shown(one, who)
                ),
                acts=frozenset(
                    act for act in RULES if is_possible(state_of(row), act) and allows(who, act, target_of(row))
                ),
                mark=_mark(session.get(MarkRow, row.id) or past),
                source_number=past.source_number if past else "",
                is_demonstration=past is not None and past.is_demonstration,
                head=head.hash if head else audit.GENESIS,
                head_seq=head.seq if head else 0,
            )

    def content(self, who: Principal, number: str, digest: str) -> tuple[Attachment, bytes]:
        """A file of a case.

        Raises:
            UnknownCaseError, ForbiddenError: As for the case.
            UnknownAttachmentError: The case has no such file, or its owner may not see it.
        """
        with self._book.reading(who, number) as (session, row):
            kept, content = session.get(AttachmentRow, (row.id, digest)), session.get(ContentRow, digest)
            hidden = kept is not None and reach(who, Action.READ) is Reach.OWN and kept.by_id != who.id
            if kept is None or content is None or hidden:
                raise UnknownAttachmentError.of(digest[:64])
            return _attachment(kept), content.content

    def colleagues(self, number: str) -> list[tuple[str, str]]:
        """Names and displays of those to whom the case can be given."""
        with self._book.database.reading() as session:
            district = session.scalar(select(CaseRow.district).where(CaseRow.number == number)) or ""
            rows = session.scalars(
                select(AccountRow).where(AccountRow.disabled_at.is_(None), AccountRow.role.in_(("approver", "chief")))
            )
            fitting = [one for one in rows if one.role == "chief" or district in json.loads(one.districts)]
            return sorted((one.name, one.display) for one in fitting)

    def _wanted(self, who: Principal, asked: Filter) -> Select[CaseRow]:
        wanted = select(CaseRow).where(seen_by(who, Action.LIST))
        for column, value in (
            (CaseRow.stage, asked.stage),
            (CaseRow.district, asked.district),
            (CaseRow.decision, asked.decision),
        ):
            wanted = wanted.where(column == value) if value else wanted
        if asked.year is not None:
            wanted = wanted.where(CaseRow.year == asked.year)
        if asked.assignee:
            named = select(AccountRow.id).where(AccountRow.name == asked.assignee)
            wanted = wanted.where(CaseRow.assignee_id.in_(named))
        if asked.words:
            like = f"%{_literal(asked.words)}%"
            columns = (CaseRow.number, CaseRow.project, CaseRow.organisation)
            wanted = wanted.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
        if asked.overdue:
            today = self._book.today().isoformat()
            wanted = wanted.where(
                CaseRow.due_on < today, CaseRow.asked_on.is_(None), CaseRow.stage != Stage.ARCHIVED.value
            )
        return wanted

    def _lines(self, session: Session, rows: Sequence[CaseRow]) -> list[CaseLine]:
        ids = {row.assignee_id for row in rows if row.assignee_id}
        names: Mapping[str, str] = {
            one.id: one.display for one in session.scalars(select(AccountRow).where(AccountRow.id.in_(ids)))
        }
        return [self._line(row, names) for row in rows]

    def _line(self, row: CaseRow, names: Mapping[str, str]) -> CaseLine:
        due, waiting = due_of(row), row.asked_on is not None
        day = due.day if due else None
        return CaseLine(
            number=row.number,
            project=row.project,
            organisation=row.organisation,
            district=row.district,
            stage=Stage(row.stage),
            assignee=names.get(row.assignee_id or "", ""),
            due_on=day,
            unknown_year=due.unknown_year if due else None,
            is_waiting=waiting,
            is_overdue=day is not None and not waiting and day < self._book.today(),
            decision=row.decision,
            opened_at=row.opened_at,
            version=row.version,
        )


def seen_by(who: Principal, action: Action) -> ColumnElement[bool]:
    """Rows the table of roles lets somebody see, as a condition of the query."""
    match reach(who, action):
        case Reach.ANY:
            return true()
        case Reach.DISTRICT:
            return CaseRow.district.in_(who.districts)
        case Reach.OWN:
            return CaseRow.owner_id == who.id
        case Reach.NONE:
            return false()


def _is_shown(event: audit.Event, owner: Principal) -> bool:
    return event.kind in SHOWN_TO_OWNERS or event.actor == owner.id


def _mark(row: MarkRow | PastRow | None) -> Mark | None:
    if row is None:
        return None
    days = [date.fromisoformat(one) if one else None for one in (row.started_on, row.operated_on)]
    return Mark(
        is_key_project=row.is_key_project, eia_category=row.eia_category, started_on=days[0], operated_on=days[1]
    )


def _attachment(row: AttachmentRow) -> Attachment:
    return Attachment(
        digest=row.digest, name=row.name, media_type=row.media_type, size=row.size, by_name=row.by_name, at=row.at
    )


def _literal(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
