"""Golden cases on the demonstration city, each with its reasoning in words: `tests/golden/cases.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from layers.facts import fact_schema
from layers.release import read_content, write_release
from layers.snapshot import Snapshot, load_snapshot
from screening.access import Clause, Dimension, Level, Position
from screening.accuracy import Certainty
from screening.evidence import Answer
from screening.explain import explain
from screening.model import Construction, Effect, Realm, ZoneClass
from screening.verdict import Verdict, screen
from screening.words import Text
from tests.clausecity import ROWS, deliver_with
from tests.conftest import ask

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "golden" / "cases.toml").read_text(encoding="utf-8")
)["case"]


@pytest.fixture(scope="module")
def clauses(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small city with the list of the 37 representative clauses."""
    folder = tmp_path_factory.mktemp("clauses")
    name = write_release(read_content(deliver_with(folder / "delivery", ROWS)), folder / "releases")
    return load_snapshot(folder / "releases" / name)


def silenced(city: Snapshot, layer_ids: list[str]) -> Snapshot:
    """The release with layers that do not answer."""
    silent = {one: (city.layers[one].layer, Answer.MISSING, Text("缺失", "missing")) for one in layer_ids}
    heard = {name: loaded for name, loaded in city.layers.items() if name not in silent}
    return replace(city, layers=heard, silent={**city.silent, **silent})


def answer(city: Snapshot, case: dict[str, Any]) -> Verdict:
    kind = case.get("construction", "new")
    quiet = ask(
        silenced(city, case.get("silent", [])),
        case["site"],
        case.get("industry", "I6511"),
        {name: None if value == "?" else value for name, value in case.get("facts", {}).items()},
        construction=None if kind == "?" else Construction(kind),
    )
    if "as_of" not in case:
        return quiet
    return screen(quiet.project, quiet.site, city.gather(quiet.site, case["as_of"]), case["as_of"])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_reasoning_holds(demo: Snapshot, case: dict[str, Any], request: pytest.FixtureRequest) -> None:
    assert case["why_zh"]
    assert case["why_en"]
    verdict = answer(request.getfixturevalue(case.get("city", "demo")), case)
    deciding = [one.key for one in verdict.deciding]
    assert verdict.conclusion.name.lower() == case["conclusion"], deciding
    if "deciding" in case:
        assert sorted(deciding) == sorted(case["deciding"])
    if "first" in case:
        assert deciding[0] == case["first"]
    if "asks" in case:
        assert set(case["asks"]) <= {name for name, _ in verdict.would_change}
    if "units" in case:
        shares = {one.zone.code: round(one.measure.share_of_site, 4) for one in verdict.evidence.units}
        assert shares == case["units"]
    if "area_m2" in case:
        assert verdict.evidence.site_area_m2 == pytest.approx(case["area_m2"], abs=0.1)
    outcomes = {one.key: one.outcome.name.lower() for one in verdict.findings}
    for key, outcome in case.get("findings", {}).items():
        assert outcomes.get(key) == outcome, key
    certainties = {
        f"{one.zone.layer_id}:{one.zone.code}": one.band.certainty.value for one in verdict.evidence.contacts
    }
    for key, certainty in case.get("certainty", {}).items():
        assert certainties.get(key) == certainty, key


@pytest.mark.parametrize(
    ("day", "basis"),
    [(date(2026, 8, 14), "水污染防治法第六十六条"), (date(2026, 8, 15), "生态环境法典")],
    ids=["the day before the Code", "the day of the Code"],
)
def test_a_clause_cites_what_was_in_force_on_the_day(demo: Snapshot, day: date, basis: str) -> None:
    today = ask(demo, "120.4992,36.2394", discharges_wastewater=True)
    verdict = screen(today.project, today.site, demo.gather(today.site, day), day)
    told = explain(verdict, fact_schema(), "zh")
    (entry,) = (one for one in told.concerned if one.key == "clause:DEMO-N-04")
    assert [row.value.startswith(basis) for row in entry.rows if row.label == "依据"] == [True]


def test_there_are_enough_cases_and_no_two_of_one_name() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 65


# -- every kind of answer occurs ----------------------------------------------------------------------------------------


def told(case: dict[str, Any]) -> dict[str, str]:
    """Outcomes of single findings a case states, by key."""
    return {**dict.fromkeys(case.get("deciding", ()), case["conclusion"]), **case.get("findings", {})}


@pytest.fixture(scope="module")
def stated(demo: Snapshot, clauses: Snapshot) -> list[tuple[Clause, str]]:
    """Each clause of which some case states the outcome, with that outcome."""
    known = {f"clause:{one.id}": one for city in (clauses, demo) for one in city.access_list.clauses}
    return [(known[key], outcome) for case in CASES for key, outcome in told(case).items() if key in known]


def test_every_level_dimension_effect_and_position_is_reasoned_about(stated: list[tuple[Clause, str]]) -> None:
    speaking = [clause for clause, outcome in stated if outcome != "not_concerned"]
    assert {one.level for one in speaking} == set(Level)
    assert {one.dimension for one in speaking} == set(Dimension)
    assert {one.effect for one in speaking} == set(Effect)
    assert {trigger.position for one in speaking for trigger in one.scope.zones} == set(Position)


def test_exceptions_hold_fail_and_stay_open(stated: list[tuple[Clause, str]]) -> None:
    excepted = {outcome for clause, outcome in stated if clause.excepted_when}
    required = {outcome for clause, outcome in stated if clause.satisfied_when}
    assert excepted >= {"conditional", "violates", "undetermined"}
    assert required >= {"complies", "violates", "undetermined"}
    assert {outcome for clause, outcome in stated if clause.in_principle} >= {"undetermined"}


def test_every_line_is_reasoned_about_both_ways() -> None:
    lines: dict[tuple[str, str], set[str]] = {}
    for case in CASES:
        for key, outcome in told(case).items():
            kind, _, fact = key.replace(":", " ").partition(" ")
            if kind in ("ceiling", "objective"):
                lines.setdefault((kind, fact.split()[-1]), set()).add(outcome)
    for fact in ("water_m3_per_year", "energy_tce_per_year", "coal_t_per_year", "land_m2"):
        assert lines["ceiling", fact] >= {"complies", "violates"}, fact
    for fact in ("water_objective_met", "pm25_objective_met"):
        assert lines["objective", fact] >= {"complies", "conditional", "undetermined"}, fact
    red_line = {told(case).get("clause:DEMO-N-02") for case in CASES}
    assert red_line >= {"violates", "conditional", "undetermined"}


def test_every_conclusion_certainty_kind_and_coarseness_occurs() -> None:
    assert {case["conclusion"] for case in CASES} == {"violates", "undetermined", "conditional", "complies"}
    assert {one for case in CASES for one in case.get("certainty", {}).values()} == set(Certainty)
    assert {case.get("construction", "new") for case in CASES} == {*Construction, "?"}
    assert {len(case.get("industry", "I6511")) for case in CASES} == {1, 3, 4, 5}  # section, division, group, class
    days = [case["as_of"] for case in CASES if "as_of" in case]
    assert min(days) < date(2026, 8, 15) < max(days)  # before and after the Code


def test_land_and_sea_points_and_areas_occur(demo: Snapshot) -> None:
    asked = [case for case in CASES if case.get("city", "demo") == "demo"]
    assert {case["site"].startswith("POLYGON") for case in asked} == {True, False}
    realms = set()
    for site in {case["site"] for case in asked}:
        place = ask(demo, site)
        for unit in place.evidence.units:
            consulted = place.evidence.answer_of(unit.zone.layer_id)
            assert consulted is not None
            realms.add((consulted.layer.realm, unit.zone.cls))
    assert realms == {(realm, cls) for realm in (Realm.LAND, Realm.SEA) for cls in ZoneClass}
