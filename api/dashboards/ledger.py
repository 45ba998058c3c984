"""上线台账: what of each resource ceiling is used, committed by approved cases, and left."""

from __future__ import annotations

import math
from collections.abc import Sequence

from api.dashboards.cases import CaseFact
from api.dashboards.figures import Cell, Column, ColumnKind, Table
from screening.model import Ceiling, Nature
from screening.words import Text

_DIGITS = 4
_LEFT = 9  # its column
_COLUMNS = (
    Column(key="holder", title=Text("单元或区县", "Unit or district"), kind=ColumnKind.TEXT),
    Column(key="resource", title=Text("资源", "Resource"), kind=ColumnKind.TEXT),
    Column(key="unit", title=Text("单位", "Unit"), kind=ColumnKind.TEXT),
    Column(key="year", title=Text("现状年", "Year of present use")),
    Column(key="cap", title=Text("上限", "Cap")),
    Column(key="used", title=Text("现状已用", "Used")),
    Column(key="cases", title=Text("其后批准件数", "Approved since")),
    Column(key="committed", title=Text("已批准占用", "Committed")),
    Column(key="undeclared", title=Text("未申报需求件数", "Demand undeclared")),
    Column(key="left", title=Text("余量", "Left")),
    Column(key="state", title=Text("状态", "State"), kind=ColumnKind.TEXT),
)


def ledger(ceilings: Sequence[Ceiling], cases: Sequence[CaseFact]) -> Table:
    """One row a ceiling, the tightest first; only approvals after the year of its present use are added to it.

    Args:
        ceilings: Of the release in force.
        cases: All countable cases of the city: a commitment does not depend on who looks or on a period.
    """
    approved = [one for one in cases if one.is_approved and one.decided_on is not None]
    made = [(one, _row(one, approved)) for one in ceilings]
    made.sort(key=lambda one: (_tightness(one[0], one[1][_LEFT]), one[0].holder, one[0].fact))
    rows = tuple(row for _, row in made)
    return Table(
        key="ceilings",
        title=Text("资源利用上线台账", "Ceilings of resources"),
        columns=_COLUMNS,
        rows=rows,
        note=Text(
            "余量 = 上限 − 现状已用 − 现状年之后批准的项目的申报需求；有项目未申报时余量至多如此。"
            "没有研判的导入项目按所在区县计入区县上线。不受日期筛选影响。",
            "Left = cap − used − demands declared by cases approved after the year of present use; where a demand was not "
            "declared no more than that is left. Imported cases without a verdict count for their district's ceilings. "
            "The period chosen above does not change this.",
        ),
    )


def countable(cases: Sequence[CaseFact], nature: Nature) -> list[CaseFact]:
    """The cases that draw on a release's ceilings: an invented one takes nothing of a real city's."""
    return [one for one in cases if nature is Nature.DEMONSTRATION or not one.is_demonstration]


def _tightness(ceiling: Ceiling, left: Cell) -> float:
    """The share that is left; what cannot be reckoned comes first."""
    if not isinstance(left, int | float) or not ceiling.cap:
        return -math.inf
    return left / ceiling.cap


def _row(ceiling: Ceiling, approved: Sequence[CaseFact]) -> tuple[Cell, ...]:
    since = [one for one in approved if one.decided_on is not None and one.decided_on.year > ceiling.year]
    touching = [one for one in since if is_under(one, ceiling)]
    demands = [demand_of(one, ceiling) for one in touching]
    committed = sum(one for one in demands if one is not None) * ceiling.per_fact
    undeclared = demands.count(None)
    known = ceiling.cap is not None and ceiling.used is not None
    left = (ceiling.cap or 0.0) - (ceiling.used or 0.0) - committed if known else None
    return (
        ceiling.holder_name or ceiling.holder,
        ceiling.resource,
        ceiling.unit,
        ceiling.year,
        ceiling.cap,
        ceiling.used,
        len(touching),
        round(committed, _DIGITS),
        undeclared,
        None if left is None else round(left, _DIGITS),
        _state(left, undeclared),
    )


def is_under(case: CaseFact, ceiling: Ceiling) -> bool:
    """Whether a case draws on a ceiling: by its verdicts, else by its district."""
    if case.verdicts:
        return any((ceiling.holder, ceiling.fact) in one.ceilings for one in case.verdicts)
    return case.district == ceiling.holder


def demand_of(case: CaseFact, ceiling: Ceiling) -> float | None:
    """What a case declared, in the fact's own unit, once whatever the number of its sites; None if it did not."""
    declared = [one.demands[ceiling.fact] for one in case.verdicts if ceiling.fact in one.demands]
    if case.verdicts:
        return max(declared, default=None)
    return case.demands.get(ceiling.fact)


def _state(left: float | None, undeclared: int) -> Text:
    if left is None:
        return Text("无法核算：上限或现状缺失", "cannot be reckoned: cap or use missing")
    if left < 0:
        return Text("已超出", "exceeded")
    if undeclared:
        return Text("至多如此：有项目未申报", "at most: some did not declare")
    return Text("有余", "some left")
