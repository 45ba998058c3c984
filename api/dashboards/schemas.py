"""The dashboards as the JSON door gives them out."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.dashboards.figures import ColumnKind

CellOut = str | int | float | None


class DashboardColumnOut(BaseModel):
    """One column of a table; of a `share` the cells are parts of 1, of a `day` ISO dates."""

    key: str
    title: str
    kind: ColumnKind


class DashboardChartOut(BaseModel):
    """What of a table a page draws: columns by their keys."""

    kind: str
    title: str
    label: str
    values: list[str]


class DashboardTableOut(BaseModel):
    """One table with all its rows; a cell that is null is not known, which is not zero."""

    key: str
    title: str
    note: str
    columns: list[DashboardColumnOut]
    rows: list[list[CellOut]] = Field(description="cells in the order of the columns")
    charts: list[DashboardChartOut]


class DashboardFilterOut(BaseModel):
    """Over which cases the figures are."""

    since: str | None
    until: str | None
    district: str


class DashboardOut(BaseModel):
    """One dashboard."""

    key: str
    title: str
    filter: DashboardFilterOut
    cases: int
    demonstration: int = Field(description="how many of the cases are invented")
    notes: list[str]
    tables: list[DashboardTableOut]


class DashboardNameOut(BaseModel):
    """One dashboard there is."""

    key: str
    title: str


class DashboardDistrictOut(BaseModel):
    """A district the caller may ask for."""

    code: str
    name: str


class DashboardsOut(BaseModel):
    """The dashboards there are, and the districts the caller may ask for."""

    items: list[DashboardNameOut]
    districts: list[DashboardDistrictOut]
