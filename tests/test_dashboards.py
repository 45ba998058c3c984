"""Figures of the dashboards equal what plain SQL says, on both databases; and the laws that any figures must keep."""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from api import audit_check
from api.accounts.roles import Action
from api.approvals.acts import JudgementIn, Mark
from api.approvals.flow import STAGE, Decision, Stage
from api.dashboards import agencies, conclusions, efficiency, ledger, projects
from api.dashboards.cases import GRAVEST_FIRST, UNTIL_DECISION, CaseFact, StageFact, VerdictFact
from api.dashboards.downloads import as_csv, as_workbook
from api.dashboards.figures import Board, Column, ColumnKind, Table, nearest_rank
from api.dashboards.service import TITLES, Asked, chosen
from layers.holidays import time_limits
from layers.supervision import agency_score, checks_after_approval
from sample_data.history import HEADER, cases, earlier
from screening.approval_errors import CaseInputError, ForbiddenError
from screening.errors import NoSuchPageError
from screening.model import Ceiling, Effect
from screening.terms import CONSTRUCTION, ZONE_CLASS
from screening.words import Text
from tests.approvals import ELSEWHERE, HERE, OPERATOR, City, emptied, made_city
from tests.conftest import build_release
from tests.pastcases import past, write_rows
from tests.smallcity import SmallCity

TODAY = date(2026, 11, 23)
IMPORTED = 240
OVER = "EXISTS (SELECT 1 FROM case_stage s WHERE s.case_id = c.id AND s.days > s.limit_days)"
LATE = f"({OVER} OR (c.due_on < '2026-11-24' AND c.asked_on IS NULL))"
STAGES_OF = "SELECT COUNT(DISTINCT s.stage) FROM case_stage s WHERE s.case_id = t.case_id AND s.stage IN"
TOTALS = f"""SELECT t.case_id, SUM(t.days) AS days, SUM(CASE WHEN t.days IS NULL THEN 1 ELSE 0 END)
+ CASE WHEN MIN(d.decision) NOT IN ('declined', 'withdrawn')
  THEN 4 - ({STAGES_OF} ('received', 'assessing', 'reviewing', 'deciding')) ELSE 0 END
+ CASE WHEN MAX(t.position) > 0 THEN 1 - ({STAGES_OF} ('received')) ELSE 0 END
+ CASE WHEN MAX(t.position) > 1 THEN 1 - ({STAGES_OF} ('assessing')) ELSE 0 END
+ CASE WHEN MAX(t.position) > 2 THEN 1 - ({STAGES_OF} ('reviewing')) ELSE 0 END AS unknown
FROM case_stage t JOIN approval_case d ON d.id = t.case_id
WHERE t.stage IN ('received', 'assessing', 'reviewing', 'deciding') GROUP BY t.case_id"""


def small_rows(districts: list[str]) -> list[dict[str, str]]:
    """Some of the demonstration history, moved into the small city."""
    rows = [dict(zip(HEADER, one, strict=True)) for one in cases(IMPORTED, 7)]
    for at, row in enumerate(rows):
        row["区县"] = districts[int(row["区县"]) % len(districts)]
        row["坐标"] = f"{120.02 + 0.0007 * at:.4f},{36.01 + 0.0007 * at:.4f}"
        if at % 17 == 0:
            row["退回补正次数"] = row["环评单位"] = row["研判完成日期"] = row["重点项目"] = ""
    return rows


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(
    request: pytest.FixtureRequest, small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    """A city with imported cases, some of them screened, and living ones at several stages."""
    database = emptied(request.getfixturevalue("postgis")) if request.param == "postgresql" else ""
    folder = tmp_path_factory.mktemp("dashboards")
    city = made_city(small_store[0], folder / "city", database)
    try:
        done = city.port.history.load(
            OPERATOR,
            write_rows(folder / "past.csv", *small_rows(list(city.port.dashboards.names()))),
            is_demonstration=True,
        )
        assert not done.issues
        assert city.port.history.screen(OPERATOR, 12).done == 12
        living(city)
        yield city
    finally:
        city.service.close()


def living(city: City) -> None:
    """One waiting, one late, one judged and decided by persons, one without a verdict."""
    anna, bert, chief = (city.people[name] for name in ("anna", "bert", "chief"))
    acts, version = city.port.acts, city.version
    waiting, late, decided = city.case(), city.case(site="120.05,36.05", industry="C3360"), city.case()
    city.case(screened=False)
    acts.accept(anna, waiting, version(waiting))
    acts.say(anna, waiting, version(waiting), Action.ASK, "请补正")
    acts.accept(anna, decided, version(decided))
    document = acts.attach(anna, decided, "a.pdf", b"%PDF-1.7 x").digest
    findings = city.port.views.case(chief, decided).against
    said = JudgementIn(
        screening_id=findings[0].screening_id,
        findings=tuple(one.key for one in findings),
        outcome="complies",
        reason="现场核实",
        document=document,
    )
    acts.judge(anna, decided, version(decided), said)
    red = tuple(one.key for one in findings if one.is_red_line)
    if red:
        acts.confirm(bert, decided, version(decided), said.screening_id, red)
    city.clock.forward(days=2)
    acts.propose(anna, decided, version(decided), "approved", "同意")
    acts.review(bert, decided, version(decided), "")
    acts.decide(chief, decided, version(decided), "approved", "同意")
    assert late
    city.clock.instant = city.clock.instant.replace(year=2026, month=12, day=4)


def sql(city: City, statement: str, **values: object) -> list[Any]:
    with city.port.database.reading() as session:
        return list(session.execute(text(statement), values))


def table(city: City, board: str, key: str, asked: Asked = Asked(), who: str = "chief") -> Table:  # noqa: B008
    found = city.port.dashboards.board(city.people[who], board, asked)
    return next(one for one in found.tables if one.key == key)


def by_name(found: Table) -> dict[str, tuple[Any, ...]]:
    return {one[0].zh if isinstance(one[0], Text) else str(one[0]): one[1:] for one in found.rows}


def percentile(city: City, source: str, percent: int, **values: object) -> Any:
    """Nearest rank by SQL: PostgreSQL's own discrete percentile, row numbers on SQLite."""
    if city.port.database.is_sqlite:
        rows = sql(
            city,
            f"SELECT days FROM (SELECT days, ROW_NUMBER() OVER (ORDER BY days) AS r, COUNT(*) OVER () AS n "
            f"FROM ({source}) AS d) AS ranked WHERE r = (n * {percent} + 99) / 100",
            **values,
        )
        return rows[0][0] if rows else None
    found = sql(
        city, f"SELECT percentile_disc({percent / 100}) WITHIN GROUP (ORDER BY days) FROM ({source}) AS d", **values
    )
    return found[0][0]


# -- the same figures a second way -------------------------------------------------------------------------------------


def test_working_days_by_stage_are_those_of_the_table(full: City) -> None:
    found = by_name(table(full, "efficiency", "stages"))
    for stage in (Stage.RECEIVED, Stage.ASSESSING, Stage.REVIEWING, Stage.DECIDING, Stage.DECIDED):
        (count, known, over) = sql(
            full,
            "SELECT COUNT(*), COUNT(days), SUM(CASE WHEN days > limit_days THEN 1 ELSE 0 END) FROM case_stage WHERE stage = :s",
            s=stage.value,
        )[0]
        source = "SELECT days FROM case_stage WHERE stage = :s AND days IS NOT NULL"
        median, p90 = (percentile(full, source, percent, s=stage.value) for percent in (50, 90))
        limit = time_limits()[stage.value].days
        expected = (count, median, p90, limit, over, round(over / known, 4), count - known)
        assert found[STAGE[stage].zh] == expected
        assert count > 100


@pytest.mark.parametrize(
    ("key", "column"), [("districts", "district"), ("kinds", "construction"), ("months", "SUBSTR(c.opened_at, 1, 7)")]
)
def test_groups_are_those_of_the_table(full: City, key: str, column: str) -> None:
    found = by_name(table(full, "efficiency", key))
    names: Mapping[str, str] = {
        "districts": full.port.dashboards.names(),
        "kinds": {kind.value: words.zh for kind, words in CONSTRUCTION.items()},
        "months": {},
    }[key]
    decisions = ", ".join(f"SUM(CASE WHEN decision = '{one.value}' THEN 1 ELSE 0 END)" for one in Decision)
    rows = sql(
        full,
        f"SELECT {column}, COUNT(*), {decisions}, SUM(CASE WHEN decision = '' THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN {LATE.replace('2026-11-24', '2026-12-04')} THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN decision <> '' AND (t.unknown IS NULL OR t.unknown > 0) THEN 1 ELSE 0 END) "
        f"FROM approval_case c LEFT JOIN ({TOTALS}) AS t ON t.case_id = c.id GROUP BY {column}",
    )
    assert len(rows) == len(found) > 1
    for group, count, *decided, still_open, overdue, unknown in rows:
        source = (
            f"SELECT t.days FROM approval_case c JOIN ({TOTALS}) AS t ON t.case_id = c.id "
            f"WHERE t.unknown = 0 AND c.decision <> '' AND {column} = :g"
        )
        median, p90 = (percentile(full, source, percent, g=group) for percent in (50, 90))
        said = found[names.get(group, group)]
        assert said == (count, *decided, still_open, median, p90, overdue, unknown), group


def test_key_projects_are_those_of_the_table(full: City) -> None:
    numbers = {row[0] for row in table(full, "projects", "key_projects").rows}
    rows = sql(full, "SELECT c.number FROM approval_case c JOIN case_past p ON p.case_id = c.id WHERE p.is_key_project")
    assert numbers == {row[0] for row in rows}
    assert len(numbers) > 5
    risks = by_name(table(full, "projects", "risks"))
    assert sum(row[0] for row in risks.values()) == len(numbers)
    board = full.port.dashboards.board(full.people["chief"], "projects", Asked())
    unsaid = sql(
        full,
        "SELECT COUNT(*) FROM approval_case c LEFT JOIN case_past p ON p.case_id = c.id WHERE p.is_key_project IS NULL",
    )
    assert f"{unsaid[0][0]} 件" in board.notes[0].zh


def test_agencies_are_those_of_the_table(full: City) -> None:
    found = by_name(table(full, "supervision", "agencies"))
    rows = sql(
        full,
        "SELECT c.agency, COUNT(*), SUM(p.returned), SUM(p.overrides), "
        "SUM(CASE WHEN c.decision IN ('refused', 'declined') THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN EXISTS (SELECT 1 FROM case_site x WHERE x.case_id = c.id AND x.screening_id IS NOT NULL) THEN 1 ELSE 0 END) "
        "FROM approval_case c JOIN case_past p ON p.case_id = c.id WHERE c.agency <> '' GROUP BY c.agency",
    )
    assert len(rows) == len(found) == 6
    for name, *figures in rows:
        assert list(found[name][:5]) == figures, name
    nobody = sql(full, "SELECT COUNT(*) FROM approval_case WHERE agency = ''")[0][0]
    board = full.port.dashboards.board(full.people["chief"], "supervision", Asked())
    assert f"{nobody} 件" in board.notes[0].zh


def test_conclusions_are_those_of_the_screenings(full: City) -> None:
    found = by_name(table(full, "screening", "conclusions"))
    order = " ".join(f"WHEN '{one}' THEN {at}" for at, one in enumerate(GRAVEST_FIRST))
    rows = {
        GRAVEST_FIRST[rank]: count
        for rank, count in sql(
            full,
            f"SELECT rank, COUNT(*) FROM (SELECT x.case_id, MIN(CASE s.conclusion {order} END) AS rank FROM case_site x "
            "JOIN screening s ON s.id = x.screening_id GROUP BY x.case_id) AS gravest GROUP BY rank",
        )
    }
    for conclusion in GRAVEST_FIRST:
        assert found[projects.CONCLUSION_WORDS[conclusion].zh][0] == rows.get(conclusion, 0)
    total = sql(full, "SELECT COUNT(*) FROM approval_case")[0][0]
    assert found[projects.NO_VERDICT.zh][0] == total - sum(rows.values())
    assert sum(rows.values()) == 15
    board = full.port.dashboards.board(full.people["chief"], "screening", Asked())
    imported = IMPORTED - 12
    assert f"{total} 件中 {total - 15} 件没有研判（其中导入的历史审批 {imported} 件）" in board.notes[0].zh


def test_what_stands_in_the_way_is_what_the_records_say(full: City) -> None:
    found = table(full, "screening", "clauses")
    expected: dict[str, dict[str, set[str]]] = {}
    for number, record in sql(
        full,
        "SELECT c.number, s.record FROM approval_case c JOIN case_site x ON x.case_id = c.id JOIN screening s ON s.id = x.screening_id",
    ):
        for one in json.loads(record)["findings"]:
            if one["outcome"] in GRAVEST_FIRST[:3]:
                expected.setdefault(one["title"]["zh"], {}).setdefault(one["outcome"], set()).add(number)
    told = by_name(found)
    assert told == {
        title: tuple(len(outcomes.get(one, ())) for one in GRAVEST_FIRST[:3]) for title, outcomes in expected.items()
    }
    counts = [row[1:] for row in found.rows]
    assert counts == sorted(counts, reverse=True)


def test_the_ledger_adds_what_was_approved_after_the_year_of_present_use(full: City) -> None:
    snapshot = full.service.snapshot(full.service.today())
    found = {(row[0], row[1].zh): row for row in table(full, "ceilings", "ceilings").rows}  # type: ignore[union-attr]
    read = (
        "CAST(json_extract(p.facts, '$.{f}') AS REAL)"
        if full.port.database.is_sqlite
        else "(p.facts::json->>'{f}')::float"
    )
    seen = 0
    for ceiling in snapshot.ceilings:
        if len(ceiling.holder) != 6:
            continue
        fact = read.format(f=ceiling.fact)
        unscreened = "NOT EXISTS (SELECT 1 FROM case_site x WHERE x.case_id = c.id AND x.screening_id IS NOT NULL)"
        touched, declared, known = sql(
            full,
            f"SELECT COUNT(*), COALESCE(SUM({fact}), 0), COUNT({fact}) FROM approval_case c JOIN case_past p ON p.case_id = c.id "
            f"WHERE c.decision IN ('approved', 'conditional') AND CAST(SUBSTR(c.decided_at, 1, 4) AS INTEGER) > :y "
            f"AND c.district = :d AND {unscreened}",
            y=ceiling.year,
            d=ceiling.holder,
        )[0]
        extra = screened_under(full, ceiling)
        row = found[(ceiling.holder_name, ceiling.resource.zh)]
        amounts = [one for one in extra if one is not None]
        committed = (declared + sum(amounts)) * ceiling.per_fact
        assert row[6] == touched + len(extra)
        assert row[7] == pytest.approx(committed, abs=1e-3)
        assert row[8] == touched - known + extra.count(None)
        if ceiling.cap is not None and ceiling.used is not None:
            assert row[9] == pytest.approx(ceiling.cap - ceiling.used - committed, abs=1e-3)
        seen += touched
    assert seen


def screened_under(city: City, ceiling: Ceiling) -> list[float | None]:
    """Demands of approved and screened cases under a ceiling, straight from their records."""
    found: list[float | None] = []
    for (record,) in sql(
        city,
        "SELECT s.record FROM approval_case c JOIN case_site x ON x.case_id = c.id JOIN screening s ON s.id = x.screening_id "
        "WHERE c.decision IN ('approved', 'conditional') AND CAST(SUBSTR(c.decided_at, 1, 4) AS INTEGER) > :y",
        y=ceiling.year,
    ):
        said = json.loads(record)
        if any(one["key"] == f"ceiling:{ceiling.holder}:{ceiling.fact}" for one in said["findings"]):
            found.append(said["project"]["facts"].get(ceiling.fact))
    return found


# -- who sees what -----------------------------------------------------------------------------------------------------


def test_an_approver_sees_their_districts_and_others_see_nothing(full: City) -> None:
    boards = full.port.dashboards
    for key in TITLES:
        whole, mine = (boards.board(full.people[name], key, Asked()) for name in ("chief", "anna"))
        assert 0 < mine.cases < whole.cases
        assert mine.demonstration < IMPORTED
    here = sql(full, "SELECT COUNT(*) FROM approval_case WHERE district = :d", d=HERE)[0][0]
    assert boards.board(full.people["anna"], "efficiency", Asked()).cases == here
    with pytest.raises(CaseInputError):
        boards.board(full.people["anna"], "efficiency", Asked(district=ELSEWHERE))
    for name in ("applicant", "keeper", "administrator"):
        with pytest.raises(ForbiddenError):
            boards.board(full.people[name], "efficiency", Asked())
    with pytest.raises(NoSuchPageError):
        boards.board(full.people["chief"], "weather", Asked())
    holders = {row[0] for row in table(full, "ceilings", "ceilings", who="anna").rows}
    assert holders
    assert not holders & {"胶州市", "即墨区"}


def test_filters_part_the_cases(full: City) -> None:
    boards, chief = full.port.dashboards, full.people["chief"]
    whole = boards.board(chief, "efficiency", Asked()).cases
    days = (date(2024, 12, 31), date(2025, 1, 1))
    before, after = Asked(last=days[0]), Asked(first=days[1])
    assert boards.board(chief, "efficiency", before).cases + boards.board(chief, "efficiency", after).cases == whole
    names = boards.names()
    assert sum(boards.board(chief, "efficiency", Asked(district=one)).cases for one in names) == whole
    with pytest.raises(CaseInputError):
        boards.board(chief, "efficiency", Asked(first=days[1], last=days[0]))


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", TITLES)
def test_a_download_holds_every_row_of_its_table(full: City, key: str) -> None:
    board = full.port.dashboards.board(full.people["chief"], key, Asked())
    for one in board.tables:
        read = list(csv.reader(io.StringIO(as_csv(board, one, ["区县 全部"], "zh").decode("utf-8-sig"))))
        header = read.index([column.title.zh for column in one.columns])
        assert len(read) - header - 1 == len(one.rows)
        assert ["区县 全部"] in read[:header]
        assert any("示例数据" in line[0] for line in read[:header])
        sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(board, one, [], "en"))).active
        assert sheet is not None
        rows = list(sheet.iter_rows(values_only=True))[-len(one.rows) :] if one.rows else []
        for told, row in zip(rows, one.rows, strict=True):
            for cell, value in zip(told, row, strict=True):
                if isinstance(value, int | float):
                    assert cell == pytest.approx(value)
                elif isinstance(value, Text):
                    assert cell == value.en


def test_no_cell_of_a_download_is_a_formula() -> None:
    one = Table(
        key="t",
        title=Text("表", "table"),
        columns=(Column(key="a", title=Text("甲", "a"), kind=ColumnKind.TEXT),),
        rows=(("=HYPERLINK(1)",), ("@SUM(A1)",), (-3,)),
    )
    board = Board(key="b", title=Text("板", "board"), cases=0, demonstration=0, tables=(one,))
    read = list(csv.reader(io.StringIO(as_csv(board, one, [], "zh").decode("utf-8-sig"))))
    assert [row[0] for row in read[-3:]] == ["'=HYPERLINK(1)", "'@SUM(A1)", "-3"]
    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(board, one, [], "zh"))).active
    assert sheet is not None
    assert [cell.data_type for cell in sheet["A"][-3:]] == ["s", "s", "n"]


# -- laws --------------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2023, 1, 1), date(2026, 11, 20))
STAGE_FACTS = st.builds(
    StageFact,
    stage=st.sampled_from(["received", "assessing", "reviewing", "deciding", "decided"]),
    days=st.none() | st.integers(0, 60),
    limit_days=st.none() | st.integers(1, 20),
)
VERDICTS = st.builds(
    VerdictFact,
    conclusion=st.sampled_from(GRAVEST_FIRST),
    strictest=st.sampled_from([None, 1, 2, 3]),
    weighty=st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), st.just(Text("款", "clause")), st.sampled_from(GRAVEST_FIRST[:3])),
        max_size=3,
    ).map(tuple),
    ceilings=st.just(frozenset()),
    demands=st.just({}),
    point=st.just((120.0, 36.0)),
)
FACT = st.builds(
    CaseFact,
    number=st.uuids().map(str),
    project=st.just("项目"),
    agency=st.sampled_from(["", "甲", "乙"]),
    district=st.sampled_from([HERE, ELSEWHERE, "370202"]),
    construction=st.sampled_from(["", *(kind.value for kind in CONSTRUCTION)]),
    section=st.sampled_from(["", "A", "C"]),
    stage=st.just("archived"),
    decision=st.sampled_from(["", *(one.value for one in Decision)]),
    opened_on=DAYS,
    decided_on=st.none() | DAYS,
    due_on=st.none() | DAYS,
    is_waiting=st.booleans(),
    is_imported=st.booleans(),
    is_demonstration=st.booleans(),
    stages=st.lists(STAGE_FACTS, max_size=5).map(tuple),
    is_key_project=st.sampled_from([None, True, False]),
    category=st.sampled_from(["", "report_book", "report_table"]),
    stated_conclusion=st.sampled_from(["", *GRAVEST_FIRST]),
    returned=st.none() | st.integers(0, 4),
    overrides=st.none() | st.integers(0, 4),
    demands=st.just({}),
    point=st.none(),
    started_on=st.none() | DAYS,
    operated_on=st.none() | DAYS,
    verdicts=st.lists(VERDICTS, max_size=2).map(tuple),
)
FACTS = st.lists(FACT, max_size=12)


@given(st.lists(st.integers(0, 100), min_size=1), st.integers(1, 100))
def test_the_nearest_rank_is_the_smallest_value_that_reaches_the_share(values: list[int], percent: int) -> None:
    found = nearest_rank(values, percent)
    assert found in values
    assert sum(one <= found for one in values) * 100 >= percent * len(values)
    smaller = [one for one in values if one < found]
    assert not smaller or sum(one <= max(smaller) for one in values) * 100 < percent * len(values)
    assert found == sorted(values)[math.ceil(percent * len(values) / 100) - 1]


def test_a_percentile_must_be_one() -> None:
    for percent in (0, 101):
        with pytest.raises(ValueError, match=str(percent)):
            nearest_rank([1], percent)


@given(FACTS)
def test_groups_add_up(facts: list[CaseFact]) -> None:
    grouped = (
        efficiency.by_district(facts, {}, TODAY),
        efficiency.by_kind(facts, TODAY),
        efficiency.by_month(facts, TODAY),
        conclusions.by_section(facts, {}),
    )
    for found in grouped:
        assert sum(found.column("cases")) == len(facts)  # type: ignore[arg-type]
    for found in grouped[:3]:
        for row in found.rows:
            assert sum(row[2:8]) == row[1]  # type: ignore[arg-type]  # every case is decided one way, or open
    for row in grouped[3].rows:
        assert sum(row[2:]) == row[1]  # type: ignore[arg-type]  # every case has one conclusion, or none
    assert sum(conclusions.by_unit_class(facts).column("cases")) == sum(bool(one.verdicts) for one in facts)  # type: ignore[arg-type]
    assert sum(conclusions.by_conclusion(facts).column("cases")) == len(facts)  # type: ignore[arg-type]


@given(FACTS, DAYS)
def test_periods_and_districts_part_the_cases(facts: list[CaseFact], day: date) -> None:
    before, after = Asked(last=day), Asked(first=day + timedelta(days=1))
    parts = [chosen(facts, before), chosen(facts, after)]
    assert sorted(one.number for part in parts for one in part) == sorted(one.number for one in facts)
    halves = [efficiency.stages(part, time_limits()) for part in parts]
    whole = efficiency.stages(facts, time_limits())
    for key in ("count", "overdue", "unknown"):
        added = [a + b for a, b in zip(*(one.column(key) for one in halves), strict=True)]
        assert added == list(whole.column(key))
    found = [chosen(facts, Asked(district=code)) for code in (HERE, ELSEWHERE, "370202")]
    assert sum(map(len, found)) == len(facts)
    mine = {HERE: "黄岛区"}
    assert {one.district for one in chosen(facts, Asked(), mine)} <= set(mine)


@given(FACTS)
def test_an_unknown_stage_never_makes_a_case_look_quick(facts: list[CaseFact]) -> None:
    unknown = StageFact(stage="assessing", days=None, limit_days=10)
    assert "assessing" in UNTIL_DECISION
    darker = [replace(one, stages=(*one.stages, unknown)) for one in facts]
    for row in efficiency.by_kind(darker, TODAY).rows:
        assert row[8] is row[9] is None
    assert all(one.total_days is None for one in darker)


@given(FACTS)
def test_a_score_needs_every_measure_and_more_faults_never_raise_it(facts: list[CaseFact]) -> None:
    score = agency_score()
    before = {row[0]: row for row in agencies.agencies(facts, score).rows}
    worse = [replace(one, returned=None if one.returned is None else one.returned + 1) for one in facts]
    after = {row[0]: row for row in agencies.agencies(worse, score).rows}
    assert before.keys() == after.keys() == {one.agency for one in facts if one.agency}
    for name, row in before.items():
        complete = row[8] == f"{len(score.measures)}/{len(score.measures)}"
        assert (row[9] is not None) == complete
        assert after[name][7] >= row[7]  # type: ignore[operator]


def took(*days: tuple[str, int]) -> tuple[StageFact, ...]:
    return tuple(StageFact(stage=stage, days=count, limit_days=None) for stage, count in days)


@pytest.mark.parametrize(
    ("decision", "stages", "total"),
    [
        ("approved", took(("received", 2), ("assessing", 5), ("reviewing", 2), ("deciding", 1)), 10),
        ("approved", took(("reviewing", 2), ("deciding", 1)), None),
        ("refused", took(("received", 2), ("assessing", 5), ("deciding", 1)), None),
        ("approved", took(("received", 2), ("assessing", 5), ("reviewing", 2), ("assessing", 4), ("reviewing", 1), ("deciding", 1)), 15),
        ("withdrawn", took(("received", 2), ("assessing", 5)), 7),
        ("withdrawn", took(("reviewing", 3)), None),
        ("withdrawn", took(("received", 2), ("reviewing", 3)), None),
        ("declined", took(("received", 2)), 2),
        ("declined", took(("decided", 2)), None),
        ("", took(("received", 2), ("assessing", 5), ("reviewing", 2), ("deciding", 1)), None),
    ],
)  # fmt: skip
def test_a_total_needs_every_stage_the_case_passed(
    decision: str, stages: tuple[StageFact, ...], total: int | None
) -> None:
    one = fact(decision=decision, stages=stages)
    assert one.total_days == total
    (row,) = efficiency.by_kind([one], TODAY).rows
    assert row[11] == (1 if decision and total is None else 0)


def test_a_verdict_whose_release_cannot_be_read_is_in_no_class_until_it_can(
    small_store: tuple[Path, str], tmp_path: Path
) -> None:
    shutil.copytree(small_store[0], tmp_path / "releases")
    city = made_city(tmp_path / "releases", tmp_path / "city")
    try:
        city.case(site="120.05,36.05")
        manifest = tmp_path / "releases" / small_store[1] / "manifest.json"
        away = manifest.rename(tmp_path / "away.json")
        assert list(by_name(table(city, "screening", "unit_classes"))) == ["不明（所依据的成果读不出）"]
        away.rename(manifest)
        (found,) = by_name(table(city, "screening", "unit_classes"))
        assert found in [one.zh for one in ZONE_CLASS.values()]
        manifest.rename(away)
        assert list(by_name(table(city, "screening", "unit_classes"))) == [
            found
        ]  # what is known of a sealed verdict stays
    finally:
        city.service.close()


def test_a_finding_counts_as_repeated_from_the_second_case_on() -> None:
    said = VerdictFact(
        conclusion="violates",
        strictest=1,
        weighty=(("clause:1", Text("款", "clause"), "violates"), ("clause:2", Text("款", "clause"), "conditional")),
        ceilings=frozenset(),
        demands={},
        point=(120.0, 36.0),
    )
    facts = [fact(number=str(at), verdicts=(said, said)) for at in range(3)]
    assert agencies.repeat_findings(facts[:1]) == 0
    assert agencies.repeat_findings(facts) == 2


def fact(**changes: Any) -> CaseFact:
    plain: dict[str, Any] = {
        "number": "1", "project": "项目", "agency": "甲", "district": HERE, "construction": "new", "section": "C",
        "stage": "archived", "decision": "approved", "opened_on": date(2025, 1, 2), "decided_on": date(2026, 2, 3),
        "due_on": None, "is_waiting": False, "is_imported": True, "is_demonstration": False, "stages": (),
        "is_key_project": True, "category": "report_book", "stated_conclusion": "", "returned": 0, "overrides": 0,
        "demands": {"water_m3_per_year": 20000.0}, "point": None, "started_on": None, "operated_on": None, "verdicts": (),
    }  # fmt: skip
    return CaseFact(**{**plain, **changes})


CEILING = Ceiling(
    holder=HERE, holder_name="黄岛区", resource=Text("水资源", "water"), metric="用水总量", fact="water_m3_per_year",
    per_fact=1e-4, cap=100.0, used=95.0, unit="万m³", year=2025, effect=Effect.PROHIBIT, wording="", basis="", verified=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "committed", "left", "state"),
    [
        ({}, 2.0, 3.0, "some left"),
        ({"demands": {}}, 0.0, 5.0, "at most: some did not declare"),
        ({"demands": {"water_m3_per_year": 60000.0}}, 6.0, -1.0, "exceeded"),
        ({"decided_on": date(2025, 12, 31)}, 0.0, 5.0, "some left"),
        ({"decision": "refused"}, 0.0, 5.0, "some left"),
        ({"district": ELSEWHERE}, 0.0, 5.0, "some left"),
    ],
)
def test_the_ledger_by_hand(changes: dict[str, Any], committed: float, left: float, state: str) -> None:
    row = ledger.ledger((CEILING,), [fact(**changes)]).rows[0]
    assert (row[7], row[9]) == (committed, left)
    assert isinstance(row[10], Text)
    assert row[10].en == state


class OfficialCity(SmallCity):
    """The small city, its release said to be a city's own."""

    def _description(self, files: dict[str, str], database: str) -> str:
        return super()._description(files, database).replace('nature = "demonstration"', 'nature = "official"')


def test_invented_cases_take_nothing_of_a_real_city(tmp_path: Path) -> None:
    city = made_city(build_release(OfficialCity(), tmp_path)[0], tmp_path / "city")
    try:
        for at, is_invented in enumerate((True, False)):
            day = {"opened_on": "2026-03-03", "decided_on": "2026-04-03", "water_m3_per_year": "50000"}
            undated = {"accepted_on": "", "assessed_on": "", "reviewed_on": "", "archived_on": ""}
            path = write_rows(tmp_path / f"{at}.csv", past(f"OLD-{at}", **day, **undated))
            assert not city.port.history.load(OPERATOR, path, is_demonstration=is_invented).issues
        rows = [one for one in table(city, "ceilings", "ceilings").rows if one[0] == "黄岛区"]
        assert {row[6] for row in rows} == {1}
        assert 5.0 in [row[7] for row in rows]
        board = city.port.dashboards.board(city.people["chief"], "ceilings", Asked())
        assert board.notes[-1].zh.startswith("示例案件 1 件")
    finally:
        city.service.close()


def test_a_ceiling_without_its_present_use_has_nothing_left_to_tell() -> None:
    row = ledger.ledger((replace(CEILING, used=None),), [fact()]).rows[0]
    assert (row[7], row[9]) == (2.0, None)


def test_a_demand_counts_once_whatever_the_number_of_sites() -> None:
    said = VerdictFact(
        conclusion="complies",
        strictest=None,
        weighty=(),
        ceilings=frozenset({(HERE, "water_m3_per_year")}),
        demands={"water_m3_per_year": 10000.0},
        point=(120.0, 36.0),
    )
    row = ledger.ledger((CEILING,), [fact(verdicts=(said, said), district=ELSEWHERE)]).rows[0]
    assert (row[6], row[7]) == (1, 1.0)


@pytest.mark.parametrize(
    ("changes", "key", "due"),
    [
        ({"decided_on": date(2024, 2, 29)}, "reexamination", date(2029, 2, 28)),
        ({"decided_on": date(2020, 1, 31)}, "reexamination", date(2025, 1, 31)),
        ({"operated_on": date(2024, 5, 6)}, "post_evaluation", date(2027, 5, 6)),
        ({"operated_on": None}, "post_evaluation", None),
    ],
)
def test_checks_fall_due_so_many_months_later(changes: dict[str, Any], key: str, due: date | None) -> None:
    rule = next(one for one in checks_after_approval() if one.key == key)
    assert agencies.due_on(fact(**changes), rule) == due


def test_what_is_not_known_of_a_check_is_counted() -> None:
    facts = [
        fact(decided_on=date(2020, 1, 2)),
        fact(started_on=date(2026, 3, 4)),
        fact(category=""),
        fact(decision="refused"),
    ]
    rows = {row[0].en.partition(":")[0]: row for row in agencies.checks(facts, checks_after_approval(), TODAY).rows}  # type: ignore[union-attr]
    assert rows["Construction not begun within five years"][1:] == (1, 1, 0, 0, 0, 0, 1)
    assert [row[1:] for row in rows.values()][1] == (2, 0, 0, 0, 0, 2, 1)
    assert [row[0] for row in agencies.checks_due(facts, checks_after_approval(), {}, TODAY).rows] == [date(2025, 1, 2)]


@pytest.mark.parametrize(
    ("started", "counts", "state"),
    [
        (date(2020, 1, 5), (0, 0, 0, 0, 0, 0, 0), None),  # the last day of five years
        (date(2020, 1, 6), (1, 0, 1, 0, 0, 0, 0), "Begun after that day"),
        (None, (1, 1, 0, 0, 0, 0, 0), "Due"),
    ],
)
def test_a_start_after_five_years_does_not_spare_the_re_examination(
    started: date | None, counts: tuple[int, ...], state: str | None
) -> None:
    rules = [one for one in checks_after_approval() if one.key == "reexamination"]
    facts = [fact(decided_on=date(2015, 1, 5), started_on=started)]
    assert agencies.checks(facts, rules, TODAY).rows[0][1:] == counts
    states = [one.en for one in agencies.checks_due(facts, rules, {}, TODAY).column("state") if isinstance(one, Text)]
    assert states == ([state] if state else [])


@pytest.mark.parametrize(
    ("decided", "started", "due", "state"),
    [
        (date(1995, 1, 5), None, date(2003, 9, 1), "due"),  # older than the law, and under it from its first day
        (date(1995, 1, 5), date(2002, 3, 4), date(2003, 9, 1), ""),  # begun when no law asked for anything
        (date(1995, 1, 5), date(2004, 3, 4), date(2003, 9, 1), "begun_late"),
        (date(2015, 1, 5), None, date(2020, 1, 5), "due"),
    ],
)
def test_nothing_falls_due_before_its_rule_is_in_force(
    decided: date, started: date | None, due: date, state: str
) -> None:
    (rule,) = (one for one in checks_after_approval() if one.key == "reexamination")
    one = fact(decided_on=decided, started_on=started)
    assert agencies.due_on(one, rule) == due
    (row,) = agencies.checks([one], [rule], TODAY).rows
    counted = dict(zip(("due", "begun_late", "soon", "later", "no_day"), row[2:7], strict=True))
    assert [key for key, count in counted.items() if count] == ([state] if state else [])
    coming = replace(rule, valid_from=date(2027, 3, 1))
    assert agencies.checks([fact(decided_on=decided)], [coming], TODAY).column("soon") == (1,)


def test_the_note_says_of_each_rule_since_when_it_counts_and_whether_it_was_compared() -> None:
    first, second = checks_after_approval()
    found = agencies.checks([], [replace(first, verified=True), replace(second, verified=False)], TODAY)
    assert found.note is not None
    assert f"{first.source}（2003-09-01 起施行）" in found.note.zh
    assert f"{second.source}（2016-01-01 起施行，未逐字核对正式文本）" in found.note.zh
    assert found.note.en.count("not compared") == 1


@given(FACTS)
def test_every_check_is_in_one_state(facts: list[CaseFact]) -> None:
    found = agencies.checks(facts, checks_after_approval(), TODAY)
    for row in found.rows:
        assert sum(row[2:7]) == row[1]  # type: ignore[arg-type]
    told = agencies.checks_due(facts, checks_after_approval(), {}, TODAY).column("state")
    states = [one.en for one in told if isinstance(one, Text)]
    for key, state in (("due", "Due"), ("begun_late", "Begun after that day"), ("soon", "Due within 12 months")):
        assert sum(found.column(key)) == states.count(state)  # type: ignore[arg-type]


def test_what_persons_note_of_a_case_is_counted(city: City) -> None:
    number, anna, boards = city.case(), city.people["anna"], city.port.dashboards
    noted = Mark(is_key_project=True, eia_category="report_book", started_on=None, operated_on=date(2026, 5, 6))
    assert table(city, "projects", "key_projects").rows == ()
    city.port.acts.mark(anna, number, city.version(number), noted)
    assert [row[0] for row in table(city, "projects", "key_projects").rows] == [number]
    assert city.port.views.case(anna, number).mark == noted
    assert boards.board(city.people["chief"], "projects", Asked()).notes == ()
    city.port.acts.mark(anna, number, city.version(number), replace(noted, is_key_project=None))
    assert table(city, "projects", "key_projects").rows == ()
    with pytest.raises(CaseInputError):
        city.port.acts.mark(anna, number, city.version(number), replace(noted, eia_category="thesis"))
    with pytest.raises(CaseInputError):
        city.port.acts.mark(anna, number, city.version(number), replace(noted, started_on=date(2026, 7, 8)))
    assert audit_check.check(city.port.database).problems == ()


def test_the_demonstration_history_has_checks_that_are_due(small_city: City, tmp_path: Path) -> None:
    older = [dict(zip(HEADER, one, strict=True)) for one in earlier()]
    for at, one in enumerate(older):
        one["区县"], one["坐标"] = HERE, f"{120.02 + 0.0007 * at:.4f},36.02"
    written = write_rows(tmp_path / "past.csv", *older)
    assert not small_city.port.history.load(OPERATOR, written, is_demonstration=True).issues
    due = table(small_city, "supervision", "checks_due")
    states = [one.en for one in due.column("state") if isinstance(one, Text)]
    assert set(states) == {"Due", "Due within 12 months"}
    assert len(set(due.column("check"))) == 2
    for day, state, project in zip(due.column("due"), states, due.column("project"), strict=True):
        assert isinstance(day, date)
        assert (day <= TODAY) == (state == "Due")
        assert "【示例】" in str(project)
    assert sum(table(small_city, "supervision", "checks").column("due")) == states.count("Due")  # type: ignore[arg-type]
