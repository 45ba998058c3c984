"""A sweep from file to file: parts go to workers as they come free, and what is done is kept before more is asked."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from api.sweeps.engines import Awaited, Engine, engine
from api.sweeps.parts import Parts
from api.sweeps.work import Assignment, Done, require_fit, swept
from layers.batches.sources import Source
from layers.batches.stream import parts_of, rows_in, rows_of
from screening.errors import RowsLostError, UnusableEngineError, WorkersLostError
from screening.words import Text

ROWS = 2_000
"""In a part: what a kill costs at most, times the number of workers."""
AHEAD = 2  # parts at a time for each worker, so that none waits
MOST_LOSSES = 3  # of all workers, one after the other, without a part between them
LOOK_S = 5.0  # how long to wait before it is seen whether anybody works
MOST_LOOKS = 12  # without any worker

Numbered = tuple[int, Source]
Progress = Callable[[int], None]


@dataclass(slots=True)
class Told:
    """What a sweep has come to.

    Attributes:
        parts: Done so far.
        counts: Rows by state.
        notices: On the file as a whole.
        is_whole: Whether all of it was done.
    """

    parts: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    notices: dict[Text, None] = field(default_factory=dict)
    is_whole: bool = False

    @property
    def rows(self) -> int:
        """Done so far."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Parts that are not there yet: those given back by an engine first."""

    again: deque[Numbered]
    rest: Iterator[Numbered]

    def __iter__(self) -> Iterator[Numbered]:
        return self

    def __next__(self) -> Numbered:
        return self.again.popleft() if self.again else next(self.rest)


def run(
    path: Path,
    assignment: Assignment,
    parts: Parts,
    where: str,
    *,
    size: int = ROWS,
    progress: Progress = lambda rows: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Told:
    """Every part that is not there yet, worked on and kept.

    Args:
        path: The file of projects.
        parts: Where they are kept.
        where: See `engine`.
        size: Rows in a part.
        progress: Called with the rows done.
        is_cancelled: Asked between parts; what is being worked on then is finished and kept.

    Raises:
        ThreeLinesError: The file, the release or the engine cannot be used; what was done is kept.
        RowsLostError: A part, or the file, did not come back with all its rows; the part is not kept.
    """
    told = Told()

    def note(done: Done) -> None:
        told.parts += 1
        told.counts.update(done.counts)
        told.notices.update(dict.fromkeys(done.notices))
        progress(told.rows)

    def keep(number: int, part: Source, done: Done) -> None:
        _require_whole(number, part, done)
        parts.keep(number, done)
        note(done)

    waiting = _Waiting(deque(), _missing(path, assignment, parts, size, note))
    losses = 0
    while losses < MOST_LOSSES:
        before = told.parts
        with engine(where, partial(require_fit, assignment)) as found:
            lost = _worked(found, assignment, waiting, keep, is_cancelled)
        if not lost or is_cancelled():
            told.is_whole = not lost and not is_cancelled()
            if told.is_whole:
                _require_all(Text("文件", "the file"), rows_in(path), told.rows)
            return told
        waiting.again.extend(lost)
        losses = 1 if told.parts > before else losses + 1
    raise WorkersLostError.of(told.rows)


def _require_whole(number: int, part: Source, done: Done) -> None:
    """That a part came back with all its rows, counted and in its table."""
    place = Text(f"第 {number + 1} 部分", f"part {number + 1}")
    _require_all(place, rows_of(part), sum(done.counts.values()))
    _require_all(place, done.counts["read"] + done.counts["faulty"], done.table.num_rows)


def _require_all(place: Text, sent: int | None, came: int) -> None:
    """Rows in, rows out; where it is known how many went in."""
    if sent is not None and sent != came:
        raise RowsLostError.of(place, sent, came)


def _missing(
    path: Path, assignment: Assignment, parts: Parts, size: int, note: Callable[[Done], None]
) -> Iterator[Numbered]:
    """Parts that are not there yet, with their numbers; those that are count as done."""
    for number, part in enumerate(parts_of(path, assignment.mapping, assignment.declared, size)):
        done = parts.find(number)
        if done is None:
            yield number, part
        else:
            note(done)


def _worked(
    found: Engine,
    assignment: Assignment,
    waiting: Iterator[Numbered],
    keep: Callable[[int, Source, Done], None],
    is_cancelled: Callable[[], bool],
) -> list[Numbered]:
    """Work until nothing waits; parts whose workers were lost with all others are given back."""
    under_way: dict[Awaited, Numbered] = {}
    lost: list[Numbered] = []
    looks = 0
    while True:
        while len(under_way) < AHEAD * found.workers and not lost and not is_cancelled():
            following = next(waiting, None)
            if following is None:
                break
            try:
                under_way[found.submit(swept, assignment, following[1])] = following
            except found.losses:
                lost.append(following)
        if not under_way:
            return lost
        ended = found.done(under_way, LOOK_S)
        looks = 0 if ended or found.has_workers() else looks + 1
        if looks == MOST_LOOKS or (looks and is_cancelled()):
            raise UnusableEngineError.idle(found.name)
        for call in ended:
            following = under_way.pop(call)
            try:
                done = call.result()
            except found.losses:
                lost.append(following)
            except ImportError as problem:
                raise UnusableEngineError.lacking(found.name, str(problem)) from problem
            else:
                keep(*following, done)
