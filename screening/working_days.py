"""工作日: counting days by a calendar of holidays that says for which years it speaks.

A year nobody has announced is unknown: a period that reaches into it has no last day yet, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from screening.truth import Truth

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayYear:
    """One year's announcement.

    Attributes:
        off: Days on which nobody works though it may be Monday to Friday.
        worked: Saturdays and Sundays that are worked in exchange.
        source: The announcement.
        verified: Whether it was compared with the announcement's text.
    """

    year: int
    off: frozenset[date]
    worked: frozenset[date]
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The last day of a period.

    Attributes:
        day: None where the calendar does not reach so far.
        unknown_year: The first year nobody has announced that the period runs into; None if there is none.
        is_verified: Whether every year it runs through was compared with its announcement.
    """

    day: date | None
    unknown_year: int | None
    is_verified: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Holidays by year."""

    years: Mapping[int, HolidayYear]

    def is_working(self, day: date) -> Truth:
        """Whether a day is a working day; unknown where its year is not announced."""
        year = self.years.get(day.year)
        if year is None:
            return Truth.UNKNOWN
        if day in year.worked:
            return Truth.YES
        return Truth.of(day not in year.off and day.weekday() < _SATURDAY)

    def after(self, start: date, working_days: int) -> Due:
        """The day on which a period of so many working days ends; the day it starts on is not counted.

        A period of no days ends on the day it starts.
        """
        if working_days < 0:
            raise ValueError(working_days)
        day, left, verified = start, working_days, True
        while left:
            day += _DAY
            if day.year not in self.years:
                return Due(day=None, unknown_year=day.year, is_verified=False)
            verified = verified and self.years[day.year].verified
            left -= self.is_working(day) is Truth.YES
        return Due(day=day, unknown_year=None, is_verified=verified)

    def between(self, start: date, end: date) -> int | None:
        """Working days after one day up to and with another; negative if the other is earlier, None if unknown."""
        if end < start:
            earlier = self.between(end, start)
            return None if earlier is None else -earlier
        days = [self.is_working(day) for day in _days(start + _DAY, end)]
        return None if Truth.UNKNOWN in days else days.count(Truth.YES)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += _DAY
