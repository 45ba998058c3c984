"""What a record keeps and replays, what changed between two, and until when an answer holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from screening.access import Replacement
from screening.chain import outcome_by_steps
from screening.changes import record_changes
from screening.errors import SupersededIndustryError, UnreadableSiteError
from screening.model import Effect, FactValue
from screening.record import as_record
from screening.site_checks import Stated
from screening.validity import validity
from screening.words import Text, same
from tests.randomcity import DAY
from tests.test_core_explanation import IN_PARK, PARK_CLAUSE, PROJECT, changed, verdict_at
from tests.test_core_reach import CEILING
from tests.test_core_sites import road, wells

# -- the record --------------------------------------------------------------------------------------------------------


def test_what_is_not_known_is_null_in_the_record_and_the_rest_is_there() -> None:
    verdict = verdict_at(IN_PARK, replace(PARK_CLAUSE, id="P"), ceilings=(CEILING,))
    record = as_record(changed(verdict, uncovered_share=0.25))
    assert record["uncovered_share"] == 0.25
    assert as_record(changed(verdict, uncovered_share=None))["uncovered_share"] is None
    assert record["site"]["area_m2"] == 30.0
    assert as_record(verdict_at(shapely.Point(62, 50)))["site"]["area_m2"] is None
    by_key = {one["key"]: one for one in record["findings"]}
    assert (by_key["clause:P"]["clause"]["id"], by_key["clause:P"]["basis"]) == ("P", None)
    line = next(one for key, one in by_key.items() if key.startswith("ceiling:"))
    assert line["clause"] is None
    assert line["basis"]["year"] == 2025


def test_shares_layouts_and_statements_are_recorded_where_there_are_any() -> None:
    invested: dict[str, FactValue] = {"total_investment": 100.0, "environmental_investment": 5.0}
    verdict = verdict_at()
    assert as_record(verdict)["project"]["environmental_share"] is None
    rich = replace(verdict, project=replace(PROJECT, particulars=invested))
    assert as_record(rich)["project"]["environmental_share"] == 0.05
    line, points = road((10, 50), (80, 50)), wells((62, 50), radius_m=2.0)
    assert as_record(replace(verdict, site=line))["site"]["alignment_m"] == 70.0
    assert as_record(replace(verdict, site=points))["site"]["radius_m"] == 2.0
    assert "alignment" not in as_record(verdict)["site"]
    assert "stated" not in as_record(verdict)
    assert as_record(verdict, Stated(area_m2=7.0))["stated"] == {"district": "", "area_m2": 7.0}
    assert as_record(verdict, Stated(district="某区"))["stated"] == {"district": "某区", "area_m2": None}


def test_a_contact_is_recorded_with_its_overlap_and_how_far_lines_must_shift() -> None:
    def contact(shape: BaseGeometry) -> dict[str, Any]:
        return next(one for one in as_record(verdict_at(shape))["contacts"] if one["layer"] == "park")

    borderline, beside = contact(shapely.box(50, 40, 61, 60)), contact(shapely.box(30, 40, 60, 60))
    assert (borderline["flip_m"], borderline["overlap"]["type"]) == (pytest.approx(1.0, abs=0.05), "Polygon")
    assert (beside["flip_m"], beside["overlap"]) == (None, None)


# -- the reason chain --------------------------------------------------------------------------------------------------


def replayed(effect: Effect, in_principle: bool = False, **answers: str) -> str:
    steps_ = {"place": "yes", "industry": "yes", "construction": "yes", "condition": "yes", **answers}
    found = {
        "clause": {"effect": effect.value, "in_principle": in_principle},
        "steps": [{"step": name, "truth": truth} for name, truth in steps_.items()],
    }
    return outcome_by_steps(found).name.lower()


@pytest.mark.parametrize("ban", [Effect.PROHIBIT, Effect.PHASE_OUT])
def test_a_ban_violates_unless_it_speaks_of_something_else_or_leaves_room(ban: Effect) -> None:
    assert replayed(ban) == "violates"
    assert replayed(ban, industry="no") == "not_concerned"
    assert replayed(ban, condition="unknown") == "undetermined"
    assert replayed(ban, condition="unknown", satisfied="yes") == "undetermined"
    assert replayed(ban, in_principle=True) == "undetermined"
    answers = {"yes": "conditional", "unknown": "undetermined", "no": "violates"}
    assert {truth: replayed(ban, exception=truth) for truth in answers} == answers


@pytest.mark.parametrize("welcome", [Effect.ENCOURAGE, Effect.PERMIT])
def test_a_welcome_complies_or_does_not_concern(welcome: Effect) -> None:
    assert replayed(welcome) == "complies"
    assert replayed(welcome, condition="unknown") == "not_concerned"


@pytest.mark.parametrize("requirement", [Effect.REQUIRE, Effect.CONDITIONAL, Effect.RESTRICT])
def test_a_requirement_is_what_was_shown_of_it(requirement: Effect) -> None:
    answers = {"yes": "complies", "unknown": "undetermined", "no": "violates"}
    assert {truth: replayed(requirement, satisfied=truth) for truth in answers} == answers
    assert replayed(requirement, in_principle=True, satisfied="no") == "undetermined"
    assert replayed(requirement) == ("undetermined" if requirement is Effect.RESTRICT else "conditional")
    assert replayed(requirement, condition="unknown", satisfied="yes") == "not_concerned"
    assert replayed(requirement, condition="unknown", satisfied="no") == "undetermined"
    assert replayed(requirement, condition="unknown") == "undetermined"


def test_prose_is_for_a_person() -> None:
    assert replayed(Effect.PROSE) == "undetermined"
    assert replayed(Effect.PROSE, satisfied="yes") == "undetermined"


@pytest.mark.parametrize(
    ("permitted", "outcomes"),
    [
        ("yes", ["conditional", "conditional", "conditional", "complies"]),
        ("unknown", ["undetermined", "undetermined", "conditional", "complies"]),
        ("no", ["violates", "undetermined", "conditional", "complies"]),
    ],
)
def test_a_permission_softens_bans_and_open_questions_and_nothing_milder(permitted: str, outcomes: list[str]) -> None:
    assert [
        replayed(Effect.PROHIBIT, permitted=permitted),
        replayed(Effect.PROHIBIT, permitted=permitted, exception="unknown"),
        replayed(Effect.REQUIRE, permitted=permitted),
        replayed(Effect.PERMIT, permitted=permitted),
    ] == outcomes


# -- what changed ------------------------------------------------------------------------------------------------------


def kept(conclusion: str, findings: Mapping[str, tuple[str, str, int]], **more: Any) -> dict[str, Any]:
    return {
        "conclusion": conclusion,
        "as_of": "2026-01-01",
        "engine_version": "1",
        "release": {"id": "r1"},
        "findings": [
            {"key": key, "title": {"zh": key, "en": key}, "outcome": outcome, "reason": {"zh": why, "en": why}, "n": n}
            for key, (outcome, why, n) in findings.items()
        ],
        **more,
    }


def test_what_came_went_and_changed_is_told_once_each() -> None:
    was = kept(
        "complies",
        {"A": ("complies", "a", 1), "B": ("complies", "b", 1), "C": ("complies", "c", 1)},
        as_of="2026-02-01",
    )
    now = kept("violates", {"A": ("violates", "a", 1), "B": ("complies", "b2", 1), "D": ("complies", "d", 1)})
    found = record_changes(was, now)
    assert not found.is_same_conclusion
    assert found.conclusion.zh.startswith("结论由“")
    assert [one.zh for one in found.basis] == ["基准日：2026-02-01 → 2026-01-01"]
    assert [one.zh.split("（")[0] for one in found.added] == ["D"]
    assert [one.zh.split("（")[0] for one in found.removed] == ["C"]
    first, second = (one.zh for one in found.changed)
    assert "→" in first
    assert "理由变为“b2”" in second


def test_the_same_record_has_changed_in_nothing_and_details_are_named() -> None:
    was, now = kept("complies", {"A": ("complies", "a", 1)}), kept("complies", {"A": ("complies", "a", 2)})
    same_one = record_changes(was, was)
    assert same_one.is_nothing
    assert same_one.conclusion.zh.startswith("结论未变")
    (detail,) = record_changes(was, now).changed
    assert "细节有变（n）" in detail.zh


# -- small things ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "ends"), [(6, "C5。"), (7, "C5…。")])
def test_six_classes_are_named_and_more_are_left_open(count: int, ends: str) -> None:
    error = SupersededIndustryError.by("1", "x", "f", [f"C{number}" for number in range(count)])
    assert error.cure.zh.endswith(ends)


@pytest.mark.parametrize(("length", "shown"), [(80, "a" * 80), (81, "a" * 77 + "…")])
def test_eighty_characters_are_shown_whole(length: int, shown: str) -> None:
    assert UnreadableSiteError.of("a" * length, same("")).value == shown


def test_each_language_has_its_own_words_and_a_layer_without_limit_stays_current() -> None:
    assert (Text("中", "en").in_("zh"), Text("中", "en").in_("en")) == ("中", "en")
    layer = verdict_at().evidence.consulted[0].layer
    assert replace(layer, current_days=None).current_until is None
    assert replace(layer, current_days=1).current_until == layer.surveyed + timedelta(days=1)


def test_a_clause_in_force_since_the_first_day_there_is_has_no_eve_before_it() -> None:
    found = verdict_at(IN_PARK, replace(PARK_CLAUSE, valid_from=date.min)).evidence
    assert validity(found, DAY, longest_days=10).until == DAY + timedelta(days=10)
    coming = verdict_at(IN_PARK, replace(PARK_CLAUSE, valid_from=DAY + timedelta(days=3))).evidence
    assert validity(coming, DAY, longest_days=10).until == DAY + timedelta(days=2)


def test_a_clause_speaks_of_the_facts_it_has_replaced() -> None:
    one = replace(PARK_CLAUSE, id="P", replacements=(Replacement(fact="x", ratio=2.0),))
    (found,) = as_record(verdict_at(IN_PARK, one))["findings"]
    assert found["clause"]["about"]["facts"] == ["x"]
