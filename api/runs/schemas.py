"""What crosses the HTTP door about batch runs."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.runs.model import LineState, RunAction, RunState


class RunFileOut(BaseModel):
    """A file to fetch."""

    name: str
    title: str
    url: str


class RunOut(BaseModel):
    """A batch run and how it stands."""

    id: str
    file: str
    digest: str = Field(description="SHA-256 of the file")
    created_at: str
    finished_at: str | None
    as_of: str
    release: str = Field(description="the one release on which every row rests")
    state: RunState
    state_label: str
    wanted: str = Field(description="state somebody asked for; taken after the rows at hand")
    rows: int = Field(description="that ask something")
    done: int
    blank: int
    example: int
    counts: dict[str, int] = Field(description="by conclusion; `waiting` and `faulty` beside them")
    actions: list[RunAction]
    files: list[RunFileOut]
    problem: str | None = Field(description="what interrupted it, and what to do")


class RunLineOut(BaseModel):
    """One row of a run."""

    number: int = Field(description="among the rows that ask something, from 0")
    place: str = Field(description="`sheet!row`")
    name: str
    state: LineState
    screening: str | None
    url: str | None
    conclusion: str
    conclusion_label: str
    told: list[str] = Field(description="what decides; of a faulty row what is wrong")


class RunLinesOut(BaseModel):
    """A page of rows that fit a filter."""

    total: int
    offset: int
    lines: list[RunLineOut]
