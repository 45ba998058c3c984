"""What crosses the HTTP door when a batch is previewed or screened."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from api.schemas import ConclusionCode


class BatchFaultOut(BaseModel):
    """One thing wrong with one row."""

    sheet: str
    row: int = Field(description="as the spreadsheet program counts; the feature's number in a vector file")
    column: str = Field(description="name in the file; empty for the row as a whole")
    key: str = Field(description="what the column means; empty for the row as a whole")
    code: str
    what: str
    why: str
    cure: str


class BatchCountsOut(BaseModel):
    """Rows and what became of them; they add up."""

    rows: int
    read: int = Field(description="ready to screen, or screened")
    faulty: int
    blank: int
    example: int


class BatchTableOut(BaseModel):
    """One sheet or layer that was read."""

    sheet: str
    columns: list[str]
    mapping: dict[str, str] = Field(description="what is used: key → column; the suggestion, where none was sent")
    unmapped: list[str] = Field(description="columns that are kept and not read")


class BatchKeyOut(BaseModel):
    """Something a column may be mapped to."""

    key: str
    label: str
    required: bool


class BatchPreviewOut(BaseModel):
    """A batch as it would be read; nothing is screened or kept."""

    file: str
    kind: str
    digest: str = Field(description="SHA-256 of the file")
    counts: BatchCountsOut
    most_rows: int
    tables: list[BatchTableOut]
    keys: list[BatchKeyOut]
    faults: list[BatchFaultOut]
    notices: list[str]


class BatchRowOut(BaseModel):
    """What one row came to."""

    place: str = Field(description="`sheet!row`")
    name: str
    state: Literal["screened", "faulty"]
    screening: str | None = Field(description="id of the kept screening")
    url: str | None
    conclusion: ConclusionCode | None
    conclusion_label: str
    deciding: list[str]
    next_steps: list[str]
    to_declare: list[str]
    release: str | None
    digest: str | None
    remarks: list[str]
    faults: list[BatchFaultOut]


class BatchOut(BaseModel):
    """A batch that was screened row by row."""

    file: str
    digest: str = Field(description="SHA-256 of the file")
    as_of: str
    counts: BatchCountsOut
    rows: list[BatchRowOut]
    notices: list[str]
    results_url: str = Field(description="workbook of results; gone after `files_hours`")
    mend_url: str | None = Field(description="workbook of the rows to mend; null if none")
    reports_url: str | None = Field(description="zip of one Word report a screened row; null if none was screened")
    files_hours: int
