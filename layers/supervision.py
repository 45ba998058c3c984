"""How agencies are scored and which checks fall due after an approval, as the reference folder has it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from screening.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One deduction of the score.

    Attributes:
        points: Taken off for a rate of one a case.
        most: Taken off at most.
    """

    key: str
    title: Text
    points: float
    most: float
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The definition of the score.

    Attributes:
        full: Points before deductions.
        least_cases: Fewer give no figure.
    """

    full: float
    least_cases: int
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterApproval:
    """A check that falls due some months after a day.

    Attributes:
        counted_from: `decided_on` or `operated_on`.
        unless: The day that makes it superfluous; empty for none.
        categories: EIA categories it applies to.
        valid_from: First day on which it is in force; nothing falls due by it before.
    """

    key: str
    title: Text
    months: int
    counted_from: str
    unless: str
    categories: frozenset[str]
    source: str
    valid_from: date
    verified: bool


@cache
def agency_score() -> Score:
    """How the work of an agency is scored."""
    words = _words()
    full = words["score"]["full"]
    return Score(
        full=full["points"],
        least_cases=full["least_cases"],
        measures=tuple(
            Measure(
                key=key,
                title=Text(row["zh"], row["en"]),
                points=row["points"],
                most=row["most"],
                source=row["source"],
                verified=row["verified"],
            )
            for key, row in words["measure"].items()
        ),
    )


@cache
def checks_after_approval() -> tuple[AfterApproval, ...]:
    """Checks that fall due after an approval."""
    found: Mapping[str, Any] = _words()["check"]
    return tuple(
        AfterApproval(
            key=key,
            title=Text(row["zh"], row["en"]),
            months=row["months"],
            counted_from=row["counted_from"],
            unless=row.get("unless", ""),
            categories=frozenset(row["categories"]),
            source=row["source"],
            valid_from=date.fromisoformat(row["valid_from"]),
            verified=row["verified"],
        )
        for key, row in found.items()
    )


def _words() -> dict[str, Any]:
    return tomllib.loads(files("layers").joinpath("reference/supervision.toml").read_text(encoding="utf-8"))
