"""Golden cases on the demonstration city, each with its reasoning in words: `tests/golden/cases.toml`."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from layers.facts import fact_schema
from layers.snapshot import Snapshot
from screening.explain import explain
from screening.model import Construction
from screening.verdict import Verdict, screen
from tests.conftest import ask

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "golden" / "cases.toml").read_text(encoding="utf-8")
)["case"]


def answer(demo: Snapshot, case: dict[str, Any]) -> Verdict:
    kind = case.get("construction", "new")
    return ask(
        demo,
        case["site"],
        case.get("industry", "I6511"),
        {name: None if value == "?" else value for name, value in case.get("facts", {}).items()},
        construction=None if kind == "?" else Construction(kind),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_reasoning_holds(demo: Snapshot, case: dict[str, Any]) -> None:
    assert case["why_zh"]
    assert case["why_en"]
    verdict = answer(demo, case)
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
    assert len({case["name"] for case in CASES}) == len(CASES) >= 20
