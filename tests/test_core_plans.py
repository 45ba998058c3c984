"""Shares, duties, gaps and the draft of a plan, and how they are told, in a flat city in metres."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from screening.access import Clause, Dimension, IndustrySet, Level, Position, Scope, ZoneTrigger
from screening.errors import PlanError
from screening.evidence import AbsentLine, Answer, Evidence
from screening.findings import Outcome
from screening.model import Ceiling, Construction, Effect, Industry, Nature, Objective, Site, Zone, ZoneClass
from screening.phrases import PHRASES
from screening.plan_list import draft_list
from screening.plan_words import ToldPlan, tell
from screening.planning import assess, check_plan
from screening.planning_model import AreaKind, AreaRow, Cover, Plan, PlanAnswer, PlannedIndustry
from screening.terms import CONSTRUCTION
from screening.words import Language, Text, same
from tests.randomcity import DAY, KINDS, LAND, SEA, World
from tests.test_core_explanation import FACTS
from tests.test_core_reach import CEILING, OBJECTIVE, PARK, clause, park, zone
from tests.test_core_sites import site_of

OFFICE, FARM = (Industry(code=one, name=f"业{one}", lineage=(one,)) for one in ("I", "A"))
RED = shapely.box(10, 10, 20, 30)
INLAND, COAST, IN_PARK = shapely.box(10, 10, 30, 30), shapely.box(60, 70, 80, 90), shapely.box(61, 45, 64, 55)
BAN = replace(clause(park(Position.WITHIN)), id="BAN", wording=Text("禁止", "prohibited"), verified=True)


def classed(one: Zone, cls: ZoneClass) -> Zone:
    return replace(one, cls=cls)


def gathered(
    shape: BaseGeometry,
    *clauses: Clause,
    ceilings: tuple[Ceiling, ...] = (),
    objectives: tuple[Objective, ...] = (),
    silent: tuple[str, ...] = (),
    park_m: float = 0.0,
) -> Evidence:
    """What a city of priority land, general sea, one red line and one park says about a part."""
    world = World(
        zones={
            "unit_land": ((classed(zone("unit_land"), ZoneClass.PRIORITY), LAND),),
            "unit_sea": ((zone("unit_sea"), SEA),),
            "red_line": ((classed(zone("red_line"), ZoneClass.PRIORITY), RED),),
            "water": ((zone("water"), LAND),),
            "park": ((zone("park"), PARK),),
        },
        accuracy_m={**dict.fromkeys(KINDS, 0.0), "park": park_m},
        clauses=clauses,
    )
    found = world.snapshot().gather(site_of(shape), DAY)
    consulted = tuple(
        replace(one, answer=Answer.MISSING, reason=same("缺")) if one.layer.id in silent else one
        for one in found.consulted
    )
    return replace(found, consulted=consulted, ceilings=ceilings, objectives=objectives)


def part(name: str, shape: BaseGeometry) -> Site:
    return replace(site_of(shape), name=name)


def plan(*parts: Site, industries: tuple[Industry, ...] = (OFFICE,), **more: Any) -> Plan:
    planned = tuple(PlannedIndustry(industry=one, facts={}) for one in industries)
    given: dict[str, Any] = {"construction": Construction.NEW, "facts": {}, **more}
    return Plan(name="规划", parts=parts, industries=planned, **given)


def answer(shapes: dict[str, Evidence], **more: Any) -> PlanAnswer:
    asked = plan(*(part(name, found.site_shape) for name, found in shapes.items()), **more)
    return assess(asked, shapes, DAY)


def told(found: PlanAnswer, language: Language = "zh") -> ToldPlan:
    return tell(found, FACTS, language)


def row(found: PlanAnswer, kind: AreaKind, key: str = "") -> AreaRow:
    (one,) = (one for one in found.areas if (one.kind, one.key) == (kind, key))
    return one


def shares(one: AreaRow) -> list[float | None]:
    return [None if cover is None else round(cover.share, 6) for cover in (one.whole, *one.parts)]


# -- shares ------------------------------------------------------------------------------------------------------------


def test_classes_units_and_lines_have_their_shares_of_the_whole_and_of_each_part() -> None:
    found = answer({"甲": gathered(INLAND), "乙": gathered(COAST)})
    assert shares(row(found, AreaKind.UNIT_CLASS, "1")) == [0.75, 1.0, 0.5]
    assert shares(row(found, AreaKind.UNIT_CLASS, "2")) == [0.0, 0.0, 0.0]
    assert shares(row(found, AreaKind.UNIT_CLASS, "3")) == [0.25, 0.0, 0.5]
    assert shares(row(found, AreaKind.UNIT, "unit_land-0")) == [0.75, 1.0, 0.5]
    assert shares(row(found, AreaKind.UNIT, "unit_sea-0")) == [0.25, 0.0, 0.5]
    assert shares(row(found, AreaKind.UNCOVERED)) == [0.0, 0.0, 0.0]
    assert shares(row(found, AreaKind.PRIORITY)) == [0.75, 1.0, 0.5]
    lines = {one.key: shares(one) for one in found.areas if one.kind is AreaKind.LINE}
    assert lines == {"red_line:1": [0.25, 0.5, 0.0], "water:3": [0.75, 1.0, 0.5], "park": [0.0, 0.0, 0.0]}
    assert not any(one.whole.is_least for one in found.areas if one.whole)


def test_priority_zones_count_beside_priority_units() -> None:
    sea = shapely.box(80, 10, 90, 30)
    found = answer({"海": gathered(sea)})
    assert shares(row(found, AreaKind.PRIORITY)) == [0.0, 0.0]


def test_where_the_units_did_not_answer_nothing_is_said_to_be_uncovered() -> None:
    known, unknown = gathered(INLAND), replace(gathered(COAST), uncovered_share=None)
    found = answer({"甲": known, "乙": unknown})
    assert shares(row(found, AreaKind.UNCOVERED)) == [None, 0.0, None]
    units = row(found, AreaKind.UNIT_CLASS, "1")
    assert units.whole is not None
    assert units.whole.is_least
    assert [one.is_least for one in units.parts if one] == [False, True]


def test_a_line_that_did_not_answer_is_at_least_what_is_seen() -> None:
    found = answer({"甲": gathered(INLAND), "乙": gathered(COAST, silent=("red_line",))})
    for kind, key, least in (
        (AreaKind.LINE, "red_line:1", [True, False, True]),
        (AreaKind.LINE, "water:3", [False, False, False]),
        (AreaKind.PRIORITY, "", [True, False, True]),
    ):
        one = row(found, kind, key)
        assert [cover.is_least for cover in (one.whole, *one.parts) if cover] == least


def test_a_line_of_which_a_part_knows_nothing_is_at_least_what_is_seen() -> None:
    other = gathered(COAST)
    bare = replace(other, consulted=tuple(one for one in other.consulted if one.layer.id != "park"))
    one = row(answer({"甲": gathered(INLAND), "乙": bare}), AreaKind.LINE, "park")
    assert [cover.is_least for cover in (one.whole, *one.parts) if cover] == [True, False, True]


def test_a_layer_for_reference_is_no_line_and_its_silence_hides_no_priority() -> None:
    known = gathered(INLAND)
    layer = replace(known.consulted[-1].layer, id="map", role="reference")
    found = answer({"甲": replace(known, consulted=(*known.consulted, _mute(known, layer)))})
    assert "map" not in [one.key for one in found.areas]
    assert row(found, AreaKind.PRIORITY).whole == Cover(area_m2=400.0, share=1.0)


def _mute(known: Evidence, layer: Any) -> Any:
    return replace(known.consulted[-1], layer=layer, answer=Answer.MISSING)


def test_parts_that_touch_do_not_overlap_and_parts_that_overlap_are_named() -> None:
    west, east, over = shapely.box(30, 10, 40, 20), shapely.box(40, 10, 50, 20), shapely.box(35, 10, 45, 20)
    assert answer({"甲": gathered(west), "乙": gathered(east)}).overlaps == ()
    (one,) = answer({"甲": gathered(west), "丙": gathered(over)}).overlaps
    assert (one.first, one.second, one.area_m2) == ("甲", "丙", 50.0)


def test_a_plan_needs_parts_with_area_and_names_of_their_own() -> None:
    check_plan(plan(part("甲", INLAND), part("乙", COAST)))
    for parts in ((part("甲", shapely.Point(5, 5)),), (part("甲", INLAND), part("甲", COAST)), ()):
        with pytest.raises(PlanError):
            check_plan(plan(*parts))


# -- clauses, duties and gaps ------------------------------------------------------------------------------------------


def everywhere(effect: Effect, name: str, **more: Any) -> Clause:
    return replace(clause(), id=name, effect=effect, **more)


def test_a_clause_says_where_it_stops_conditions_or_leaves_open_and_on_what_area() -> None:
    must = everywhere(Effect.REQUIRE, "MUST", dimension=Dimension.RISK)
    found = answer({"园": gathered(IN_PARK, BAN, must), "外": gathered(COAST, BAN, must)})
    by_id = {one.clause.id: one for one in found.clauses}
    ban, every = by_id["BAN"], by_id["MUST"]
    assert (ban.parts, ban.stops, ban.conditions, ban.leaves_open) == (("园",), (("园", "I"),), (), ())
    assert ban.cover == Cover(area_m2=30.0, share=30 / 430)
    assert (every.stops, every.conditions) == ((), (("园", "I"), ("外", "I")))
    assert every.cover == Cover(area_m2=430.0, share=1.0)
    assert [one.clause.id for one in found.clauses] == ["BAN", "MUST"]


def test_a_clause_that_only_may_reach_a_part_covers_at_least_the_rest() -> None:
    edge = shapely.box(50, 45, 61, 55)  # one metre into the park, known to three
    found = answer({"园": gathered(IN_PARK, BAN, park_m=0.5), "边": gathered(edge, BAN, park_m=3.0)})
    (ban,) = (one for one in found.clauses if one.clause.id == "BAN")
    assert (ban.stops, ban.leaves_open) == ((("园", "I"),), (("边", "I"),))
    assert (ban.cover.area_m2, ban.cover.is_least) == (30.0, True)


def test_duties_are_what_weighs_by_dimension_and_gaps_are_what_had_no_data() -> None:
    must = everywhere(Effect.REQUIRE, "MUST", dimension=Dimension.RISK)
    welcome = everywhere(Effect.ENCOURAGE, "WELCOME", dimension=Dimension.RISK)
    full, unmet = replace(CEILING, fact="x"), replace(OBJECTIVE, state=4.0, emission_fact="y")
    found = answer(
        {"甲": gathered(INLAND, must, welcome, ceilings=(full,), objectives=(unmet,), silent=("red_line",))},
        facts={"x": 8.0, "y": True},
    )
    duties = {one.finding.key.split(":")[0]: one.dimension for one in found.duties}
    assert duties == {"clause": Dimension.RISK, "ceiling": Dimension.RESOURCE, "objective": Dimension.DISCHARGE}
    assert [one.finding.key for one in found.duties if one.finding.clause] == ["clause:MUST"]
    gaps = {one.finding.key for one in found.gaps}
    assert "layer:red_line" in gaps
    assert not gaps & {one.finding.key for one in found.duties}
    assert "clause:WELCOME" not in {one.key for row_ in found.draft for one in row_.basis}
    assert "clause:MUST" in {one.key for row_ in found.draft for one in row_.basis}


# -- in words ----------------------------------------------------------------------------------------------------------


def two_parts(*clauses: Clause, **more: Any) -> PlanAnswer:
    return answer(
        {"园": gathered(IN_PARK, BAN, *clauses), "外": gathered(INLAND, BAN, *clauses)},
        industries=(OFFICE, FARM),
        **more,
    )


def test_a_demonstration_is_said_to_be_one() -> None:
    found = two_parts()
    official = replace(found, release=replace(found.release, nature=Nature.OFFICIAL))
    limit = PHRASES["limit_demonstration"].zh
    assert told(found).notice == PHRASES["notice_demonstration"].zh
    assert limit in told(found).limits
    assert told(official).notice is None
    assert limit not in told(official).limits


def test_facts_are_told_with_label_value_and_the_signs_of_the_language() -> None:
    found = two_parts(facts={"x": 8.0, "y": True, "z": "a"})

    def facts(language: Language) -> str:
        label = PHRASES["plan_facts"].in_(language)
        return next(one.value for one in told(found, language).summary if one.label == label)

    assert facts("zh") == "事实x = 8 t；事实y = 是；事实z = 甲"
    assert facts("en") == "fact x = 8 t; fact y = yes; fact z = 甲"


def test_what_is_missing_is_told_by_label_and_construction_by_its_own() -> None:
    kinds = everywhere(Effect.PROHIBIT, "KIND", construction=frozenset({Construction.EXPAND}))
    found = two_parts(kinds, construction=None)
    missing = {name for line in told(found).matrix for cell in line.cells for name in cell.missing}
    assert missing == {PHRASES["label_construction"].zh}
    kind = next(one.value for one in told(found).summary if one.label == PHRASES["label_construction"].zh)
    assert kind == PHRASES["undeclared"].zh
    assert CONSTRUCTION[Construction.NEW].zh in [one.value for one in told(two_parts()).summary]


def test_a_cover_nobody_knows_is_told_as_unknown() -> None:
    found = answer({"甲": replace(gathered(INLAND), uncovered_share=None)})
    one = next(one for one in told(found).areas if one.kind == "uncovered")
    assert (one.whole.share, one.whole.words) == (None, PHRASES["plan_unknown"].zh)
    other = next(one for one in told(found).areas if one.kind == "line")
    assert other.whole.share is not None


def test_the_matrix_has_a_line_for_each_industry_with_a_cell_for_each_part() -> None:
    farms = everywhere(Effect.PROHIBIT, "FARM", industries=IndustrySet(include=frozenset({"A"})))
    found = told(two_parts(farms))
    assert [
        (line.code, [(cell.part, "clause:FARM" in cell.deciding) for cell in line.cells]) for line in found.matrix
    ] == [
        ("I", [("园", False), ("外", False)]),
        ("A", [("园", True), ("外", True)]),
    ]


def test_a_row_of_the_draft_tells_what_decides_it_and_only_that() -> None:
    must = everywhere(Effect.REQUIRE, "MUST", wording=Text("须", "must"))
    rows = {(one.part, one.code): one for one in told(two_parts(must)).draft}
    assert rows["园", "I"].outcome == "violates"
    assert rows["园", "I"].text == PHRASES["plan_source"].filled(id="BAN", wording="禁止").zh
    assert {one.key for one in rows["园", "I"].sources} >= {"clause:BAN", "clause:MUST"}


def test_duties_stand_under_their_own_dimension_and_everywhere_is_told_in_a_word() -> None:
    must = everywhere(Effect.REQUIRE, "MUST", dimension=Dimension.RISK)
    groups = {one.dimension: one.duties for one in told(two_parts(must)).duties}
    assert {name: [one.source.key for one in duties] for name, duties in groups.items()} == {
        "space": ["clause:BAN"],
        "discharge": [],
        "risk": ["clause:MUST"],
        "resource": [],
    }
    assert groups["risk"][0].places == (PHRASES["plan_everywhere"].zh,)
    assert groups["space"][0].places == (PHRASES["plan_place"].filled(part="园", industries="I、A").zh,)
    english = {one.dimension: one.duties for one in told(two_parts(must), "en").duties}
    assert english["space"][0].places == (PHRASES["plan_place"].filled(part="园", industries="I, A").en,)


def test_sources_are_told_by_wording_and_gaps_by_their_title() -> None:
    full = replace(CEILING, fact="x", wording="上限", basis="文件")
    found = told(answer({"甲": gathered(IN_PARK, BAN, ceilings=(full,), silent=("red_line",))}, facts={"x": 8.0}))
    sources = {one.key: one for line in found.draft for one in line.sources}
    ban, gap = sources["clause:BAN"], sources["layer:red_line"]
    line = next(one for key, one in sources.items() if key.startswith("ceiling:"))
    assert (ban.title, ban.verified) == (PHRASES["plan_source"].filled(id="BAN", wording="禁止").zh, True)
    assert (line.basis, line.verified) == ("文件", True)
    assert "上限" in line.title
    assert (gap.basis, gap.verified) == ("", False)
    assert gap.title


# -- as a list ---------------------------------------------------------------------------------------------------------


def test_rows_that_restrict_become_clauses_and_the_others_do_not() -> None:
    must = everywhere(Effect.REQUIRE, "MUST")
    named = replace(everywhere(Effect.ENCOURAGE, "U"), level=Level.UNIT)
    named = replace(named, scope=Scope(units=frozenset({"unit_land-0"})))
    inside, outside = gathered(IN_PARK, BAN, must, named), gathered(INLAND, BAN, named)
    found = answer({"园": inside, "外": outside})
    drawn = draft_list(found, FACTS, "park")
    assert {one.part: one.admission for one in found.draft} == {"园": Outcome.VIOLATES, "外": Outcome.COMPLIES}
    (only,) = drawn.access_list.clauses
    assert (only.effect, only.basis) == (Effect.PROHIBIT, "BAN")
    (trigger,) = only.scope.zones
    assert trigger == ZoneTrigger(
        layer_id="park", position=Position.WITHIN, attributes=(("名称", frozenset({"规划 园"})),)
    )
    (unbound,) = draft_list(found, FACTS, None).access_list.clauses
    assert unbound.scope.zones == ()
    assert drawn.unplaced == ()


def test_an_absent_line_is_a_gap_of_the_plan() -> None:
    known = replace(gathered(INLAND), absent_lines=(AbsentLine(holder="370211", fact="x", name=same("水")),))
    assert "line:370211:x" in {one.finding.key for one in answer({"甲": known}).gaps}
