"""历史审批: past cases brought in as closed cases, each once, in transactions of some hundreds with their audit events."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import cache
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from api import audit
from api.accounts.directory import Actor
from api.approvals.casebook import Casebook, digest_of_state, state_digest
from api.approvals.deadlines import taken_days
from api.approvals.flow import Decision, Stage
from api.approvals.tables import CaseRow, PastRow, SiteRow, StageRow
from api.question import Question
from api.row_questions import ROW_TROUBLE
from api.service import ScreeningService
from layers.history import PastCase, read_history
from layers.holidays import time_limits, working_calendar
from layers.issues import Issue, error
from layers.jurisdiction import Jurisdiction
from screening.errors import ThreeLinesError
from screening.model import Construction
from screening.record import canonical, digest
from screening.words import Text

IMPORTED = "imported"
ROWS_AT_ONCE = 250
_STAGES = (Stage.RECEIVED, Stage.ASSESSING, Stage.REVIEWING, Stage.DECIDING, Stage.DECIDED)
_EARLY = frozenset({Decision.DECLINED.value, Decision.WITHDRAWN.value})
_OTHER_MARK = {
    False: Text(
        "原编号 {number} 已作为示例数据导入过，再次导入不能去掉示例标记；如为实际审批，请另用编号导入",
        "number {number} was imported as demonstration data, a mark that importing it again does not take off; "
        "import it under another number if it is real",
    ),
    True: Text(
        "原编号 {number} 已作为实际审批导入过，再次导入不能加上示例标记；如为示例，请另用编号导入",
        "number {number} was imported as a real case, which importing it again does not mark as invented; "
        "import it under another number if it is invented",
    ),
}
_NOON = time(12)  # the day is known, the hour is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import.

    Attributes:
        file: Its name.
        digest: SHA-256 of its content.
        added: Cases that are new.
        unchanged: Rows whose case was imported before, with the same content.
        issues: One for each row that was not imported.
    """

    file: str
    digest: str
    added: int
    unchanged: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What came of screening imported sites.

    Attributes:
        done: How many have a verdict now.
        faults: Number of the case and what is wrong, for each site that could not be screened.
    """

    done: int
    faults: tuple[tuple[str, ThreeLinesError], ...]


class HistoryImport:
    """Imports past cases into one casebook.

    Args:
        book: Where cases are kept.
        screenings: Knows the city, and screens sites afterwards where asked to.
    """

    def __init__(self, book: Casebook, screenings: ScreeningService) -> None:
        self._book = book
        self._screenings = screenings

    def city(self) -> Jurisdiction:
        """The city whose districts the rows name.

        Raises:
            NoReleaseError: No release is in force.
        """
        return self._screenings.snapshot(self._screenings.today()).jurisdiction

    def load(self, actor: Actor, path: Path, *, is_demonstration: bool = False, name: str = "") -> Imported:
        """Import a file; what it brought before stays as it is.

        Args:
            actor: Who imports it.
            path: `.xlsx` or CSV.
            is_demonstration: Whether the cases are invented.
            name: What whoever sent it calls the file; empty where that is the name of the path.

        Raises:
            SiteFileError: It cannot be read at all.
            NoReleaseError: No release is in force, so the city is not known.
        """
        city = self.city()
        cases, issues = read_history(path, city, self._book.today())
        added = unchanged = 0
        refused: list[Issue] = []
        for start in range(0, len(cases), ROWS_AT_ONCE):
            part = cases[start : start + ROWS_AT_ONCE]
            with self._book.database.writing() as session:
                new, known, problems = _sorted_out(session, part, is_demonstration)
                self._write(session, actor, city, new, is_demonstration)
                added, unchanged = added + len(new), unchanged + known
                refused += problems
        done = Imported(
            file=name or path.name,
            digest=hashlib.sha256(path.read_bytes()).hexdigest(),
            added=added,
            unchanged=unchanged,
            issues=(*issues, *refused),
        )
        self._tell(actor, done)
        return done

    def screen(self, actor: Actor, most: int) -> Screened:
        """Screen imported sites that have no verdict yet, as of today, the latest first, until so many are done.

        A site whose row is at fault stays without a verdict, is told, and holds up no other.

        Raises:
            ThreeLinesError: Of the service, not of a row: no release in force, no key to seal with, no place to keep verdicts.
        """
        with self._book.database.reading() as session:
            waiting = session.execute(_unscreened()).all()
        done, faults = 0, []
        for one in waiting:
            if done >= most:
                break
            try:
                done += self._screened(actor, one.case_id, one.position)
            except ROW_TROUBLE as problem:
                faults.append((one.number, problem))
        return Screened(done=done, faults=tuple(faults))

    def _screened(self, actor: Actor, case_id: str, position: int) -> bool:
        with self._book.database.reading() as session:
            row, site = session.get_one(CaseRow, case_id), session.get_one(SiteRow, (case_id, position))
            question = _question(row, site, session.get_one(PastRow, case_id))
        found = self._screenings.screen(question).id
        with self._book.database.writing() as session:
            row, site = session.get_one(CaseRow, case_id), session.get_one(SiteRow, (case_id, position))
            if site.screening_id is not None:
                return False
            site.screening_id = found
            row.version += 1
            session.flush()
            body = {"screening": found, "version": row.version, "state": state_digest(session, row)}
            self._append(session, actor, "rescreened", row.number, body)
        return True

    def _write(
        self, session: Session, actor: Actor, city: Jurisdiction, cases: Sequence[PastCase], is_demonstration: bool
    ) -> None:
        at, zone = self._book.instant(), datetime.fromisoformat(self._book.instant()).tzinfo
        numbers = _Numbers(session, city.code)
        drafts = []
        for case in cases:
            rows = _rows(case, numbers.next(case.opened_on.year), zone, is_demonstration)
            session.add(rows.case)
            session.flush()
            session.add_all([*rows.sites, *rows.stages, rows.past])
            state = digest_of_state(rows.case, rows.sites, rows.stages, rows.past)
            body = {"source": case.source_number, "project": case.project, "version": 1, "state": state}
            drafts.append(
                {
                    "at": at,
                    "actor": actor.id,
                    "actor_name": actor.name,
                    "kind": IMPORTED,
                    "subject": rows.case.number,
                    "body": canonical(body).decode(),
                }
            )
        session.flush()
        audit.append_all(session, drafts)

    def _tell(self, actor: Actor, done: Imported) -> None:
        body = {
            "file": done.file,
            "digest": done.digest,
            "added": done.added,
            "unchanged": done.unchanged,
            "refused": len(done.issues),
        }
        with self._book.database.writing() as session:
            self._append(session, actor, "history_imported", "history", body)

    def _append(self, session: Session, actor: Actor, kind: str, subject: str, body: dict[str, object]) -> None:
        audit.append(
            session,
            at=self._book.instant(),
            actor=actor.id,
            actor_name=actor.name,
            kind=kind,
            subject=subject,
            body=body,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    case: CaseRow
    sites: list[SiteRow]
    stages: list[StageRow]
    past: PastRow


class _Numbers:
    """Numbers of imported cases: a series of their own in each year, since cases are never removed."""

    def __init__(self, session: Session, city: str) -> None:
        self._session, self._city = session, city
        self._last: dict[int, int] = {}

    def next(self, year: int) -> str:
        """The next number of a year."""
        if year not in self._last:
            same = select(func.count()).where(CaseRow.year == year, CaseRow.origin == IMPORTED)
            self._last[year] = self._session.scalar(same) or 0
        self._last[year] += 1
        return f"{self._city}-{year}-H{self._last[year]:05d}"


def _sorted_out(
    session: Session, cases: Sequence[PastCase], is_demonstration: bool
) -> tuple[list[PastCase], int, list[Issue]]:
    """Which cases are new, how many are known already, and an issue for each whose number is known with other content or mark."""
    numbers = [one.source_number for one in cases]
    asked = select(PastRow.source_number, PastRow.row_digest, PastRow.is_demonstration)
    rows = session.execute(asked.where(PastRow.source_number.in_(numbers)))
    known = {one.source_number: (one.row_digest, one.is_demonstration) for one in rows}
    new, unchanged, issues = [], 0, []
    for case in cases:
        if case.source_number not in known:
            new.append(case)
        elif known[case.source_number] == (row_digest(case), is_demonstration):
            unchanged += 1
        elif known[case.source_number][0] == row_digest(case):
            issues.append(error("history", case.place, _OTHER_MARK[is_demonstration].filled(number=case.source_number)))
        else:
            text = Text(
                f"原编号 {case.source_number} 已导入过，内容不同；已导入的不改动",
                f"number {case.source_number} was imported with other content, which is not changed",
            )
            issues.append(error("history", case.place, text))
    return new, unchanged, issues


def row_digest(case: PastCase) -> str:
    """SHA-256 over what a row says."""
    return digest(case.plain())


def _rows(case: PastCase, number: str, zone: tzinfo | None, is_demonstration: bool) -> _Rows:
    def instant(day: date) -> str:
        return datetime.combine(day, _NOON, zone).isoformat(timespec="seconds")

    closed = case.archived_on or case.decided_on
    row = CaseRow(
        id=secrets.token_hex(8),
        number=number,
        year=case.opened_on.year,
        project=case.project,
        industries=json.dumps(case.industries),
        construction=case.construction.value if case.construction else "",
        organisation=case.organisation,
        agency=case.agency,
        district=case.district,
        owner_id="",
        assignee_id=None,
        stage=Stage.ARCHIVED.value,
        stage_since=instant(closed),
        asked_on=None,
        stops="[]",
        due_on=None,
        opinion="",
        proposer_id="",
        reviewer_id="",
        decision=case.decision,
        decided_at=instant(case.decided_on),
        opened_at=instant(case.opened_on),
        closed_at=instant(closed),
        origin=IMPORTED,
        version=1,
    )
    site = SiteRow(case_id=row.id, position=0, name=case.site_name, written=case.coordinates, screening_id=None)
    return _Rows(
        case=row,
        sites=[site] if case.coordinates or case.site_name else [],
        stages=list(_stages(case, row.id)),
        past=_past(case, row.id, is_demonstration),
    )


def _past(case: PastCase, case_id: str, is_demonstration: bool) -> PastRow:
    def iso(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return PastRow(
        case_id=case_id,
        source_number=case.source_number,
        row_digest=row_digest(case),
        is_demonstration=is_demonstration,
        eia_category=case.eia_category,
        is_key_project=case.is_key_project,
        conclusion=case.conclusion,
        returned=case.returned,
        overrides=case.overrides,
        facts=canonical(dict(case.demands)).decode(),
        longitude=case.longitude,
        latitude=case.latitude,
        started_on=iso(case.started_on),
        operated_on=iso(case.operated_on),
    )


def _stages(case: PastCase, case_id: str) -> Iterator[StageRow]:
    """The stages whose days or dates are stated; stated days stand, others are counted from the dates."""
    for stage, since, until in _spans(case):
        stated = case.days.get(stage.value)
        if stated is None and (since is None or until is None):
            continue
        limit = time_limits().get(stage.value)
        yield StageRow(
            case_id=case_id,
            position=_STAGES.index(stage),
            stage=stage.value,
            since=since.isoformat() if since else None,
            until=until.isoformat() if until else None,
            days=stated if stated is not None or since is None or until is None else _counted(since, until),
            limit_days=limit.days if limit else None,
        )


def _spans(case: PastCase) -> Iterator[tuple[Stage, date | None, date | None]]:
    """Each stage with the days on which it began and ended; a case that ended early ended in the last stage it is known to have reached."""
    marks = [case.opened_on, case.accepted_on, case.assessed_on, case.reviewed_on, case.decided_on, case.archived_on]
    if case.decision in _EARLY:
        begun = list(zip(_STAGES, marks[:4], strict=False))
        last = max(at for at, (stage, mark) in enumerate(begun) if mark is not None or stage.value in case.days)
        marks = [*marks[: last + 1], case.decided_on]
    yield from zip(_STAGES, marks, marks[1:], strict=False)


@cache
def _counted(since: date, until: date) -> int | None:
    return taken_days(working_calendar(), since, until, ())


def _unscreened() -> Select[str, int, str]:
    return (
        select(SiteRow.case_id, SiteRow.position, CaseRow.number)
        .join(CaseRow, CaseRow.id == SiteRow.case_id)
        .where(CaseRow.origin == IMPORTED, SiteRow.screening_id.is_(None), SiteRow.written != "")
        .order_by(CaseRow.opened_at.desc(), CaseRow.number)
    )


def _question(row: CaseRow, site: SiteRow, past: PastRow) -> Question:
    return Question(
        text=site.written,
        site_name=site.name,
        project_name=row.project,
        industries=tuple(json.loads(row.industries)),
        construction=Construction(row.construction) if row.construction else None,
        facts=json.loads(past.facts),
    )
