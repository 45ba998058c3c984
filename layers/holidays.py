"""The calendar of holidays and the time limits of stages, as the reference folder has them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from screening.working_days import HolidayYear, WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """How many working days a stage may take.

    Attributes:
        source: The rule.
        verified: Whether it was compared with the rule's text.
    """

    stage: str
    days: int
    source: str
    verified: bool


@cache
def working_calendar() -> WorkingCalendar:
    """Holidays of the years that were announced.

    Raises:
        ValueError: A day lies outside its year, a day off is also worked, or a day worked is no weekend day.
    """
    return WorkingCalendar({int(year): _year(int(year), entry) for year, entry in _table("holidays")["year"].items()})


@cache
def time_limits() -> Mapping[str, TimeLimit]:
    """Time limits by stage."""
    found = _table("approval_time_limits")["stage"]
    return {
        stage: TimeLimit(stage=stage, days=one["days"], source=one["source"], verified=one["verified"])
        for stage, one in found.items()
    }


def _year(year: int, entry: Mapping[str, Any]) -> HolidayYear:
    off = frozenset(day for written in entry["off"] for day in _days(written))
    worked = frozenset(map(date.fromisoformat, entry["worked"]))
    if off & worked or any(day.year != year for day in off | worked) or any(day.weekday() < 5 for day in worked):
        raise ValueError(f"holidays.toml: {year}")
    return HolidayYear(year=year, off=off, worked=worked, source=entry["source"], verified=entry["verified"])


def _days(written: str) -> Iterator[date]:
    first, last = map(date.fromisoformat, written.split("/"))
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("layers").joinpath(f"reference/{name}.toml").read_text(encoding="utf-8"))
