"""What look-ups answer: units, water sources, the library, news."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from api.law_schemas import DocumentOut


class LookUpClauseOut(BaseModel):
    """A clause of the access list as a look-up shows it."""

    id: str
    level: str
    dimension: str
    effect: str
    effect_label: str
    wording: str
    basis: str
    kinds: list[str] = Field(description="kinds of construction meant; empty means all")
    condition: str = Field(description="further condition in words; empty without")
    exception: str = Field(description="what takes a project out of it, in words; empty without")
    valid_from: str
    valid_to: str | None
    binds: bool = Field(description="whether it is in force on the day asked for")
    verified: bool


class UnitClauseOut(LookUpClauseOut):
    """A clause bound to a unit."""

    bound: Literal["unit", "class", "district"]


class ZoneInsideOut(BaseModel):
    """A zone that shares area with a unit."""

    layer: str
    layer_name: str
    code: str
    name: str
    class_label: str
    subtype: str
    area_m2: float
    share: float
    share_of_zone: float


class UnansweredOut(BaseModel):
    """A layer whose silence means nothing."""

    layer: str
    layer_name: str
    answer: str
    reason: str


class NeighbourOut(BaseModel):
    """A unit that adjoins."""

    code: str
    name: str
    class_label: str
    direction: str


class LineOut(BaseModel):
    """A resource ceiling or a quality objective of a unit, an element zone or a district."""

    kind: Literal["ceiling", "objective"]
    holder: str
    holder_name: str
    name: str
    metric: str
    cap: float | None
    used: float | None
    left: float | None
    target: str
    state: str
    met: bool | None = Field(description="ceiling not exceeded, objective met; null where not known")
    unit: str
    year: int
    wording: str
    basis: str
    verified: bool


class UnitReleaseOut(BaseModel):
    """A unit in one published release."""

    release: str
    effective_from: str
    withdrawn: bool
    exists: Literal["yes", "no", "unknown"]
    changes: list[str]
    problem: str


class UnitDossierOut(BaseModel):
    """Everything the release in force holds about one control unit."""

    release: str
    as_of: str
    code: str
    name: str
    unit_class: int | None = Field(alias="class", serialization_alias="class")
    class_label: str
    realm: str
    district: str
    area_m2: float
    area_method: str
    point: tuple[float, float] | None = Field(description="none where the place is not published; so `bounds`")
    bounds: tuple[float, float, float, float] | None
    clauses: list[UnitClauseOut]
    general_clauses: int
    zones: list[ZoneInsideOut]
    unanswered: list[UnansweredOut]
    neighbours: list[NeighbourOut]
    lines: list[LineOut]
    history: list[UnitReleaseOut]


class ProtectionAreaOut(BaseModel):
    """A protection area of a drinking-water source."""

    code: str
    name: str
    level: str
    district: str
    area_m2: float
    point: tuple[float, float] | None = Field(description="none where the place is not published")


class WaterMetOut(BaseModel):
    """A protection area in which the point lies, or may lie."""

    code: str
    name: str
    level: str
    certainty: Literal["certain", "borderline"]
    accuracy_m: float = Field(description="of the layer and the point together")
    clauses: list[LookUpClauseOut]


class WaterCheckOut(BaseModel):
    """How a point stands to protection areas; `unknown` where the layer did not answer, never clear."""

    standing: Literal["inside", "maybe", "outside", "unknown"]
    told: str
    reason: str
    met: list[WaterMetOut]
    nearest: ProtectionAreaOut | None
    nearest_m: float | None
    nearest_step_m: float | None = Field(
        default=None, description="the layer is not published in full: `nearest_m` is rounded down to such steps"
    )
    near_clauses: list[LookUpClauseOut]


class WaterSourcesOut(BaseModel):
    """Protection areas of the release in force, and the check of a point where one was given."""

    release: str
    as_of: str
    silence: str
    areas: list[ProtectionAreaOut]
    clauses: list[LookUpClauseOut]
    check: WaterCheckOut | None


class LibraryOut(BaseModel):
    """Documents and clauses that hold all the words."""

    release: str
    documents: list[DocumentOut]
    clauses: list[LookUpClauseOut]


class RestingOut(BaseModel):
    """Clauses in force that cite a document."""

    document: str
    release: str
    as_of: str
    clauses: list[LookUpClauseOut]


class ReleaseNewsOut(BaseModel):
    """What one publication brought."""

    release: str
    title: str
    nature: str
    effective_from: str
    published_at: str
    withdrawn: bool
    before: str
    lines: list[str]
    problem: str


class NewsOut(BaseModel):
    """Publications, the newest first."""

    items: list[ReleaseNewsOut]
