"""What persons do with a case: hand it on, ask, judge findings, propose, review, decide, archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.directory import account_of
from api.accounts.roles import Action, Principal, Role, Target, allows
from api.accounts.tables import AccountRow
from api.approvals.attachments import Taken, taken
from api.approvals.casebook import Acting, Casebook, explained, judgement_of, judgements_of, sites_of, target_of
from api.approvals.flow import OPINIONS, Decision
from api.approvals.matters import JUDGED_AS, Finding, Judgements, blockers, findings_of, touches_red_line
from api.approvals.tables import AttachmentRow, CaseRow, ContentRow, JudgementRow, MarkRow
from layers.history_columns import choices
from screening.approval_errors import CaseInputError, FlowError, FourEyesError
from screening.truth import Truth, some
from screening.words import Text

Verdicts = Callable[[str], Mapping[str, Any]]  # the record of a kept screening by its id
RedLine = Callable[[str], frozenset[str]]  # ids of the layers of the red line by release
_ACCEPT = "accept"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementIn:
    """What a person says of findings.

    Attributes:
        findings: Their keys.
        outcome: `accept` for the machine's own, else what the person sees.
        document: Digest of a file of the case; needed to override.
    """

    screening_id: str
    findings: tuple[str, ...]
    outcome: str
    reason: str
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a person notes of a case for supervision; all of it, each time.

    Attributes:
        is_key_project: 重点项目; None where not known.
        eia_category: `report_book`, `report_table`, `registration_form` or `not_managed`; empty where not known.
        started_on, operated_on: 开工 and 投产; None where not known.
    """

    is_key_project: bool | None
    eia_category: str
    started_on: date | None
    operated_on: date | None


class Acts:
    """Acts on the cases of one casebook.

    Args:
        casebook: Where they are kept.
        verdicts: Kept verdicts by id; raises `UnknownScreeningError`.
        red_line: Layers of the red line in a release.
        largest_bytes: Files beyond it are refused.
    """

    def __init__(self, casebook: Casebook, verdicts: Verdicts, red_line: RedLine, largest_bytes: int) -> None:
        self._book = casebook
        self._verdicts = verdicts
        self._red_line = red_line
        self._largest = largest_bytes

    def accept(self, who: Principal, number: str, version: int, text: str = "") -> None:
        """受理: take the case on; to oneself, where nobody has it yet and a person does it."""
        with self._book.acting(who, number, Action.ACCEPT, version) as acting:
            acting.told["text"] = explained(text, Action.ACCEPT)
            if acting.row.assignee_id is None:
                acting.row.assignee_id = who.id

    def close_early(self, who: Principal, number: str, version: int, act: Action, text: str) -> None:
        """不予受理 or 撤回: end the case without a decision on it."""
        with self._book.acting(who, number, act, version) as acting:
            acting.told["text"] = explained(text, act)
            acting.row.decision = (Decision.DECLINED if act is Action.DECLINE else Decision.WITHDRAWN).value
            acting.row.decided_at = self._book.instant()

    def assign(self, who: Principal, number: str, version: int, name: str, text: str = "") -> None:
        """指派: give the case to somebody who may work on it."""
        with self._book.acting(who, number, Action.ASSIGN, version) as acting:
            row = _account(acting.session, name)
            if row is None or row.disabled_at or not _may_work(row, target_of(acting.row)):
                raise CaseInputError.of(
                    "assignee", Text("该账户不能办理这件审批。", "That account cannot work on this case."), name[:60]
                )
            acting.row.assignee_id = row.id
            acting.told.update(assignee=row.display, assignee_id=row.id, text=explained(text, Action.ASSIGN))

    def say(self, who: Principal, number: str, version: int | None, act: Action, text: str) -> None:
        """备注, 要求补正, 补正答复, 退回 or 归档: what changes nothing but the stage or the clock."""
        with self._book.acting(who, number, act, version) as acting:
            acting.told["text"] = explained(text, act)
            if act is Action.SEND_BACK:
                acting.row.opinion = acting.row.proposer_id = acting.row.reviewer_id = ""

    def attach(self, who: Principal, number: str, name: str, content: bytes) -> Taken:
        """上传附件: keep a file; the same content again stays one file."""
        file = taken(name, content, self._largest)
        with self._book.acting(who, number, Action.ATTACH, None) as acting:
            session, row = acting.session, acting.row
            if session.get(ContentRow, file.digest) is None:
                session.add(ContentRow(digest=file.digest, content=file.content))
                session.flush()
            if session.get(AttachmentRow, (row.id, file.digest)) is None:
                session.add(
                    AttachmentRow(
                        case_id=row.id,
                        digest=file.digest,
                        name=file.name,
                        media_type=file.media_type,
                        size=len(file.content),
                        by_id=who.id,
                        by_name=who.display,
                        at=self._book.instant(),
                    )
                )
            acting.told.update(name=file.name, digest=file.digest, size=len(file.content))
        return file

    def set_verdict(self, who: Principal, number: str, version: int, position: int, screening_id: str) -> None:
        """附研判结论: rest a site on a kept verdict; judgements of an earlier one stay on record and no longer count."""
        self._verdicts(screening_id)
        with self._book.acting(who, number, Action.VERDICT, version) as acting:
            site = next((one for one in sites_of(acting.session, acting.row) if one.position == position), None)
            if site is None:
                raise CaseInputError.of("site", Text("没有这个选址。", "The case has no such site."), str(position))
            acting.told.update(site=position, before=site.screening_id or "", screening=screening_id)
            site.screening_id = screening_id

    def mark(self, who: Principal, number: str, version: int, said: Mark) -> None:
        """登记监管信息: note whether it is a key project, its EIA category, and when it began; at any stage."""
        with self._book.acting(who, number, Action.MARK, version) as acting:
            if said.eia_category and said.eia_category not in choices("eia_category"):
                unknown = Text("没有这种环评类别。", "There is no such EIA category.")
                raise CaseInputError.of("eia_category", unknown, said.eia_category[:40])
            if said.started_on and said.operated_on and said.operated_on < said.started_on:
                backwards = Text("投产日期早于开工日期。", "It was in operation before construction began.")
                raise CaseInputError.of("operated_on", backwards, str(said.operated_on))
            kept = {
                "is_key_project": said.is_key_project,
                "eia_category": said.eia_category,
                "started_on": said.started_on.isoformat() if said.started_on else None,
                "operated_on": said.operated_on.isoformat() if said.operated_on else None,
            }
            acting.session.merge(MarkRow(case_id=acting.row.id, **kept))
            acting.told.update(kept)

    def judge(self, who: Principal, number: str, version: int, said: JudgementIn) -> None:
        """对研判要点提出意见: accept findings, or override them with a reason and a document."""
        with self._book.acting(who, number, Action.JUDGE, version) as acting:
            reason = explained(said.reason, Action.JUDGE)
            found = self._chosen(acting, said.screening_id, said.findings)
            if said.outcome not in (_ACCEPT, *JUDGED_AS):
                raise CaseInputError.of(
                    "outcome", Text("没有这样的意见。", "There is no such outcome."), said.outcome[:40]
                )
            if said.outcome != _ACCEPT and acting.session.get(AttachmentRow, (acting.row.id, said.document)) is None:
                missing = Text("改变研判结果须附依据文件。", "To override a finding name a document of the case.")
                raise CaseInputError.of("document", missing)
            for one in found:
                outcome = one.outcome if said.outcome == _ACCEPT else said.outcome
                document = said.document if outcome != one.outcome else ""
                acting.session.merge(
                    JudgementRow(
                        case_id=acting.row.id,
                        screening_id=one.screening_id,
                        finding=one.key,
                        machine_outcome=one.outcome,
                        outcome=outcome,
                        reason=reason,
                        document=document,
                        is_red_line=one.is_red_line,
                        by_id=who.id,
                        by_name=who.display,
                        at=self._book.instant(),
                        confirmed_by_id="",
                        confirmed_by_name="",
                        confirmed_at="",
                    )
                )
            acting.told.update(
                screening=said.screening_id,
                findings=[{"key": one.key, "machine": one.outcome} for one in found],
                outcome=said.outcome,
                text=reason,
                document=said.document,
            )

    def confirm(self, who: Principal, number: str, version: int, screening_id: str, findings: Sequence[str]) -> None:
        """复核对研判要点的意见: the second person's yes to what another said."""
        with self._book.acting(who, number, Action.CONFIRM, version) as acting:
            rows = {
                one.finding: one
                for one in judgements_of(acting.session, acting.row)
                if one.screening_id == screening_id
            }
            if not findings or not set(findings) <= set(rows):
                raise CaseInputError.of(
                    "findings", Text("请选择已有意见的研判要点。", "Choose findings somebody judged.")
                )
            for key in findings:
                if rows[key].by_id == who.id:
                    raise FourEyesError.of(rows[key].by_name)
                rows[key].confirmed_by_id, rows[key].confirmed_by_name = who.id, who.display
                rows[key].confirmed_at = self._book.instant()
            acting.told.update(screening=screening_id, findings=[{"key": key} for key in findings])

    def propose(self, who: Principal, number: str, version: int, opinion: str, text: str) -> None:
        """提出审核意见; an approval only where nothing stands against it."""
        with self._book.acting(who, number, Action.PROPOSE, version) as acting:
            self._require_open_road(acting, opinion, Action.PROPOSE)
            acting.row.opinion, acting.row.proposer_id, acting.row.reviewer_id = opinion, who.id, ""
            acting.told.update(opinion=opinion, text=explained(text, Action.PROPOSE))

    def review(self, who: Principal, number: str, version: int, text: str = "") -> None:
        """复核通过; of a red-line matter by another person than who proposed."""
        with self._book.acting(who, number, Action.REVIEW, version) as acting:
            self._require_second(acting)
            acting.row.reviewer_id = who.id
            acting.told["text"] = explained(text, Action.REVIEW)

    def decide(self, who: Principal, number: str, version: int, decision: str, text: str) -> None:
        """作出决定; of a red-line matter by another person than who proposed."""
        with self._book.acting(who, number, Action.DECIDE, version) as acting:
            self._require_second(acting)
            self._require_open_road(acting, decision, Action.DECIDE)
            acting.row.decision, acting.row.decided_at = decision, self._book.instant()
            acting.told.update(decision=decision, text=explained(text, Action.DECIDE))

    def findings(self, session: Session, row: CaseRow) -> dict[int, tuple[Finding, ...]]:
        """The machine's findings by site; sites without a verdict are left out."""
        found = {}
        for site in sites_of(session, row):
            if site.screening_id:
                record = self._verdicts(site.screening_id)
                found[site.position] = findings_of(site.screening_id, record, self._red_line(record["release"]["id"]))
        return found

    def is_red_line_matter(self, session: Session, row: CaseRow) -> Truth:
        """Whether a case touches the red line; unknown where a site has no verdict."""
        records = [self._verdicts(one.screening_id) if one.screening_id else None for one in sites_of(session, row)]
        asked = [
            Truth.UNKNOWN if one is None else touches_red_line(one, self._red_line(one["release"]["id"]))
            for one in records
        ]
        return some(asked) if asked else Truth.UNKNOWN

    def _chosen(self, acting: Acting, screening_id: str, keys: Sequence[str]) -> list[Finding]:
        known = {
            (one.screening_id, one.key): one
            for found in self.findings(acting.session, acting.row).values()
            for one in found
        }
        chosen = [known.get((screening_id, key)) for key in keys]
        if not chosen or None in chosen:
            raise CaseInputError.of(
                "findings", Text("请选择这件审批的研判要点。", "Choose findings of this case's verdicts.")
            )
        return [one for one in chosen if one is not None]

    def _require_second(self, acting: Acting) -> None:
        row = acting.row
        if row.proposer_id == acting.principal.id and self.is_red_line_matter(acting.session, row) is not Truth.NO:
            raise FourEyesError.of(acting.principal.display)

    def _require_open_road(self, acting: Acting, opinion: str, act: Action) -> None:
        """Refuse an approval while a site has no verdict or a finding stands against it."""
        if opinion not in OPINIONS:
            raise CaseInputError.of("opinion", Text("请选择意见。", "Choose an opinion."), opinion[:40])
        if opinion == Decision.REFUSED:
            return
        found, sites = self.findings(acting.session, acting.row), sites_of(acting.session, acting.row)
        if len(found) < len(sites) or not sites:
            none = Text("有选址还没有研判结论。", "a site has no verdict yet.")
            raise FlowError.of(_approving(act), none)
        judged = judgements_by_key(acting.session, acting.row)
        against = [one for findings in found.values() for one in blockers(findings, judged)]
        if against:
            many, first = str(len(against)), against[0].title
            raise FlowError.of(
                _approving(act),
                Text(
                    "有 {many} 个研判要点不符合或无法判定，尚未以理由和文件改变、或红线事项尚未经第二人复核；第一个：{first}",
                    "{many} findings violate or are undetermined and are not overridden with reason and document, or a "
                    "red-line judgement lacks its second person; the first: {first}",
                ).filled(many=many, first=first),
            )


def judgements_by_key(session: Session, row: CaseRow) -> Judgements:
    """What persons said, by verdict and finding."""
    found = [judgement_of(one) for one in judgements_of(session, row)]
    return {(one.screening_id, one.finding): one for one in found}


def _approving(act: Action) -> Text:
    return (
        Text("提出同意意见", "propose an approval") if act is Action.PROPOSE else Text("决定同意", "decide to approve")
    )


def _may_work(row: AccountRow, target: Target) -> bool:
    account = account_of(row)
    principal = Principal(
        id=account.id,
        name=account.name,
        display=account.display,
        role=account.role,
        districts=frozenset(account.districts),
    )
    return account.role in (Role.APPROVER, Role.CHIEF) and allows(principal, Action.PROPOSE, target)


def _account(session: Session, name: str) -> AccountRow | None:
    return session.scalars(select(AccountRow).where(AccountRow.name == name.strip().lower())).first()
