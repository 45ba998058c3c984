"""What of a plan's answer is told of layers that are not published in full: shares in steps."""

from __future__ import annotations

from dataclasses import replace

from shapely.geometry.base import BaseGeometry

from screening.access import Clause
from screening.disclosure import coarsest, disclosed, unit_layers
from screening.evidence import Evidence
from screening.planning_model import AreaKind, AreaRow, Cover, PlanAnswer
from screening.published import coarse_share, share_step


def disclosed_plan(answer: PlanAnswer) -> PlanAnswer:
    """A plan's answer as anybody may read it; admissions and reasons stay, shares of withheld layers are rounded."""
    evidences = [
        cell.verdict.evidence for cell in answer.cells[: len(answer.plan.parts)]
    ]  # one a part, parts innermost
    if not any(one.disclosures for one in evidences):
        return answer
    cells = tuple(replace(cell, verdict=disclosed(cell.verdict)) for cell in answer.cells)
    findings = {(cell.part, one.key): one for cell in cells for one in cell.verdict.findings}

    shapes = [one.site_shape for one in evidences]
    return replace(
        answer,
        cells=cells,
        areas=tuple(_row(row, evidences[0], shapes, answer.area_m2) for row in answer.areas),
        clauses=tuple(
            replace(one, cover=_coarse(one.cover, _step_of(one.clause, evidences[0]), shapes, answer.area_m2))
            for one in answer.clauses
        ),
        draft=tuple(
            replace(row, basis=tuple(findings[row.part, one.key] for one in row.basis)) for row in answer.draft
        ),
        gaps=tuple(replace(gap, finding=findings[gap.parts[0], gap.finding.key]) for gap in answer.gaps),
    )


def _row(row: AreaRow, evidence: Evidence, shapes: list[BaseGeometry], area_m2: float) -> AreaRow:
    match row.kind:
        case AreaKind.LINE:
            step = coarsest(evidence, (row.key.partition(":")[0],))
        case AreaKind.PRIORITY:
            step = coarsest(evidence, evidence.disclosures)
        case _:
            step = coarsest(evidence, unit_layers(evidence))
    step_m = step.step_m if step else None
    parts = tuple(
        cover and _coarse(cover, step_m, [shape], float(shape.area))
        for cover, shape in zip(row.parts, shapes, strict=True)
    )
    return replace(row, whole=row.whole and _coarse(row.whole, step_m, shapes, area_m2), parts=parts)


def _step_of(clause: Clause, evidence: Evidence) -> float | None:
    """The coarsest step among the layers on which the place of a clause turns."""
    if clause.scope.is_everywhere and not clause.scope.zones:
        return None
    step = coarsest(evidence, (*unit_layers(evidence), *(one.layer_id for one in clause.scope.zones)))
    return step.step_m if step else None


def _coarse(cover: Cover, step_m: float | None, shapes: list[BaseGeometry], of_m2: float) -> Cover:
    if step_m is None:
        return cover
    step = sum(share_step(shape, step_m) * float(shape.area) for shape in shapes) / of_m2
    share = coarse_share(cover.share, step)
    return replace(cover, share=share, area_m2=share * of_m2)
