"""A plan for an area, and everything an answer about it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from screening.access import Clause, Dimension
from screening.evidence import ReleaseName
from screening.findings import Finding, Outcome
from screening.model import Construction, FactValue, Industry, Project, Site, ZoneClass
from screening.verdict import Verdict

Place = tuple[str, str]  # part of the plan, and industry


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedIndustry:
    """One industry that the plan would let in.

    Attributes:
        facts: Declared for this industry; they go before what is declared for the whole plan.
    """

    industry: Industry
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """规划: an area in parts and the industries meant for it.

    Attributes:
        parts: Areal, each with a name of its own.
        construction: Kind of construction of the projects to come; None where not declared.
        facts: Declared facts common to all industries.
    """

    name: str
    parts: tuple[Site, ...]
    industries: tuple[PlannedIndustry, ...]
    construction: Construction | None
    facts: Mapping[str, FactValue]

    def project_of(self, planned: PlannedIndustry) -> Project:
        """The project whose verdict is one cell of the matrix."""
        return Project(
            name=self.name,
            industries=(planned.industry,),
            construction=self.construction,
            facts={**self.facts, **planned.facts},
        )


class AreaKind(StrEnum):
    """What a row of shares counts."""

    UNIT_CLASS = "unit_class"
    UNIT = "unit"
    LINE = "line"
    PRIORITY = "priority"  # priority units and priority zones of all layers together
    UNCOVERED = "uncovered"  # in no control unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How much of the plan, or of one part, lies in something; zones that overlap each other count once.

    Attributes:
        share: 0 to 1.
        is_least: A layer did not answer for all of the place, so there may be more.
    """

    area_m2: float
    share: float
    is_least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """占比: one row of the table of shares.

    Attributes:
        key: Class digit, unit code, or layer id with class digit where its zones have classes.
        name: Name of the unit; empty for other rows.
        cls: Class counted; None where the row has none.
        whole: Of the plan's area; None where not known.
        parts: Of each part, in the plan's order; None where not known.
    """

    kind: AreaKind
    key: str
    name: str = ""
    cls: ZoneClass | None = None
    whole: Cover | None
    parts: tuple[Cover | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOverlap:
    """Two parts of the plan that claim the same ground."""

    first: str
    second: str
    area_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One industry in one part: the verdict that `screen` gives for a project of that industry there."""

    part: str
    industry: Industry
    verdict: Verdict

    @property
    def place(self) -> Place:
        """Part and industry code."""
        return (self.part, self.industry.code)

    @property
    def weighing(self) -> tuple[Finding, ...]:
        """Findings graver than "complies", gravest first."""
        return tuple(one for one in self.verdict.findings if one.outcome > Outcome.COMPLIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapingClause:
    """A clause that reaches some part of the plan.

    Attributes:
        parts: Names of the parts it reaches or may reach.
        stops: Where its finding is `VIOLATES`.
        leaves_open: Where it is `UNDETERMINED`.
        conditions: Where it is `CONDITIONAL`.
        cover: The part of the plan area on which it speaks.
    """

    clause: Clause
    parts: tuple[str, ...]
    stops: tuple[Place, ...]
    leaves_open: tuple[Place, ...]
    conditions: tuple[Place, ...]
    cover: Cover


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """One row of the draft access list: what the verdict on one cell says, never more.

    Attributes:
        admission: The cell's conclusion; `COMPLIES` reads "no restriction seen", never "allowed".
        basis: Findings graver than "complies", gravest first.
        checked: Ids of all clauses that were held against this industry in this part.
    """

    part: str
    industry: Industry
    admission: Outcome
    basis: tuple[Finding, ...]
    checked: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What the plan as a whole must see to: a clause, ceiling or objective that weighs on some cell.

    Attributes:
        finding: Of the cell on which it weighs most.
        places: All cells on which it weighs.
    """

    dimension: Dimension
    finding: Finding
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What could not be checked, and in which parts."""

    finding: Finding
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer:
    """规划研判: everything a planning EIA takes from the release.

    Attributes:
        area_m2: Of the union of the parts.
        part_areas_m2: Of each part, in the plan's order.
        cells: Industries by parts, both in the plan's order, parts within an industry.
        clauses: Those that stop most first.
        draft: Gravest first.
    """

    plan: Plan
    as_of: date
    release: ReleaseName
    area_m2: float
    part_areas_m2: tuple[float, ...]
    areas: tuple[AreaRow, ...]
    overlaps: tuple[PartOverlap, ...]
    cells: tuple[Cell, ...]
    clauses: tuple[ShapingClause, ...]
    draft: tuple[DraftRow, ...]
    duties: tuple[Duty, ...]
    gaps: tuple[Gap, ...]
    engine_version: str
