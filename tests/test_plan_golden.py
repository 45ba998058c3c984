"""A whole plan on the demonstration city with its reasoning in words: `tests/golden/plan.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from layers.facts import declared, fact_schema
from layers.industries import classification
from layers.snapshot import Snapshot
from screening.coordinates import read_site
from screening.findings import Outcome
from screening.model import Construction
from screening.plan_words import tell
from screening.planning import assess
from screening.planning_model import AreaKind, Plan, PlanAnswer, PlannedIndustry
from tests.conftest import QUIET_FACTS
from tests.smallcity import AS_OF

GOLDEN: dict[str, Any] = tomllib.loads((Path(__file__).parent / "golden" / "plan.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def answer(demo: Snapshot) -> PlanAnswer:
    city = demo.jurisdiction
    parts = tuple(
        read_site(text, plane=city.plane, extent=city.extent, name=name) for name, text in GOLDEN["parts"].items()
    )
    plan = Plan(
        name=GOLDEN["name"],
        parts=parts,
        industries=tuple(
            PlannedIndustry(industry=classification().find(code), facts={}) for code in GOLDEN["industries"]
        ),
        construction=Construction.NEW,
        facts=declared({**QUIET_FACTS, **GOLDEN["facts"]}),
    )
    return assess(plan, {one.name: demo.gather(one, AS_OF) for one in parts}, AS_OF)


def test_the_shares_are_those_of_the_map(answer: PlanAnswer) -> None:
    rows = [one for one in answer.areas if one.kind in (AreaKind.UNIT_CLASS, AreaKind.UNCOVERED)]
    shares = {one.key or one.kind.value: round(one.whole.share, 4) for one in rows if one.whole}
    assert shares == GOLDEN["shares"]


@pytest.mark.parametrize("case", GOLDEN["cell"], ids=[f"{one['part']} {one['industry']}" for one in GOLDEN["cell"]])
def test_the_reasoning_of_each_cell_holds(answer: PlanAnswer, case: dict[str, Any]) -> None:
    assert case["why_zh"]
    assert case["why_en"]
    (cell,) = [one for one in answer.cells if one.place == (case["part"], case["industry"])]
    assert cell.verdict.conclusion.name.lower() == case["conclusion"]
    assert sorted(one.key for one in cell.verdict.deciding) == case["deciding"]


def test_every_cell_is_reasoned(answer: PlanAnswer) -> None:
    assert {one.place for one in answer.cells} == {(one["part"], one["industry"]) for one in GOLDEN["cell"]}


def test_what_stops_most_comes_first(answer: PlanAnswer) -> None:
    found = [
        {"clause": one.clause.id, "stops": len(one.stops), "share": round(one.cover.share, 4)}
        for one in answer.clauses[: len(GOLDEN["first"])]
    ]
    assert found == GOLDEN["first"]


def test_the_draft_names_clauses_day_and_release_and_never_says_allowed(answer: PlanAnswer) -> None:
    told = tell(answer, fact_schema(), "zh")
    assert "草案" in told.draft_title
    assert AS_OF.isoformat() in told.draft_title
    assert answer.release.id in told.draft_title
    admissions = {(one.part, one.code): one.admission for one in told.draft}
    assert admissions["农片区", "I6511"] == "未见限制"
    assert admissions["化工片区", "I6511"] == "限制（有条件）"
    assert admissions["化工片区", "C2614"] == "需人工判断或补充资料"
    assert admissions["海片区", "I6511"] == "禁止"
    for row in told.draft:
        assert row.checked
        assert row.sources or row.outcome == Outcome.COMPLIES.name.lower()
