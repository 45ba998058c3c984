"""办理期限: when a stage must be done, days on which the applicant was waited for not counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from layers.holidays import TimeLimit
from screening.working_days import Due, WorkingCalendar

Stop = tuple[date, date]


def due(
    calendar: WorkingCalendar, limits: Mapping[str, TimeLimit], stage: str, since: date, stops: Sequence[Stop]
) -> Due | None:
    """The last day of a stage; None for a stage without a limit.

    Args:
        calendar: Holidays.
        limits: Working days by stage.
        stage: Its name.
        since: The day it began; counting starts the day after.
        stops: Day asked and day answered, of each question of this stage that was answered.
    """
    limit = limits.get(stage)
    if limit is None:
        return None
    waited = [calendar.between(asked, answered) for asked, answered in stops]
    if None in waited:
        year = next(day.year for stop in stops for day in stop if day.year not in calendar.years)
        return Due(day=None, unknown_year=year, is_verified=False)
    return calendar.after(since, limit.days + sum(one for one in waited if one is not None))


def taken_days(calendar: WorkingCalendar, since: date, until: date, stops: Sequence[Stop]) -> int | None:
    """Working days of a stage without those on which the applicant was waited for; None beyond the calendar."""
    whole = calendar.between(since, until)
    waited = [calendar.between(asked, answered) for asked, answered in stops]
    if whole is None or None in waited:
        return None
    return whole - sum(one for one in waited if one is not None)
