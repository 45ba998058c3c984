"""What goes out at the JSON door about cases by place."""

from __future__ import annotations

from pydantic import BaseModel, Field


class NearCaseOut(BaseModel):
    """A case and how far the nearest of its sites is."""

    number: str
    project: str
    industries: list[str]
    district: str
    stage: str
    decision: str = Field(description="empty while the case is open")
    standing: str = Field(description="decision or stage in words")
    opened_on: str
    decided_on: str
    is_demonstration: bool
    distance_m: float = Field(description="0 where the sites meet")


class NearbyOut(BaseModel):
    """Approved projects and registered cases within a distance, the nearest first, of those the caller may see."""

    within_m: float
    is_placed: bool = Field(description="false: the case has no known place, and nothing was looked for")
    total: int
    without_place: int = Field(description="cases of which nobody knows whether they are near")
    items: list[NearCaseOut]


class TouchOut(BaseModel):
    """One changed place that a site meets or comes near."""

    layer: str
    layer_name: str
    code: str
    name: str
    change: str
    change_label: str
    said: str = Field(description="what it was and is, or which rows changed")
    distance_m: float | None = Field(description="0 where they meet; null where the layer is not published in full")


class AffectedSiteOut(BaseModel):
    """A site with what changed there."""

    position: int
    name: str
    screening_id: str
    is_current: bool = Field(description="whether its verdict rests on the later release already")
    refreshed_by: str = Field(description="a later screening of the same question that does; empty without")
    refresh_url: str = Field(description="POST here screens the same question as of today; empty without a verdict")
    changes: list[TouchOut]


class AffectedCaseOut(BaseModel):
    """A case with the sites of it that are affected."""

    number: str
    project: str
    district: str
    stage: str
    decision: str
    standing: str
    opened_on: str
    decided_on: str
    is_demonstration: bool
    sites: list[AffectedSiteOut]


class AffectedOut(BaseModel):
    """One page of the cases that lie where two releases differ; whoever is not listed is not thereby untouched."""

    old: str
    new: str
    within_m: float
    layer: str
    total: int
    page: int
    everywhere: int = Field(
        description="changed clauses, ceilings, objectives and whole layers without a place: they may concern any case"
    )
    without_place: int = Field(description="cases of which nobody knows the place")
    notes: list[str]
    items: list[AffectedCaseOut]
