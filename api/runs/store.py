"""Runs and their rows in the database. A chunk of rows, their verdicts and the progress are one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from api.cases import Case, ScreeningRow
from api.database import Database
from api.runs.model import ACTION_NAME, BEGIN, ENDED, NEXT, STATE_NAME, Line, LineState, Run, RunAction, RunState
from api.runs.tables import RunLineTable, RunTable
from screening.run_errors import RunStateError, UnknownRunError

LEASE_S = 15.0  # a worker that has not been heard of for so long is taken to be dead
_MATCHED = 500


class LostLeaseError(Exception):
    """Another worker took the run; what this one has at hand is thrown away."""


class RunStore:
    """Runs over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: Run) -> None:
        """Keep a draft."""
        with self._database.writing() as session:
            session.add(RunTable(**_columns(run), holder="", heartbeat=0.0))

    def begin(self, run: Run, lines: Sequence[Line]) -> None:
        """A draft with all its rows, ready to be worked on: whole or not at all.

        Raises:
            UnknownRunError: There is none.
            RunStateError: It was begun already.
        """
        with self._database.writing() as session:
            row = _row(session, run.id)
            if row.state != RunState.DRAFT:
                raise RunStateError.of(BEGIN, STATE_NAME[RunState(row.state)])
            for name, value in _columns(run).items():
                setattr(row, name, value)
            if lines:
                session.execute(insert(RunLineTable), [{"run": run.id, **_columns(one)} for one in lines])

    def find(self, run_id: str) -> Run:
        """A run by its id.

        Raises:
            UnknownRunError: There is none.
        """
        with self._database.reading() as session:
            return _run(_row(session, run_id))

    def newest(self, owner: str | None, limit: int = 100) -> list[Run]:
        """Runs, the newest first; of one owner, or of all."""
        wanted = select(RunTable).order_by(RunTable.created_at.desc(), RunTable.id).limit(limit)
        if owner is not None:
            wanted = wanted.where(RunTable.owner == owner)
        with self._database.reading() as session:
            return [_run(row) for row in session.scalars(wanted)]

    def lines(
        self, run_id: str, *, conclusion: str = "", state: str = "", words: str = "", offset: int = 0, limit: int = 100
    ) -> tuple[int, list[Line]]:
        """How many rows fit a filter, and a page of them."""
        fits = [RunLineTable.run == run_id]
        fits += [RunLineTable.conclusion == conclusion] if conclusion else []
        fits += [RunLineTable.state == state] if state else []
        if words:
            fits.append(or_(*(one.contains(words, autoescape=True) for one in (RunLineTable.name, RunLineTable.place))))
        page = select(RunLineTable).where(*fits).order_by(RunLineTable.number).offset(offset).limit(limit)
        with self._database.reading() as session:
            total = session.scalar(select(func.count()).select_from(RunLineTable).where(*fits)) or 0
            return total, [_line(row) for row in session.scalars(page)]

    def every_line(self, run_id: str) -> Iterator[Line]:
        """All rows of a run in file order, some at a time."""
        after = -1
        while True:
            page = select(RunLineTable).where(RunLineTable.run == run_id, RunLineTable.number > after)
            with self._database.reading() as session:
                found = [_line(row) for row in session.scalars(page.order_by(RunLineTable.number).limit(_MATCHED))]
            if not found:
                return
            yield from found
            after = found[-1].number

    def counts(self, run_id: str) -> dict[str, int]:
        """Rows by conclusion; those waiting and those faulty by their state."""
        grouped = select(RunLineTable.state, RunLineTable.conclusion, func.count()).where(RunLineTable.run == run_id)
        with self._database.reading() as session:
            rows = session.execute(grouped.group_by(RunLineTable.state, RunLineTable.conclusion)).all()
        return {conclusion or state: number for state, conclusion, number in rows}

    def act(self, run_id: str, action: RunAction) -> Run:
        """Pause, resume or cancel; a running one gets there after the rows at hand.

        Raises:
            UnknownRunError: There is none.
            RunStateError: It cannot, in the state it is in.
        """
        with self._database.writing() as session:
            row = _row(session, run_id)
            state = RunState(row.state)
            if action not in _run(row).actions:
                raise RunStateError.of(ACTION_NAME[action], STATE_NAME[state])
            if action is RunAction.DELETE:
                found = _run(row)
                session.execute(delete(RunLineTable).where(RunLineTable.run == run_id))
                session.delete(row)
                return found
            if state is RunState.RUNNING:
                row.wanted = NEXT[state, action]
            else:
                row.state, row.wanted, row.problem = NEXT[state, action], "", None
            return _run(row)

    # -- for the worker ----------------------------------------------------------------------------------------------

    def next_waiting(self) -> str:
        """The oldest run to work on: waiting, or left by a worker that is dead; empty if none."""
        dead = (RunTable.state == RunState.RUNNING) & (RunTable.heartbeat < time.time() - LEASE_S)
        wanted = select(RunTable.id).where((RunTable.state == RunState.WAITING) | dead).order_by(RunTable.created_at)
        with self._database.reading() as session:
            return session.scalars(wanted.limit(1)).first() or ""

    def take(self, run_id: str, holder: str) -> Run | None:
        """The run, held by a worker from now on; None if another was quicker, or it is no longer to be worked on."""
        with self._database.writing() as session:
            row = _row(session, run_id)
            is_dead = row.state == RunState.RUNNING and row.heartbeat < time.time() - LEASE_S
            if row.state != RunState.WAITING and not is_dead:
                return None
            if row.wanted:  # asked for while the worker that died was at it
                row.state, row.wanted = row.wanted, ""
                return None
            row.state, row.holder, row.heartbeat = RunState.RUNNING, holder, time.time()
            return _run(row)

    def keep(self, run_id: str, holder: str, cases: Sequence[Case], lines: Sequence[Line]) -> str:
        """Verdicts, rows and progress in one transaction; the state somebody asked for meanwhile, empty if none.

        Raises:
            LostLeaseError: The run is another worker's.
        """
        with self._database.writing() as session:
            row = _held(session, run_id, holder)
            if cases:
                session.execute(insert(ScreeningRow), [_columns(case) for case in cases])
            for one in lines:
                changed = replace(one)
                session.execute(
                    update(RunLineTable)
                    .where(RunLineTable.run == run_id, RunLineTable.number == one.number)
                    .values(
                        state=changed.state,
                        conclusion=changed.conclusion,
                        told=changed.told,
                        shape=changed.shape,
                        faults=changed.faults,
                    )
                )
            row.done += len(lines)
            row.heartbeat = time.time()
            return row.wanted

    def release(self, run_id: str, holder: str, state: RunState, *, problem: str | None = None, at: str = "") -> None:
        """Give a run back in a state.

        Raises:
            LostLeaseError: It is another worker's.
        """
        with self._database.writing() as session:
            row = _held(session, run_id, holder)
            row.state, row.wanted, row.holder, row.problem = state, "", "", problem
            row.finished_at = at or row.finished_at

    def past(self, before: str) -> list[Run]:
        """Runs that came to their end, or were never begun, and were handed in before an instant."""
        wanted = select(RunTable).where(RunTable.state.in_([*ENDED, RunState.DRAFT]), RunTable.created_at < before)
        with self._database.reading() as session:
            return [_run(row) for row in session.scalars(wanted)]


def _row(session: Session, run_id: str) -> RunTable:
    row = session.get(RunTable, run_id)
    if row is None:
        raise UnknownRunError.of(run_id[:40])
    return row


def _held(session: Session, run_id: str, holder: str) -> RunTable:
    row = session.get(RunTable, run_id)
    if row is None or row.holder != holder or row.state != RunState.RUNNING:
        raise LostLeaseError(run_id)
    return row


def _columns(one: Run | Line | Case) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


def _run(row: RunTable) -> Run:
    return Run(**{name: getattr(row, name) for name in Run.__slots__ if name != "state"}, state=RunState(row.state))


def _line(row: RunLineTable) -> Line:
    return Line(**{name: getattr(row, name) for name in Line.__slots__ if name != "state"}, state=LineState(row.state))
