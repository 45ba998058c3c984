"""Which single declaration would turn a conclusion, and at, below or above which figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from screening import turning
from screening.access import Clause, IndustrySet
from screening.conditions import Condition
from screening.explain import explain
from screening.findings import Outcome
from screening.model import Construction, Effect, FactValue, Project
from screening.turning import Side, Turn, turning_points
from screening.verdict import Verdict
from tests.test_core_explanation import FACTS, IN_PARK, LAYER_GAP, PROJECT, fact, verdict_at, with_findings
from tests.test_core_reach import CEILING, OBJECTIVE, clause


def asking(condition: str, effect: Effect = Effect.PROHIBIT, **more: Any) -> Clause:
    return replace(clause(), id="T", effect=effect, applies_when=Condition(condition), **more)


def turns(verdict: Verdict) -> list[tuple[str, FactValue, str, str]]:
    return [
        (one.fact, one.value, one.side.value, one.conclusion.name.lower()) for one in turning_points(verdict, FACTS)
    ]


def declared(**facts: FactValue) -> Project:
    return replace(PROJECT, facts=facts)


def test_a_threshold_turns_on_the_side_the_comparison_says() -> None:
    def at(condition: str, x: float) -> list[tuple[str, FactValue, str, str]]:
        return turns(verdict_at(IN_PARK, asking(condition), project=declared(x=x)))

    assert at("x > 50.0", 60.0) == [("x", 50.0, "at", "complies")]
    assert at("x >= 50.0", 60.0) == [("x", 50.0, "below", "complies")]
    assert at("x > 50.0", 40.0) == [("x", 50.0, "above", "violates")]
    assert at("50.0 <= x", 40.0) == [("x", 50.0, "at", "violates")]
    assert at("x > 50.0 || y", 40.0) == [
        ("y", False, "at", "complies"),
        ("y", True, "at", "violates"),
        ("x", 50.0, "above", "violates"),
    ]


def test_thresholds_at_the_bounds_of_a_fact_are_tried_and_beyond_them_nothing_is() -> None:
    most = verdict_at(IN_PARK, asking("x >= 100.0"), project=declared(x=40.0))
    least = verdict_at(IN_PARK, asking("x <= 0.0"), project=declared(x=40.0))
    assert turns(most) == [("x", 100.0, "at", "violates")]
    assert turns(least) == [("x", 0.0, "at", "violates")]
    assert turns(verdict_at(IN_PARK, asking("x > 100.0"), project=declared(x=40.0))) == []
    assert turns(verdict_at(IN_PARK, asking("x < 0.0"), project=declared(x=40.0))) == []


def test_a_fact_without_bounds_is_tried_anywhere() -> None:
    schema = {"x": fact("x", unit="t")}
    far = verdict_at(IN_PARK, asking("x > 1000.0 || x < -1000.0"), project=declared(x=40.0))
    found = [(one.value, one.side) for one in turning_points(far, schema)]
    assert found == [(1000.0, Side.ABOVE)]
    low = verdict_at(IN_PARK, asking("x < 0.0"), project=declared(x=40.0))
    assert [(one.value, one.side) for one in turning_points(low, schema)] == [(0.0, Side.BELOW)]


def test_of_two_values_as_near_the_threshold_itself_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turning, "NUDGE", 0.5)
    open_ = verdict_at(IN_PARK, asking("x < 8.0 && x != 5.0 || x == 6.0"), project=declared(x=5.0))
    assert open_.conclusion is Outcome.COMPLIES
    assert turns(open_) == [("x", 6.0, "at", "violates")]  # and not four, half of eight, which is as near


def test_yes_no_and_every_choice_are_tried_and_what_is_declared_is_not() -> None:
    flag = verdict_at(IN_PARK, asking("y"), project=declared(y=True))
    assert turns(flag) == [("y", False, "at", "complies")]
    choice = verdict_at(IN_PARK, asking("z == 'a'"), project=declared(z="b"))
    assert turns(choice) == [("z", "a", "at", "violates")]
    both = verdict_at(IN_PARK, asking("z == 'a' || z == 'b'"), project=declared(z="c"))
    assert turns(both) == [("z", "a", "at", "violates"), ("z", "b", "at", "violates")]


def test_what_layers_establish_and_what_no_schema_knows_is_not_asked_for() -> None:
    assert turns(verdict_at(IN_PARK, asking("layered"), project=declared(layered=True))) == []
    assert turns(verdict_at(IN_PARK, asking("unheard_of"), project=declared(unheard_of=True))) == []


def test_satisfaction_and_exception_turn_it_too() -> None:
    must = asking("x > 1.0", Effect.REQUIRE, satisfied_when=Condition("y"))
    found = turns(verdict_at(IN_PARK, must, project=declared(x=2.0, y=False)))
    assert ("y", True, "at", "complies") in found
    ban = replace(asking("x > 1.0"), excepted_when=Condition("y"))
    found = turns(verdict_at(IN_PARK, ban, project=declared(x=2.0, y=False)))
    assert ("y", True, "at", "conditional") in found
    assert ("x", 1.0, "at", "complies") in found


def test_construction_turns_a_clause_that_names_kinds_of_it() -> None:
    named_kinds = replace(clause(), id="T", construction=frozenset({Construction.NEW}))
    found = turns(verdict_at(IN_PARK, named_kinds))
    others = [kind.value for kind in Construction if kind is not Construction.NEW]
    assert found == [("construction", kind, "at", "complies") for kind in others]
    assert turns(verdict_at(IN_PARK, replace(clause(), id="T"))) == []


def test_construction_and_a_fact_turn_each_its_own_clause() -> None:
    by_kind = replace(clause(), id="K", construction=frozenset({Construction.EXPAND}))
    both = verdict_at(IN_PARK, by_kind, asking("y"), project=declared(y=False))
    assert turns(both) == [
        ("construction", "expand", "at", "violates"),
        ("y", True, "at", "violates"),
    ]


def test_a_permission_turns_the_bans_that_name_it_and_one_another() -> None:
    bans = (replace(clause(), id="B"), replace(clause(), id="C"))
    permits = (
        asking("y", Effect.PERMIT, exempts=frozenset({"B"})),
        replace(asking("y", Effect.PERMIT, exempts=frozenset({"C"})), id="U"),
    )
    assert turns(verdict_at(IN_PARK, *bans, *permits, project=declared(y=False))) == [("y", True, "at", "conditional")]
    assert turns(verdict_at(IN_PARK, *bans, permits[0], project=declared(y=False))) == []


def test_a_permission_that_holds_stands_while_its_ban_turns() -> None:
    ban = asking("x > 50.0")
    permit = replace(clause(), id="P", effect=Effect.PERMIT, exempts=frozenset({"T"}))
    assert turns(verdict_at(IN_PARK, ban, permit, project=declared(x=40.0))) == [("x", 50.0, "above", "conditional")]
    assert turns(verdict_at(IN_PARK, permit, ban, project=declared(x=60.0))) == [("x", 50.0, "at", "complies")]


def test_a_clause_about_other_industries_or_kinds_turns_with_no_fact() -> None:
    others = IndustrySet(include=frozenset({"A"}))
    foreign = asking("y", industries=others, construction=frozenset({Construction.EXPAND}))
    assert turns(verdict_at(IN_PARK, foreign, project=declared(y=False))) == []
    expanding = asking("y", construction=frozenset({Construction.EXPAND}))
    assert turns(verdict_at(IN_PARK, expanding, project=declared(y=True))) == [
        ("construction", "expand", "at", "violates")
    ]


def test_what_no_declaration_changes_stands_above_every_turn() -> None:
    verdict = verdict_at(IN_PARK, asking("y"), project=declared(y=True))
    assert turns(with_findings(verdict, *verdict.findings, LAYER_GAP)) == [("y", False, "at", "undetermined")]


def test_the_room_of_a_ceiling_turns_it() -> None:
    own = replace(CEILING, fact="x")
    over = verdict_at(IN_PARK, ceilings=(own,), project=declared(x=8.0))
    assert turns(over) == [("x", 6.0, "at", "complies")]
    idle = replace(own, per_fact=0.0)
    assert turns(verdict_at(IN_PARK, ceilings=(idle,), project=declared(x=8.0))) == []
    for blank in (replace(own, cap=None), replace(own, used=None)):
        open_ = verdict_at(IN_PARK, ceilings=(blank,), project=declared(x=8.0))
        assert turns(open_) == [("x", 0.0, "at", "complies")]


def test_a_ceiling_on_another_fact_leaves_its_own_room_alone() -> None:
    other = replace(CEILING, fact="w")
    found = turns(verdict_at(IN_PARK, asking("x > 50.0"), ceilings=(other,), project=declared(x=60.0, w=1.0)))
    assert found == [("x", 50.0, "at", "complies")]


def test_an_objective_that_is_not_met_turns_on_whether_the_project_emits() -> None:
    unmet = replace(OBJECTIVE, state=4.0, emission_fact="y")
    assert turns(verdict_at(IN_PARK, objectives=(unmet,), project=declared(y=True))) == [("y", False, "at", "complies")]


def test_a_turn_is_told_by_value_or_choice() -> None:
    verdict = verdict_at()
    found = explain(
        verdict,
        FACTS,
        "zh",
        turns=[
            Turn(fact="z", value="a", side=Side.AT, conclusion=Outcome.VIOLATES),
            Turn(fact="x", value=5.0, side=Side.BELOW, conclusion=Outcome.VIOLATES),
            Turn(fact="construction", value="new", side=Side.AT, conclusion=Outcome.VIOLATES),
        ],
    ).turning
    assert [one.value for one in found][:2] == ["甲", "略低于 5"]
    assert found[2].value not in ("new", "")
