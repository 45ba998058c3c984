"""The cases of one database: opened, found, listed; and how a case is read, changed and written down, in one place."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import audit
from api.accounts.roles import Action, Principal, Target, require
from api.approvals.deadlines import due, taken_days
from api.approvals.flow import RULES, Stage, State, after
from api.approvals.matters import Judgement
from api.approvals.tables import (
    AttachmentRow,
    CaseRow,
    DischargeRow,
    JudgementRow,
    MarkRow,
    PastRow,
    SerialRow,
    SiteRow,
    StageRow,
)
from api.approvals.words import event_line
from api.database import Base, Database
from layers.holidays import time_limits, working_calendar
from screening.approval_errors import CaseInputError, ChangedCaseError, UnknownCaseError
from screening.record import digest
from screening.words import Text
from screening.working_days import Due

LONGEST_TEXT = 8000
HERE = "here"
_DERIVED = frozenset({"due_on"})  # follows from the rest and the calendar, so it is not part of the sealed state


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSite:
    """A site as it is handed in.

    Attributes:
        written: Coordinates in any known form; may be empty where there is a verdict.
        screening_id: Of a kept verdict; empty for none yet.
    """

    name: str = ""
    written: str = ""
    screening_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case as it is handed in.

    Attributes:
        district: Six-digit code.
        organisation: 建设单位.
        agency: 环评单位; empty if none.
    """

    project: str
    industries: tuple[str, ...]
    construction: str
    organisation: str
    agency: str
    district: str
    sites: tuple[NewSite, ...]


@dataclass(frozen=True, slots=True)
class Acting:
    """A case under an act, inside its transaction.

    Attributes:
        told: What the event will say beside version and state.
    """

    session: Session
    row: CaseRow
    principal: Principal
    told: dict[str, Any] = field(default_factory=dict)


class Casebook:
    """Opens cases and keeps every change to them whole: rows, version and event in one transaction."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self.database = database
        self._now = now

    def today(self) -> date:
        """The current day in the jurisdiction's time zone."""
        return self._now().date()

    def instant(self) -> str:
        """The current instant, ISO 8601 with offset."""
        return self._now().isoformat(timespec="seconds")

    def open(self, principal: Principal, city: str, new: NewCase) -> str:
        """Write a new case down under the next number of the year; the number.

        Raises:
            ForbiddenError: The role may not, or not in that district.
        """
        require(principal, Action.OPEN, Target(district=new.district, owner=principal.id))
        year = self.today().year
        with self.database.writing() as session:
            number = _next_number(session, city, year)
            row = CaseRow(
                id=secrets.token_hex(8),
                number=number,
                year=year,
                project=new.project,
                industries=json.dumps(new.industries),
                construction=new.construction,
                organisation=new.organisation,
                agency=new.agency,
                district=new.district,
                owner_id=principal.id,
                stage=Stage.RECEIVED.value,
                stage_since=self.instant(),
                stops="[]",
                opinion="",
                proposer_id="",
                reviewer_id="",
                decision="",
                opened_at=self.instant(),
                origin=HERE,
                version=0,
            )
            session.add(row)
            session.flush()
            for position, site in enumerate(new.sites):
                session.add(
                    SiteRow(
                        case_id=row.id,
                        position=position,
                        name=site.name,
                        written=site.written,
                        screening_id=site.screening_id or None,
                    )
                )
            self.reckon(row)
            self._write(Acting(session, row, principal, {"project": new.project, "district": new.district}), "opened")
            return number

    @contextmanager
    def reading(self, principal: Principal, number: str) -> Iterator[tuple[Session, CaseRow]]:
        """A case for reading.

        Raises:
            UnknownCaseError: There is none of that number.
            ForbiddenError: The role may not read it.
        """
        with self.database.reading() as session:
            row = _found(session, number)
            require(principal, Action.READ, target_of(row))
            yield session, row

    @contextmanager
    def acting(self, principal: Principal, number: str, act: Action, version: int | None) -> Iterator[Acting]:
        """A case under an act: permitted, as the actor saw it, and possible at its stage; or nothing is changed.

        Args:
            principal: Who acts.
            number: Of the case.
            act: What they do.
            version: As they saw it; None for acts that take nothing away from anybody (comments, files).

        Raises:
            UnknownCaseError: There is none of that number.
            ForbiddenError: The role may not.
            ChangedCaseError: Somebody acted in the meantime.
            FlowError: The stage does not allow it.
        """
        with self.database.writing() as session:
            row = _found(session, number)
            require(principal, act, target_of(row))
            if version is not None and version != row.version:
                raise ChangedCaseError.since(number, _changes(session, number, version))
            then = after(state_of(row), act)
            acting = Acting(session, row, principal)
            yield acting
            self._move(session, row, then, RULES[act].stops)
            self._write(acting, act.value)

    def _write(self, acting: Acting, kind: str) -> None:
        """Write an event down with the version and the state it leads to."""
        session, row, principal = acting.session, acting.row, acting.principal
        row.version += 1
        session.flush()
        audit.append(
            session,
            at=self.instant(),
            actor=principal.id,
            actor_name=principal.display,
            kind=kind,
            subject=row.number,
            body={**acting.told, "version": row.version, "state": state_digest(session, row)},
        )

    def reckon_unknown(self) -> None:
        """Reckon the due days again that were not known, for a calendar that knows more years by now."""
        unknown = select(CaseRow).where(CaseRow.due_on.is_(None), CaseRow.stage != Stage.ARCHIVED.value)
        with self.database.reading() as session:
            if session.scalars(unknown.limit(1)).first() is None:
                return
        with self.database.writing() as session:
            for row in session.scalars(unknown):
                self.reckon(row)

    def reckon(self, row: CaseRow) -> None:
        """Reckon again when the stage is due."""
        found = due_of(row)
        row.due_on = found.day.isoformat() if found and found.day else None

    def _move(self, session: Session, row: CaseRow, then: State, stops: bool | None) -> None:
        today = self.today().isoformat()
        if stops is True:
            row.asked_on = today
        elif stops is False and row.asked_on:
            row.stops, row.asked_on = json.dumps([*json.loads(row.stops), [row.asked_on, today]]), None
        if then.stage.value != row.stage:
            session.add(_left(session, row, self.today()))
            row.stage, row.stage_since, row.stops = then.stage.value, self.instant(), "[]"
        if then.stage is Stage.ARCHIVED and row.closed_at is None:
            row.closed_at = self.instant()
        self.reckon(row)


def due_of(row: CaseRow) -> Due | None:
    """When a case's stage is due; None for a stage without a limit."""
    stops = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in json.loads(row.stops)]
    since = datetime.fromisoformat(row.stage_since).date()
    return due(working_calendar(), time_limits(), row.stage, since, stops)


def state_of(row: CaseRow) -> State:
    """Where a case stands."""
    return State(stage=Stage(row.stage), is_stopped=row.asked_on is not None)


def target_of(row: CaseRow) -> Target:
    """What the table of roles must know of a case."""
    return Target(district=row.district, owner=row.owner_id)


def judgement_of(row: JudgementRow) -> Judgement:
    """A row as a value."""
    return Judgement(**{name: getattr(row, name) for name in Judgement.__slots__})


def state_digest(session: Session, row: CaseRow) -> str:
    """SHA-256 over everything that is kept about how a case stands."""
    past, mark = session.get(PastRow, row.id), session.get(MarkRow, row.id)
    return digest_of_state(
        row,
        sites_of(session, row),
        stages_of(session, row),
        past,
        mark=mark,
        judgements=judgements_of(session, row),
        attachments=attachments_of(session, row),
        discharges=discharges_of(session, row),
    )


def digest_of_state(
    row: CaseRow,
    sites: Sequence[SiteRow],
    stages: Sequence[StageRow],
    past: PastRow | None,
    *,
    mark: MarkRow | None = None,
    judgements: Sequence[JudgementRow] = (),
    attachments: Sequence[AttachmentRow] = (),
    discharges: Sequence[DischargeRow] = (),
) -> str:
    """What `state_digest` returns, of rows at hand; what a case has not is left out of it."""
    more = {"stages": [_plain(one) for one in stages]} if stages else {}
    return digest(
        {
            "case": _plain(row),
            "sites": [_plain(one) for one in sites],
            "judgements": [_plain(one) for one in judgements],
            "attachments": [_plain(one) for one in attachments],
            **more,
            **({"past": _plain(past)} if past else {}),
            **({"mark": _plain(mark)} if mark else {}),
            **({"discharges": [_plain(one) for one in discharges]} if discharges else {}),
        }
    )


def _plain(one: Base) -> dict[str, Any]:
    names = [column.name for column in one.__table__.columns if column.name not in _DERIVED]
    return {name: getattr(one, name) for name in names}


def sites_of(session: Session, row: CaseRow) -> list[SiteRow]:
    """The sites of a case, in order."""
    return list(session.scalars(select(SiteRow).where(SiteRow.case_id == row.id).order_by(SiteRow.position)))


def stages_of(session: Session, row: CaseRow) -> list[StageRow]:
    """The stages a case has left, in order."""
    return list(session.scalars(select(StageRow).where(StageRow.case_id == row.id).order_by(StageRow.position)))


def judgements_of(session: Session, row: CaseRow) -> list[JudgementRow]:
    """The judgements of a case, in an order that does not change."""
    asked = select(JudgementRow).where(JudgementRow.case_id == row.id)
    rows = session.scalars(asked)
    return sorted(rows, key=lambda one: (one.screening_id, one.finding))


def attachments_of(session: Session, row: CaseRow) -> list[AttachmentRow]:
    """The files of a case, in the order in which they came."""
    rows = session.scalars(select(AttachmentRow).where(AttachmentRow.case_id == row.id))
    return sorted(rows, key=lambda one: (one.at, one.digest))


def discharges_of(session: Session, row: CaseRow) -> list[DischargeRow]:
    """All declarations on a case's discharges, in order, those that were replaced included."""
    asked = select(DischargeRow).where(DischargeRow.case_id == row.id)
    return list(session.scalars(asked.order_by(DischargeRow.position)))


def explained(text: str, act: Action) -> str:
    """What was written to explain an act.

    Raises:
        CaseInputError: It is missing where it is needed, or too long.
    """
    text = text.strip()
    if RULES[act].needs_text and not text:
        raise CaseInputError.of("text", Text("请写明理由或内容。", "Say why, or what."))
    if len(text) > LONGEST_TEXT:
        raise CaseInputError.of("text", Text(f"不能超过 {LONGEST_TEXT} 字。", f"At most {LONGEST_TEXT} characters."))
    return text


def _next_number(session: Session, city: str, year: int) -> str:
    """City code, year and serial; the serial counts without gaps because a case not written gives its number back."""
    serial = session.get(SerialRow, (city, year))
    if serial is None:
        serial = SerialRow(city=city, year=year, last=0)
        session.add(serial)
    serial.last += 1
    return f"{city}-{year}-{serial.last:05d}"


def _left(session: Session, row: CaseRow, today: date) -> StageRow:
    """The stage a case leaves today, with its working days."""
    since = datetime.fromisoformat(row.stage_since).date()
    stops = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in json.loads(row.stops)]
    limit = time_limits().get(row.stage)
    return StageRow(
        case_id=row.id,
        position=len(stages_of(session, row)),
        stage=row.stage,
        since=since.isoformat(),
        until=today.isoformat(),
        days=taken_days(working_calendar(), since, today, stops),
        limit_days=limit.days if limit else None,
    )


def _changes(session: Session, number: str, version: int) -> list[Text]:
    found = [one for one in audit.events(session, subject=number) if one.content["version"] > version]
    return [event_line(one) for one in found] or [Text("版本号不符", "the version is another")]


def _found(session: Session, number: str) -> CaseRow:
    row = session.scalars(select(CaseRow).where(CaseRow.number == number)).first()
    if row is None:
        raise UnknownCaseError.of(number[:24])
    return row
