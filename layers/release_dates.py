"""Which release is in force when: the days of the map's date slider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from layers.publication import Publication

DAY = timedelta(days=1)


class Standing(StrEnum):
    """How a release stands on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    PAST = "past"
    WITHDRAWN = "withdrawn"
    NEVER = "never"  # replaced before its first day


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stretch of days in which one release is in force, or a publication that is in force on none.

    Attributes:
        first: First day; of a release that is in force on none, the day on which it was to be.
        last: Last day; None while open, and for what is in force on none.
    """

    publication: Publication
    standing: Standing
    first: date
    last: date | None


def stops(published: Sequence[Publication], today: date) -> tuple[Stop, ...]:
    """All stretches of days, the earliest first, with publications that are in force on no day among them.

    Args:
        published: In the order in which they were made.
        today: Day against which they stand.
    """
    stretches = _stretches(published)
    used = {number for number, _, _ in stretches}
    found = [
        (
            first,
            number,
            Stop(publication=published[number], standing=_standing(first, last, today), first=first, last=last),
        )
        for number, first, last in stretches
    ]
    for number, one in enumerate(published):
        if number not in used:
            standing = Standing.WITHDRAWN if one.withdrawn_at else Standing.NEVER
            stop = Stop(publication=one, standing=standing, first=one.effective_from, last=None)
            found.append((stop.first, number, stop))
    return tuple(stop for _, _, stop in sorted(found, key=lambda ranked: ranked[:2]))


def _stretches(published: Sequence[Publication]) -> list[tuple[int, date, date | None]]:
    """Number of a publication with first and last day, in order of days; as `layers.publication.in_force` decides."""
    standing = [(number, one) for number, one in enumerate(published) if not one.withdrawn_at]
    turns = {one.effective_from for _, one in standing}
    turns |= {one.effective_until + DAY for _, one in standing if one.effective_until}
    days = sorted(turns)
    found: list[tuple[int, date, date | None]] = []
    for turn, first in enumerate(days):
        after = days[turn + 1] if turn + 1 < len(days) else None
        holding = [(one.effective_from, number) for number, one in standing if one.is_in_force(first)]
        if not holding:
            continue
        number, last = max(holding)[1], after - DAY if after else None
        if found and found[-1][0] == number and found[-1][2] == first - DAY:
            found[-1] = (number, found[-1][1], last)
        else:
            found.append((number, first, last))
    return found


def _standing(first: date, last: date | None, today: date) -> Standing:
    if first > today:
        return Standing.COMING
    return Standing.PAST if last is not None and last < today else Standing.IN_FORCE
