"""What crosses the HTTP door when a plan is assessed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from api.schemas import SiteIn
from screening.conflict_words import ToldMatter
from screening.model import Construction

Facts = dict[str, StrictBool | StrictInt | StrictFloat | StrictStr | None]
Code = Annotated[str, Field(max_length=10)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlannedIndustryIn(_Strict):
    """One industry of the plan, with what is declared for it alone."""

    code: Code
    facts: Facts = Field(default_factory=dict)


class PlanIn(_Strict):
    """A plan: its parts, its industries, and what is declared for all of them."""

    name: Annotated[str, Field(max_length=200)] = ""
    parts: Annotated[list[SiteIn], Field(max_length=500)] = Field(
        description="each with a boundary and a name of its own; a geometry of `/api/v1/sites/files` may be sent as it is"
    )
    industries: Annotated[list[Code | PlannedIndustryIn], Field(max_length=500)] = Field(
        description="GB/T 4754-2017 codes, e.g. `C3360`, or a code with facts of its own"
    )
    construction: Construction | None = None
    facts: Facts = Field(default_factory=dict, description="declared for all industries")
    as_of: date | None = Field(default=None, description="day asked for; today if left out")


class ConflictsOut(BaseModel):
    """Matters on which several clauses of the list speak, the gravest first."""

    screening: str
    items: list[ToldMatter]
