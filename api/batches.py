"""Screening a batch row by row: each verdict is kept before it is given, a row's own trouble stays with that row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from api.question import Question
from api.row_questions import ROW_TROUBLE, key_of, question_of
from api.service import Answered, ScreeningService
from layers.batches.model import Batch, BatchRow, Fault, RowState
from layers.batches.results import FindingLine, Kept, RowResult
from layers.facts import fact_schema
from screening.errors import UnknownScreeningError
from screening.words import Language, Text

_KINDS = {"concerned": Text("涉及", "concerned"), "without_data": Text("没有数据", "without data")}
_CONSTRUCTION = Text("建设性质", "kind of construction")

Progress = Callable[[int, int], None]


class Ids(Protocol):
    """Who remembers under which id the screening of a row is kept, before it is made."""

    def id_of(self, place: str) -> str:
        """The id for a row, the same however often it is asked, also after a restart."""


def screen_rows(
    service: ScreeningService,
    batch: Batch,
    language: Language,
    as_of: date,
    *,
    ids: Ids | None = None,
    progress: Progress = lambda done, total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[RowResult]:
    """What each row that asks something comes to, in file order.

    Ends early where it is cancelled, always between two rows: what was yielded is kept, the rest is untouched.

    Args:
        service: Screens and keeps.
        batch: As read.
        language: Of the words in the results.
        as_of: Day asked for, one for the whole batch.
        ids: Remembers ids over restarts, so that no row is screened twice; None makes new ones.
        progress: Called with rows done and rows in all, before each row and at the end.
        is_cancelled: Asked before each row.

    Raises:
        ThreeLinesError: The service as a whole cannot answer; rows already yielded are kept.
    """
    rows = batch.asking
    for done, row in enumerate(rows):
        progress(done, len(rows))
        if is_cancelled():
            return
        yield screen_row(service, row, language, as_of, ids)
    progress(len(rows), len(rows))


def screen_row(
    service: ScreeningService, row: BatchRow, language: Language, as_of: date, ids: Ids | None = None
) -> RowResult:
    """What one row comes to.

    Raises:
        ThreeLinesError: The service as a whole cannot answer.
    """
    if row.state is not RowState.READ or row.asked is None:
        return RowResult(row=row, kept=None, faults=row.faults)
    question = question_of(row.asked, as_of)
    try:
        answered = _answered(service, question, ids.id_of(row.place) if ids else "")
    except ROW_TROUBLE as problem:
        return RowResult(row=row, kept=None, faults=(row.fault(problem, key_of(problem)),))
    return RowResult(row=row, kept=kept_of(answered, language), faults=())


def checked(service: ScreeningService, batch: Batch, as_of: date) -> Batch:
    """The batch with the sites of its rows tried as well; nothing is screened or kept.

    Raises:
        ThreeLinesError: The service as a whole cannot answer.
    """
    return replace(batch, rows=tuple(_checked(service, row, as_of) for row in batch.rows))


def kept_of(answered: Answered, language: Language) -> Kept:
    """A kept screening in the words of one language, as the results list it."""
    told: dict[str, Any] = json.loads(json.dumps(answered.explanations[language]))
    record, schema = answered.record, fact_schema()
    wanted = [schema[one["fact"]].label if one["fact"] in schema else _CONSTRUCTION for one in record["would_change"]]
    lines = [
        FindingLine(
            kind=_KINDS[kind].in_(language),
            outcome=entry["outcome"] if entry["outcome"] != "not_concerned" else "",
            outcome_label=entry["outcome_label"],
            title=entry["title"],
            text=entry["text"],
            detail="\n".join(f"{row['label']}: {row['value']}" for row in entry["rows"]),
        )
        for kind in _KINDS
        for entry in told[kind]
    ]
    return Kept(
        id=answered.id,
        created_at=answered.created_at,
        digest=answered.digest,
        release=record["release"]["id"],
        conclusion=told["conclusion"],
        conclusion_label=told["conclusion_label"],
        deciding=tuple(told["deciding"]),
        next_steps=tuple(told["next_steps"]),
        to_declare=tuple(text.in_(language) for text in wanted),
        findings=tuple(lines),
        notice=told["notice"] or "",
        limits=tuple(told["limits"]),
    )


def _answered(service: ScreeningService, question: Question, case_id: str) -> Answered:
    """The screening under an id: found if an earlier run kept it, else made."""
    if case_id:
        try:
            return service.find(case_id)
        except UnknownScreeningError:
            return service.screen(question, case_id=case_id)
    return service.screen(question)


def _checked(service: ScreeningService, row: BatchRow, as_of: date) -> BatchRow:
    if row.state is not RowState.READ or row.asked is None:
        return row
    try:
        service.place(question_of(row.asked, as_of))
    except ROW_TROUBLE as problem:
        fault: Fault = row.fault(problem, key_of(problem))
        return replace(row, state=RowState.FAULTY, faults=(fault,))
    return row
