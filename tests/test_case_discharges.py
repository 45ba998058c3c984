"""Discharges declared on a case: kept one beside the other, as of the case's day, on both databases and at both doors."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from api import audit_check
from api.accounts.roles import Action
from api.approvals.casebook import NewCase, NewSite
from api.approvals.discharges import MOST_AT_ONCE, DeclarationKind, NewDeclaration, Panel
from api.approvals.tables import DischargeRow
from api.approvals.words import event_words
from api.backup import backup
from api.database import Database
from api.discharge_answers import discharges_out
from api.law import DischargeQuestion, Value
from screening.approval_errors import CaseInputError, ChangedCaseError, FlowError, ForbiddenError
from screening.discharges import Extent
from screening.errors import UnknownIndustryError, UnusableAmountError, UnusableDischargeError
from screening.standards import Averaging, Medium, Outlet
from screening.truth import Truth
from screening.words import LANGUAGES
from tests.approvals import CITY_SITE, HERE, City
from tests.pastcases import load, past
from tests.test_approval_doors import app, staff  # noqa: F401  a fixture of the module
from tests.test_approval_doors import opened as opened_case
from tests.test_audit import tampered

COD = DischargeQuestion(
    pollutant="COD",
    medium=Medium.WATER,
    industry="",
    concentrations=(Value(value=45, unit="mg/l", averaging=Averaging.DAY),),
    rate=None,
    annual=Value(value=0.9, unit="t/a"),
    outlet=Outlet.DIRECT,
    built=date(2026, 11, 1),
    columns={"source": "process"},
)
MUCH_COD = replace(COD, concentrations=(Value(value=4500, unit="mg/L", averaging=Averaging.DAY),))


def unscreened(city: City, *industries: str) -> str:
    """A case of which no verdict says whether it discharges anything."""
    return city.port.openings.open(
        city.people["applicant"],
        NewCase(
            project="示范项目",
            industries=industries,
            construction="new",
            organisation="示范公司",
            agency="",
            district=HERE,
            sites=(NewSite(written=CITY_SITE),),
        ),
    )


def declare(city: City, who: str, number: str, *said: NewDeclaration) -> None:
    city.port.discharges.declare(city.people[who], number, city.version(number), said)


def panel(city: City, number: str, who: str = "chief") -> Panel:
    return city.port.discharges.panel(city.people[who], number)


def rows(city: City) -> list[Any]:
    with city.port.database.engine.connect() as connection:
        return list(connection.execute(text("SELECT * FROM case_discharge ORDER BY case_id, position")))


def test_nothing_declared_is_undetermined_and_says_what_to_declare(city: City) -> None:
    number = unscreened(city, "I6511")
    found = panel(city, number)
    assert found.assessment.truth is Truth.UNKNOWN
    told = discharges_out(found, "zh")
    assert (told.verdict, told.verdict_label, told.declarations) == ("undetermined", "无法判定", [])
    assert told.reasons[-1].startswith("首先申报：化学需氧量")
    assert {"cod", "nmhc", "noise"} <= {one.pollutant for one in told.undeclared or ()}
    assert told.verified is False
    assert discharges_out(found, "en").reasons[-1].startswith("Declare first: chemical oxygen demand")


@pytest.mark.parametrize("dropped", [{"pollutant": "dropped"}, {"columns": {"dropped": "x"}}])
def test_what_later_tables_dropped_is_told_and_undetermined(city: City, dropped: dict[str, Any]) -> None:
    number = unscreened(city, "I6511")
    declare(city, "applicant", number, NewDeclaration(discharge=COD))
    with city.port.database.writing() as session:
        kept = session.scalars(select(DischargeRow)).one()
        said = json.dumps({**json.loads(kept.declared), **dropped})
        values = {one.key: getattr(kept, one.key) for one in inspect(DischargeRow).column_attrs}
        session.add(DischargeRow(**{**values, "position": 2, "declared": said}))
    found = panel(city, number)
    assert [truth for (truth,) in ([one.truth for one in several] for several in found.assessment.findings[1:])] == [
        Truth.UNKNOWN
    ]
    for language in LANGUAGES:
        told = discharges_out(found, language).declarations[1]
        assert (told.pollutant_label == "dropped") == ("pollutant" in dropped)
        (finding,) = told.findings
        assert (finding.verdict, finding.verified) == ("undetermined", False)
        assert "dropped" in finding.reason


def test_what_is_declared_is_judged_as_it_came_and_read_back(city: City) -> None:
    number = unscreened(city, "I6511")
    declare(city, "applicant", number, NewDeclaration(discharge=COD, outlet_name=" DW001 "))
    found = panel(city, number)
    (kept,) = found.declarations
    assert kept.discharge == replace(
        COD, pollutant="cod", industry="I6511", concentrations=(Value(value=45, unit="mg/L", averaging=Averaging.DAY),)
    )
    assert (kept.position, kept.outlet_name, kept.by_name) == (1, "DW001", "Applicant")
    told = discharges_out(found, "zh").declarations[0]
    assert told.told == "45 mg/L（24小时平均）；0.9 t/a（年排放量）"
    (finding,) = told.findings
    assert (finding.verdict, finding.declared, finding.margin) == ("met", "45 mg/L", 5.0)
    assert finding.binding is not None
    assert (finding.binding.standard, finding.binding.limit) == ("DB37/3416.5-2018", "≤ 50 mg/L")
    assert finding.binding.in_force_from == "2019-03-16"
    assert finding.verified is False
    assert finding.margin_label == "余 5 mg/L（限值的 10.0%）"
    again = told.discharge
    assert again is not None
    assert (again.pollutant, again.industry, again.columns) == ("cod", "I6511", {"source": "process"})


def test_a_value_beyond_its_limit_is_told_whatever_else_is_open(city: City) -> None:
    number = unscreened(city, "I6511")
    declare(city, "applicant", number, NewDeclaration(discharge=MUCH_COD))
    told = discharges_out(panel(city, number), "zh")
    assert (told.verdict, told.verdict_label) == ("exceeded", "超标")
    assert "1 项超标" in told.headline
    assert told.declarations[0].findings[0].margin == -4440.0  # of the mildest limit that may count


def test_an_older_declaration_stays_and_no_longer_counts(city: City) -> None:
    number = unscreened(city, "I6511")
    declare(city, "applicant", number, NewDeclaration(discharge=MUCH_COD))
    declare(city, "anna", number, NewDeclaration(discharge=COD, replaces=1))
    found = panel(city, number)
    assert [one.position for one in found.declarations] == [2]
    assert (found.replaced, found.assessment.findings[0][0].truth) == (1, Truth.YES)
    declare(city, "anna", number, NewDeclaration(replaces=2))
    found = panel(city, number)
    assert (found.declarations, found.replaced) == ((), 2)
    assert [row.kind for row in rows(city)] == ["discharge", "discharge", "withdrawal"]
    for gone in (1, 2, 3, 9):
        with pytest.raises(CaseInputError):
            declare(city, "anna", number, NewDeclaration(discharge=COD, replaces=gone))
    said = [event_words(one) for one in city.port.views.case(city.people["anna"], number).events]
    assert [one.zh for one in said[1:]] == [
        "申报排放：化学需氧量 4500 mg/L",
        "申报排放：化学需氧量 45 mg/L（更正第 1 项）",
        "申报排放：撤回第 2 项",
    ]
    assert said[2].en == "declared discharges: chemical oxygen demand 45 mg/L (in place of no. 1)"
    assert audit_check.check(city.port.database).problems == ()


def test_to_state_that_there_is_nothing_else_settles_a_medium_and_can_be_withdrawn(city: City) -> None:
    number = unscreened(city, "I6511")
    statements = [NewDeclaration(nothing_else=medium) for medium in (Medium.WATER, Medium.AIR, Medium.NOISE)]
    declare(city, "applicant", number, *statements)
    found = panel(city, number)
    assert (found.assessment.truth, found.assessment.undeclared) == (Truth.YES, ())
    assert [one.kind for one in found.declarations] == [DeclarationKind.NOTHING_ELSE] * 3
    told = discharges_out(found, "zh")
    assert (told.verdict, told.headline) == ("met", "申报为不排放")
    assert told.standards == []
    declare(city, "applicant", number, NewDeclaration(replaces=3))
    assert panel(city, number).assessment.truth is Truth.UNKNOWN
    event = city.port.views.case(city.people["applicant"], number).events[1]
    assert event_words(event).zh == "申报排放：废水别无其他排放、废气别无其他排放、噪声别无其他排放"


def test_facts_of_the_verdict_speak_for_a_medium_and_may_be_contradicted(city: City) -> None:
    number = city.case()  # its verdict rests on facts: no waste water, no air pollutants
    found = panel(city, number).assessment
    assert (found.extents[Medium.WATER], found.extents[Medium.AIR]) == (Extent.NONE, Extent.NONE)
    assert {one.medium for one in found.undeclared or ()} == {Medium.NOISE}
    declare(city, "applicant", number, NewDeclaration(discharge=COD), NewDeclaration(nothing_else=Medium.NOISE))
    told = discharges_out(panel(city, number), "zh")
    assert told.verdict == "undetermined"
    assert "互相矛盾" in told.headline


def test_several_at_once_are_one_act_and_a_bad_one_leaves_nothing(city: City) -> None:
    number = unscreened(city, "I6511")
    version = city.version(number)
    bad = NewDeclaration(discharge=replace(COD, pollutant="仙气"))
    with pytest.raises(UnusableDischargeError):
        declare(city, "applicant", number, NewDeclaration(discharge=COD), bad)
    assert (rows(city), city.version(number)) == ([], version)
    declare(city, "applicant", number, NewDeclaration(discharge=COD), NewDeclaration(discharge=MUCH_COD, replaces=1))
    assert [one.position for one in panel(city, number).declarations] == [2]
    assert city.version(number) == version + 1


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (NewDeclaration(), CaseInputError),
        (NewDeclaration(discharge=COD, nothing_else=Medium.AIR), CaseInputError),
        (NewDeclaration(nothing_else=Medium.SOIL), CaseInputError),
        (NewDeclaration(discharge=replace(COD, medium=Medium.SOIL, outlet=None)), CaseInputError),
        (NewDeclaration(discharge=replace(COD, industry="X1")), UnknownIndustryError),
        (NewDeclaration(discharge=replace(COD, columns={"moon": "full"})), UnusableDischargeError),
        (NewDeclaration(discharge=replace(COD, outlet=Outlet.BOUNDARY)), UnusableDischargeError),
        (NewDeclaration(discharge=replace(COD, rate=Value(value=1, unit="mg/L"))), CaseInputError),
        (NewDeclaration(discharge=replace(COD, concentrations=(Value(value=1, unit="kg/h"),))), CaseInputError),
        (NewDeclaration(discharge=replace(COD, concentrations=(Value(value=-1, unit="mg/L"),))), UnusableAmountError),
        (NewDeclaration(discharge=replace(COD, annual=Value(value=float("inf"), unit="t/a"))), UnusableAmountError),
    ],
)
def test_what_cannot_be_held_against_a_limit_is_refused(
    small_city: City, said: NewDeclaration, problem: type[Exception]
) -> None:
    number = unscreened(small_city, "I6511")
    with pytest.raises(problem):
        declare(small_city, "applicant", number, said)
    with pytest.raises(CaseInputError):
        declare(small_city, "applicant", number)
    assert rows(small_city) == []


def test_of_several_industries_the_discharge_names_its_own(small_city: City) -> None:
    number = unscreened(small_city, "C2927", "D4430")
    with pytest.raises(CaseInputError):
        declare(small_city, "applicant", number, NewDeclaration(discharge=COD))
    declare(small_city, "applicant", number, NewDeclaration(discharge=replace(COD, industry="2927")))
    found = panel(small_city, number)
    assert found.declarations[0].discharge is not None
    assert found.declarations[0].discharge.industry == "C2927"
    alone = panel(small_city, unscreened(small_city, "D4430"))
    assert {one.pollutant for one in alone.wanted or ()} <= {one.pollutant for one in found.wanted or ()}


def test_without_an_industry_the_standards_are_not_known(small_city: City) -> None:
    number = unscreened(small_city)
    told = discharges_out(panel(small_city, number), "zh")
    assert (told.verdict, told.undeclared, told.standards) == ("undetermined", None, [])
    assert "没有行业代码" in told.headline
    with pytest.raises(CaseInputError):
        declare(small_city, "applicant", number, NewDeclaration(discharge=COD))
    declare(small_city, "applicant", number, NewDeclaration(discharge=replace(COD, industry="I6511")))
    assert discharges_out(panel(small_city, number), "zh").undeclared


def test_no_more_than_a_hundred_are_in_force(small_city: City) -> None:
    number = unscreened(small_city, "I6511")
    declare(small_city, "applicant", number, *[NewDeclaration(nothing_else=Medium.AIR)] * MOST_AT_ONCE)
    with pytest.raises(CaseInputError):
        declare(small_city, "applicant", number, NewDeclaration(nothing_else=Medium.WATER))
    declare(small_city, "applicant", number, NewDeclaration(nothing_else=Medium.WATER, replaces=1))
    assert len(panel(small_city, number).declarations) == MOST_AT_ONCE
    event = small_city.port.views.case(small_city.people["applicant"], number).events[1]
    assert event_words(event).en.endswith("and 95 more")


# -- who, when ---------------------------------------------------------------------------------------------------------


def test_owners_declare_and_correct_their_own_and_staff_of_the_district_all(city: City) -> None:
    number = unscreened(city, "I6511")
    declare(city, "anna", number, NewDeclaration(discharge=COD))
    declare(city, "applicant", number, NewDeclaration(nothing_else=Medium.AIR))
    assert panel(city, number, "applicant").correctable == frozenset({2})
    assert panel(city, number, "anna").correctable == frozenset({1, 2})
    with pytest.raises(CaseInputError):
        declare(city, "applicant", number, NewDeclaration(replaces=1))
    declare(city, "chief", number, NewDeclaration(replaces=1))
    for who in ("neighbour", "stranger", "keeper", "administrator"):
        with pytest.raises(ForbiddenError):
            declare(city, who, number, NewDeclaration(discharge=COD))
    for who in ("neighbour", "stranger", "administrator"):
        with pytest.raises(ForbiddenError):
            panel(city, number, who)
    assert panel(city, number, "keeper").correctable == frozenset()
    shown = [one.kind for one in city.port.views.case(city.people["applicant"], number).events]
    assert shown == ["opened", "declare", "declare", "declare"]


def test_who_saw_an_older_case_declares_nothing(city: City) -> None:
    number = unscreened(city, "I6511")
    declare(city, "applicant", number, NewDeclaration(discharge=COD))
    with pytest.raises(ChangedCaseError) as told:
        city.port.discharges.declare(city.people["anna"], number, 1, [NewDeclaration(discharge=MUCH_COD)])
    assert "申报排放：化学需氧量 45 mg/L" in told.value.candidates[0]
    assert len(rows(city)) == 1


def test_the_limits_are_those_of_the_decision_and_before_it_those_of_today(city: City) -> None:
    number = unscreened(city, "I6511")
    acts, applicant = city.port.acts, city.people["applicant"]
    acts.accept(city.people["anna"], number, city.version(number))
    acts.say(city.people["anna"], number, city.version(number), Action.ASK, "请申报排放")
    declare(city, "applicant", number, NewDeclaration(discharge=COD))  # also while the clock stands
    assert (panel(city, number).day, panel(city, number).is_decided) == (date(2026, 11, 23), False)
    city.clock.forward(days=10)
    assert panel(city, number).day == date(2026, 12, 3)
    acts.close_early(applicant, number, city.version(number), Action.WITHDRAW, "不办了")
    city.clock.forward(days=400)
    found = panel(city, number)
    assert (found.day, found.is_decided) == (date(2026, 12, 3), True)
    assert discharges_out(found, "zh").decided
    with pytest.raises(FlowError):
        declare(city, "applicant", number, NewDeclaration(discharge=COD))


def test_an_old_case_is_held_against_the_standards_of_its_day(small_city: City, tmp_path: Path) -> None:
    days = {"opened_on": "2019-01-07", "accepted_on": "2019-01-08", "archived_on": "2019-03-15"}
    stages = {"assessed_on": "2019-01-09", "reviewed_on": "2019-01-10"}
    load(
        small_city,
        tmp_path,
        past("A", **days, **stages, decided_on="2019-03-15"),
        past("B", **{**days, "archived_on": ""}, **stages, decided_on="2019-03-16"),
    )
    before, after = (panel(small_city, f"370200-2019-H0000{n}") for n in (1, 2))
    assert (before.day, after.day) == (date(2019, 3, 15), date(2019, 3, 16))
    told = [{one.code for one in discharges_out(found, "zh").standards} for found in (before, after)]
    assert "DB37/3416.5-2018" in told[1] - told[0]
    assert before.assessment.truth is Truth.UNKNOWN


# -- kept --------------------------------------------------------------------------------------------------------------


def test_the_database_refuses_to_change_a_declaration(city: City) -> None:
    number = unscreened(city, "I6511")
    declare(city, "applicant", number, NewDeclaration(discharge=COD))
    replaced = "INSERT OR REPLACE INTO case_discharge SELECT * FROM case_discharge"
    last = replaced if city.port.database.is_sqlite else "TRUNCATE case_discharge"
    for statement in ("UPDATE case_discharge SET declared = ''", "DELETE FROM case_discharge", last):
        with pytest.raises(DBAPIError, match="never"), city.port.database.engine.begin() as connection:
            connection.execute(text(statement))
    assert audit_check.check(city.port.database).problems == ()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE case_discharge SET declared = replace(declared, '45.0', '4.5')", "DELETE FROM case_discharge"],
)
def test_a_tampered_declaration_is_found(city: City, statement: str) -> None:
    number = unscreened(city, "I6511")
    asked = replace(COD, concentrations=(Value(value=45.0, unit="mg/L"),))
    declare(city, "applicant", number, NewDeclaration(discharge=asked))
    assert any(f"{number} 的内容与第" in one for one in tampered(city, statement))


def test_declarations_are_in_the_backup(city: City, tmp_path: Path) -> None:
    number = unscreened(city, "I6511")
    declare(city, "applicant", number, NewDeclaration(discharge=COD))
    counts = backup(city.port.database, tmp_path / "backup.sqlite3")
    assert counts["case_discharge"] == 1
    copy = Database(f"sqlite:///{tmp_path / 'backup.sqlite3'}")
    with copy.engine.connect() as connection:
        kept = list(connection.execute(text("SELECT * FROM case_discharge")))
    copy.close()
    assert kept == rows(city)


def test_cases_of_before_the_table_stand_as_they_were_sealed(city: City) -> None:
    number = city.case()
    config = Config()
    config.set_main_option("script_location", "api:migrations")
    config.attributes["engine"] = city.port.database.engine
    command.downgrade(config, "0006")
    command.upgrade(config, "head")
    assert audit_check.check(city.port.database).problems == ()
    declare(city, "applicant", number, NewDeclaration(nothing_else=Medium.NOISE))
    assert panel(city, number).assessment.truth is Truth.YES
    assert audit_check.check(city.port.database).problems == ()


# -- the doors ---------------------------------------------------------------------------------------------------------


def test_over_json_discharges_are_declared_and_come_with_the_case(app: FastAPI) -> None:  # noqa: F811
    applicant, number = opened_case(app)
    at = f"/api/v1/approval/cases/{number}"
    before = applicant.get(at).json()
    assert before["discharges"]["verdict"] == "undetermined"
    assert "declare" in before["acts"]
    said = {
        "discharge": {
            "pollutant": "化学需氧量",
            "medium": "water",
            "concentrations": [{"value": 4500, "unit": "mg/L", "averaging": "day"}],
            "outlet": "direct",
        },
        "outlet_name": "DW001",
    }
    body = {"version": before["case"]["version"], "declarations": [said, {"nothing_else": "noise"}]}
    answer = applicant.post(f"{at}/declare?lang=en", json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()["discharges"]
    assert (found["verdict"], found["verdict_label"]) == ("exceeded", "exceeded")
    first, second = found["declarations"]
    assert (first["pollutant"], first["outlet_name"], first["by"]) == ("cod", "DW001", "Applicant")
    assert (second["kind"], second["medium"]) == ("nothing_else", "noise")
    assert first["findings"][0]["margin"] < 0
    assert first["findings"][0]["verified"] is False
    stale = applicant.post(f"{at}/declare", json=body)
    assert (stale.status_code, stale.json()["code"]) == (409, "case-changed")
    anna = staff(app, "anna")
    body = {"version": answer.json()["case"]["version"], "declarations": [{"replaces": 1}]}
    left = anna.post(f"{at}/declare", json=body).json()["discharges"]
    assert ([one["position"] for one in left["declarations"]], left["replaced"]) == ([2], 1)
    bad = {"version": 3, "declarations": [{"discharge": {"pollutant": "仙气", "medium": "water"}}]}
    refused = anna.post(f"{at}/declare", json=bad)
    assert (refused.status_code, refused.json()["code"]) == (422, "unusable-discharge")
    assert staff(app, "stranger").post(f"{at}/declare", json=body).status_code == 403
    assert staff(app, "chief").get("/api/v1/approval/audit").json()["problems"] == []


def test_a_machine_with_an_applicants_key_declares(app: FastAPI) -> None:  # noqa: F811
    root = staff(app, "administrator")
    key = {"name": "EIA", "role": "applicant", "districts": [], "days": 30}
    made = root.post("/api/v1/approval/keys", json=key).json()
    _, number = opened_case(app)
    headers = {"authorization": f"Bearer {made['key']}"}
    body = {"version": 1, "declarations": [{"nothing_else": "air"}]}
    answer = staff(app, "keeper").post(f"/api/v1/approval/cases/{number}/declare", json=body)
    assert answer.status_code == 403
    own = root.post(f"/api/v1/approval/cases/{number}/declare", json=body, headers=headers)
    assert (own.status_code, own.json()["code"]) == (403, "forbidden")  # somebody else's case
