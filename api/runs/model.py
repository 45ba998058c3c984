"""What a batch run is and what may be done with it, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from screening.words import Text


class RunState(StrEnum):
    """How a run stands."""

    DRAFT = "draft"  # handed in, its columns not yet agreed on
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FAILED = "failed"  # the service as a whole could not answer; what was screened is kept
    FINISHED = "finished"


class RunAction(StrEnum):
    """What a person may ask of a run."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    DELETE = "delete"


STATE_NAME = {
    RunState.DRAFT: Text("待确认列", "a draft"),
    RunState.WAITING: Text("排队中", "waiting"),
    RunState.RUNNING: Text("研判中", "running"),
    RunState.PAUSED: Text("已暂停", "paused"),
    RunState.CANCELLED: Text("已取消", "cancelled"),
    RunState.FAILED: Text("已中断", "interrupted"),
    RunState.FINISHED: Text("已完成", "finished"),
}
ACTION_NAME = {
    RunAction.PAUSE: Text("暂停", "paused"),
    RunAction.RESUME: Text("继续", "resumed"),
    RunAction.CANCEL: Text("取消", "cancelled"),
    RunAction.DELETE: Text("删除", "deleted"),
}
NEXT: Mapping[tuple[RunState, RunAction], RunState] = {
    (RunState.WAITING, RunAction.PAUSE): RunState.PAUSED,
    (RunState.RUNNING, RunAction.PAUSE): RunState.PAUSED,
    (RunState.PAUSED, RunAction.RESUME): RunState.WAITING,
    (RunState.FAILED, RunAction.RESUME): RunState.WAITING,
    (RunState.WAITING, RunAction.CANCEL): RunState.CANCELLED,
    (RunState.RUNNING, RunAction.CANCEL): RunState.CANCELLED,
    (RunState.PAUSED, RunAction.CANCEL): RunState.CANCELLED,
    (RunState.FAILED, RunAction.CANCEL): RunState.CANCELLED,
}
"""What an action leads to; a running run gets there after the rows at hand."""
BEGIN = Text("开始", "begun")
ENDED = (RunState.CANCELLED, RunState.FINISHED, RunState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run.

    Attributes:
        owner: Account that handed it in; empty where accounts are not asked for.
        options: Canonical JSON of mapping and declaration.
        wanted: State somebody asked for while it runs; empty if nobody did.
        rows: That ask something; blank and example rows are counted beside them.
        done: Of them, screened or found faulty.
        problem: JSON of the error that interrupted it.
    """

    id: str
    owner: str
    created_at: str
    finished_at: str | None
    file: str
    digest: str
    options: str
    language: str
    as_of: str
    release: str
    state: RunState
    wanted: str
    rows: int
    done: int
    blank: int
    example: int
    problem: str | None

    @property
    def actions(self) -> tuple[RunAction, ...]:
        """What may be asked of it now."""
        possible = [action for action in RunAction if (self.state, action) in NEXT]
        return (*possible, RunAction.DELETE) if self.state in (*ENDED, RunState.DRAFT) else tuple(possible)


class LineState(StrEnum):
    """What became of a row."""

    WAITING = "waiting"
    SCREENED = "screened"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a run.

    Attributes:
        number: Position among the rows that ask something, from 0.
        screening: Id under which its verdict is kept, or will be: fixed before anything is screened.
        conclusion: Empty unless screened.
        told: JSON by language: conclusion in words and what decides.
        shape: WKB of the site in EPSG:4490 degrees.
        faults: JSON list of what is wrong.
    """

    number: int
    place: str
    name: str
    screening: str
    state: LineState
    conclusion: str = ""
    told: str | None = None
    shape: bytes | None = None
    faults: str | None = None
