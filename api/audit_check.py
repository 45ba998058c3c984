"""`threelines audit verify`: is the chain whole, and do cases, files and verdicts still stand as it says?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import audit
from api.approvals.casebook import state_digest
from api.approvals.tables import CaseRow, ContentRow
from api.cases import ScreeningRow
from api.database import Database
from screening.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """What a check found.

    Attributes:
        events: How many were read.
        head: Hash of the last one.
        problems: Everything that does not fit; empty where all does.
    """

    events: int
    head: str
    problems: tuple[Text, ...]


_PROBLEM = {
    "gap": Text("缺少第 {seq} 号事件（其后为 {kind} {subject}）", "event {seq} is missing (before {kind} {subject})"),
    "link": Text(
        "第 {seq} 号事件（{kind} {subject}）不接前一事件",
        "event {seq} ({kind} {subject}) does not follow the one before",
    ),
    "content": Text("第 {seq} 号事件（{kind} {subject}）被改动", "event {seq} ({kind} {subject}) was changed"),
}


def check(database: Database, head: str = "") -> AuditResult:
    """Read everything again.

    Args:
        database: What to check.
        head: A hash written down earlier, which must still be part of the chain; empty asks for none.
    """
    with database.reading() as session:
        seen: list[audit.Event] = list(audit.events(session))
        broken = audit.first_break(seen)
        problems = [_told(broken)] if broken else []
        if head and head not in {one.hash for one in seen} | {audit.GENESIS}:
            problems.append(
                Text(
                    f"链上没有您记下的 {head}：末尾被截去或整链被重写。",
                    f"{head} is not in the chain: cut off or rewritten.",
                )
            )
        last = {one.subject: one for one in seen if "state" in one.content}
        problems += _cases(session, last)
        problems += _contents(session)
        return AuditResult(events=len(seen), head=seen[-1].hash if seen else audit.GENESIS, problems=tuple(problems))


def _cases(session: Session, last: dict[str, audit.Event]) -> Iterator[Text]:
    """Cases that do not stand as their last event says, or have none, or are gone."""
    rows = {row.number: row for row in session.scalars(select(CaseRow))}
    for number in sorted(set(rows) | set(last)):
        event, row = last.get(number), rows.get(number)
        if event is None:
            yield Text(f"审批 {number} 在链上没有事件", f"case {number} has no event")
        elif row is None:
            yield Text(
                f"审批 {number} 不见了，最后事件为第 {event.seq} 号",
                f"case {number} is gone; its last event is {event.seq}",
            )
        elif state_digest(session, row) != event.content["state"]:
            yield Text(
                f"审批 {number} 的内容与第 {event.seq} 号事件（{event.kind}）不符",
                f"case {number} does not stand as event {event.seq} ({event.kind}) left it",
            )


def _contents(session: Session) -> Iterator[Text]:
    """Files and verdicts whose bytes do not have the digest they are kept by."""
    for digest in session.scalars(select(ContentRow.digest).order_by(ContentRow.digest)).all():
        content = session.scalars(select(ContentRow.content).where(ContentRow.digest == digest)).one()
        if hashlib.sha256(content).hexdigest() != digest:
            yield Text(f"附件 {digest} 的内容被改动", f"the content of file {digest} was changed")
    for row in session.execute(select(ScreeningRow.id, ScreeningRow.digest, ScreeningRow.record)).yield_per(200):
        if hashlib.sha256(row.record.encode()).hexdigest() != row.digest:
            yield Text(f"研判 {row.id} 的记录被改动", f"the record of screening {row.id} was changed")


def _told(broken: audit.Break) -> Text:
    return _PROBLEM[broken.problem].filled(seq=str(broken.seq), kind=broken.kind, subject=broken.subject)
