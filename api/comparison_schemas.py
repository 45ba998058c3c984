"""Comparisons at the HTTP door."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import ProjectIn, ScreeningOut, SiteIn


class ComparisonIn(BaseModel):
    """One project at two to five sites."""

    model_config = ConfigDict(extra="forbid")

    sites: Annotated[list[SiteIn], Field(max_length=20)] = Field(description="two to five, in the order of the columns")
    project: ProjectIn
    as_of: date | None = Field(default=None, description="day asked for; today if left out")


class CompareCellOut(BaseModel):
    """What a row says of one site."""

    lines: list[str]
    tone: Literal["", "violates", "undetermined", "conditional", "complies", "not_concerned"]


class CompareRowOut(BaseModel):
    """The same thing asked of every site, in the order of `screenings`."""

    key: str
    group: str
    label: str
    cells: list[CompareCellOut]
    differs: bool


class ComparisonOut(BaseModel):
    """Screenings of one project side by side, in the order given. The order is no ranking, and there is no score."""

    url: str
    note: str
    rows: list[CompareRowOut]
    differing: int
    screenings: list[ScreeningOut]
