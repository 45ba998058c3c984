"""The form of the check page as it was written: by hand, by a link that fills it, or sent without scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.datastructures import FormData, QueryParams

from api.schemas import ScreeningIn
from layers.industry_search import Hit
from screening.errors import MalformedRequestError, ThreeLinesError, UnknownIndustryError

MOST_CANDIDATES = 10
SLOTS = {
    "site": "problem-site",
    "site.width_m": "problem-width",
    "site.start_station": "problem-start-station",
    "site.radius_m": "problem-radius",
    "site.district": "problem-district",
    "site.declared_area_m2": "problem-declared-area",
    "project.industries": "problem-industries",
    "project.construction": "problem-construction",
    "project.particulars": "problem-particulars",
    "as_of": "problem-as-of",
    "": "problem-other",
}
"""Fields and the places of the page where their problems are told."""
_SEPARATOR = re.compile(r"[,，;；、\n]+")
_CODE = re.compile(r"[A-Za-z]?\d{0,4}")


Fields = QueryParams | FormData


class Searching(Protocol):
    """A search for industries by words."""

    def __call__(self, words: str, /) -> Sequence[Hit]:
        """Industries that fit, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is written in the form; the names are those of its fields and of links that fill it.

    Attributes:
        site: Coordinates in any readable form.
        industry: Codes, or words for them, separated by commas.
    """

    site: str = ""
    site_name: str = ""
    width_m: str = ""
    start_station: str = ""
    radius_m: str = ""
    accuracy_m: str = ""
    district: str = ""
    declared_area_m2: str = ""
    datum: str = ""
    industry: str = ""
    construction: str = ""
    project_name: str = ""
    as_of: str = ""

    @property
    def industries(self) -> tuple[str, ...]:
        """What stands between the separators of `industry`; codes may also stand between spaces.

        >>> Written(industry="C3360 2614，metal plating").industries
        ('C3360', '2614', 'metal plating')
        """
        parts = [one.split() for one in _SEPARATOR.split(self.industry) if one.strip()]
        return tuple(
            name for words in parts for name in (words if all(map(_CODE.fullmatch, words)) else [" ".join(words)])
        )

    def query(self) -> str:
        """The part of an address that fills the form with all this."""
        return urlencode({name: text for name, text in asdict(self).items() if text})


def written(fields: Fields) -> Written:
    """The form as it was sent. A point may also come as `lon` and `lat`, industries also one by one."""

    def words(name: str) -> str:
        value = fields.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    several = [one.strip() for one in fields.getlist("industry") if isinstance(one, str) and one.strip()]
    plain = {name: words(name) for name in Written.__dataclass_fields__ if name not in ("site", "industry")}
    point = ", ".join(one for one in (words("lon"), words("lat")) if one)
    return Written(site=words("site") or point, industry=words("take") or ", ".join(several), **plain)


def screening_of(form: Written, search: Searching) -> ScreeningIn:
    """The request that the form makes.

    Raises:
        UnknownIndustryError: An industry is written in words; those that fit are offered.
        MalformedRequestError: A field holds what the interface does not take.
    """
    for written_industry in form.industries:
        if not _CODE.fullmatch(written_industry):
            found = [f"{one.industry.code} {one.industry.name}" for one in search(written_industry)]
            raise UnknownIndustryError.of(written_industry, "project.industries", found[:MOST_CANDIDATES])
    site = {
        "text": form.site,
        "name": form.site_name,
        "width_m": form.width_m or None,
        "start_station": form.start_station or None,
        "radius_m": form.radius_m or None,
        "accuracy_m": form.accuracy_m or None,
        "district": form.district,
        "declared_area_m2": form.declared_area_m2 or None,
        "declared": {"datum": form.datum} if form.datum else None,
    }
    project = {
        "name": form.project_name,
        "industries": form.industries,
        "construction": form.construction or None,
    }
    return _checked({"site": site, "project": project, "as_of": form.as_of or None})


def slot_of(problem: ThreeLinesError) -> str:
    """Where on the page a problem is told: the field that is the longest beginning of the problem's."""
    fitting = [field for field in SLOTS if problem.field.startswith(field)]
    return SLOTS[max(fitting, key=len)]


def _checked(asked: Mapping[str, object]) -> ScreeningIn:
    try:
        return ScreeningIn.model_validate(asked)
    except ValidationError as problem:
        first = problem.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise MalformedRequestError.of(field, first["msg"], str(first["input"])[:80]) from problem
