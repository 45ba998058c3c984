"""What crosses the HTTP door for EIA category, industrial policy, discharges, basis documents and agencies."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from api.schemas import SiteIn
from layers.agencies import CreditStatus
from screening.model import Construction
from screening.policy import PolicyClass
from screening.standards import Medium, Outlet
from screening.truth import Truth

Code = Annotated[str, Field(max_length=10)]
Codes = Annotated[list[Code], Field(max_length=20)]
Facts = dict[str, StrictBool | StrictInt | StrictFloat | StrictStr | None]
EiaLevelCode = Literal["report_book", "report_table", "registration_form", "not_managed"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EiaCategoryIn(_Strict):
    """Which EIA document does this project need?"""

    industries: Codes = Field(description="GB/T 4754-2017 codes")
    construction: Construction | None = None
    facts: Facts = Field(default_factory=dict, description="facts of the catalogue, `area_…` for sensitive areas")
    chosen: Annotated[list[int], Field(max_length=20)] | None = Field(
        default=None, description="items chosen by kind of project; null: nobody has chosen yet; []: nothing else fits"
    )
    site: SiteIn | None = Field(default=None, description="to find sensitive areas as far as layers can say")
    as_of: date | None = None


class SettlingOut(BaseModel):
    """Answers that alone settle the level."""

    answers: str
    level: EiaLevelCode


class NeededOut(BaseModel):
    """A fact that still decides."""

    name: str
    label: str
    settles: list[SettlingOut]


class EiaItemOut(BaseModel):
    """What one item of the catalogue says."""

    number: int
    category: str
    title: str
    industry: str | None
    level: EiaLevelCode | None
    possible: list[EiaLevelCode]
    column: str = Field(description="the verbatim cell that applied; empty while open")
    missing: list[str]
    verified: bool


class EiaCategoryOut(BaseModel):
    """The level, or what is still needed to know it."""

    level: EiaLevelCode | None
    level_label: str
    possible: list[EiaLevelCode]
    at_least: EiaLevelCode
    items: list[EiaItemOut]
    needed: list[NeededOut]
    unplaced: list[str] = Field(description="industries of which no item is known to speak")
    offered: list[EiaItemOut] = Field(description="items to choose from by kind of project")
    reasons: list[str]
    basis: str
    valid_from: str
    valid_to: str | None
    verified: bool


class PolicyIn(_Strict):
    """How do the industrial-policy catalogues class this project?"""

    industries: Codes
    words: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)] = Field(
        default_factory=list, description="product, process and equipment in the project's own words"
    )
    construction: Construction | None = None
    facts: Facts = Field(default_factory=dict)
    confirmed: dict[str, Truth] = Field(default_factory=dict, description="entries a person confirmed or ruled out")
    read: list[PolicyClass] = Field(default_factory=list, description="classes whose official text a person has read")
    as_of: date | None = None


class PolicyMatchOut(BaseModel):
    """One entry that may mean the project."""

    id: str
    policy_class: PolicyClass
    section: str
    number: str
    wording: str
    verbatim: bool
    by_code: Truth | None
    by_words: list[str]
    threshold: Truth | None
    confirmed: Truth
    missing_facts: list[str]
    verified: bool
    source: str


class PolicyAnswerOut(BaseModel):
    """The class in one catalogue; null where a person must decide."""

    catalogue: str
    title: str
    basis: str
    policy_class: PolicyClass | None
    at_least: PolicyClass | None
    label: str
    effect: str | None
    reason: str
    matches: list[PolicyMatchOut]
    open_entries: list[str]
    missing_facts: list[str]
    incomplete: list[PolicyClass]
    verified: bool


class PoliciesOut(BaseModel):
    """One answer for each catalogue."""

    items: list[PolicyAnswerOut]


class ValueIn(_Strict):
    """A number with its unit; for a concentration its averaging time."""

    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: Annotated[str, Field(max_length=20)]
    averaging: Literal["instant", "hour", "eight_hours", "day", "quarter", "year"] | None = None


class DischargeIn(_Strict):
    """One pollutant from one outlet; what is left out is not declared."""

    pollutant: Annotated[str, Field(max_length=60)] = Field(description="id, name or synonym, e.g. `COD`, `颗粒物`")
    medium: Medium
    industry: Code
    concentrations: Annotated[list[ValueIn], Field(max_length=10)] = Field(default_factory=list)
    rate: ValueIn | None = None
    annual: ValueIn | None = None
    stack_height: ValueIn | None = None
    removal: ValueIn | None = None
    outlet: Outlet | None = None
    built: date | None = Field(default=None, description="built, or its EIA approved")
    columns: dict[str, Annotated[str, Field(max_length=60)]] = Field(default_factory=dict)


class EmissionsIn(_Strict):
    """Are these discharges within the limits in force?"""

    discharges: Annotated[list[DischargeIn], Field(min_length=1, max_length=100)]
    area: Annotated[str, Field(pattern=r"^\d{0,6}$")] = Field(description="administrative code, e.g. `370211`")
    as_of: date | None = None


class LimitOut(BaseModel):
    """One limit in play."""

    standard: str
    title: str
    cited: str
    limit: str
    verified: bool


class EmissionOut(BaseModel):
    """One quantity of one discharge."""

    pollutant: str
    quantity: str
    averaging: str
    compliance: Literal["met", "exceeded", "no_limit", "needs_facts"]
    label: str
    reason: str
    beyond: float | None = Field(description="how far beyond the limit, in its unit; negative while it is met")
    ratio: float | None
    limits: list[LimitOut]
    needs: list[str]
    set_aside: list[str]
    verified: bool


class EmissionsOut(BaseModel):
    """Every discharge; `truth` is yes only if every limit is known and met."""

    truth: Truth
    items: list[EmissionOut]


class DocumentOut(BaseModel):
    """One basis document."""

    id: str
    kind: str
    title: str
    number: str
    issuer: str
    issued: str | None
    in_force_from: str | None
    in_force_to: str | None
    summary: str
    source: str
    verified: bool
    excerpt: str


class DocumentsOut(BaseModel):
    """Documents that hold all the words, the best first."""

    items: list[DocumentOut]


class StandingOut(BaseModel):
    """What is in force on a day in place of a document."""

    document: DocumentOut
    as_of: str
    standing: str
    standing_label: str
    reason: str
    current: list[DocumentOut]
    likely: list[DocumentOut] = Field(description="what probably replaced it, not checked")
    provisions: list[str]
    verified: bool


class AgencyOut(BaseModel):
    """One EIA agency."""

    name: str
    credit_code: str
    city: str
    district: str
    status: CreditStatus
    status_label: str
    points: float | None
    engineers: int | None
    phone: str
    updated: str
    verified: bool


class AgenciesOut(BaseModel):
    """Agencies that fit; `demonstration` where the city has not imported its own list."""

    demonstration: bool
    items: list[AgencyOut]


class ReferenceOut(BaseModel):
    """One reference table."""

    name: str
    title: str
    source: str
    valid_from: str
    rows: int
    unverified: int
    complete: str


class ReferencesOut(BaseModel):
    """All reference tables."""

    items: list[ReferenceOut]
