"""研判统计: conclusions by industry section and class of unit, and which clause stands in the way most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from api.dashboards.cases import GRAVEST_FIRST, CaseFact, grouped
from api.dashboards.figures import Cell, Chart, Column, ColumnKind, Table
from api.dashboards.projects import CONCLUSION_WORDS, NO_VERDICT
from screening.model import ZoneClass
from screening.terms import ZONE_CLASS
from screening.words import Text

_OUTCOMES = tuple(Column(key=one, title=CONCLUSION_WORDS[one]) for one in GRAVEST_FIRST)
_WITHOUT = Column(key="without", title=NO_VERDICT)
_UNKNOWN = ""
_NO_UNIT, _UNREAD = "8", "9"  # after the classes
_OTHER_CLASSES = {
    _NO_UNIT: Text("不在管控单元内", "in no unit"),
    _UNREAD: Text("不明（所依据的成果读不出）", "not known: its release cannot be read"),
}


def by_conclusion(cases: Sequence[CaseFact]) -> Table:
    """Cases by their gravest conclusion, and by what an earlier system stated of those without a verdict."""
    without = [one for one in cases if not one.verdicts]
    rows: list[tuple[Cell, ...]] = [
        (
            CONCLUSION_WORDS[one] if one else NO_VERDICT,
            sum(case.conclusion == one for case in cases),
            sum(case.stated_conclusion == one for case in without),
        )
        for one in (*GRAVEST_FIRST, _UNKNOWN)
    ]
    return Table(
        key="conclusions",
        title=Text("研判结论", "Conclusions"),
        columns=(
            Column(key="conclusion", title=Text("结论", "Conclusion"), kind=ColumnKind.TEXT),
            Column(key="cases", title=Text("件数", "Cases")),
            Column(key="stated", title=Text("没有研判的：原系统所述", "Without a verdict: as stated before")),
        ),
        rows=tuple(rows),
        note=Text(
            "一件有几处选址时取最重的结论；原系统所述只作记载，不计入其他各表。",
            "Of several sites the gravest counts; what an earlier system stated is shown here and counted nowhere else.",
        ),
        charts=(
            Chart(kind="bars", title=Text("研判结论", "Conclusions"), label="conclusion", values=("cases",), most=4),
        ),
    )


def by_section(cases: Sequence[CaseFact], names: Mapping[str, str]) -> Table:
    """One row a section of the industrial classification, by the first code of the case."""

    def name(section: str) -> Cell:
        return f"{section} {names.get(section, '')}".strip() if section else Text("未填", "not stated")

    return _grouped(
        "sections",
        Text("按行业门类", "By industry section"),
        Text("门类", "Section"),
        cases,
        lambda one: one.section,
        name,
    )


def by_unit_class(cases: Sequence[CaseFact]) -> Table:
    """One row a class of control unit, the strictest that a case touches; cases without a verdict are left out."""

    def of(case: CaseFact) -> str:
        if not all(one.is_strictest_known for one in case.verdicts):
            return _UNREAD
        classes = [one.strictest for one in case.verdicts if one.strictest is not None]
        return str(min(classes)) if classes else _NO_UNIT

    def name(found: str) -> Cell:
        return _OTHER_CLASSES.get(found) or ZONE_CLASS[ZoneClass(int(found))]

    known = [one for one in cases if one.verdicts]
    title = Text("按所涉最严的管控单元", "By the strictest class of unit touched")
    return _grouped("unit_classes", title, Text("单元类别", "Class of unit"), known, of, name)


def by_clause(cases: Sequence[CaseFact]) -> Table:
    """Clauses and lines by how many cases they stand in the way of, the most first."""
    titles: dict[str, Text] = {}
    outcomes: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for case in cases:
        for verdict in case.verdicts:
            for key, title, outcome in verdict.weighty:
                titles.setdefault(key, title)
                before = outcomes[key].get(case.number, outcome)
                outcomes[key][case.number] = min(before, outcome, key=GRAVEST_FIRST.index)
    counted = {key: [list(found.values()).count(one) for one in GRAVEST_FIRST[:3]] for key, found in outcomes.items()}
    ranked = sorted(counted, key=lambda key: ([-count for count in counted[key]], key))
    return Table(
        key="clauses",
        title=Text("哪些条款和管控线挡住最多", "What stands in the way most"),
        columns=(
            Column(key="clause", title=Text("条款或管控线", "Clause or line"), kind=ColumnKind.TEXT),
            *_OUTCOMES[:3],
        ),
        rows=tuple((titles[key], *counted[key]) for key in ranked),
        note=Text("按不符合、无法判定、有条件符合的件数排序；只统计有研判的。", "Cases with a verdict only."),
        charts=(
            Chart(
                kind="bars",
                title=Text("不符合最多的条款和管控线", "Most often violated"),
                label="clause",
                values=("violates", "undetermined"),
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
) -> Table:
    groups = grouped(cases, of)
    rows = tuple(
        (
            name(one),
            len(groups[one]),
            *(sum(case.conclusion == outcome for case in groups[one]) for outcome in (*GRAVEST_FIRST, _UNKNOWN)),
        )
        for one in groups
    )
    columns = (
        Column(key="group", title=group, kind=ColumnKind.TEXT),
        Column(key="cases", title=Text("件数", "Cases")),
        *_OUTCOMES,
        _WITHOUT,
    )
    return Table(key=key, title=title, columns=columns, rows=rows)
