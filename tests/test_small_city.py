"""What a verdict says on the small city, reasoned by hand from its map and list."""

from __future__ import annotations

import pytest

from layers.snapshot import Snapshot
from screening.findings import Finding, Outcome, Subject
from screening.model import Construction
from screening.verdict import Verdict
from tests.conftest import ask
from tests.smallcity import NE, SE, SEA_S

OFFICE_SITE = "POLYGON((120.18 36.08,120.185 36.08,120.185 36.085,120.18 36.085,120.18 36.08))"  # SE, nothing special
IN_RED_LINE = "POLYGON((120.025 36.135,120.028 36.135,120.028 36.138,120.025 36.138,120.025 36.135))"
IN_PARK = "POLYGON((120.03 36.03,120.04 36.03,120.04 36.04,120.03 36.04,120.03 36.03))"
HALF_IN_PARK = "POLYGON((120.055 36.03,120.065 36.03,120.065 36.04,120.055 36.04,120.055 36.03))"
ACROSS_UNITS = "POLYGON((120.14 36.095,120.145 36.095,120.145 36.105,120.14 36.105,120.14 36.095))"
PARTLY_OUTSIDE = "POLYGON((120.05 35.995,120.055 35.995,120.055 36.005,120.05 36.005,120.05 35.995))"


def finding(verdict: Verdict, key: str) -> Finding:
    return next(one for one in verdict.findings if one.key == key)


def test_a_quiet_office_in_a_general_unit_complies(small: Snapshot) -> None:
    verdict = ask(small, OFFICE_SITE)
    assert verdict.conclusion is Outcome.COMPLIES
    assert [contact.zone.code for contact in verdict.evidence.units] == [SE]


def test_the_red_line_prohibits_unless_the_list_excepts(small: Snapshot) -> None:
    refused = ask(small, IN_RED_LINE, red_line_activity=False, national_major_project=False)
    assert finding(refused, "clause:DEMO-N-02").outcome is Outcome.VIOLATES
    assert refused.conclusion is Outcome.VIOLATES
    excepted = ask(small, IN_RED_LINE, national_major_project=True)
    assert finding(excepted, "clause:DEMO-N-02").outcome is Outcome.CONDITIONAL
    open_question = ask(small, IN_RED_LINE)
    assert finding(open_question, "clause:DEMO-N-02").outcome is Outcome.UNDETERMINED
    assert set(finding(open_question, "clause:DEMO-N-02").missing_facts) == {
        "national_major_project",
        "red_line_activity",
    }


def test_in_principle_needs_a_person(small: Snapshot) -> None:
    verdict = ask(small, "120.035,36.145", red_line_activity=True)
    core = finding(verdict, "clause:DEMO-N-01")
    assert (core.outcome, core.needs_person) == (Outcome.UNDETERMINED, True)


@pytest.mark.parametrize(
    ("place", "facts", "expected"),
    [
        ("120.145,36.045", {"serves_water_supply": False}, Outcome.VIOLATES),
        ("120.145,36.045", {"serves_water_supply": True}, Outcome.CONDITIONAL),
        ("120.135,36.045", {"discharges_wastewater": True}, Outcome.VIOLATES),
        ("120.135,36.045", {"discharges_wastewater": None}, Outcome.UNDETERMINED),
        ("120.135,36.045", {}, Outcome.COMPLIES),
    ],
    ids=["I", "I for supply", "II discharging", "II not declared", "II without discharge"],
)
def test_water_source_levels(small: Snapshot, place: str, facts: dict[str, object], expected: Outcome) -> None:
    assert ask(small, place, facts=facts).conclusion is expected


def test_a_chemical_works_must_lie_wholly_in_a_chemical_park(small: Snapshot) -> None:
    facts = {"replacement_five": True, "handles_hazardous_chemicals": False, "park_leading_industry": True}
    key = "clause:DEMO-P-01"
    inside = ask(small, IN_PARK, "C2614", facts)
    assert key not in {one.key for one in inside.findings}
    half = finding(ask(small, HALF_IN_PARK, "C2614", facts), key)
    assert half.outcome is Outcome.VIOLATES
    assert half.contacts[0].measure.share_of_site == pytest.approx(0.5, abs=1e-4)


def test_two_units_at_once_both_answer_and_the_graver_wins(small: Snapshot) -> None:
    verdict = ask(small, ACROSS_UNITS, "C2614", handles_hazardous_chemicals=False)
    assert {contact.zone.code for contact in verdict.evidence.units} == {SE, NE}
    shares = [contact.measure.share_of_site for contact in verdict.evidence.units]
    assert sum(shares) == pytest.approx(1.0, abs=1e-9)
    assert finding(verdict, "clause:DEMO-C-03").outcome is Outcome.VIOLATES  # receptor-sensitive air, north only


def test_at_sea_land_layers_owe_no_answer(small: Snapshot) -> None:
    verdict = ask(small, "120.28,36.08")
    assert [contact.zone.code for contact in verdict.evidence.units] == [SEA_S]
    assert verdict.evidence.answer_of("water") is not None
    assert all(one.answered for one in verdict.evidence.consulted)
    assert verdict.conclusion is Outcome.COMPLIES


def test_aquaculture_in_a_priority_sea_unit_is_prohibited(small: Snapshot) -> None:
    assert ask(small, "120.28,36.08", "A0411").conclusion is Outcome.VIOLATES


def test_outside_every_unit_is_never_a_pass(small: Snapshot) -> None:
    verdict = ask(small, "120.35,36.25")
    assert verdict.conclusion is Outcome.UNDETERMINED
    assert verdict.findings[0].key == "unit:uncovered"
    assert verdict.unplaced > 0


def test_partly_outside_is_never_a_pass_either(small: Snapshot) -> None:
    verdict = ask(small, PARTLY_OUTSIDE)
    assert verdict.conclusion is Outcome.UNDETERMINED
    assert verdict.evidence.uncovered_share == pytest.approx(0.5, abs=1e-4)


def test_a_ceiling_is_measured_against_what_is_left(small: Snapshot) -> None:
    north = "120.115,36.105"
    key = "ceiling:370281:water_m3_per_year"
    assert finding(ask(small, north, water_m3_per_year=100_000), key).outcome is Outcome.COMPLIES  # 10 万m³ left
    assert finding(ask(small, north, water_m3_per_year=100_001), key).outcome is Outcome.VIOLATES
    unknown = finding(ask(small, north, water_m3_per_year=None), key)
    assert (unknown.outcome, unknown.missing_facts) == (Outcome.UNDETERMINED, ("water_m3_per_year",))


def test_coal_where_the_cap_is_used_up(small: Snapshot) -> None:
    key = "ceiling:370211:coal_t_per_year"
    assert finding(ask(small, OFFICE_SITE, coal_t_per_year=1), key).outcome is Outcome.VIOLATES
    assert finding(ask(small, OFFICE_SITE, coal_t_per_year=0), key).outcome is Outcome.NOT_CONCERNED


def test_an_unmet_objective_asks_for_replacement(small: Snapshot) -> None:
    north, key = "120.115,36.105", "clause:DEMO-C-09"
    emitting = {"emits_air_pollutants": True}
    assert finding(ask(small, north, facts=emitting), key).outcome is Outcome.UNDETERMINED
    assert finding(ask(small, north, facts=emitting, replacement_confirmed=False), key).outcome is Outcome.VIOLATES
    assert finding(ask(small, north, facts=emitting, replacement_confirmed=True), key).outcome is Outcome.COMPLIES
    assert finding(ask(small, "120.18,36.08", facts=emitting), key).outcome is Outcome.NOT_CONCERNED  # met in the south


def test_a_school_within_the_distance_prohibits(small: Snapshot) -> None:
    key = "clause:DEMO-N-11"  # 300 m; one hundredth of a degree of latitude is about 1,110 m
    close = ask(small, "120.08,36.082", "D4417", handles_hazardous_chemicals=False)
    assert finding(close, key).outcome is Outcome.VIOLATES
    assert finding(close, key).contacts[0].measure.distance_m == pytest.approx(166.4, abs=1.0)
    far = ask(small, "120.08,36.09", "D4417", handles_hazardous_chemicals=False)
    assert key not in {one.key for one in far.findings}


def test_a_coarse_industry_code_is_not_read_as_harmless(small: Snapshot) -> None:
    verdict = ask(small, ACROSS_UNITS, "C")
    assert finding(verdict, "clause:DEMO-P-01").outcome is Outcome.UNDETERMINED


def test_construction_kind_not_declared_is_unknown(small: Snapshot) -> None:
    open_kind = finding(ask(small, OFFICE_SITE, "C2614", construction=None), "clause:DEMO-P-01")
    assert (open_kind.outcome, open_kind.missing_facts) == (Outcome.UNDETERMINED, ("construction",))
    upgrade = ask(small, OFFICE_SITE, "C2614", construction=Construction.UPGRADE)
    assert finding(upgrade, "clause:DEMO-P-01").outcome is Outcome.NOT_CONCERNED


def test_what_would_change_it_names_the_facts(small: Snapshot) -> None:
    verdict = ask(small, OFFICE_SITE, policy_class=None)
    assert verdict.conclusion is Outcome.UNDETERMINED
    assert verdict.would_change == (("policy_class", ("clause:DEMO-N-06", "clause:DEMO-N-07")),)


def test_all_six_levels_answer(small: Snapshot) -> None:
    north_west = "120.01,36.12"
    levels = {one.clause.level.name for one in ask(small, north_west, "C2614").findings if one.clause}
    assert levels == {"NATION", "PROVINCE", "CIRCLE", "CITY", "UNIT_CLASS", "UNIT"}


def test_every_clause_in_reach_is_answered_one_by_one(small: Snapshot) -> None:
    verdict = ask(small, OFFICE_SITE)
    clauses = [one for one in verdict.findings if one.subject is Subject.CLAUSE]
    in_force = len(verdict.evidence.access_list.clauses)
    assert len(clauses) + verdict.out_of_scope + verdict.unplaced == in_force
