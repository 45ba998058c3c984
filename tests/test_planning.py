"""Planning EIA: laws of the shares, the matrix and the draft on the small city; the draft read back as a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.facts import declared, fact_schema
from layers.industries import classification
from layers.plan_workbook import PARK_LAYER, plan_workbook
from layers.snapshot import Snapshot, load_snapshot
from layers.workbook import read_access_list
from screening.access import Level
from screening.errors import NoIndustryError, PlanError
from screening.findings import Outcome
from screening.model import Construction, Effect, Project, Site
from screening.plan_list import draft_list
from screening.plan_words import tell
from screening.planning import assess
from screening.planning_model import AreaKind, Cover, Plan, PlanAnswer, PlannedIndustry
from screening.record import as_record, canonical
from screening.verdict import Verdict, screen
from screening.words import same
from tests.conftest import QUIET_FACTS, build_release
from tests.smallcity import AS_OF, SE, SURVEYED, SW, SmallCity, box

CODES = ("I6511", "C2614", "C3360", "D4417", "A0411", "C26")
Assessing = Callable[[Plan], PlanAnswer]
Screening = Callable[[Project, Site], Verdict]


def part(name: str, shape: BaseGeometry) -> Site:
    return Site(name=name, geometry=shape, as_written="", read_as=same(""))


def plan(parts: list[Site], codes: tuple[str, ...] = ("I6511",), **facts: object) -> Plan:
    return Plan(
        name="示例园区",
        parts=tuple(parts),
        industries=tuple(PlannedIndustry(industry=classification().find(code), facts={}) for code in codes),
        construction=Construction.NEW,
        facts=declared({**QUIET_FACTS, **facts}),
    )


def answered(snapshot: Snapshot, asked: Plan) -> PlanAnswer:
    return assess(asked, {one.name: snapshot.gather(one, AS_OF) for one in asked.parts}, AS_OF)


@pytest.fixture(scope="session")
def assessing(small: Snapshot) -> Assessing:
    """`answered` on the small city; hypothesis would print a whole snapshot if it were handed one."""

    def on(asked: Plan) -> PlanAnswer:
        return answered(small, asked)

    return on


@pytest.fixture(scope="session")
def screening(small: Snapshot) -> Screening:
    """One project at one site of the small city."""

    def on(project: Project, site: Site) -> Verdict:
        return screen(project, site, small.gather(site, AS_OF), AS_OF)

    return on


def whole(answer: PlanAnswer, kind: AreaKind) -> dict[str, float]:
    covers = {(one.key or one.kind.value): one.whole for one in answer.areas if one.kind is kind}
    return {key: cover.share for key, cover in covers.items() if cover is not None}


corners = st.tuples(st.integers(-3, 32), st.integers(-3, 22), st.integers(1, 12), st.integers(1, 12))
shapes = corners.map(lambda t: box(t[0], t[1], t[0] + t[2], t[1] + t[3])).filter(
    lambda shape: shape.intersects(box(-5, -5, 35, 25))
)
many = st.lists(shapes, min_size=1, max_size=4)
few = st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True).map(tuple)


def named(drawn: list[BaseGeometry]) -> list[Site]:
    return [part(f"P{number}", shape) for number, shape in enumerate(drawn)]


# -- laws --------------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(many)
def test_classes_and_what_lies_in_no_unit_make_up_the_whole_plan(
    assessing: Assessing, drawn: list[BaseGeometry]
) -> None:
    answer = assessing(plan(named(drawn)))
    rows = [one for one in answer.areas if one.kind in (AreaKind.UNIT_CLASS, AreaKind.UNCOVERED)]
    assert [one.kind for one in rows].count(AreaKind.UNCOVERED) == 1
    assert sum(one.whole.share for one in rows if one.whole) == pytest.approx(1.0, abs=1e-6)
    for position in range(len(drawn)):
        assert sum(cover.share for one in rows if (cover := one.parts[position])) == pytest.approx(1.0, abs=1e-6)
    units = [one.whole.share for one in answer.areas if one.kind is AreaKind.UNIT and one.whole]
    assert sum(units) == pytest.approx(1.0 - whole(answer, AreaKind.UNCOVERED)["uncovered"], abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(shapes, st.floats(0.1, 0.9))
def test_cutting_a_part_in_two_leaves_the_shares_of_the_plan(
    assessing: Assessing, shape: BaseGeometry, at: float
) -> None:
    west, south, east, north = shape.bounds
    cut = west + at * (east - west)
    halves = [shapely.box(west, south, cut, north), shapely.box(cut, south, east, north)]
    one, two = assessing(plan(named([shape]))), assessing(plan(named(halves)))
    # a straight side on the plane is not quite the side with one more corner between: 1e-6 of the area
    assert one.area_m2 == pytest.approx(two.area_m2, rel=1e-6)
    for kind in AreaKind:
        shares, again = whole(one, kind), whole(two, kind)
        for key in shares.keys() | again.keys():
            assert shares.get(key, 0.0) == pytest.approx(again.get(key, 0.0), abs=1e-5), key


@settings(max_examples=20, deadline=None)
@given(st.lists(shapes, min_size=1, max_size=2), few)
def test_a_cell_is_the_verdict_on_a_single_project(
    assessing: Assessing, screening: Screening, drawn: list[BaseGeometry], codes: tuple[str, ...]
) -> None:
    asked = plan(named(drawn), codes)
    answer = assessing(asked)
    assert len(answer.cells) == len(drawn) * len(codes)
    for cell in answer.cells:
        site = next(one for one in asked.parts if one.name == cell.part)
        project = Project(
            name=asked.name, industries=(cell.industry,), construction=asked.construction, facts=asked.facts
        )
        assert canonical(as_record(cell.verdict)) == canonical(as_record(screening(project, site)))


@settings(max_examples=20, deadline=None)
@given(many, few)
def test_the_order_of_parts_and_industries_does_not_matter(
    assessing: Assessing, drawn: list[BaseGeometry], codes: tuple[str, ...]
) -> None:
    parts = named(drawn)
    one = assessing(plan(parts, codes))
    two = assessing(plan(parts[::-1], codes[::-1]))
    assert {cell.place: cell.verdict.conclusion for cell in one.cells} == {
        cell.place: cell.verdict.conclusion for cell in two.cells
    }
    assert [each.clause.id for each in one.clauses] == [each.clause.id for each in two.clauses]
    assert [sorted(each.stops) for each in one.clauses] == [sorted(each.stops) for each in two.clauses]
    for kind in AreaKind:
        assert whole(one, kind) == pytest.approx(whole(two, kind))
    assert {(each.part, each.industry.code, each.admission) for each in one.draft} == {
        (each.part, each.industry.code, each.admission) for each in two.draft
    }


@settings(max_examples=20, deadline=None)
@given(many, few)
def test_the_draft_holds_the_verdicts_and_nothing_else(
    assessing: Assessing, drawn: list[BaseGeometry], codes: tuple[str, ...]
) -> None:
    answer = assessing(plan(named(drawn), codes))
    verdicts = {cell.place: cell.verdict for cell in answer.cells}
    assert {(one.part, one.industry.code) for one in answer.draft} == verdicts.keys()
    assert len(answer.draft) == len(verdicts)
    for row in answer.draft:
        verdict = verdicts[row.part, row.industry.code]
        assert row.admission is verdict.conclusion
        assert {one.key for one in row.basis} <= {one.key for one in verdict.findings}
        assert row.basis or row.admission is Outcome.COMPLIES
    assert not any(one.admission == "允许" for one in tell(answer, fact_schema(), "zh").draft)


# -- cases reasoned by hand --------------------------------------------------------------------------------------------


def test_parts_that_overlap_are_told_and_counted_once(small: Snapshot) -> None:
    first, second = part("甲", box(10, 0, 14, 2)), part("乙", box(12, 0, 16, 2))
    answer = answered(small, plan([first, second]))
    (overlap,) = answer.overlaps
    assert (overlap.first, overlap.second) == ("甲", "乙")
    assert overlap.area_m2 == pytest.approx(answer.part_areas_m2[0] / 2, rel=1e-3)
    assert answer.area_m2 == pytest.approx(sum(answer.part_areas_m2) - overlap.area_m2, rel=1e-9)
    assert "重叠" in tell(answer, fact_schema(), "zh").overlaps[0]


def test_a_part_over_two_units_and_the_border_has_all_its_rows(small: Snapshot) -> None:
    answer = answered(small, plan([part("跨界", box(-5, 0, 15, 5))]))
    units = whole(answer, AreaKind.UNIT)
    assert units == {SW: pytest.approx(0.5, abs=1e-3), SE: pytest.approx(0.25, abs=1e-3)}
    assert whole(answer, AreaKind.UNCOVERED) == {"uncovered": pytest.approx(0.25, abs=1e-3)}
    assert next(gap.finding.key for gap in answer.gaps) == "unit:uncovered"
    assert {cell.verdict.conclusion for cell in answer.cells} <= {Outcome.UNDETERMINED, Outcome.VIOLATES}


def test_a_plan_all_covered_still_says_that_nothing_is_uncovered(small: Snapshot) -> None:
    answer = answered(small, plan([part("甲", box(11, 8, 12, 9))]))
    (row,) = [one for one in answer.areas if one.kind is AreaKind.UNCOVERED]
    assert row.whole == Cover(area_m2=0.0, share=0.0)


def test_a_line_that_did_not_answer_is_at_least_and_never_nothing(tmp_path: Path) -> None:
    city = SmallCity(surveyed=SURVEYED - timedelta(days=4000))
    store, name = build_release(city, tmp_path)
    answer = answered(load_snapshot(store / name), plan([part("甲", box(11, 8, 12, 9))]))
    (row,) = [one for one in answer.areas if one.key == "red_line"]
    assert row.whole == Cover(area_m2=0.0, share=0.0, is_least=True)
    told = next(one for one in tell(answer, fact_schema(), "zh").areas if one.key == "red_line")
    assert told.whole.words.startswith("至少")
    assert "layer:red_line" in [gap.finding.key for gap in answer.gaps]
    assert all(row.admission is not Outcome.COMPLIES for row in answer.draft)


def test_clauses_that_stop_most_come_first_with_the_share_they_touch(small: Snapshot) -> None:
    inside, outside = part("园内", box(3, 3, 5, 5)), part("园外", box(11, 8, 13, 10))
    answer = answered(small, plan([inside, outside], ("C2614", "I6511")))
    by_id = {one.clause.id: one for one in answer.clauses}
    chemicals = by_id["DEMO-P-01"]  # chemicals outside a chemical park: stops C2614 in one of two equal parts
    assert chemicals.stops == (("园外", "C2614"),)
    assert chemicals.parts == ("园外",)
    assert chemicals.cover.share == pytest.approx(0.5, abs=1e-2)
    stops = [len(one.stops) for one in answer.clauses]
    assert stops == sorted(stops, reverse=True)


def test_facts_of_one_industry_go_before_the_common_ones(small: Snapshot) -> None:
    site, common = part("甲", box(14.1, 3.2, 14.3, 3.4)), plan([part("甲", box(0, 0, 1, 1))]).facts
    asked = Plan(
        name="",
        parts=(site,),
        industries=(
            PlannedIndustry(industry=classification().find("I6511"), facts={}),
            PlannedIndustry(industry=classification().find("C1761"), facts={"discharges_wastewater": True}),
        ),
        construction=Construction.NEW,
        facts=common,
    )
    stopped = {one.clause.id: one.stops for one in answered(small, asked).clauses}
    assert stopped["DEMO-N-04"] == (("甲", "C1761"),)  # level 2 of a water source: no project that discharges


def test_duties_stand_under_their_dimension(small: Snapshot) -> None:
    answer = answered(small, plan([part("甲", box(11, 15, 12, 16))], ("C3360",), emits_air_pollutants=True))
    assert [one.dimension for one in answer.duties] == sorted(one.dimension for one in answer.duties)
    for duty in answer.duties:
        clause = duty.finding.clause
        assert clause is None or clause.dimension is duty.dimension
        assert duty.places == (("甲", "C3360"),)
    assert {one.dimension.name for one in answer.duties if one.finding.objective} == {"DISCHARGE"}


@pytest.mark.parametrize("shape", [shapely.Point(120.05, 36.05)])
def test_a_point_is_no_part_of_a_plan(small: Snapshot, shape: BaseGeometry) -> None:
    with pytest.raises(PlanError, match="没有面积"):
        answered(small, plan([part("点", shape)]))


def test_a_plan_needs_parts_industries_and_names_of_their_own(small: Snapshot) -> None:
    one = part("甲", box(1, 1, 2, 2))
    with pytest.raises(PlanError):
        answered(small, plan([]))
    with pytest.raises(NoIndustryError):
        answered(small, plan([one], ()))
    with pytest.raises(PlanError, match="都叫"):
        answered(small, plan([one, replace(one, geometry=box(3, 3, 4, 4))]))


# -- the draft as a list -----------------------------------------------------------------------------------------------


def test_the_draft_fed_back_with_its_zones_gives_the_same_answers(small: Snapshot, tmp_path: Path) -> None:
    shapes = {"园内": box(3, 3, 5, 5), "园外": box(11, 8, 13, 10), "北": box(11, 15, 12, 16)}
    parts = [part(name, shape) for name, shape in shapes.items()]
    answer = answered(small, plan(parts, ("C2614", "I6511", "C3360")))
    draft = draft_list(answer, fact_schema(), PARK_LAYER)
    city = SmallCity()
    city.layers["park"] += [
        {"园区编码": f"X{number}", "园区名称": draft.zone_names[name], "园区类型": "规划", "geometry": shape}
        for number, (name, shape) in enumerate(shapes.items())
    ]
    store, name = build_release(city, tmp_path)
    again = load_snapshot(store / name)
    held = replace(again, access_list=draft.access_list)
    for cell in answer.cells:
        site = next(one for one in parts if one.name == cell.part)
        verdict = screen(cell.verdict.project, site, held.gather(site, AS_OF), AS_OF)
        own = [one.outcome for one in verdict.findings if one.clause and one.truth.value == "yes"]
        weighs = cell.verdict.conclusion is not Outcome.COMPLIES
        assert own == ([cell.verdict.conclusion] if weighs else []), cell.place


def test_the_workbook_reads_back_as_the_draft_without_an_issue(small: Snapshot, tmp_path: Path) -> None:
    parts = [part("园内", box(3, 3, 5, 5)), part("园外；东", box(11, 8, 13, 10))]
    answer = answered(small, plan(parts, ("C2614", "I6511")))
    draft = draft_list(answer, fact_schema(), PARK_LAYER)
    names = {layer_id: kind.name_zh for layer_id, kind in small.jurisdiction.layers.items()}
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(tell(answer, fact_schema(), "zh"), draft, names))
    back, issues = read_access_list(
        path, draft.access_list.version, frozenset({Level.UNIT}), {name: one for one, name in names.items()}
    )
    assert issues == []
    assert back == draft.access_list
    assert draft.zone_names["园外；东"] == "示例园区 园外·东"
    assert {clause.effect for clause in back.clauses} <= {Effect.PROHIBIT, Effect.CONDITIONAL, Effect.PROSE}
    assert Effect.PERMIT not in {clause.effect for clause in back.clauses}
