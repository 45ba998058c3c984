"""审批效能: counts and working days by stage, district, kind of construction and month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from api.approvals.flow import DECISION, STAGE, Decision, Stage
from api.dashboards.cases import CaseFact, grouped
from api.dashboards.figures import Cell, Chart, Column, ColumnKind, Table, nearest_rank, share
from layers.holidays import TimeLimit
from screening.model import Construction
from screening.terms import CONSTRUCTION
from screening.words import Text

NOT_STATED = Text("未填", "not stated")
_STAGES = (Stage.RECEIVED, Stage.ASSESSING, Stage.REVIEWING, Stage.DECIDING, Stage.DECIDED)
_MEDIAN, _NINETIETH = Text("中位数", "Median"), Text("九成不超过", "90th percentile")
_STAGE_COLUMNS = (
    Column(key="stage", title=Text("阶段", "Stage"), kind=ColumnKind.TEXT),
    Column(key="count", title=Text("已办结次数", "Finished")),
    Column(key="median", title=_MEDIAN),
    Column(key="p90", title=_NINETIETH),
    Column(key="limit", title=Text("现行期限", "Limit today")),
    Column(key="overdue", title=Text("超期", "Overdue")),
    Column(key="overdue_share", title=Text("超期比例", "Share overdue"), kind=ColumnKind.SHARE),
    Column(key="unknown", title=Text("用时不明", "Days unknown")),
)


def stages(cases: Sequence[CaseFact], limits: Mapping[str, TimeLimit]) -> Table:
    """One row a stage, over the times it was left."""
    rows = []
    for stage in _STAGES:
        left = [one for case in cases for one in case.stages if one.stage == stage.value]
        days = [one.days for one in left if one.days is not None]
        overdue = sum(one.is_overdue for one in left)
        limit = limits.get(stage.value)
        row: tuple[Cell, ...] = (
            STAGE[stage],
            len(left),
            nearest_rank(days, 50),
            nearest_rank(days, 90),
            limit.days if limit else None,
            overdue,
            share(overdue, len(days)),
            len(left) - len(days),
        )
        rows.append(row)
    return Table(
        key="stages",
        title=Text("各阶段用时（工作日）", "Working days by stage"),
        columns=_STAGE_COLUMNS,
        rows=tuple(rows),
        note=Text(
            "等待申请人补正的天数不计；超期按该阶段结束时的期限。",
            "Days waited for the applicant are not counted; overdue by the limit as it was when the stage ended.",
        ),
        charts=(
            Chart(
                kind="bars",
                title=Text("各阶段用时（工作日）", "Working days by stage"),
                label="stage",
                values=("median", "p90"),
            ),
        ),
    )


def by_district(cases: Sequence[CaseFact], names: Mapping[str, str], today: date) -> Table:
    """One row a district."""

    def name(code: str) -> Cell:
        return names.get(code, code)

    return _grouped(
        "districts",
        Text("按区县", "By district"),
        Text("区县", "District"),
        cases,
        lambda case: case.district,
        name,
        today,
        (Chart(kind="bars", title=Text("各区县件数", "Cases by district"), label="group", values=("cases",)),),
    )


def by_kind(cases: Sequence[CaseFact], today: date) -> Table:
    """One row a kind of construction."""

    def name(kind: str) -> Cell:
        return CONSTRUCTION[Construction(kind)] if kind else NOT_STATED

    return _grouped(
        "kinds",
        Text("按建设性质", "By kind of construction"),
        Text("建设性质", "Kind"),
        cases,
        lambda case: case.construction,
        name,
        today,
    )


def by_month(cases: Sequence[CaseFact], today: date) -> Table:
    """One row a month of submission."""
    return _grouped(
        "months",
        Text("按提交月份", "By month of submission"),
        Text("月份", "Month"),
        cases,
        lambda case: f"{case.opened_on:%Y-%m}",
        lambda month: month,
        today,
        (
            Chart(kind="lines", title=Text("每月件数", "Cases a month"), label="group", values=("cases",)),
            Chart(
                kind="lines",
                title=Text("每月用时（工作日）", "Working days by month"),
                label="group",
                values=("median", "p90"),
            ),
        ),
    )


def _grouped(
    key: str,
    title: Text,
    group: Text,
    cases: Sequence[CaseFact],
    of: Callable[[CaseFact], str],
    name: Callable[[str], Cell],
    today: date,
    charts: tuple[Chart, ...] = (),
) -> Table:
    groups = grouped(cases, of)
    columns = (
        Column(key="group", title=group, kind=ColumnKind.TEXT),
        Column(key="cases", title=Text("件数", "Cases")),
        *(Column(key=one.value, title=DECISION[one]) for one in Decision),
        Column(key="open", title=Text("在办", "Open")),
        Column(key="median", title=_MEDIAN),
        Column(key="p90", title=_NINETIETH),
        Column(key="overdue", title=Text("超期", "Overdue")),
        Column(key="unknown", title=Text("用时不明", "Days unknown")),
    )
    note = Text(
        "用时为提交至决定的工作日；“用时不明”为已决定而有阶段没有记载的件数。",
        "Days are working days from submission to decision; unknown: decided, and a stage was not recorded.",
    )
    rows = tuple((name(one), *_row(groups[one], today)) for one in groups)
    return Table(key=key, title=title, columns=columns, rows=rows, note=note, charts=charts)


def _row(cases: Sequence[CaseFact], today: date) -> tuple[Cell, ...]:
    days = [one.total_days for one in cases if one.total_days is not None]
    decided = sum(bool(one.decision) for one in cases)
    return (
        len(cases),
        *(sum(one.decision == decision.value for one in cases) for decision in Decision),
        len(cases) - decided,
        nearest_rank(days, 50),
        nearest_rank(days, 90),
        sum(one.is_overdue(today) for one in cases),
        decided - len(days),
    )
