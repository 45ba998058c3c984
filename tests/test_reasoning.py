"""The reason chain can be replayed from the record, and what is said to turn the conclusion does turn it."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.facts import fact_schema
from layers.snapshot import Snapshot
from screening.chain import replay
from screening.explain import explain
from screening.findings import Outcome, StepName
from screening.model import Construction, FactValue
from screening.record import as_record, canonical
from screening.turning import Side, Turn, turning_points
from screening.verdict import Verdict, screen
from tests.conftest import ask
from tests.smallcity import AS_OF
from tests.test_laws import DECLARABLE, Asking, facts, industries, places
from tests.test_small_city import IN_RED_LINE, OFFICE_SITE, finding

NUDGED = {Side.AT: 0.0, Side.BELOW: -1e-6, Side.ABOVE: 1e-6}


@pytest.fixture(scope="session")
def asking(small: Snapshot) -> Asking:
    return lambda site, industry, declared: ask(small, site, industry, declared)


def declaring(verdict: Verdict, turn: Turn) -> Verdict:
    """The verdict once the turn was declared."""
    project = verdict.project
    if turn.fact == "construction":
        project = replace(project, construction=Construction(str(turn.value)))
    else:
        value = turn.value
        if isinstance(value, float) and not isinstance(value, bool):
            value += max(abs(value), 1.0) * NUDGED[turn.side]
        project = replace(project, facts={**project.facts, turn.fact: value})
    return screen(project, verdict.site, verdict.evidence, verdict.as_of)


@settings(max_examples=40)
@given(places, industries, facts, st.lists(st.sampled_from(DECLARABLE), max_size=20))
def test_a_record_replayed_gives_its_own_outcomes_and_conclusion(
    asking: Asking, place: str, industry: str, declared: dict[str, FactValue], left_out: list[str]
) -> None:
    record = json.loads(canonical(as_record(asking(place, industry, {**declared, **dict.fromkeys(left_out)}))))
    chain = replay(record)
    assert [one.outcome.name.lower() for one in chain] == [one["outcome"] for one in record["findings"]]
    assert chain[-1].so_far.name.lower() == record["conclusion"]
    assert all(earlier.so_far <= later.so_far for earlier, later in pairwise(chain))


def test_a_record_changed_in_one_step_no_longer_replays(small: Snapshot) -> None:
    record = json.loads(
        canonical(as_record(ask(small, IN_RED_LINE, red_line_activity=False, national_major_project=False)))
    )
    (clause,) = (one for one in record["findings"] if one["key"] == "clause:DEMO-N-02")
    assert clause["outcome"] == "violates"
    for step in clause["steps"]:
        if step["step"] == StepName.EXCEPTION.value:
            step["truth"] = "yes"
    (again,) = (one for one in replay(record) if one.key == "clause:DEMO-N-02")
    assert again.outcome is Outcome.CONDITIONAL


@settings(max_examples=25)
@given(places, industries, facts, st.lists(st.sampled_from(DECLARABLE), max_size=6))
def test_every_turn_turns_the_conclusion_into_what_it_says(
    asking: Asking, place: str, industry: str, declared: dict[str, FactValue], left_out: list[str]
) -> None:
    verdict = asking(place, industry, {**declared, **dict.fromkeys(left_out)})
    for turn in turning_points(verdict, fact_schema()):
        assert turn.conclusion is not verdict.conclusion
        assert declaring(verdict, turn).conclusion is turn.conclusion, turn


@settings(max_examples=15)
@given(places, industries, facts)
def test_no_yes_or_no_that_turns_it_is_left_out(
    asking: Asking, place: str, industry: str, declared: dict[str, FactValue]
) -> None:
    verdict = asking(place, industry, declared)
    told = {(one.fact, one.value) for one in turning_points(verdict, fact_schema())}
    for name, fact in fact_schema().items():
        for value in (False, True) if fact.kind == "boolean" and not fact.is_derived else ():
            turned = declaring(verdict, Turn(fact=name, value=value, side=Side.AT, conclusion=verdict.conclusion))
            assert ((name, value) in told) == (turned.conclusion is not verdict.conclusion), name


def test_the_red_line_turns_on_its_exceptions(small: Snapshot) -> None:
    verdict = ask(small, IN_RED_LINE, red_line_activity=False, national_major_project=False)
    turns = turning_points(verdict, fact_schema())
    assert (verdict.conclusion, {one.fact for one in turns}) == (
        Outcome.VIOLATES,
        {"red_line_activity", "national_major_project"},
    )
    told = explain(verdict, fact_schema(), "zh", turns=turns)
    assert all("申报为是" in one.text for one in told.turning)


def test_a_ceiling_turns_where_its_room_ends(small: Snapshot) -> None:
    verdict = ask(small, OFFICE_SITE, water_m3_per_year=20_000_000)
    assert finding(verdict, "ceiling:370211:water_m3_per_year").outcome is Outcome.VIOLATES
    (turn,) = (one for one in turning_points(verdict, fact_schema()) if one.fact == "water_m3_per_year")
    assert turn.side is Side.AT
    assert turn.value == pytest.approx(9_000_000)  # cap 1000, used 100 万m³
    assert verdict.as_of == AS_OF
