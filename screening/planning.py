"""Planning EIA (规划环评): a plan area in parts, several industries, and what the three lines and the list make of it.

Shares of the control units are compared with the plan (HJ 130-2019, HJ 131-2021), every industry is screened in every
part by the same `screen` that answers for a single project, and a draft of the plan's own access list is drawn from
those verdicts and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from screening import ENGINE_VERSION
from screening.access import Clause, Dimension
from screening.errors import NoIndustryError, PlanError
from screening.evidence import Contact, Evidence
from screening.findings import Finding, Outcome, Subject
from screening.model import ZoneClass
from screening.overlay import measure, uncovered
from screening.planning_model import (
    AreaKind,
    AreaRow,
    Cell,
    Cover,
    DraftRow,
    Duty,
    Gap,
    PartOverlap,
    Place,
    Plan,
    PlanAnswer,
    ShapingClause,
)
from screening.reach import place_of, reach
from screening.truth import Truth
from screening.verdict import screen

LINE_ROLES = ("element", "special")


"""A part's name and an industry's code."""


def assess(plan: Plan, gathered: Mapping[str, Evidence], as_of: date) -> PlanAnswer:
    """The answer to a plan, as of a day.

    Args:
        plan: Parts and industries.
        gathered: What the release says about each part, by the part's name.
        as_of: Day asked for.

    Raises:
        NoIndustryError: The plan names no industry.
        PlanError: It has no part, a part without area, or two parts of one name.
    """
    check_plan(plan)
    evidences = [gathered[part.name] for part in plan.parts]
    cells = tuple(
        Cell(
            part=part.name,
            industry=planned.industry,
            verdict=screen(plan.project_of(planned), part, gathered[part.name], as_of),
        )
        for planned in plan.industries
        for part in plan.parts
    )
    area = shapely.union_all([one.site_shape for one in evidences]).area
    return PlanAnswer(
        plan=plan,
        as_of=as_of,
        release=evidences[0].release,
        area_m2=area,
        part_areas_m2=tuple(one.site_shape.area for one in evidences),
        areas=area_rows(evidences),
        overlaps=_overlaps(plan, evidences),
        cells=cells,
        clauses=_shaping(cells, gathered, area),
        draft=draft_of(cells),
        duties=_duties(cells),
        gaps=_gaps(cells),
        engine_version=ENGINE_VERSION,
    )


def check_plan(plan: Plan) -> None:
    """Whether a plan can be screened at all.

    Raises:
        NoIndustryError: The plan names no industry.
        PlanError: It has no part, a part without area, or two parts of one name.
    """
    if not plan.parts:
        raise PlanError.without_parts()
    if not plan.industries:
        raise NoIndustryError.of("industries")
    names: set[str] = set()
    for position, part in enumerate(plan.parts):
        if part.geometry.area == 0.0:
            raise PlanError.without_area(position, part.name)
        if part.name in names:
            raise PlanError.of_one_name(position, part.name)
        names.add(part.name)


def draft_of(cells: Iterable[Cell]) -> tuple[DraftRow, ...]:
    """One row for every cell, gravest first; neither parts nor industries are put together."""
    rows = [
        DraftRow(
            part=cell.part,
            industry=cell.industry,
            admission=cell.verdict.conclusion,
            basis=cell.weighing,
            checked=tuple(one.clause.id for one in cell.verdict.findings if one.clause),
        )
        for cell in cells
    ]
    return tuple(sorted(rows, key=lambda row: -row.admission))


# -- shares ------------------------------------------------------------------------------------------------------------

Pieces = list[list[BaseGeometry]]
"""Overlaps on the plane, part by part."""


def area_rows(evidences: Sequence[Evidence]) -> tuple[AreaRow, ...]:
    """The table of shares of one or several parts: unit classes, what lies in no unit, units, lines, priority areas."""
    units = [[(one.zone.code, one.zone.name, one.zone.cls) for one in each.units] for each in evidences]
    codes = sorted({known for each in units for known in each}, key=lambda known: (known[2] or 0, known[0]))
    by_class = [
        _row(AreaKind.UNIT_CLASS, str(int(cls)), _units_where(evidences, cls=cls), evidences, cls=cls)
        for cls in ZoneClass
    ]
    by_unit = [
        _row(AreaKind.UNIT, code, _units_where(evidences, code=code), evidences, name=name, cls=cls)
        for code, name, cls in codes
    ]
    return (*by_class, _uncovered_row(evidences), *by_unit, *_line_rows(evidences), _priority_row(evidences))


def _units_where(evidences: Sequence[Evidence], *, cls: ZoneClass | None = None, code: str = "") -> Pieces:
    return [
        _shapes(one for one in each.units if (cls is None or one.zone.cls is cls) and code in ("", one.zone.code))
        for each in evidences
    ]


def _uncovered_row(evidences: Sequence[Evidence]) -> AreaRow:
    """The row that is never left out: a zero is a statement, too."""
    pieces = [
        [uncovered(each.site_shape, overlaps)] if (overlaps := _shapes(each.units)) else [each.site_shape]
        for each in evidences
    ]
    row = _row(AreaKind.UNCOVERED, "", pieces, evidences)
    known = [each.uncovered_share is not None for each in evidences]
    parts = tuple(cover if is_known else None for cover, is_known in zip(row.parts, known, strict=True))
    return AreaRow(kind=row.kind, key=row.key, whole=row.whole if all(known) else None, parts=parts)


def _line_rows(evidences: Sequence[Evidence]) -> list[AreaRow]:
    """Each line, by class where its zones have classes; a line that reaches nothing has its row of zero."""
    rows = []
    for layer in (one.layer for one in evidences[0].consulted if one.layer.role in LINE_ROLES):
        contacts = [[one for one in each.of_layer(layer.id) if one.overlaps] for each in evidences]
        silent = [(answer := each.answer_of(layer.id)) is None or not answer.answered for each in evidences]
        classes = sorted({one.zone.cls or 0 for each in contacts for one in each}) or [0]
        for digit in classes:
            pieces = [_shapes(one for one in each if (one.zone.cls or 0) == digit) for each in contacts]
            key = f"{layer.id}:{int(digit)}" if digit else layer.id
            cls = ZoneClass(digit) if digit else None
            rows.append(_row(AreaKind.LINE, key, pieces, evidences, cls=cls, silent=silent))
    return rows


def _priority_row(evidences: Sequence[Evidence]) -> AreaRow:
    pieces = [_shapes(one for one in each.contacts if one.zone.cls is ZoneClass.PRIORITY) for each in evidences]
    silent = [any(not one.answered for one in each.consulted if one.layer.role != "reference") for each in evidences]
    return _row(AreaKind.PRIORITY, "", pieces, evidences, cls=ZoneClass.PRIORITY, silent=silent)


def _row(
    kind: AreaKind,
    key: str,
    pieces: Pieces,
    evidences: Sequence[Evidence],
    *,
    name: str = "",
    cls: ZoneClass | None = None,
    silent: Sequence[bool] | None = None,
) -> AreaRow:
    silent = silent or [each.uncovered_share is None for each in evidences]
    shapes = [each.site_shape for each in evidences]
    return AreaRow(
        kind=kind,
        key=key,
        name=name,
        cls=cls,
        whole=_cover(
            [piece for each in pieces for piece in each], shapely.union_all(shapes).area, is_least=any(silent)
        ),
        parts=tuple(
            _cover(each, shape.area, is_least=is_least)
            for each, shape, is_least in zip(pieces, shapes, silent, strict=True)
        ),
    )


def _cover(pieces: list[BaseGeometry], of_m2: float, *, is_least: bool = False) -> Cover:
    area = shapely.union_all(pieces).area if pieces else 0.0
    return Cover(area_m2=area, share=min(1.0, area / of_m2), is_least=is_least)


def _shapes(contacts: Iterable[Contact]) -> list[BaseGeometry]:
    return [one.measure.overlap for one in contacts if one.measure.overlap is not None]


def _overlaps(plan: Plan, evidences: Sequence[Evidence]) -> tuple[PartOverlap, ...]:
    found = []
    for second in range(len(evidences)):
        for first in range(second):
            common = measure(evidences[first].site_shape, evidences[second].site_shape)
            if common.area_m2 > 0.0:
                names = plan.parts[first].name, plan.parts[second].name
                found.append(PartOverlap(first=names[0], second=names[1], area_m2=common.area_m2))
    return tuple(found)


# -- what shapes the plan ----------------------------------------------------------------------------------------------


def _shaping(cells: Sequence[Cell], gathered: Mapping[str, Evidence], area_m2: float) -> tuple[ShapingClause, ...]:
    clauses: dict[str, Clause] = {}
    spoken: dict[str, list[tuple[Cell, Outcome]]] = {}
    for cell in cells:
        for finding in cell.verdict.findings:
            if finding.clause is not None:
                clauses[finding.clause.id] = finding.clause
                spoken.setdefault(finding.clause.id, []).append((cell, finding.outcome))
    found = [_shape_of(clauses[name], spoken[name], gathered, area_m2) for name in spoken]
    return tuple(sorted(found, key=_by_force))


def _by_force(one: ShapingClause) -> tuple[int, int, int, float, str]:
    return (-len(one.stops), -len(one.leaves_open), -len(one.conditions), -one.cover.area_m2, one.clause.id)


def _shape_of(
    clause: Clause, spoken: list[tuple[Cell, Outcome]], gathered: Mapping[str, Evidence], area_m2: float
) -> ShapingClause:
    def where(outcome: Outcome) -> tuple[Place, ...]:
        return tuple(cell.place for cell, found in spoken if found is outcome)

    parts = tuple(dict.fromkeys(cell.part for cell, _ in spoken))
    certain = [name for name in parts if reach(clause, gathered[name]).truth is Truth.YES]
    places = [(place_of(clause, gathered[name]), gathered[name].site_shape) for name in certain]
    return ShapingClause(
        clause=clause,
        parts=parts,
        stops=where(Outcome.VIOLATES),
        leaves_open=where(Outcome.UNDETERMINED),
        conditions=where(Outcome.CONDITIONAL),
        cover=_cover(
            [whole if place is None else place for place, whole in places],
            area_m2,
            is_least=len(certain) < len(parts),
        ),
    )


def _duties(cells: Sequence[Cell]) -> tuple[Duty, ...]:
    """What weighs on some cell, by dimension: ceilings count as resource use, objectives as discharge."""
    found: dict[str, list[tuple[Cell, Finding]]] = {}
    for cell in cells:
        for finding in cell.weighing:
            if _dimension(finding) is not None:
                found.setdefault(finding.key, []).append((cell, finding))
    duties = []
    for weighing in found.values():
        gravest = max((finding for _, finding in weighing), key=lambda one: one.outcome)
        dimension = _dimension(gravest)
        assert dimension is not None
        duties.append(Duty(dimension=dimension, finding=gravest, places=tuple(cell.place for cell, _ in weighing)))
    return tuple(sorted(duties, key=lambda one: (one.dimension, -one.finding.outcome, one.finding.key)))


def _dimension(finding: Finding) -> Dimension | None:
    if finding.clause is not None:
        return finding.clause.dimension
    if finding.subject is Subject.CEILING:
        return Dimension.RESOURCE
    return Dimension.DISCHARGE if finding.subject is Subject.OBJECTIVE else None


def _gaps(cells: Sequence[Cell]) -> tuple[Gap, ...]:
    found: dict[str, tuple[Finding, list[str]]] = {}
    for cell in cells:
        for finding in cell.weighing:
            if finding.subject in (Subject.UNIT, Subject.LAYER, Subject.LIST):
                found.setdefault(finding.key, (finding, []))[1].append(cell.part)
    return tuple(Gap(finding=one, parts=tuple(dict.fromkeys(parts))) for one, parts in found.values())
