"""Tables of cases. What was written here once is told by the audit chain; these rows hold how things stand."""

from __future__ import annotations

from sqlalchemy import Boolean, Float, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.accounts.tables import AccountRow
from api.cases import ScreeningRow
from api.database import Base


class CaseRow(Base):
    """One case as it stands; `version` grows by one with every event."""

    __tablename__ = "approval_case"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    year: Mapped[int] = mapped_column(Integer, index=True)
    project: Mapped[str] = mapped_column(String(200))
    industries: Mapped[str] = mapped_column(Text)
    construction: Mapped[str] = mapped_column(String(20))
    organisation: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str] = mapped_column(String(200))
    district: Mapped[str] = mapped_column(String(6), index=True)
    owner_id: Mapped[str] = mapped_column(String(24), index=True)
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey(AccountRow.id), index=True)
    stage: Mapped[str] = mapped_column(String(20), index=True)
    stage_since: Mapped[str] = mapped_column(String(40))
    asked_on: Mapped[str | None] = mapped_column(String(10))
    stops: Mapped[str] = mapped_column(Text)
    due_on: Mapped[str | None] = mapped_column(String(10), index=True)
    opinion: Mapped[str] = mapped_column(String(20))
    proposer_id: Mapped[str] = mapped_column(String(24))
    reviewer_id: Mapped[str] = mapped_column(String(24))
    decision: Mapped[str] = mapped_column(String(20), index=True)
    decided_at: Mapped[str | None] = mapped_column(String(40))
    opened_at: Mapped[str] = mapped_column(String(40), index=True)
    closed_at: Mapped[str | None] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer)


class SiteRow(Base):
    """One site of a case, with the sealed verdict on it once there is one."""

    __tablename__ = "case_site"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.id), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    written: Mapped[str] = mapped_column(Text)
    screening_id: Mapped[str | None] = mapped_column(ForeignKey(ScreeningRow.id))


class JudgementRow(Base):
    """What a person says of one finding of one verdict; the machine's answer stands beside it."""

    __tablename__ = "case_judgement"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.id), primary_key=True)
    screening_id: Mapped[str] = mapped_column(ForeignKey(ScreeningRow.id), primary_key=True)
    finding: Mapped[str] = mapped_column(String(200), primary_key=True)
    machine_outcome: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(String(64))
    is_red_line: Mapped[bool] = mapped_column(Boolean)
    by_id: Mapped[str] = mapped_column(String(24))
    by_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[str] = mapped_column(String(40))
    confirmed_by_id: Mapped[str] = mapped_column(String(24))
    confirmed_by_name: Mapped[str] = mapped_column(String(80))
    confirmed_at: Mapped[str] = mapped_column(String(40))


class StageRow(Base):
    """One stage a case has left: when, and how many working days it took.

    `days` does not count what the applicant was waited for; None where the calendar does not reach so far or nobody said.
    `limit_days` is the limit as it was when the stage ended; None for a stage without one.
    """

    __tablename__ = "case_stage"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.id), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    stage: Mapped[str] = mapped_column(String(20))
    since: Mapped[str | None] = mapped_column(String(10))
    until: Mapped[str | None] = mapped_column(String(10))
    days: Mapped[int | None] = mapped_column(Integer)
    limit_days: Mapped[int | None] = mapped_column(Integer)


class PastRow(Base):
    """What an imported case brought with it besides what every case has.

    `returned` and `overrides` are counts; None where the earlier system did not keep them. `facts` is canonical JSON.
    """

    __tablename__ = "case_past"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.id), primary_key=True)
    source_number: Mapped[str] = mapped_column(String(80), unique=True)
    row_digest: Mapped[str] = mapped_column(String(64))
    is_demonstration: Mapped[bool] = mapped_column(Boolean)
    eia_category: Mapped[str] = mapped_column(String(20))
    is_key_project: Mapped[bool | None] = mapped_column(Boolean)
    conclusion: Mapped[str] = mapped_column(String(20))
    returned: Mapped[int | None] = mapped_column(Integer)
    overrides: Mapped[int | None] = mapped_column(Integer)
    facts: Mapped[str] = mapped_column(Text)
    longitude: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    started_on: Mapped[str | None] = mapped_column(String(10))
    operated_on: Mapped[str | None] = mapped_column(String(10))


class MarkRow(Base):
    """What persons note of a case for supervision; what is None or empty they did not."""

    __tablename__ = "case_mark"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.id), primary_key=True)
    is_key_project: Mapped[bool | None] = mapped_column(Boolean)
    eia_category: Mapped[str] = mapped_column(String(20))
    started_on: Mapped[str | None] = mapped_column(String(10))
    operated_on: Mapped[str | None] = mapped_column(String(10))


class DischargeRow(Base):
    """One declaration on a case's discharges; rows are only added, and a later one may take the place of an earlier one.

    `kind` is `discharge`, `nothing_else` (of the medium) or `withdrawal`; `declared` is canonical JSON, empty but for a
    discharge.
    """

    __tablename__ = "case_discharge"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.id), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    replaces: Mapped[int | None] = mapped_column(Integer)
    medium: Mapped[str] = mapped_column(String(10))
    outlet_name: Mapped[str] = mapped_column(String(80))
    declared: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(String(24))
    by_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[str] = mapped_column(String(40))


class ContentRow(Base):
    """The bytes of files, each content once."""

    __tablename__ = "attachment_content"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class AttachmentRow(Base):
    """One file of a case, by the digest of its content."""

    __tablename__ = "case_attachment"

    case_id: Mapped[str] = mapped_column(ForeignKey(CaseRow.id), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey(ContentRow.digest), primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(Integer)
    by_id: Mapped[str] = mapped_column(String(24))
    by_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[str] = mapped_column(String(40))


class SerialRow(Base):
    """The last number given in a year by a city."""

    __tablename__ = "case_serial"

    city: Mapped[str] = mapped_column(String(6), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
