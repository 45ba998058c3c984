"""Cases, accounts and keys as the JSON door gives them out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from api import audit
from api.accounts.directory import Account
from api.accounts.machine_keys import MachineKey
from api.approval_schemas import (
    AccountOut,
    AttachmentOut,
    CaseLineOut,
    CaseOut,
    CaseSiteOut,
    EventOut,
    FindingOut,
    JudgementOut,
    MachineKeyOut,
)
from api.approvals.discharges import Panel
from api.approvals.flow import STAGE
from api.approvals.matters import Finding, Judgement, Judgements, effective
from api.approvals.views import CaseLine, CaseSite, CaseView
from api.approvals.words import EVENT, event_words
from api.discharge_answers import discharges_out
from screening.words import Language


def line_out(line: CaseLine, language: Language) -> CaseLineOut:
    """One case in a list."""
    return CaseLineOut.model_validate(
        {
            **asdict(line),
            "stage": line.stage.value,
            "stage_label": STAGE[line.stage].in_(language),
            "due_on": _day(line.due_on),
        }
    )


def case_out(view: CaseView, discharges: Panel, language: Language) -> CaseOut:
    """One case."""
    return CaseOut(
        case=line_out(view.line, language),
        industries=list(view.industries),
        construction=view.construction,
        agency=view.agency,
        opinion=view.opinion,
        decided_at=view.decided_at,
        red_line=view.red_line.value,
        sites=[_site(one, view.judgements, language) for one in view.sites],
        against=[one.key for one in view.against],
        attachments=[
            AttachmentOut(
                digest=one.digest, name=one.name, media_type=one.media_type, size=one.size, by=one.by_name, at=one.at
            )
            for one in view.attachments
        ],
        events=[event_out(one, language) for one in view.events],
        acts=sorted(one.value for one in view.acts),
        discharges=discharges_out(discharges, language),
        head=view.head,
    )


def event_out(event: audit.Event, language: Language) -> EventOut:
    """One event; of accounts and keys its kind tells all."""
    return EventOut(
        seq=event.seq,
        at=event.at,
        actor=event.actor_name,
        kind=event.kind,
        subject=event.subject,
        told=event_words(event).in_(language) if event.kind in EVENT else event.kind,
        body=event.content,
        prev=event.prev,
        hash=event.hash,
    )


def account_out(account: Account) -> AccountOut:
    """One account."""
    told = asdict(account)
    del told["id"]
    return AccountOut.model_validate({**told, "role": account.role.value, "districts": list(account.districts)})


def key_out(key: MachineKey) -> MachineKeyOut:
    """One key of a machine."""
    return MachineKeyOut.model_validate(
        {
            **asdict(key),
            "role": key.role.value,
            "districts": list(key.districts),
            "expires_on": key.expires_on.isoformat(),
        }
    )


def _site(site: CaseSite, judgements: Judgements, language: Language) -> CaseSiteOut:
    findings = None if site.findings is None else [_finding(one, judgements, language) for one in site.findings]
    return CaseSiteOut(
        position=site.position,
        name=site.name,
        written=site.written,
        screening_id=site.screening_id,
        findings=findings,
    )


def _finding(finding: Finding, judgements: Judgements, language: Language) -> FindingOut:
    judged = judgements.get((finding.screening_id, finding.key))
    return FindingOut(
        key=finding.key,
        title=finding.title.in_(language),
        reason=finding.reason.in_(language),
        machine_outcome=finding.outcome,
        is_red_line=finding.is_red_line,
        judgement=_judgement(judged) if judged else None,
        effective_outcome=effective(finding, judgements),
    )


def _judgement(judged: Judgement) -> JudgementOut:
    return JudgementOut(
        outcome=judged.outcome,
        reason=judged.reason,
        document=judged.document,
        by=judged.by_name,
        at=judged.at,
        confirmed_by=judged.confirmed_by_name,
        confirmed_at=judged.confirmed_at,
        counts=judged.counts,
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
