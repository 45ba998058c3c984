"""重点项目: which there are, how far they are, what stands against them, and where they lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from api.approvals.flow import DECISION, STAGE, Decision, Stage
from api.dashboards.cases import GRAVEST_FIRST, CaseFact
from api.dashboards.figures import Cell, Chart, Column, ColumnKind, Table
from screening.terms import OUTCOME
from screening.words import Text

NO_VERDICT = Text("没有研判", "no verdict")
CONCLUSION_WORDS: Mapping[str, Text] = {one.name.lower(): text for one, text in OUTCOME.items()}
_COLUMNS = (
    Column(key="number", title=Text("编号", "Number"), kind=ColumnKind.CASE),
    Column(key="project", title=Text("项目", "Project"), kind=ColumnKind.TEXT),
    Column(key="district", title=Text("区县", "District"), kind=ColumnKind.TEXT),
    Column(key="stage", title=Text("阶段", "Stage"), kind=ColumnKind.TEXT),
    Column(key="risk", title=Text("研判结论", "Conclusion"), kind=ColumnKind.TEXT),
    Column(key="stated", title=Text("原系统结论", "As stated before"), kind=ColumnKind.TEXT),
    Column(key="opened", title=Text("提交", "Submitted"), kind=ColumnKind.DAY),
    Column(key="place", title=Text("位置", "Position"), kind=ColumnKind.PLACE),
)


def key_projects(cases: Sequence[CaseFact], names: Mapping[str, str]) -> Table:
    """One row a key project: open ones first, the gravest first, then the latest."""
    chosen = sorted(
        (one for one in cases if one.is_key_project),
        key=lambda one: (bool(one.decision), _gravity(one), -one.opened_on.toordinal(), one.number),
    )
    rows = tuple(_row(one, names) for one in chosen)
    note = Text("先在办、后已决定；结论重的在前。", "Open ones first; the gravest conclusion first.")
    return Table(key="key_projects", title=Text("重点项目", "Key projects"), columns=_COLUMNS, rows=rows, note=note)


def risks(cases: Sequence[CaseFact]) -> Table:
    """Key projects by conclusion; without a verdict is a row of its own."""
    chosen = [one for one in cases if one.is_key_project]
    rows = tuple(
        (
            CONCLUSION_WORDS[conclusion] if conclusion else NO_VERDICT,
            sum(one.conclusion == conclusion for one in chosen),
            sum(one.conclusion == conclusion and not one.decision for one in chosen),
        )
        for conclusion in (*GRAVEST_FIRST, "")
    )
    return Table(
        key="risks",
        title=Text("重点项目的研判结论", "Key projects by conclusion"),
        columns=(
            Column(key="risk", title=Text("研判结论", "Conclusion"), kind=ColumnKind.TEXT),
            Column(key="cases", title=Text("件数", "Cases")),
            Column(key="open", title=Text("其中在办", "Still open")),
        ),
        rows=rows,
        charts=(
            Chart(
                kind="bars",
                title=Text("重点项目的研判结论", "Key projects by conclusion"),
                label="risk",
                values=("cases",),
            ),
        ),
    )


def unmarked(cases: Sequence[CaseFact]) -> int:
    """How many cases nobody said of whether they are key projects."""
    return sum(one.is_key_project is None for one in cases)


def _row(case: CaseFact, names: Mapping[str, str]) -> tuple[Cell, ...]:
    stage = DECISION[Decision(case.decision)] if case.decision else STAGE[Stage(case.stage)]
    place = f"{case.place[0]:.5f},{case.place[1]:.5f}" if case.place else None
    opened: date = case.opened_on
    return (
        case.number,
        case.project,
        names.get(case.district, case.district),
        stage,
        CONCLUSION_WORDS[case.conclusion] if case.conclusion else NO_VERDICT,
        CONCLUSION_WORDS.get(case.stated_conclusion),
        opened,
        place,
    )


def _gravity(case: CaseFact) -> int:
    return GRAVEST_FIRST.index(case.conclusion) if case.conclusion else len(GRAVEST_FIRST)
