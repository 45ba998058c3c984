"""The conformity table, its sentences and the map of a statement, row by row, in a flat city in metres."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from screening.access import Clause, IndustrySet, Level, Position, Scope, ZoneTrigger
from screening.conformity import Conformity, conformity
from screening.conformity_rows import ConformityRow, Section
from screening.drawing import lines_of, round_length
from screening.evidence import AbsentLine, Evidence
from screening.findings import Outcome
from screening.model import Construction, Effect, FactValue, Project, ZoneClass
from screening.phrases import PHRASES
from screening.statement import Statement, statement
from screening.statement_map import statement_map
from screening.terms import LEVEL
from screening.verdict import Verdict, screen
from screening.words import Language, Text, same
from tests.randomcity import DAY
from tests.test_core_explanation import FACTS
from tests.test_core_plans import COAST, FARM, IN_PARK, INLAND, OFFICE, RED, everywhere, gathered
from tests.test_core_reach import CEILING, clause
from tests.test_core_sites import site_of

IN_RED = shapely.box(12, 12, 18, 18)
ACROSS_RED = shapely.box(5, 15, 12, 25)


def verdict(found: Evidence, facts: dict[str, FactValue] | None = None) -> Verdict:
    project = Project(name="", industries=(OFFICE,), construction=Construction.NEW, facts=facts or {})
    return screen(project, site_of(found.site_shape), found, DAY)


def table(found: Evidence, facts: dict[str, FactValue] | None = None) -> Conformity:
    return conformity(verdict(found, facts), FACTS, {"I": "业I"})


def row(found: Conformity, key: str) -> ConformityRow:
    (one,) = (one for one in found.rows if one.key == key)
    return one


def within(layer: str, name: str, effect: Effect = Effect.PROHIBIT, **more: Any) -> Clause:
    trigger = ZoneTrigger(layer_id=layer, position=Position.WITHIN, subtypes=more.pop("subtypes", frozenset()))
    return replace(clause(trigger), id=name, effect=effect, wording=Text(f"条{name}", f"wording {name}"), **more)


def said(one: ConformityRow) -> str:
    return "；".join(text.zh for text in one.situation)


# -- clauses -----------------------------------------------------------------------------------------------------------


def test_a_clause_for_a_class_of_units_is_a_row_where_the_site_lies_in_one() -> None:
    own, other = (
        replace(everywhere(Effect.REQUIRE, name), level=Level.UNIT_CLASS, scope=Scope(classes=frozenset({cls})))
        for name, cls in (("OWN", ZoneClass.PRIORITY), ("OTHER", ZoneClass.KEY))
    )
    found = table(gathered(INLAND, own, other))
    assert [one.key for one in found.clauses] == ["clause:OWN"]
    assert "1 条单元类别条款" in found.notes[0].zh
    placed = shapely.box(-10, 10, 10, 30)
    assert {one.key for one in table(gathered(placed, own, other)).clauses} == {"clause:OWN", "clause:OTHER"}


def test_what_a_clause_demands_is_its_measure_unless_it_does_not_concern() -> None:
    must, other = everywhere(Effect.REQUIRE, "MUST", wording=Text("须", "must")), within("park", "PARK")
    found = table(gathered(INLAND, must, other))
    measure = row(found, "clause:MUST").measure
    assert measure is not None
    assert measure.zh == "须"
    assert row(found, "clause:PARK").measure is None


def test_a_unit_clause_stands_under_its_own_unit_and_others_under_their_level() -> None:
    of_unit = replace(everywhere(Effect.REQUIRE, "U"), level=Level.UNIT, scope=Scope(units=frozenset({"unit_land-0"})))
    found = table(gathered(COAST, of_unit, everywhere(Effect.REQUIRE, "C")))
    assert row(found, "clause:U").group.zh == "单元 unit_land-0 清单"
    assert row(found, "clause:C").group.zh == f"{LEVEL[Level.CITY].zh}清单"


def test_a_clause_is_told_with_those_units_of_the_site_that_it_means() -> None:
    scopes = {
        "U": Scope(units=frozenset({"unit_land-0"})),
        "K": Scope(classes=frozenset({ZoneClass.PRIORITY})),
        "S": Scope(classes=frozenset({ZoneClass.GENERAL})),
    }
    clauses = [replace(everywhere(Effect.REQUIRE, name), scope=scope) for name, scope in scopes.items()]
    found = table(gathered(COAST, *clauses))
    named = {name: said(row(found, f"clause:{name}")) for name in scopes}
    assert {name: ("unit_land-0" in words, "unit_sea-0" in words) for name, words in named.items()} == {
        "U": (True, False),
        "K": (True, False),
        "S": (False, True),
    }


def test_an_industry_without_a_name_stands_for_itself() -> None:
    one = everywhere(Effect.PROHIBIT, "X", industries=IndustrySet(exclude=frozenset({"I", "Z"})))
    assert "除 I 业I、Z 以外的行业" in row(table(gathered(INLAND, one)), "clause:X").reason.zh


def test_a_zone_of_another_kind_is_told_as_what_the_site_lies_in_instead() -> None:
    found = gathered(IN_PARK, within("park", "JIA", subtypes=frozenset({"甲"})))
    of_kind = tuple(
        replace(one, zone=replace(one.zone, subtype="乙", name="园")) if one.zone.layer_id == "park" else one
        for one in found.contacts
    )
    words = said(row(table(replace(found, contacts=of_kind)), "clause:JIA"))
    assert "选址不在“park”（甲）内，而在 园 · park-0 · 乙" in words


@pytest.mark.parametrize(("count", "more"), [(3, ""), (4, "等另 1 处")])
def test_three_zones_of_a_condition_are_told_and_the_others_counted(count: int, more: str) -> None:
    found = gathered(IN_PARK, within("park", "PARK"))
    (contact,) = found.of_layer("park")
    others = tuple(one for one in found.contacts if one is not contact)
    several = tuple(replace(contact, zone=replace(contact.zone, code=f"P{number}")) for number in range(count))
    words = said(row(table(replace(found, contacts=(*others, *several))), "clause:PARK"))
    assert words.count("占选址 100.0%") == 3
    assert ("等另" in words) is bool(more)
    assert more in words


def test_a_layer_that_does_not_answer_or_exist_is_said_not_to() -> None:
    there, mute, nowhere = (
        said(row(table(found), f"clause:{name}"))
        for found, name in (
            (gathered(INLAND, within("park", "PARK")), "PARK"),
            (gathered(INLAND, within("park", "PARK"), silent=("park",)), "PARK"),
            (gathered(INLAND, within("moon", "MOON")), "MOON"),
        )
    )
    assert "选址不在“park”内" in there
    assert "“park”图层未能答复" in mute
    assert "“moon”图层未能答复" in nowhere


def test_what_keeps_a_clause_open_is_named() -> None:
    edge = shapely.box(50, 45, 61, 55)
    borderline = table(gathered(edge, within("park", "PARK"), park_m=3.0))
    assert row(borderline, "clause:PARK").label.zh == "无法判定（位置临界）"
    prose = table(gathered(INLAND, everywhere(Effect.PROSE, "PROSE")))
    assert row(prose, "clause:PROSE").label.zh == "无法判定（需人工判断）"


# -- the lines ---------------------------------------------------------------------------------------------------------


def red_line(shape: BaseGeometry, *clauses: Clause, silent: bool = False) -> ConformityRow:
    return row(table(gathered(shape, *clauses, silent=("red_line",) if silent else ())), "line:red_line")


def test_the_red_line_is_answered_by_its_gravest_clauses_and_by_no_others() -> None:
    grave, mild = within("red_line", "RED"), within("red_line", "MILD", Effect.REQUIRE)
    other = within("water", "WATER")
    one = red_line(IN_RED, grave, mild, other)
    assert (one.outcome, one.reason.zh, one.weighs) == (Outcome.VIOLATES, "见 RED", True)
    one = red_line(IN_RED, mild, other)
    assert (one.outcome, one.reason.zh, one.weighs) == (Outcome.CONDITIONAL, "见 MILD", True)


def test_a_red_line_about_which_the_list_says_nothing_is_no_permission() -> None:
    of_farms = within("red_line", "FARM", industries=IndustrySet(include=frozenset({FARM.code})))
    for clauses in ((), (of_farms,)):
        one = red_line(IN_RED, *clauses)
        assert (one.outcome, one.weighs) == (Outcome.UNDETERMINED, False)
        assert "不能视为允许" in one.reason.zh
        assert one.label.zh == "无法判定（需人工判断）"


def test_outside_the_red_line_is_told_with_the_nearest() -> None:
    one = red_line(COAST)
    assert (one.outcome, one.weighs) == (Outcome.COMPLIES, True)
    assert "选址不在其中" in one.reason.zh


def test_a_red_line_that_does_not_answer_is_open_and_weighs_where_it_is_required() -> None:
    one = red_line(COAST, silent=True)
    assert (one.outcome, one.weighs) == (Outcome.UNDETERMINED, True)
    assert one.label.zh == "无法判定（图层未答复）"
    known = gathered(COAST)
    bare = replace(known, consulted=tuple(one for one in known.consulted if one.layer.id != "red_line"))
    one = row(table(bare), "line:red_line")
    assert (one.outcome, one.weighs) == (Outcome.UNDETERMINED, False)
    assert one.reason.zh == "成果没有这一图层"
    assert one.label.zh == "无法判定（图层未答复）"


def test_a_red_line_within_accuracy_is_a_borderline_place() -> None:
    known = gathered(ACROSS_RED, within("red_line", "RED"))
    sure = row(table(known), "line:red_line")
    assert sure.outcome is Outcome.VIOLATES
    found = verdict(known)
    unsure = tuple(
        replace(one, outcome=Outcome.UNDETERMINED, certainty=known.contacts[0].band.certainty.BORDERLINE)
        if one.clause
        else one
        for one in found.findings
    )
    one = row(conformity(replace(found, findings=unsure), FACTS, {}), "line:red_line")
    assert one.label.zh == "无法判定（位置临界）"
    assert RED.intersects(ACROSS_RED)


def test_lines_the_place_must_have_and_lacks_are_rows_of_their_own_section() -> None:
    lacking = tuple(AbsentLine(holder="370211", fact=name, name=same(name)) for name in ("x", "layered", "unheard_of"))
    found = table(replace(gathered(INLAND), absent_lines=lacking))
    rows = {one.key: one for one in found.lines if one.key.startswith("line:370211:")}
    assert {key.rpartition(":")[2]: one.section for key, one in rows.items()} == {
        "x": Section.RESOURCE,
        "layered": Section.QUALITY,
        "unheard_of": Section.RESOURCE,
    }
    for key, one in rows.items():
        assert key.rpartition(":")[2] in one.item.zh
    assert not {one.key for one in found.gaps} & rows.keys()


# -- the statement -----------------------------------------------------------------------------------------------------


def stated(found: Verdict, language: Language = "zh") -> Statement:
    return statement(found, FACTS, {}, language)


def test_bases_are_those_of_what_weighs() -> None:
    must = everywhere(Effect.REQUIRE, "MUST", basis="文件甲")
    elsewhere = within("park", "PARK", basis="文件乙")
    assert stated(verdict(gathered(INLAND, must, elsewhere))).bases == ("文件甲",)


def test_only_what_was_found_unchecked_is_marked_so() -> None:
    clauses = [everywhere(Effect.REQUIRE, name, verified=verified) for name, verified in (("A", True), ("B", False))]
    items = {one.key: one.item for one in stated(verdict(gathered(INLAND, *clauses))).table.rows}
    mark = PHRASES["unverified"].zh
    assert not items["clause:A"].endswith(mark)
    assert items["clause:B"].endswith(mark)
    assert not items["line:red_line"].endswith(mark)


def test_a_measure_is_told_unless_it_is_the_wording_of_the_clause_beside_it() -> None:
    must = everywhere(Effect.REQUIRE, "MUST", wording=Text("须", "must"))
    found = verdict(gathered(INLAND, must, ceilings=(replace(CEILING, fact="x", wording="上限"),)), {"x": 8.0})

    def measures(duty: str) -> list[str]:
        findings = tuple(replace(one, duty=same(duty)) for one in found.findings)
        rows = {one.key.split(":")[0]: one.measure for one in stated(replace(found, findings=findings)).table.rows}
        return [rows["clause"], rows["ceiling"]]

    assert measures("须") == ["", "须"]
    assert measures("上限") == ["上限", "上限"]


def test_what_only_a_person_decides_is_told_unless_it_does_not_concern() -> None:
    clauses = [everywhere(Effect.PROSE, name) for name in ("A", "B")]
    found = verdict(gathered(INLAND, *clauses))
    findings = tuple(
        replace(one, outcome=Outcome.NOT_CONCERNED) if one.key == "clause:B" else one for one in found.findings
    )
    titles = {one.key: one.title.zh for one in findings}
    persons = "".join(stated(replace(found, findings=findings)).persons)
    assert titles["clause:A"] in persons
    assert titles["clause:B"] not in persons


# -- the map -----------------------------------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"


def drawn(found: Evidence, language: Language = "zh") -> ElementTree.Element:
    return ElementTree.fromstring(statement_map(verdict(found), language))


def zones(drawing: ElementTree.Element) -> list[tuple[str, str, str, str]]:
    """Code, fill without its colour, width of the line and dash of each zone, from the lowest up."""
    return [
        (
            one.attrib["data-zone"],
            one.attrib["fill"].removeprefix("url(#map-").split("-")[0],
            one.attrib["stroke-width"],
            one.get("stroke-dasharray", ""),
        )
        for one in drawing.iter(f"{SVG}path")
        if "data-zone" in one.attrib
    ]


def texts(drawing: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in drawing.iter(f"{SVG}text")]


def test_units_elements_special_zones_and_the_red_line_are_drawn_once_each_in_this_order() -> None:
    assert zones(drawn(gathered(IN_RED))) == [
        ("unit_land-0", "rising", "1.6", ""),
        ("water-0", "none", "1.6", "1 3"),
        ("red_line-0", "falling", "2.4", ""),
    ]
    near = everywhere(Effect.PROHIBIT, "NEAR")
    near = replace(
        near,
        scope=Scope(zones=(ZoneTrigger(layer_id="park", position=Position.NEAR, distance_m=90.0),)),
    )
    assert ("park-0", "level", "0.9", "") in zones(drawn(gathered(IN_RED, near)))


def test_special_zones_of_another_kind_have_another_pattern() -> None:
    found = gathered(IN_PARK)
    (contact,) = found.of_layer("park")
    kinds = tuple(replace(contact, zone=replace(contact.zone, code=one, subtype=one)) for one in ("甲", "乙"))
    drawing = drawn(replace(found, contacts=(*found.contacts, *kinds)))
    patterns = {code: fill for code, fill, _, _ in zones(drawing)}
    assert (patterns["park-0"], patterns["甲"], patterns["乙"]) == ("level", "upright", "crossed")
    assert len(zones(drawing)) == len({code for code, *_ in zones(drawing)})


def test_no_zone_but_the_red_line_is_hatched_like_it() -> None:
    assert [code for code, fill, *_ in zones(drawn(gathered(IN_PARK))) if fill == "falling"] == []


def with_corners(count: int) -> BaseGeometry:
    """A polygon of so many corners on a circle, none of them due north, east, south or west."""
    turns = [(at / count + 0.01) * 2 * math.pi for at in range(count)]
    return shapely.Polygon([(30 + 10 * math.cos(turn), 60 + 10 * math.sin(turn)) for turn in turns])


@pytest.mark.parametrize(("count", "listed", "more"), [(8, 8, False), (9, 4, True)])
def test_eight_corners_are_listed_and_of_more_the_outermost(count: int, listed: int, more: bool) -> None:
    words = texts(drawn(gathered(with_corners(count))))
    assert len([one for one in words if one[1:3] == "  "]) == listed
    assert any(f"共 {count + 1} 个拐点" in one for one in words) is more


def test_a_scale_of_a_thousand_metres_is_a_kilometre() -> None:
    drawing = drawn(gathered(shapely.box(0, 0, 10, 2000)))
    (bar,) = (one for one in drawing.iter(f"{SVG}g") if "data-scale-m" in one.attrib)
    assert bar.attrib["data-scale-m"] == "1000"
    assert "1 km" in texts(drawing)


def test_the_legend_names_the_site_six_units_and_everything_else() -> None:
    found = gathered(IN_RED)
    unit = found.unit_contacts[0]
    more = tuple(replace(unit, zone=replace(unit.zone, code=f"U{at}")) for at in range(6))
    drawing = drawn(replace(found, contacts=(*found.contacts, *more)))
    words = texts(drawing)
    legend = words[words.index("选址") : words.index("选址拐点（CGCS2000，经度、纬度）")]
    assert [one.split()[0] for one in legend] == [
        *("选址", "unit_land-0", "U0", "U1", "U2", "U3", "U4"),
        *("要素管控分区界线（各区见表）", "red_line"),
    ]


def test_the_box_of_the_site_in_the_legend_is_drawn_thick() -> None:
    boxes = [one for one in drawn(gathered(IN_RED)).iter(f"{SVG}rect") if one.get("width") == "28"]
    assert [one.attrib["stroke-width"] for one in boxes] == ["3", "1.6", "1.6", "1.6"]


def test_what_the_map_shows_is_told_in_the_signs_of_the_language() -> None:
    for language, gap, other in (("zh", "；", "; "), ("en", "; ", "；")):
        (words,) = drawn(gathered(IN_RED), language).iter(f"{SVG}desc")  # type: ignore[arg-type]
        assert (words.text or "").count(gap) == 2
        assert other not in (words.text or "")


def test_lengths_and_lines_that_fit_exactly_are_taken() -> None:
    assert [round_length(one) for one in (500.0, 499.0, 1000.0)] == [500.0, 200.0, 1000.0]
    assert lines_of("示意", 10, 20.0) == ["示意"]
    assert lines_of("示意", 10, 19.0) == ["示", "意"]
    assert lines_of("\u0250\u0250", 10, 15.0) == ["\u0250", "\u0250"]
    assert lines_of("ab", 10, 15.0) == ["ab"]
