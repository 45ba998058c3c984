"""A sweep from file to file: parts go to workers as they come free, and what is done is kept before more is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path

from api.sweeps.engines import engine
from api.sweeps.parts import Parts
from api.sweeps.work import Assignment, Done, swept
from layers.batches.sources import Source
from layers.batches.stream import parts_of
from screening.errors import WorkersLostError
from screening.words import Text

ROWS = 2_000
"""In a part: what a kill costs at most, times the number of workers."""
AHEAD = 2  # parts at a time for each worker, so that none waits
MOST_LOSSES = 3  # of all workers, one after the other, without a part between them

Progress = Callable[[int], None]


@dataclass(slots=True)
class Told:
    """What a sweep has come to.

    Attributes:
        rows: Done so far.
        counts: Rows by state.
        notices: On the file as a whole.
        is_whole: Whether all of it was done.
    """

    rows: int
    counts: Counter[str]
    notices: tuple[Text, ...]
    is_whole: bool


def run(
    path: Path,
    assignment: Assignment,
    parts: Parts,
    where: str,
    *,
    progress: Progress = lambda rows: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Told:
    """Every part that is not there yet, worked on and kept.

    Args:
        path: The file of projects.
        parts: Where they are kept.
        where: See `engine`.
        progress: Called with the rows done.
        is_cancelled: Asked between parts; what is being worked on then is finished and kept.

    Raises:
        ThreeLinesError: The file, the release or the engine cannot be used; what was done is kept.
    """
    told = Told(0, Counter(), (), False)

    def count(counts: dict[str, int]) -> None:
        told.counts.update(counts)
        told.rows = sum(told.counts.values())
        progress(told.rows)

    waiting = _waiting(path, assignment, parts, told, count)
    losses = 0
    lost: list[tuple[int, Source]] = []
    while losses < MOST_LOSSES:
        before = told.rows
        lost = _on_engine(where, assignment, parts, _chained(lost, waiting), count, is_cancelled)
        if not lost:
            told.is_whole = not is_cancelled()
            return told
        losses = 1 if told.rows > before else losses + 1
    raise WorkersLostError.of(told.rows)


def _waiting(
    path: Path, assignment: Assignment, parts: Parts, told: Told, count: Callable[[dict[str, int]], None]
) -> Iterator[tuple[int, Source]]:
    """Parts that are not there yet, with their numbers; those that are count as done."""
    for number, part in enumerate(parts_of(path, assignment.mapping, assignment.declared, ROWS)):
        told.notices += part.notices
        known = parts.counts(number)
        if known is None:
            yield number, part
        else:
            count(dict(known))


def _chained(lost: list[tuple[int, Source]], waiting: Iterator[tuple[int, Source]]) -> Iterator[tuple[int, Source]]:
    yield from lost
    yield from waiting


def _on_engine(
    where: str,
    assignment: Assignment,
    parts: Parts,
    waiting: Iterator[tuple[int, Source]],
    count: Callable[[dict[str, int]], None],
    is_cancelled: Callable[[], bool],
) -> list[tuple[int, Source]]:
    """Work until nothing waits; parts whose workers were lost with all others are given back."""
    with engine(where) as found:
        under_way: dict[Future[Done], tuple[int, Source]] = {}
        lost: list[tuple[int, Source]] = []
        while True:
            while len(under_way) < AHEAD * found.workers and not lost and not is_cancelled():
                following = next(waiting, None)
                if following is None:
                    break
                try:
                    under_way[found.executor.submit(swept, assignment, following[1])] = following
                except found.losses:
                    lost.append(following)
            if not under_way:
                return lost
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                number, part = under_way.pop(future)
                try:
                    done = future.result()
                except found.losses:
                    lost.append((number, part))
                    continue
                parts.keep(number, done)
                count(dict(done.counts))
