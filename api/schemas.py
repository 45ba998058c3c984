"""What crosses the HTTP door: requests and answers, in the order of `docs/api.md`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from api.seal_schemas import RecordChangesOut, SealOut
from layers.industry_search import Matched
from screening.crs import AreaMethod
from screening.datums import Datum
from screening.layouts import AxisOrder
from screening.model import Construction
from screening.stations import FARTHEST_M

ConclusionCode = Literal["violates", "undetermined", "conditional", "complies"]
OutcomeCode = Literal["violates", "undetermined", "conditional", "complies", "not_concerned"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeclaredIn(_Strict):
    """What the applicant states about coordinates that do not say it themselves."""

    datum: Datum | None = Field(default=None, description="`CGCS2000`, `WGS 84`, `GCJ-02` or `BD-09`")
    epsg: Annotated[int, Field(ge=1024, le=32767)] | None = Field(default=None, description="4490, 4326 or a belt")
    axes: AxisOrder | None = Field(default=None, description="which number comes first")


class SiteIn(_Strict):
    """Where: a GeoJSON geometry (CGCS2000 degrees, longitude first) or text."""

    geometry: dict[str, Any] | None = Field(default=None, description="GeoJSON geometry or feature, EPSG:4490 degrees")
    declared: DeclaredIn | None = Field(default=None, description="about `text`")
    text: Annotated[str, Field(max_length=1_000_000)] = Field(
        default="", description="degrees, DMS, Gauss–Krüger metres, corner points, a map link, WKT or GeoJSON"
    )
    name: Annotated[str, Field(max_length=200)] = ""
    width_m: Annotated[float, Field(gt=0, le=10_000)] | None = Field(
        default=None, description="full width of a line, metres; a line without takes no land and is asked for it"
    )
    start_station: Annotated[float, Field(ge=0, le=FARTHEST_M)] | Annotated[str, Field(max_length=20)] | None = Field(
        default=None, description="where a line starts: `K12+340`, or metres; `K0+000` if left out"
    )
    radius_m: Annotated[float, Field(gt=0, le=100_000)] | None = Field(
        default=None, description="around each point, metres; rows of coordinates are points then, not corners"
    )
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = Field(
        default=None,
        description="how well the site is known, metres, e.g. of a telephone; never better than as written",
    )
    district: Annotated[str, Field(max_length=40)] = Field(
        default="", description="where the applicant says it is, name or six-digit code; checked, never used"
    )
    declared_area_m2: Annotated[float, Field(gt=0, le=1e12)] | None = Field(
        default=None, description="what the applicant says its area is; checked, never used"
    )


class AmountIn(BaseModel):
    """A number with its unit; what is wrong with it is said where facts are read, by name and in words."""

    model_config = ConfigDict(extra="allow", frozen=True)

    value: Any = Field(json_schema_extra={"type": ["number", "string", "null"]})
    unit: Any = Field(
        default="",
        description="any unit of the family, in any usual spelling; empty: the unit of the schema",
        json_schema_extra={"type": "string"},
    )
    days_per_year: Any = Field(
        default=None,
        description="operating days, 1 to 366, where the unit is per day and the fact per year; never assumed",
        json_schema_extra={"type": ["integer", "null"]},
    )


Declared = dict[str, StrictBool | StrictInt | StrictFloat | StrictStr | AmountIn | None]


class ProjectIn(_Strict):
    """What: industries, kind of construction, declared facts. A fact left out, null or empty is not declared."""

    name: Annotated[str, Field(max_length=200)] = ""
    industries: Annotated[list[Annotated[str, Field(max_length=10)]], Field(max_length=20)] = Field(
        description="GB/T 4754-2017 codes, e.g. `C3360`"
    )
    construction: Construction | None = None
    facts: Declared = Field(
        default_factory=dict,
        description="by name of `/api/v1/facts`; a number also as `3 万m³/a` or `{value, unit, days_per_year}`",
    )
    particulars: Declared = Field(
        default_factory=dict, description="fields of the EIA report form by name of `/api/v1/particulars`; all optional"
    )


class ScreeningIn(_Strict):
    """One question: may this project be built here?"""

    site: SiteIn
    project: ProjectIn
    as_of: date | None = Field(default=None, description="day asked for; today if left out")
    area_method: AreaMethod = Field(default=AreaMethod.PLANE, description="by which areas and shares are computed")


class QuestionOut(BaseModel):
    """A declaration that still matters."""

    name: str = Field(description="a fact, or `construction`")
    label: str
    worst: str = Field(description="the gravest outcome it may lead to")
    worst_label: str
    findings: int = Field(description="how many findings turn on it")


class QuestionsOut(BaseModel):
    """What to declare, in the order in which it decides; empty when nothing more would change the answer."""

    items: list[QuestionOut]


class RowOut(BaseModel):
    """One labelled value."""

    label: str
    value: str


class EntryOut(BaseModel):
    """One finding or layer, ready to print."""

    key: str
    title: str
    outcome: OutcomeCode
    outcome_label: str
    text: str
    rows: list[RowOut]


class TurnOut(BaseModel):
    """One declaration that would change the conclusion, all else unchanged."""

    fact: str = Field(description="a fact, or `construction`")
    value: str
    conclusion: ConclusionCode
    conclusion_label: str
    text: str


class ExplanationOut(BaseModel):
    """The verdict in plain sentences, in the language asked for."""

    language: Literal["zh", "en"]
    notice: str | None
    conclusion: ConclusionCode
    conclusion_label: str
    headline: str
    deciding: list[str]
    next_steps: list[str]
    summary: list[RowOut]
    levels: list[EntryOut]
    places: list[EntryOut]
    turning: list[TurnOut] = Field(
        default_factory=list, description="single declarations that would change the conclusion"
    )
    concerned: list[EntryOut]
    not_concerned: list[EntryOut]
    without_data: list[EntryOut]
    limits: list[str]
    remarks: list[str] = Field(
        default_factory=list,
        description="what a person should look at in the site and in what was declared; no part of the verdict",
    )
    warnings: list[str] = Field(
        default_factory=list, description="where the coordinates contradict what was stated of the site"
    )


class ScreeningOut(BaseModel):
    """A kept screening: the explanation, the whole machine-readable record, and its seal."""

    id: str
    url: str
    created_at: str
    digest: str = Field(description="SHA-256 of the canonical JSON of `verdict`")
    explanation: ExplanationOut
    verdict: dict[str, Any]
    seal: SealOut | None = Field(description="null for a screening older than sealed files")
    changes: RecordChangesOut | None = Field(description="for a refreshed screening: what changed; null else")


class IndustryOut(BaseModel):
    """One entry of GB/T 4754, and why it is among the hits."""

    code: str
    name: str
    level: Literal["section", "division", "group", "class"]
    path: str
    matched: Matched
    word: str = Field(description="The code, name or everyday word that answered")


class IndustriesOut(BaseModel):
    """Industries that fit, the best first, and what to know about a code of the 2011 edition."""

    items: list[IndustryOut]
    total: int
    notices: list[str]


class UnitOut(BaseModel):
    """A control unit, at a point or of a list."""

    code: str
    name: str
    class_label: str
    realm: str
    district: str
    area_m2: float | None = Field(default=None, description="on the jurisdiction's plane; of a list only")


class UnitsOut(BaseModel):
    """Control units; at a point, none means outside the jurisdiction or a gap, never "free of restrictions"."""

    items: list[UnitOut]
    covered: bool = Field(description="at a point: whether it lies in a unit; of a list: whether any fits")
    note: str
    release: str
    total: int
    page: int = 1
    pages: int = 1


class ChoiceOut(BaseModel):
    """One value a choice may take."""

    value: str
    label: str


class FactUnitOut(BaseModel):
    """One unit in which a number may be declared."""

    unit: str
    label: str
    note: str = Field(description="the factor of a standard it rests on; empty where it holds by definition")
    needs_days_per_year: bool = Field(description="an amount per day for a fact per year")


class FactOut(BaseModel):
    """One fact or particular a project may declare."""

    name: str
    label: str
    unit: str
    units: list[FactUnitOut] = Field(description="what a number may be declared in, the unit of the fact first")
    type: Literal["number", "boolean", "choice", "text", "date"]
    choices: list[ChoiceOut]
    minimum: float | None
    maximum: float | None
    max_length: int | None
    help: str
    group: str


class FactsOut(BaseModel):
    """All facts a project may declare."""

    items: list[FactOut]


class ParticularsOut(BaseModel):
    """Fields of part 1 of the EIA report form; all optional, none of them personal."""

    items: list[FactOut]
    note: str


class ReleaseOut(BaseModel):
    """One published release."""

    id: str
    title: str
    nature: Literal["official", "demonstration"]
    effective_from: str
    effective_until: str | None
    published_at: str
    withdrawn_at: str = Field(description="instant of withdrawal; empty while it stands")
    list_version: str
    issues: dict[str, int]


class ReleasesOut(BaseModel):
    """All published releases, the newest first."""

    items: list[ReleaseOut]


class PartitionOut(BaseModel):
    """Whether the zones of a layer tile: areas in m² on the jurisdiction's plane, numbers of places."""

    holds: bool
    territory_m2: float
    sum_m2: float
    union_m2: float
    gap_m2: float
    gaps: int
    overlap_m2: float
    overlaps: int
    outside_m2: float


class LayerQualityOut(BaseModel):
    """One layer of a release."""

    id: str
    name: str
    version: str = Field(description="head of the hash over its content")
    required: bool
    zones: int
    area_km2: dict[str, float] = Field(description="by class; `0` where zones have none")
    file: str = Field(description="within the delivery; empty for a database")
    crs: str
    encoding: str
    accuracy_m: float
    surveyed: str
    current_until: str | None
    is_current: bool
    source: str
    responsible: str = Field(description="empty where the delivery does not say")
    partition: PartitionOut | None = Field(description="null for a layer that need not tile")
    errors: int
    warnings: int


class IssueOut(BaseModel):
    """One line of the issue log."""

    severity: Literal["error", "warning"]
    layer: str
    place: str
    message: str
    longitude: float | None
    latitude: float | None


class QualityOut(BaseModel):
    """How good a release is."""

    id: str
    title: str
    nature: Literal["official", "demonstration"]
    effective_from: str
    effective_until: str | None
    approval: str
    approved_on: str | None
    filing_number: str
    prepared_by: str
    zones_version: str
    list_version: str
    list_hash: str
    clauses: int
    unverified_clauses: int
    tiles: bool = Field(description="whether every layer that must tile does")
    layers: list[LayerQualityOut]
    missing: list[str] = Field(description="layers the jurisdiction knows and the release lacks")
    issues: list[IssueOut]


class ZoneChangeOut(BaseModel):
    """One zone that is not what it was."""

    layer: str
    code: str
    name: str
    kind: str
    before: str
    after: str
    gained_m2: float
    lost_m2: float
    longitude: float | None = Field(description="none where the place of the layer is not published")
    latitude: float | None


class RowChangeOut(BaseModel):
    """One clause, ceiling or objective that is not what it was."""

    table: str
    key: str
    kind: str
    text: str
    fields: list[tuple[str, str, str]] = Field(description="name, before, after")


class ChangesOut(BaseModel):
    """What changed from one release to another."""

    old: str
    new: str
    zones: list[ZoneChangeOut]
    rows: list[RowChangeOut]


class SilentLayerOut(BaseModel):
    """A layer that cannot answer."""

    layer: str
    answer: str
    reason: str


class HealthOut(BaseModel):
    """Whether verdicts can be given today, and from what."""

    status: Literal["ok", "degraded"]
    release: str
    as_of: str
    silent_layers: list[SilentLayerOut]
    indexed: bool = Field(description="whether the fast index answers; without it the same is answered more slowly")


class ProblemOut(BaseModel):
    """RFC 9457 problem details: what is wrong, why it matters, what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    what: str
    why: str
    cure: str
    field: str
    value: str
    candidates: list[str]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemOut, "content": {"application/problem+json": {}}} for status in (404, 409, 413, 422, 503)
}
