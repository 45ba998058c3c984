"""What goes in and out at the JSON door of the approval port."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.roles import Role
from api.discharge_schemas import DischargesOut

Words = Annotated[str, Field(max_length=8000)]
Line = Annotated[str, Field(max_length=200)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SiteIn(_In):
    """A site: coordinates in any form the service reads, a kept screening, or both."""

    name: Line = ""
    written: Words = ""
    screening_id: Line = ""


class CaseIn(_In):
    """A new case; what is left empty is taken from the first screening."""

    project: Line = ""
    industries: list[Line] = Field(default_factory=list, max_length=20)
    construction: Line = ""
    organisation: Line = ""
    agency: Line = ""
    district: Line = ""
    sites: list[SiteIn] = Field(default_factory=list, max_length=20)


class ActIn(_In):
    """An act; `version` is the case's as the caller saw it, and only a comment may leave it out."""

    version: int | None = None
    text: Words = ""
    opinion: Line = ""
    assignee: Line = ""


class VerdictIn(_In):
    """A kept screening for a site; empty screens the site anew as it is written in the case."""

    version: int
    site: int = 0
    screening_id: Line = ""


class JudgementsIn(_In):
    """What a person says of findings: `accept`, or another outcome with a reason and a document of the case."""

    version: int
    screening_id: Line
    findings: list[Line] = Field(max_length=500)
    outcome: Line
    reason: Words
    document: Line = ""


class ConfirmationIn(_In):
    """The second person's yes to judgements."""

    version: int
    screening_id: Line
    findings: list[Line] = Field(max_length=500)


class MarkIn(_In):
    """What is noted of a case for supervision, all of it each time; null or empty is not known."""

    version: int
    is_key_project: bool | None = None
    eia_category: Line = ""
    started_on: date | None = None
    operated_on: date | None = None


class SavedSiteIn(_In):
    """A screening to keep under a name of one's own."""

    screening_id: Line
    name: Line
    note: Words = ""


class AccountChangeIn(_In):
    """Role, districts and shown name of an account."""

    display: Line = ""
    role: Role
    districts: list[Line] = Field(default_factory=list, max_length=60)


class AccountIn(AccountChangeIn):
    """A new account."""

    name: Line
    password: Annotated[str, Field(max_length=400)]


class PasswordIn(_In):
    """Another password."""

    password: Annotated[str, Field(max_length=400)]


class KeyIn(_In):
    """A new key for a machine."""

    name: Line
    role: Role
    districts: list[Line] = Field(default_factory=list, max_length=60)
    days: int = 90


class MadeOut(BaseModel):
    """What was made."""

    id: str


class CaseLineOut(BaseModel):
    """One case in a list; `due_on` is null where nothing is due or the year's holidays are not announced."""

    number: str
    project: str
    organisation: str
    district: str
    stage: str
    stage_label: str
    assignee: str
    due_on: str | None
    unknown_year: int | None
    is_waiting: bool
    is_overdue: bool
    decision: str
    opened_at: str
    version: int


class CasesOut(BaseModel):
    """One page of cases."""

    items: list[CaseLineOut]
    total: int


class JudgementOut(BaseModel):
    """What a person says of a finding; it counts of the red line only once a second person confirmed it."""

    outcome: str
    reason: str
    document: str
    by: str
    at: str
    confirmed_by: str
    confirmed_at: str
    counts: bool


class FindingOut(BaseModel):
    """A finding as the machine answered it, with the person's judgement beside it."""

    key: str
    title: str
    reason: str
    machine_outcome: str
    is_red_line: bool
    judgement: JudgementOut | None
    effective_outcome: str


class CaseSiteOut(BaseModel):
    """A site of a case; `findings` is null where it has no verdict yet."""

    position: int
    name: str
    written: str
    screening_id: str
    findings: list[FindingOut] | None


class AttachmentOut(BaseModel):
    """A file of a case."""

    digest: str
    name: str
    media_type: str
    size: int
    by: str
    at: str


class EventOut(BaseModel):
    """One event of the audit chain."""

    seq: int
    at: str
    actor: str
    kind: str
    subject: str
    told: str
    body: dict[str, Any]
    prev: str
    hash: str


class CaseOut(BaseModel):
    """One case as the caller may see it; `acts` are those they may take now, `head` is the chain's last hash."""

    case: CaseLineOut
    industries: list[str]
    construction: str
    agency: str
    opinion: str
    decided_at: str
    red_line: str
    sites: list[CaseSiteOut]
    against: list[str]
    attachments: list[AttachmentOut]
    events: list[EventOut]
    acts: list[str]
    discharges: DischargesOut
    head: str


class SavedSiteOut(BaseModel):
    """A screening somebody keeps."""

    id: str
    name: str
    note: str
    screening_id: str
    conclusion: str
    as_of: str
    created_at: str


class SavedSitesOut(BaseModel):
    """One's own saved sites."""

    items: list[SavedSiteOut]


class AccountOut(BaseModel):
    """One account."""

    name: str
    display: str
    role: str
    districts: list[str]
    is_single_sign_on: bool
    created_at: str
    disabled_at: str


class AccountsOut(BaseModel):
    """All accounts."""

    items: list[AccountOut]


class MachineKeyOut(BaseModel):
    """One key of a machine, without the key itself."""

    id: str
    name: str
    role: str
    districts: list[str]
    created_at: str
    created_by: str
    expires_on: str
    revoked_at: str
    is_expired: bool


class NewKeyOut(BaseModel):
    """A new key: this is the only time that it is shown."""

    key: str
    about: MachineKeyOut


class MachineKeysOut(BaseModel):
    """All keys."""

    items: list[MachineKeyOut]


class AuditOut(BaseModel):
    """What reading the whole chain again found; `problems` is empty where all fits."""

    events: int
    head: str
    problems: list[str]
