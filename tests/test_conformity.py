"""符合性分析: every clause answered once and for itself; laws on random cities, one golden table on the demonstration city."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from shapely.geometry.base import BaseGeometry

from api.statements import industry_names
from layers.facts import fact_schema
from layers.snapshot import Snapshot
from screening.access import Clause, Level
from screening.conformity import Conformity, conformity
from screening.conformity_rows import ConformityRow, Section
from screening.evidence import Answer
from screening.findings import Finding, Outcome, Subject
from screening.model import Construction, Project, Realm
from screening.reach import reach_parts
from screening.statement import told_table
from screening.terms import CONSTRUCTION, REALM, ZONE_CLASS
from screening.truth import Truth, some
from screening.verdict import Verdict
from screening.words import Text
from tests.conftest import ask
from tests.randomcity import World, accuracies, asked, projects, sites, worlds
from tests.test_small_city import ACROSS_UNITS, IN_PARK, IN_RED_LINE, OFFICE_SITE, PARTLY_OUTSIDE

laws = settings(max_examples=60, deadline=None)
WIDE = (Level.NATION, Level.PROVINCE, Level.CIRCLE, Level.CITY)
GOLDEN: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "golden" / "conformity.toml").read_text(encoding="utf-8")
)
PLACES = [OFFICE_SITE, IN_RED_LINE, IN_PARK, ACROSS_UNITS, PARTLY_OUTSIDE, "120.145,36.045", "120.25,36.05"]


def table(verdict: Verdict) -> Conformity:
    return conformity(verdict, fact_schema(), industry_names())


def row_of(found: Conformity, key: str) -> ConformityRow:
    (row,) = (one for one in found.rows if one.key == key)
    return row


def holds_every_law(verdict: Verdict) -> None:
    found = table(verdict)
    counted = Counter(row.clause.id for row in found.clauses if row.clause)
    binding = [one for one in verdict.evidence.access_list.clauses if one.binds_on(verdict.as_of)]
    wide = {one.id for one in binding if one.level in WIDE}
    assert wide <= counted.keys()
    assert set(counted.values()) <= {1}
    assert len({row.key for row in found.rows}) == len(found.rows)
    units = {one.zone.code for one in verdict.evidence.units}
    for row in found.clauses:
        assert row.clause is not None
        if row.clause.level is Level.UNIT:
            assert not row.clause.scope.units or row.clause.scope.units & units
    findings: dict[str, Finding] = {one.key: one for one in verdict.findings}
    for row in found.clauses:
        if row.key in findings:
            assert row.outcome is findings[row.key].outcome
    assert {one.key for one in verdict.findings} <= {row.key for row in found.rows}
    weighing = max(row.outcome for row in found.rows if row.weighs)
    assert max(weighing, Outcome.COMPLIES) is verdict.conclusion
    for row in found.rows:
        for text in (row.group, row.item, row.requirement, row.label, row.reason, *row.situation):
            assert text.zh.strip(), row.key
            assert text.en.strip(), row.key
        assert row.situation, row.key


@laws
@given(worlds(), projects(), sites, accuracies)
def test_every_clause_is_answered_once_and_the_table_weighs_as_the_verdict(
    world: World, project: Project, site: BaseGeometry, accuracy: float
) -> None:
    holds_every_law(asked(world.snapshot(), project, site, accuracy))


def subjects(verdict: Verdict, clause: Clause) -> list[str]:
    """What a reason must name: the clause's own industries, kinds, condition, units and zones, where they rule it out."""
    project, evidence = verdict.project, verdict.evidence
    named: list[str] = []
    if some(clause.industries.holds(one.lineage) for one in project.industries) is Truth.NO:
        named += [*clause.industries.include, *clause.industries.exclude]
    if clause.construction and project.construction and project.construction not in clause.construction:
        named += [CONSTRUCTION[one].zh for one in clause.construction]
    condition = clause.applies_when
    if condition and condition.holds({**evidence.derived_facts, **project.facts}) is Truth.NO:
        named.append(condition.told(fact_schema()).zh)
    units, *zones = reach_parts(clause, evidence)
    if units.truth is Truth.NO:
        scope = clause.scope
        named += [*scope.units, *scope.districts, *(ZONE_CLASS[one].zh for one in scope.classes)]
        named += [REALM[scope.realm].zh] if scope.realm is not Realm.BOTH else []
    for trigger, part in zip(clause.scope.zones, zones, strict=True):
        consulted = evidence.answer_of(trigger.layer_id)
        if part.truth is Truth.NO and consulted:
            named += [consulted.layer.name.zh, *trigger.subtypes]
    return named


@laws
@given(worlds(), projects(), sites)
def test_a_clause_that_does_not_concern_says_what_it_means(world: World, project: Project, site: BaseGeometry) -> None:
    """The reason names everything of the clause's own that rules it out, not that something does."""
    verdict = asked(world.snapshot(), project, site)
    for row in table(verdict).clauses:
        assert row.clause is not None
        if row.outcome is Outcome.NOT_CONCERNED:
            named = subjects(verdict, row.clause)
            assert all(words in row.reason.zh for words in named), (named, row.reason.zh)
            assert named or row.reason.zh.count("条款针对：") == 1 or "没有同时满足" in row.reason.zh


@pytest.mark.parametrize("place", PLACES)
def test_the_laws_hold_on_the_small_city(small: Snapshot, place: str) -> None:
    holds_every_law(ask(small, place, "C2614"))


@pytest.mark.parametrize("place", PLACES)
def test_no_reason_serves_clauses_that_mean_different_industries(small: Snapshot, place: str) -> None:
    """Two clauses that rule out by industry share a reason only if they mean the same industries."""
    by_reason: defaultdict[str, set[Any]] = defaultdict(set)
    for row in table(ask(small, place, "H6210")).clauses:
        if row.outcome is Outcome.NOT_CONCERNED and "条款针对" in row.reason.zh and row.clause:
            by_reason[row.reason.zh].add(row.clause.industries)
    assert by_reason
    assert all(len(meant) == 1 for meant in by_reason.values())


def test_a_silent_layer_stays_in_the_table(small: Snapshot) -> None:
    heard = {name: loaded for name, loaded in small.layers.items() if name != "red_line"}
    said = (small.layers["red_line"].layer, Answer.MISSING, Text("缺失", "missing"))
    verdict = ask(replace(small, layers=heard, silent={"red_line": said}), OFFICE_SITE)
    found = table(verdict)
    assert [row.key for row in found.gaps] == ["layer:red_line"]
    assert row_of(found, "line:red_line").outcome is Outcome.UNDETERMINED
    assert row_of(found, "clause:DEMO-N-02").label.zh.startswith("无法判定（")
    holds_every_law(verdict)


def test_part_outside_the_units_leaves_the_unit_clauses_as_a_gap(small: Snapshot) -> None:
    verdict = ask(small, PARTLY_OUTSIDE)
    found = table(verdict)
    assert {"unit:uncovered", "clauses:unplaced"} <= {row.key for row in found.gaps}
    assert any(row.label.zh == "无法判定（单元不明）" for row in found.clauses)


def test_clauses_of_other_units_are_counted_in_a_note(small: Snapshot) -> None:
    verdict = ask(small, OFFICE_SITE)
    found = table(verdict)
    binding = [one for one in verdict.evidence.access_list.clauses if one.binds_on(verdict.as_of)]
    others = [
        one for one in binding if one.level is Level.UNIT and f"clause:{one.id}" not in {r.key for r in found.rows}
    ]
    assert any(f"{len(others)} 条单元清单条款" in note.zh for note in found.notes)
    classes = [one for one in binding if one.level is Level.UNIT_CLASS]
    assert len(found.clauses) + len(others) + sum(
        f"clause:{one.id}" not in {r.key for r in found.rows} for one in classes
    ) == len(binding)


def test_what_is_not_declared_is_said_so_with_units(small: Snapshot) -> None:
    found = table(ask(small, OFFICE_SITE, water_m3_per_year=None, energy_tce_per_year=12))
    by_fact = {row.key.rsplit(":", 1)[-1]: row for row in found.lines if row.section is Section.RESOURCE}
    assert [one.zh for one in by_fact["water_m3_per_year"].situation] == ["新增取用水量：未申报"]
    assert by_fact["water_m3_per_year"].label.zh == "无法判定（缺少申报：新增取用水量）"
    assert [one.zh for one in by_fact["energy_tce_per_year"].situation] == ["新增综合能源消费量：12 tce/a"]


def test_the_kind_of_construction_can_rule_a_clause_out(small: Snapshot) -> None:
    verdict = ask(small, "120.145,36.045", "C3360", construction=Construction.UPGRADE, policy_class="restricted")
    reason = row_of(table(verdict), "clause:DEMO-N-07").reason
    assert reason.zh == "条款针对扩建、新建项目；本项目为技术改造"
    assert reason.en == "it means expansion, new; this project is technical upgrade"


def test_unverified_clauses_are_marked_and_english_holds_no_chinese_of_ours(small: Snapshot) -> None:
    verdict = ask(small, OFFICE_SITE)
    for language, mark in (("zh", "（未经核实）"), ("en", "(not verified)")):
        told = told_table(verdict, table(verdict), "zh" if language == "zh" else "en")
        marked = [row for row in told.rows if row.verified is False]
        assert marked
        assert all(row.item.endswith(mark) for row in marked)
    english = told_table(verdict, table(verdict), "en")
    ours = [*english.columns, *english.notes, *(row.section_label for row in english.rows)]
    ours += [row.conformity for row in english.rows]
    assert not [words for words in ours if re.search(r"[\u4e00-\u9fff]", words)]


def test_a_verdict_of_a_clause_that_cannot_harm_names_its_subject(small: Snapshot) -> None:
    """鼓励 with a code too coarse to tell: it weighs nothing, and still says what it is about."""
    verdict = ask(small, OFFICE_SITE, "M")
    open_ones = [one for one in verdict.findings if one.subject is Subject.CLAUSE and one.truth is Truth.UNKNOWN]
    mild = [one for one in open_ones if one.outcome is Outcome.NOT_CONCERNED]
    assert mild
    for finding in mild:
        assert "条款针对：" in row_of(table(verdict), finding.key).reason.zh


# -- one table of the demonstration city, reasoned in words ------------------------------------------------------------


@pytest.fixture(scope="module")
def golden(demo: Snapshot) -> Conformity:
    return table(ask(demo, GOLDEN["site"], GOLDEN["industry"], GOLDEN["facts"]))


@pytest.mark.parametrize("row", GOLDEN["row"], ids=[row["key"] for row in GOLDEN["row"]])
def test_the_golden_row_is_as_reasoned(golden: Conformity, row: dict[str, Any]) -> None:
    assert row["why"]
    found = row_of(golden, row["key"])
    assert found.label.zh == row["conformity"]
    told = "；".join([found.reason.zh, *(one.zh for one in found.situation)])
    for words in row["says"]:
        assert words in told


def test_the_golden_table_is_in_the_order_of_a_report(golden: Conformity) -> None:
    sections = list(dict.fromkeys(row.section.value for row in golden.rows))
    assert sections == GOLDEN["sections"]
    assert list(dict.fromkeys(row.group.zh for row in golden.clauses)) == GOLDEN["groups"]
    keys = [(row.clause.level, row.clause.dimension) for row in golden.clauses if row.clause]
    assert keys == sorted(keys)
    counted = Counter(row.outcome.name.lower() for row in golden.clauses)
    assert counted == GOLDEN["counts"]


def test_land_taken_from_the_site_is_not_called_declared(small: Snapshot) -> None:
    verdict = ask(small, OFFICE_SITE, land_m2=None)
    (row,) = (one for one in table(verdict).lines if one.key.endswith(":land_m2"))
    area = f"{verdict.evidence.site_area_m2:,.1f}".rstrip("0").rstrip(".")
    assert [one.zh for one in row.situation] == [f"新增建设用地面积：{area} m²（未申报，按选址得出）"]
