"""What an answer says, keeps and replays, sentence by sentence, on verdicts put together by hand in a flat city."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from screening.access import Clause, Level, Position
from screening.evidence import Answer, Evidence
from screening.explain import Entry, Explanation, explain
from screening.findings import Finding, Outcome, ReplacementDemand, Subject, replacement_demands
from screening.model import Ceiling, Construction, Fact, Industry, Nature, Objective, Project
from screening.phrases import PHRASES
from screening.truth import Truth
from screening.verdict import Verdict, screen
from screening.words import Language, Text, same
from tests.randomcity import DAY
from tests.test_core_reach import CEILING, clause, evidence, park
from tests.test_core_sites import site_of

IN_PARK = shapely.box(61, 45, 64, 55)
OFFICE = Industry(code="I", name="", lineage=("I",))
PROJECT = Project(name="", industries=(OFFICE,), construction=Construction.NEW, facts={})
PARK_CLAUSE = replace(clause(park(Position.WITHIN)), wording=Text("禁止", "prohibited"), verified=True)


def fact(name: str, kind: str = "number", **more: Any) -> Fact:
    return Fact(name=name, label=Text(f"事实{name}", f"fact {name}"), kind=kind, help=same(""), group=same(""), **more)


FACTS = {
    "x": fact("x", unit="t", minimum=0.0, maximum=100.0),
    "y": fact("y", "boolean", unit=""),
    "z": fact("z", "choice", unit="", choices=(("a", same("甲")), ("b", same("乙")))),
    "layered": fact("layered", "boolean", unit="", is_derived=True),
}


def finding(key: str, outcome: Outcome, subject: Subject = Subject.CLAUSE, **more: Any) -> Finding:
    title, reason = same(f"题{key}"), same(f"因{key}")
    return Finding(key=key, subject=subject, outcome=outcome, truth=Truth.YES, title=title, reason=reason, **more)


def verdict_at(
    shape: BaseGeometry = IN_PARK,
    *clauses: Clause,
    project: Project = PROJECT,
    ceilings: tuple[Ceiling, ...] = (),
    objectives: tuple[Objective, ...] = (),
    **more: Any,
) -> Verdict:
    """Clauses, ceilings and objectives judged, and nothing said of what the flat city leaves out."""
    found = evidence(PARK_CLAUSE, shape, **more)
    found = replace(
        found,
        access_list=replace(found.access_list, clauses=clauses),
        ceilings=ceilings,
        objectives=objectives,
    )
    whole = screen(project, site_of(shape), found, DAY)
    own = tuple(one for one in whole.findings if one.clause or one.ceiling or one.objective)
    return with_findings(whole, *own)


def with_findings(verdict: Verdict, *findings: Finding) -> Verdict:
    gravest = max((one.outcome for one in findings), default=Outcome.COMPLIES)
    return replace(verdict, findings=findings, conclusion=max(gravest, Outcome.COMPLIES))


def told(*findings: Finding, language: Language = "zh", base: Verdict | None = None) -> Explanation:
    return explain(with_findings(base or verdict_at(), *findings), FACTS, language)


def changed(verdict: Verdict, **more: Any) -> Verdict:
    """The verdict on other evidence, its findings kept."""
    return replace(verdict, evidence=replace(verdict.evidence, **more))


def keys(entries: tuple[Entry, ...]) -> list[str]:
    return [one.key for one in entries]


def rows(entry: Entry) -> dict[str, str]:
    return {row.label: row.value for row in entry.rows}


def label(name: str, language: Language = "zh") -> str:
    return PHRASES[f"label_{name}"].in_(language)


# -- which findings are told where -------------------------------------------------------------------------------------

LAYER_GAP = finding("L", Outcome.UNDETERMINED, Subject.LAYER, layer_id="water")
UNIT_GAP = finding("U", Outcome.UNDETERMINED, Subject.UNIT)
BAN = finding("V", Outcome.VIOLATES)
IDLE = finding("N", Outcome.NOT_CONCERNED, Subject.CEILING)


def test_what_weighs_what_does_not_and_what_has_no_data_are_told_apart() -> None:
    found = told(BAN, UNIT_GAP, LAYER_GAP, IDLE)
    assert keys(found.concerned) == ["V"]
    assert "N" in keys(found.not_concerned)
    assert not {"V", "U", "L"} & set(keys(found.not_concerned))
    assert keys(found.without_data) == ["U", "L"]


def test_a_layer_that_did_not_answer_is_told_once() -> None:
    base = verdict_at()
    silent = [
        replace(one, answer=Answer.MISSING, reason=same("缺")) if one.layer.id == "water" else one
        for one in base.evidence.consulted
    ]
    mute = changed(base, consulted=tuple(silent))
    assert keys(told(base=mute).without_data) == ["layer:water"]
    assert keys(told(LAYER_GAP, base=mute).without_data) == ["L"]
    assert keys(told(replace(UNIT_GAP, layer_id="water"), base=mute).without_data) == ["U", "layer:water"]


def test_outside_the_units_that_alone_decides() -> None:
    assert [one.split("：")[0] for one in told(UNIT_GAP, LAYER_GAP).deciding] == ["题U"]
    assert [one.split("：")[0] for one in told(LAYER_GAP).deciding] == ["题L"]


def test_a_demonstration_is_said_to_be_one_and_an_official_release_is_not() -> None:
    base = verdict_at()
    official = changed(base, release=replace(base.evidence.release, nature=Nature.OFFICIAL))
    demonstration = PHRASES["limit_demonstration"].zh
    assert explain(base, FACTS, "zh").notice == PHRASES["notice_demonstration"].zh
    assert demonstration in explain(base, FACTS, "zh").limits
    assert explain(official, FACTS, "zh").notice is None
    assert demonstration not in explain(official, FACTS, "zh").limits


def test_clauses_nobody_checked_are_counted_among_those_that_weigh() -> None:
    def limits(*found: Finding) -> str:
        return "".join(told(*found).limits)

    checked, unchecked = PARK_CLAUSE, replace(PARK_CLAUSE, verified=False)
    said = PHRASES["limit_unverified"].filled(count="1", total="2").zh
    assert said in limits(replace(BAN, clause=checked), replace(BAN, clause=unchecked), replace(IDLE, clause=unchecked))
    assert len(told(replace(BAN, clause=checked), replace(IDLE, clause=unchecked)).limits) == len(told(BAN).limits)


def test_what_limits_a_point_and_an_accuracy() -> None:
    area, point = verdict_at(), verdict_at(shapely.Point(62, 50))
    assert PHRASES["limit_point"].zh in explain(point, FACTS, "zh").limits
    assert PHRASES["limit_point"].zh not in explain(area, FACTS, "zh").limits
    unstated, stated = (
        explain(replace(area, site=replace(area.site, accuracy_m=one)), FACTS, "zh").limits for one in (None, 5.0)
    )
    assert PHRASES["limit_accuracy_unstated"].zh in unstated
    assert PHRASES["limit_accuracy"].filled(accuracy="±5 m").zh in stated


# -- sentences ---------------------------------------------------------------------------------------------------------


def named(evidence_: Evidence, *names: str, subtype: str = "") -> tuple[Any, ...]:
    (contact,) = evidence_.of_layer("park")
    return tuple(replace(contact, zone=replace(contact.zone, name=one, subtype=subtype)) for one in names)


def test_a_gap_is_told_by_its_title_and_a_clause_by_its_wording() -> None:
    assert told(BAN).deciding == ("题V：因V。",)
    assert told(replace(BAN, clause=PARK_CLAUSE)).deciding == ("禁止因V。〔题V〕",)


@pytest.mark.parametrize(
    ("names", "language", "said"),
    [
        ("AB", "zh", "选址有 100.0% 位于A、有 100.0% 位于B。"),
        ("AB", "en", "The site: 100.0% in A, 100.0% in B. "),
        ("ABC", "zh", "选址有 100.0% 位于A、有 100.0% 位于B、有 100.0% 位于C。"),
        ("ABCD", "zh", "选址有 100.0% 位于A、有 100.0% 位于B、有 100.0% 位于C等另 1 处。"),
        ("", "zh", ""),
    ],
)
def test_three_zones_are_named_and_the_others_counted(names: str, language: Language, said: str) -> None:
    base = verdict_at()
    one = replace(BAN, clause=PARK_CLAUSE, contacts=named(base.evidence, *names))
    wording = "禁止" if language == "zh" else "prohibited "
    assert told(one, base=base, language=language).deciding == (
        f"{wording}{said}因V。〔题V〕" if language == "zh" else f"{wording}{said}因V. [题V]",
    )


@pytest.mark.parametrize(
    ("name", "subtype", "said"),
    [("东湖", "核心区", "东湖（核心区）"), ("东湖核心区", "核心区", "东湖核心区"), ("东湖", "", "东湖")],
)
def test_a_sub_type_is_told_unless_the_name_holds_it(name: str, subtype: str, said: str) -> None:
    base = verdict_at()
    one = replace(BAN, clause=PARK_CLAUSE, contacts=named(base.evidence, name, subtype=subtype))
    assert f"位于{said}。" in told(one, base=base).deciding[0]


def test_a_point_has_no_share_and_a_zone_beside_is_told_with_its_distance() -> None:
    for shape, said in (
        (shapely.Point(62, 50), "选址位于园。"),
        (shapely.box(20, 45, 50, 55), "选址距园 10.0 m。"),
        (IN_PARK, "选址有 100.0% 位于园。"),
    ):
        near = clause(park(Position.NEAR, 30.0))
        base = replace(verdict_at(), evidence=evidence(near, shape, layer=0.0))
        one = replace(BAN, clause=PARK_CLAUSE, contacts=named(base.evidence, "园"))
        assert said in told(one, base=base).deciding[0]


# -- what to do --------------------------------------------------------------------------------------------------------


def steps(*findings: Finding, open_facts: tuple[str, ...] = (), language: Language = "zh") -> tuple[str, ...]:
    verdict = with_findings(verdict_at(), *findings)
    would = tuple((name, (findings[0].key,)) for name in open_facts)
    return explain(replace(verdict, would_change=would), FACTS, language).next_steps


def test_where_it_violates_another_site_comes_first_and_only_its_own_duties_follow() -> None:
    may = finding("C", Outcome.CONDITIONAL, duty=same("减排"))
    found = steps(replace(BAN, duty=same("停")), may, open_facts=("x",))
    assert found == (PHRASES["step_violates"].zh, "停")


def test_elsewhere_undeclared_facts_are_asked_for_and_every_duty_is_told_once() -> None:
    duties = [
        finding("A", Outcome.UNDETERMINED, duty=same("补")),
        finding("B", Outcome.CONDITIONAL, duty=same("减排")),
        finding("C", Outcome.CONDITIONAL, duty=same("减排")),
        finding("D", Outcome.COMPLIES, duty=same("保持")),
        finding("E", Outcome.NOT_CONCERNED, duty=same("无关")),
    ]
    found = steps(*duties, open_facts=("x", "y"))
    assert found[1:] == ("补", "减排", "保持")
    assert found[0] == PHRASES["step_declare"].filled(facts="事实x (t)、事实y").zh
    assert "fact x (t), fact y" in steps(*duties, open_facts=("x", "y"), language="en")[0]


def test_construction_and_unknown_facts_have_names() -> None:
    found = steps(finding("A", Outcome.UNDETERMINED), open_facts=("construction", "unheard_of"))
    assert label("construction") in found[0]
    assert "unheard_of" in found[0]


# -- rows --------------------------------------------------------------------------------------------------------------


def test_rows_of_clauses_lines_and_gaps() -> None:
    (of_clause,) = told(replace(BAN, clause=PARK_CLAUSE)).concerned
    assert rows(of_clause)[label("wording")] == "禁止"
    assert label("effect") in rows(of_clause)
    (of_line,) = told(replace(BAN, subject=Subject.CEILING, ceiling=replace(CEILING, wording="上限"))).concerned
    assert rows(of_line)[label("wording")] == "上限"
    assert label("effect") not in rows(of_line)
    (of_gap,) = told(BAN).concerned
    assert rows(of_gap) == {}


def test_a_duty_is_told_unless_it_is_the_wording_of_the_clause() -> None:
    def duty(one: Finding) -> str | None:
        return rows(told(one).concerned[0]).get(label("duty"))

    assert duty(replace(BAN, duty=same("停"))) == "停"
    assert duty(replace(BAN, duty=same("停"), clause=PARK_CLAUSE)) == "停"
    assert duty(replace(BAN, duty=PARK_CLAUSE.wording, clause=PARK_CLAUSE)) is None


def test_missing_facts_are_parted_as_the_language_does() -> None:
    one = replace(BAN, missing_facts=("x", "y"))
    assert rows(told(one).concerned[0])[label("missing")] == "事实x (t)；事实y"
    assert rows(told(one, language="en").concerned[0])[label("missing", "en")] == "fact x (t); fact y"


def test_a_replacement_is_a_product_once_the_amount_is_declared() -> None:
    demands = (
        ReplacementDemand(fact="x", ratio=2.0, declared=3.0),
        ReplacementDemand(fact="unheard_of", ratio=1.5, declared=None),
    )
    (entry,) = told(replace(BAN, replacements=demands)).concerned
    assert [row.value for row in entry.rows] == [
        PHRASES["replacement"].filled(fact="事实x", ratio="2", declared="3 t", amount="6 t").zh,
        PHRASES["replacement_open"].filled(fact="unheard_of", ratio="1.5").zh,
    ]


def test_an_amount_declared_to_be_nothing_demands_nothing() -> None:
    asked = [("x", 2.0), ("y", 1.0), ("z", 1.0)]
    found = replacement_demands(asked, {"x": 0.0, "y": 4.0})
    assert [(one.fact, one.declared, one.amount) for one in found] == [("y", 4.0, 4.0), ("z", None, None)]


def test_the_area_of_a_point_is_said_to_be_none() -> None:
    found = {row.label: row.value for row in explain(verdict_at(shapely.Point(62, 50)), FACTS, "zh").summary}
    assert found[label("site_area")] == PHRASES["point_only"].zh
    found = {row.label: row.value for row in explain(verdict_at(), FACTS, "zh").summary}
    assert found[label("site_area")] == "30.0 m²"


def of_level(level: Level, outcome: Outcome, *ids: str) -> list[Finding]:
    return [finding(one, outcome, clause=replace(PARK_CLAUSE, id=one, level=level)) for one in ids]


def levels(*findings: Finding, language: Language = "zh") -> dict[str, str]:
    base = verdict_at()
    every = frozenset({Level.NATION, Level.CITY, Level.UNIT})
    base = changed(base, access_list=replace(base.evidence.access_list, levels=every))
    return {one.key: one.text for one in told(*findings, base=base, language=language).levels}


def test_each_level_names_three_clauses_and_says_whether_it_decides() -> None:
    three, four = of_level(Level.NATION, Outcome.VIOLATES, *"ABC"), of_level(Level.CITY, Outcome.CONDITIONAL, *"DEFG")
    idle = of_level(Level.UNIT, Outcome.NOT_CONCERNED, "H")
    found = levels(*three, *four, *idle)
    assert found["level:nation"] == PHRASES["level_decides"].filled(clauses="A、B、C", reason="因A").zh
    assert found["level:city"] == PHRASES["level_says"].filled(clauses="D、E、F等另 1 处", reason="因D").zh
    assert found["level:unit"] == PHRASES["level_silent"].filled(count="1").zh
    assert levels(*three, language="en")["level:nation"].startswith("A, B, C")


def test_only_the_gravest_of_a_level_speak_for_it() -> None:
    mild, grave = of_level(Level.CITY, Outcome.CONDITIONAL, "D"), of_level(Level.CITY, Outcome.VIOLATES, "E")
    verdict = with_findings(verdict_at(), *mild, *grave)
    verdict = changed(verdict, access_list=replace(verdict.evidence.access_list, levels=frozenset({Level.CITY})))
    (answer,) = verdict.levels
    assert (answer.outcome, [one.key for one in answer.deciding], answer.clauses) == (Outcome.VIOLATES, ["E"], 2)


def test_what_merely_complies_decides_nothing() -> None:
    text = levels(*of_level(Level.CITY, Outcome.COMPLIES, "D"))["level:city"]
    assert text == PHRASES["level_says"].filled(clauses="D", reason="因D").zh


def test_a_remark_on_the_project_bears_the_label_of_its_particular() -> None:
    begun = replace(verdict_at(), project=replace(PROJECT, particulars={"has_begun": True, "begun_explanation": "是"}))
    schema = {**FACTS, "has_begun": fact("has_begun", "boolean", unit="")}
    assert "事实has_begun" in explain(begun, schema, "zh").remarks[0]
    assert explain(begun, {}, "zh").remarks[0].startswith("has_begun")
