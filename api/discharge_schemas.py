"""What goes in and out at the JSON door for the discharges of a case."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.law_schemas import DischargeIn, EmissionOut
from screening.discharges import Extent
from screening.standards import Medium

Verdict = Literal["met", "exceeded", "undetermined"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CaseDischargeIn(DischargeIn):
    """One pollutant from one outlet; the industry may be left out where the case has one only."""

    industry: Annotated[str, Field(max_length=10)] = ""


class DeclarationIn(_In):
    """One declaration: a discharge, or that a medium receives nothing else, or (`replaces` alone) a withdrawal."""

    discharge: CaseDischargeIn | None = None
    nothing_else: Medium | None = None
    replaces: int | None = Field(default=None, description="position of the declaration it takes the place of")
    outlet_name: Annotated[str, Field(max_length=80)] = Field(default="", description="e.g. `DA001`")


class DeclarationsIn(_In):
    """Declarations on a case; `version` is the case's as the caller saw it."""

    version: int
    declarations: Annotated[list[DeclarationIn], Field(min_length=1, max_length=100)]


class ChoiceOut(BaseModel):
    """One value of a column."""

    value: str
    label: str


class NeedOut(BaseModel):
    """What would decide and was not declared; `choices` for a column of the tables."""

    name: str
    label: str
    choices: list[ChoiceOut]


class LimitUsedOut(BaseModel):
    """A limit and the standard it stands in."""

    standard: str
    title: str
    cited: str
    limit: str = Field(description="empty where the tables do not hold its value")
    in_force_from: str
    verified: bool


class CaseEmissionOut(EmissionOut):
    """One quantity of one declared discharge against the limit that binds."""

    verdict: Verdict
    verdict_label: str
    declared: str = Field(description="in the unit of the limit where it is compared; empty where not declared")
    binding: LimitUsedOut | None = Field(description="the limit that decides; null while nothing is definite")
    margin: float | None = Field(description="how far within the limit, in its unit; negative beyond it")
    margin_label: str
    missing: list[NeedOut]


class DeclarationOut(BaseModel):
    """A declaration in force."""

    position: int
    replaces: int | None
    kind: Literal["discharge", "nothing_else"]
    medium: Medium
    medium_label: str
    outlet_name: str
    outlet_label: str
    pollutant: str
    pollutant_label: str
    industry: str
    told: str = Field(description="in words, as it was declared")
    discharge: DischargeIn | None = Field(description="as it can be declared again")
    by: str
    at: str
    correctable: bool = Field(description="whether the caller may replace it, if the stage allows it")
    findings: list[CaseEmissionOut]


class PollutantOut(BaseModel):
    """A pollutant that may be limited and nobody declared."""

    medium: Medium
    medium_label: str
    pollutant: str
    label: str
    certain: bool = Field(description="limited whatever kind of source it is")
    standards: list[str]


class StandardOut(BaseModel):
    """A standard in force for the place, the industry and the day."""

    code: str
    title: str
    media: list[Medium]
    media_label: str
    level_label: str
    scope_label: str
    in_force_from: str
    condition: str = Field(description="when it speaks; empty where always")
    undeclared: list[str]
    held: bool = Field(description="false where the tables hold none of its limits, so that a person must look them up")
    verified: bool


class MediumOut(BaseModel):
    """What is said of a medium as a whole."""

    medium: Medium
    label: str
    extent: Extent
    extent_label: str


class DischargesOut(BaseModel):
    """A case's declared discharges against the limits of its day; `met` only if nothing is left undeclared."""

    as_of: str
    decided: bool = Field(description="whether `as_of` is the day of the decision; else it is today")
    area: str
    industries: list[str]
    verdict: Verdict
    verdict_label: str
    headline: str
    reasons: list[str]
    media: list[MediumOut]
    declarations: list[DeclarationOut]
    replaced: int = Field(description="declarations that were replaced or withdrawn; they stay in the record")
    undeclared: list[PollutantOut] | None = Field(description="null where no industry is known")
    standards: list[StandardOut]
    columns: list[NeedOut] = Field(description="what would decide between limits of pollutants not yet declared")
    verified: bool
