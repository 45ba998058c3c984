"""How grave an open question may turn out, what decides a verdict, and lines that go through a sealed question."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
import shapely

from layers.facts import fact_schema
from layers.snapshot import Snapshot
from screening.access import AccessList, Clause, Dimension, IndustrySet, Level, Scope
from screening.accuracy import Certainty
from screening.conditions import Condition
from screening.findings import Outcome
from screening.model import Effect, Project, Site
from screening.questions import asked
from screening.seal import asked_in, question_of
from screening.verdict import screen
from screening.words import Text, same
from tests.conftest import ask
from tests.smallcity import AS_OF
from tests.test_small_city import OFFICE_SITE, finding

HOLDS = Condition("emergency_plan")


def clause(effect: Effect, *, satisfied: bool = False) -> Clause:
    """A clause for everybody everywhere that turns on one undeclared fact."""
    return Clause(
        id="T-1",
        level=Level.CITY,
        dimension=Dimension.SPACE,
        scope=Scope(),
        industries=IndustrySet(),
        effect=effect,
        wording=Text("条文", "wording"),
        basis="",
        valid_from=date(2020, 1, 1),
        row="1",
        applies_when=Condition("handles_hazardous_chemicals"),
        satisfied_when=HOLDS if satisfied else None,
    )


@pytest.mark.parametrize(
    ("effect", "satisfied", "worst"),
    [
        (Effect.PROHIBIT, False, Outcome.VIOLATES),
        (Effect.PHASE_OUT, False, Outcome.VIOLATES),
        (Effect.REQUIRE, True, Outcome.VIOLATES),
        (Effect.CONDITIONAL, True, Outcome.VIOLATES),
        (Effect.RESTRICT, True, Outcome.VIOLATES),
        (Effect.RESTRICT, False, Outcome.UNDETERMINED),
        (Effect.PROSE, False, Outcome.UNDETERMINED),
        (Effect.REQUIRE, False, Outcome.CONDITIONAL),
        (Effect.CONDITIONAL, False, Outcome.CONDITIONAL),
    ],
)
def test_the_worst_an_open_clause_may_become(small: Snapshot, effect: Effect, satisfied: bool, worst: Outcome) -> None:
    standing = ask(small, OFFICE_SITE)
    only = AccessList(version="t", clauses=(clause(effect, satisfied=satisfied),))
    evidence = replace(standing.evidence, access_list=only)
    verdict = screen(standing.project, standing.site, evidence, AS_OF)
    (question,) = (one for one in asked(verdict, fact_schema()) if one.fact == "handles_hazardous_chemicals")
    assert (question.worst, question.findings) == (worst, ("clause:T-1",))


def test_the_worst_of_a_ceiling_and_an_objective_is_by_their_effect(small: Snapshot) -> None:
    open_water = {one.fact: one.worst for one in asked(ask(small, OFFICE_SITE, water_m3_per_year=None), fact_schema())}
    assert open_water["water_m3_per_year"] is Outcome.VIOLATES  # 禁止突破
    north = ask(small, "120.150000,36.150000", emits_air_pollutants=None)
    ((_, keys),) = (one for one in north.would_change if one[0] == "emits_air_pollutants")
    only = tuple(key for key in keys if key.startswith("objective:"))
    assert only
    lone = replace(north, would_change=(("emits_air_pollutants", only),))
    assert [one.worst for one in asked(lone, fact_schema())] == [Outcome.CONDITIONAL]  # 有条件：倍量替代


def test_what_decides_is_what_has_the_outcome_of_the_conclusion(small: Snapshot) -> None:
    clear = ask(small, OFFICE_SITE)
    assert (clear.conclusion, clear.deciding) == (Outcome.COMPLIES, ())
    assert any(one.outcome is Outcome.COMPLIES for one in clear.findings)
    open_one = ask(small, OFFICE_SITE, water_m3_per_year=None)
    assert open_one.conclusion is Outcome.UNDETERMINED
    assert {one.outcome for one in open_one.deciding} == {Outcome.UNDETERMINED}
    assert "ceiling:370211:water_m3_per_year" in {one.key for one in open_one.deciding}


def test_a_site_wholly_and_one_partly_outside_the_units_are_told_apart(small: Snapshot) -> None:
    wholly = finding(ask(small, "120.350000,36.050000"), "unit:uncovered")
    assert "不在任何管控单元内：坐标可能有误" in wholly.reason.zh
    half = "POLYGON((119.999 36.049,120.001 36.049,120.001 36.051,119.999 36.051,119.999 36.049))"
    assert "50.00%" in finding(ask(small, half), "unit:uncovered").reason.zh


def test_a_line_goes_through_a_sealed_question_whole() -> None:
    line = shapely.LineString([(120.01, 36.01), (120.02, 36.02)])
    site = Site(
        name="路",
        geometry=line.buffer(0.001),
        as_written="",
        read_as=same(""),
        alignment=line,
        width_m=20.0,
        start_m=12_340.0,
    )
    project = Project(name="", industries=(), construction=None, facts={})
    back = asked_in(json.loads(json.dumps(question_of(site, project, AS_OF)))).site
    assert back.alignment is not None
    assert back.alignment.equals_exact(line, 0.0)
    assert (back.width_m, back.start_m) == (20.0, 12_340.0)
    plain = replace(site, alignment=None, width_m=None)
    assert asked_in(question_of(plain, project, AS_OF)).site.alignment is None


def test_a_ceiling_of_a_place_that_is_only_possible_weighs_as_undetermined(small: Snapshot) -> None:
    north = f"120.050000,{36.1 + 3 / 111_000:.7f}"  # three metres north of the border of the districts, known to ±10 m
    verdict = ask(small, north, water_m3_per_year=200_000)
    assert verdict.evidence.doubtful_holders >= {"370211", "370281"}
    spent, ample = (finding(verdict, f"ceiling:{code}:water_m3_per_year") for code in ("370281", "370211"))
    assert (spent.outcome, spent.certainty, spent.needs_person) == (Outcome.UNDETERMINED, Certainty.BORDERLINE, True)
    assert (ample.outcome, ample.certainty) == (Outcome.COMPLIES, Certainty.CERTAIN)
    assert "位置精度" not in ample.reason.zh
    deep = finding(ask(small, "120.050000,36.150000", water_m3_per_year=200_000), "ceiling:370281:water_m3_per_year")
    assert (deep.outcome, deep.certainty) == (Outcome.VIOLATES, Certainty.CERTAIN)
