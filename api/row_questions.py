"""A row of a batch as the question it asks, and which trouble is its own."""

from __future__ import annotations

from datetime import date

from api.question import Question
from layers.batches.columns import FACT
from layers.batches.model import AskedRow
from screening import errors
from screening.errors import ThreeLinesError

ROW_TROUBLE = (
    errors.UnknownIndustryError,
    errors.NoIndustryError,
    errors.UnknownFactError,
    errors.UnusableAmountError,
    errors.UnreadableSiteError,
    errors.AmbiguousSiteError,
    errors.UnconfirmedDatumError,
    errors.InvalidSiteError,
    errors.SiteOutsideError,
)
"""Trouble of one row; anything else is trouble of the service and stops the batch."""


def question_of(asked: AskedRow, as_of: date) -> Question:
    """A row as the service takes it."""
    return Question(
        text=asked.coordinates,
        declared=asked.declared,
        site_name=asked.site_name,
        width_m=asked.width_m,
        project_name=asked.project_name,
        industries=asked.industries,
        construction=asked.construction,
        facts=asked.facts,
        as_of=as_of,
    )


def key_of(problem: ThreeLinesError) -> str:
    """Which column a problem concerns."""
    if isinstance(problem, errors.UnknownIndustryError | errors.NoIndustryError):
        return "industries"
    if isinstance(problem, errors.UnknownFactError):
        return FACT + problem.field.removeprefix("project.facts.")
    if isinstance(problem, errors.UnusableAmountError):
        return ""
    return "coordinates"
