"""What crosses the HTTP door when a site is read before it is screened."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import DeclaredIn, IssueOut, ProblemOut


class SitesIn(BaseModel):
    """Text that says where: one site or several, in any usual form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(max_length=1_000_000)]
    declared: DeclaredIn | None = None
    width_m: Annotated[float, Field(gt=0, le=10_000)] | None = Field(default=None, description="of a line, metres")
    radius_m: Annotated[float, Field(gt=0, le=100_000)] | None = Field(
        default=None, description="around each point, metres; rows of coordinates are points then, not corners"
    )
    district: Annotated[str, Field(max_length=40)] = Field(default="", description="name or six-digit code; checked")
    declared_area_m2: Annotated[float, Field(gt=0, le=1e12)] | None = Field(default=None, description="checked")


class ReadingOut(BaseModel):
    """One way to understand what was written."""

    geometry: dict[str, Any] = Field(description="GeoJSON, EPSG:4490 degrees")
    read_as: str
    place: str
    inside: bool = Field(description="lies at least partly inside the jurisdiction")
    accuracy_m: float = Field(description="at best: half the last place written, and the error of the conversion")
    declared: DeclaredIn | None = Field(
        description="send this with the text to choose this reading; null where only its geometry tells it from others"
    )


class RemarkOut(BaseModel):
    """One odd thing about a site."""

    severity: Literal["error", "warning", "note"]
    message: str
    longitude: float
    latitude: float
    contradicts: bool = Field(description="the coordinates cannot be where the applicant says the site is")


class UnderstoodOut(BaseModel):
    """One site as far as it was understood."""

    name: str
    as_written: str
    taken: ReadingOut | None
    others: list[ReadingOut] = Field(description="what else it could have meant, or the readings to choose from")
    question: ProblemOut | None = Field(description="what must be answered before it is a site")
    remarks: list[RemarkOut]


class SitesOut(BaseModel):
    """Sites of a text."""

    items: list[UnderstoodOut]


class FileSiteOut(BaseModel):
    """One site of a file."""

    place: str
    name: str
    geometry: dict[str, Any]
    accuracy_m: float | None
    declared_area_m2: float | None
    area_m2: float
    attributes: dict[str, str]
    remarks: list[RemarkOut]


class SiteFileOut(BaseModel):
    """Sites of a file; none where an issue is an error, so that nothing is screened by halves."""

    file: str
    kind: str
    read_as: str
    rows: int
    sites: list[FileSiteOut]
    issues: list[IssueOut]
