"""环评监管: agencies' scores by the definition in the reference folder, and checks that fall due after an approval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from api.approvals.flow import Decision
from api.dashboards.cases import CaseFact, grouped
from api.dashboards.figures import Cell, Chart, Column, ColumnKind, Table
from layers.supervision import AfterApproval, Score
from screening.words import Text

REPEATED_FROM = 2  # cases of one agency with the same weighty finding
_REPEATING = frozenset({"violates", "undetermined"})
_REFUSALS = frozenset({Decision.REFUSED.value, Decision.DECLINED.value})
_MONTHS = 12
_STATES: Mapping[str, Text] = {
    "due": Text("已到期", "Due"),
    "begun_late": Text("期满后方开工", "Begun after that day"),
    "soon": Text("十二个月内到期", "Due within 12 months"),
    "later": Text("以后到期", "Later"),
    "no_day": Text("起算日不明", "Starting day unknown"),
}
_LISTED = ("due", "begun_late", "soon")
_DEDUCTED = 7  # its column
_AGENCY_COLUMNS = (
    Column(key="agency", title=Text("环评单位", "Agency"), kind=ColumnKind.TEXT),
    Column(key="cases", title=Text("件数", "Cases")),
    Column(key="returned", title=Text("退回补正", "Returned")),
    Column(key="overrides", title=Text("改判要点", "Overrides")),
    Column(key="refused", title=Text("不同意或不予受理", "Refused or not accepted")),
    Column(key="verdicts", title=Text("有研判", "With verdict")),
    Column(key="repeated", title=Text("重复问题", "Repeat findings")),
    Column(key="deducted", title=Text("已知扣分", "Known deductions")),
    Column(key="measures", title=Text("计入项数", "Measures counted"), kind=ColumnKind.TEXT),
    Column(key="score", title=Text("得分", "Score")),
)


def agencies(cases: Sequence[CaseFact], score: Score) -> Table:
    """One row an agency, the most deductions first."""
    groups = grouped([one for one in cases if one.agency], lambda one: one.agency)
    rows = [_agency(name, found, score) for name, found in groups.items()]
    rows.sort(key=lambda row: (-row[_DEDUCTED], row[0]))
    return Table(
        key="agencies",
        title=Text("环评单位工作质量", "Agencies"),
        columns=_AGENCY_COLUMNS,
        rows=tuple(rows),
        note=_definition(score),
        charts=(Chart(kind="bars", title=Text("已知扣分", "Known deductions"), label="agency", values=("deducted",)),),
    )


def _agency(name: str, cases: Sequence[CaseFact], score: Score) -> tuple[Any, ...]:
    rates = dict(_rates(cases, score.least_cases))
    known = [one for one in score.measures if rates.get(one.key) is not None]
    taken = sum(min(one.most, one.points * (rates[one.key] or 0.0)) for one in known)
    is_known = len(known) == len(score.measures)  # a measure nobody knows is no reason for a good score
    return (
        name,
        len(cases),
        _sum([one.returned for one in cases]),
        _sum([one.overrides for one in cases]),
        sum(one.decision in _REFUSALS for one in cases),
        sum(bool(one.verdicts) for one in cases),
        repeat_findings(cases) if any(one.verdicts for one in cases) else None,
        round(taken, 1),
        f"{len(known)}/{len(score.measures)}",
        round(max(0.0, score.full - taken), 1) if is_known else None,
    )


def _rates(cases: Sequence[CaseFact], least: int) -> Iterator[tuple[str, float | None]]:
    """Rates a case, over the cases of which each is known; None where they are too few."""
    returned = [one.returned for one in cases if one.returned is not None]
    overrides = [one.overrides for one in cases if one.overrides is not None]
    decided = [one for one in cases if one.decision]
    verdicts = [one for one in cases if one.verdicts]
    yield "returned", sum(returned) / len(returned) if len(returned) >= least else None
    yield "overrides", sum(overrides) / len(overrides) if len(overrides) >= least else None
    refused = sum(one.decision in _REFUSALS for one in decided)
    yield "refused", refused / len(decided) if len(decided) >= least else None
    yield "repeated", repeat_findings(cases) / len(verdicts) if len(verdicts) >= least else None


def repeat_findings(cases: Sequence[CaseFact]) -> int:
    """How often a finding that violates or is undetermined came again in another case."""
    seen: Counter[str] = Counter()
    for case in cases:
        seen.update({key for one in case.verdicts for key, _, outcome in one.weighty if outcome in _REPEATING})
    return sum(count - 1 for count in seen.values() if count >= REPEATED_FROM)


def checks(cases: Sequence[CaseFact], rules: Sequence[AfterApproval], today: date) -> Table:
    """How many checks are due, by rule; an approval whose day is not known is counted as such."""
    rows: list[tuple[Cell, ...]] = []
    for rule in rules:
        states = Counter(_state(one, rule, today) for one in cases if _applies(one, rule))
        unsaid = sum(one.is_approved and not one.category and not _is_over(one, rule) for one in cases)
        rows.append((rule.title, states.total(), *(states[one] for one in _STATES), unsaid))
    return Table(
        key="checks",
        title=Text("审批后检查", "Checks after approval"),
        columns=(
            Column(key="check", title=Text("检查", "Check"), kind=ColumnKind.TEXT),
            Column(key="cases", title=Text("适用件数", "Cases it applies to")),
            *(Column(key=key, title=title) for key, title in _STATES.items()),
            Column(key="no_category", title=Text("环评类别不明，未计入", "EIA category unknown, not counted")),
        ),
        rows=tuple(rows),
        note=Text(
            "依据：" + "；".join(_basis(one).zh for one in rules) + "。",
            "Basis: " + "; ".join(_basis(one).en for one in rules) + ".",
        ),
    )


def checks_due(
    cases: Sequence[CaseFact], rules: Sequence[AfterApproval], names: Mapping[str, str], today: date
) -> Table:
    """Checks that are due, will be within twelve months, or were when construction began; the earliest first."""
    found: list[tuple[Cell, ...]] = []
    for rule in rules:
        for case in cases:
            state = _state(case, rule, today) if _applies(case, rule) else ""
            if state in _LISTED:
                district = names.get(case.district, case.district)
                day = due_on(case, rule)
                found.append((day, case.number, case.project, district, rule.title, _STATES[state]))
    found.sort(key=lambda row: (str(row[0]), str(row[1])))
    return Table(
        key="checks_due",
        title=Text("已到期和十二个月内到期的检查", "Checks due by the end of the next twelve months"),
        columns=(
            Column(key="due", title=Text("到期日", "Due on"), kind=ColumnKind.DAY),
            Column(key="number", title=Text("编号", "Number"), kind=ColumnKind.CASE),
            Column(key="project", title=Text("项目", "Project"), kind=ColumnKind.TEXT),
            Column(key="district", title=Text("区县", "District"), kind=ColumnKind.TEXT),
            Column(key="check", title=Text("检查", "Check"), kind=ColumnKind.TEXT),
            Column(key="state", title=Text("状态", "State"), kind=ColumnKind.TEXT),
        ),
        rows=tuple(found),
    )


def due_on(case: CaseFact, rule: AfterApproval) -> date | None:
    """The day a check falls due, never before its rule is in force; None where the day it is counted from is not known."""
    start = {"decided_on": case.decided_on, "operated_on": case.operated_on}[rule.counted_from]
    return max(_later(start, rule.months), rule.valid_from) if start else None


def _basis(rule: AfterApproval) -> Text:
    zh, en = ("", "") if rule.verified else ("，未逐字核对正式文本", ", not compared with the official text")
    return Text(
        f"{rule.source}（{rule.valid_from} 起施行{zh}）", f"{rule.source} (in force from {rule.valid_from}{en})"
    )


def _applies(case: CaseFact, rule: AfterApproval) -> bool:
    return case.is_approved and case.category in rule.categories and not _is_over(case, rule)


def _is_begun(case: CaseFact, rule: AfterApproval) -> bool:
    return rule.unless == "started_on" and case.started_on is not None


def _is_over(case: CaseFact, rule: AfterApproval) -> bool:
    """Whether a check is superfluous: the project began in time, the day due being the last one (民法典第二百零二条)."""
    due = due_on(case, rule)
    begun = case.started_on if _is_begun(case, rule) else None
    return due is not None and begun is not None and begun <= due


def _state(case: CaseFact, rule: AfterApproval, today: date) -> str:
    """How a check that applies stands, as one of `_STATES`."""
    day = due_on(case, rule)
    if day is None:
        return "no_day"
    if _is_begun(case, rule):
        return "begun_late"
    if day <= today:
        return "due"
    return "soon" if day <= _later(today, _MONTHS) else "later"


def _later(day: date, months: int) -> date:
    """The same day some months later; the month's last where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def _sum(values: Sequence[int | None]) -> int | None:
    known = [one for one in values if one is not None]
    return sum(known) if known else None


def _definition(score: Score) -> Text:
    zh = "；".join(f"{one.title.zh}每 1 扣 {one.points:g} 分，最多扣 {one.most:g} 分" for one in score.measures)
    en = "; ".join(f"{one.title.en}: −{one.points:g} for each 1, at most {one.most:g}" for one in score.measures)
    return Text(
        f"得分由 {score.full:g} 分起扣：{zh}。不足 {score.least_cases} 件有记载的项不计入，各项齐全才有得分；不是全国信用平台的失信记分。",
        f"Score from {score.full:g}: {en}. A measure known of fewer than {score.least_cases} cases is not counted, "
        "and there is a score only where all are; these are not the credit points of the national platform.",
    )
