"""The form that compares sites: what was filled in, kept for showing again, and the request it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError
from starlette.datastructures import FormData, QueryParams

from api.comparison_schemas import ComparisonIn
from layers.industry_search import Hit
from screening.comparison import MOST_SITES
from screening.errors import MalformedRequestError, UnknownIndustryError
from screening.model import Fact
from web.plan_form import FACT, typed

_CODE = re.compile(r"[A-Ta-t]?\d{2,4}|[A-Ta-t]")
MOST_OFFERED = 8


class IndustrySearch(Protocol):
    """What finds industries by words."""

    def industries(self, words: str, limit: int = 20) -> list[Hit]:
        """Industries that fit, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What somebody filled in, as written.

    Attributes:
        sites: Name and coordinates of each field, blank ones too.
        facts: By name of the fact; only those that are not blank.
    """

    sites: tuple[tuple[str, str], ...] = (("", ""),) * MOST_SITES
    industry: str = ""
    construction: str = ""
    facts: Mapping[str, str]

    @property
    def given(self) -> list[int]:
        """Positions of the fields that hold coordinates."""
        return [position for position, (_, where) in enumerate(self.sites) if where]


def filled(form: FormData | QueryParams) -> Filled:
    """A form as it arrived, or the query of a link to it."""

    def words(name: str) -> list[str]:
        return [value.strip() if isinstance(value, str) else "" for value in form.getlist(name)]

    where = (words("site") + [""] * MOST_SITES)[:MOST_SITES]
    names = (words("site_name") + [""] * MOST_SITES)[:MOST_SITES]
    facts = {one: words(one)[0] for one in form if one.startswith(FACT)}
    return Filled(
        sites=tuple(zip(names, where, strict=True)),
        industry=(words("industry") or [""])[0],
        construction=(words("construction") or [""])[0],
        facts={name.removeprefix(FACT): value for name, value in facts.items() if value},
    )


def request_of(written: Filled, schema: Sequence[Fact], search: IndustrySearch) -> ComparisonIn:
    """The request a filled form makes.

    Raises:
        ThreeLinesError: The industry is none, or a field holds what the interface does not take.
    """
    kinds = {fact.name: fact.kind for fact in schema}
    asked: dict[str, Any] = {
        "sites": [{"name": written.sites[at][0], "text": written.sites[at][1]} for at in written.given],
        "project": {
            "industries": industries_of(written.industry, search),
            "construction": written.construction or None,
            "facts": {name: typed(kinds.get(name, ""), words) for name, words in written.facts.items()},
        },
    }
    try:
        return ComparisonIn.model_validate(asked)
    except ValidationError as problem:
        first = problem.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise MalformedRequestError.of(field, first["msg"], str(first["input"])[:80]) from problem


def industries_of(written: str, search: IndustrySearch) -> list[str]:
    """The one industry of a field: its code where it begins with one, else the one that its words mean.

    Raises:
        UnknownIndustryError: The words mean none, or several; they are its candidates.
    """
    first = written.split(maxsplit=1)[0] if written else ""
    if not first or _CODE.fullmatch(first):
        return [first] if first else []
    hits = search.industries(written[:60])
    if len(hits) == 1:
        return [hits[0].industry.code]
    offered = [f"{one.industry.code} {one.industry.name}" for one in hits[:MOST_OFFERED]]
    raise UnknownIndustryError.of(written, "project.industries", offered)
