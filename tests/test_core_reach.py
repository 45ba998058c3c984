"""Clauses, ceilings and objectives exactly at their distances and limits, in a small flat city in metres."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from screening.access import Clause, Dimension, IndustrySet, Level, Position, Scope, ZoneTrigger
from screening.evidence import Answer, Evidence
from screening.findings import Outcome
from screening.lines import is_met, judge_ceiling, judge_objective
from screening.model import Ceiling, Effect, Objective, Site, Zone, ZoneClass
from screening.reach import holds_whole_site, place_of, reach, reach_parts
from screening.truth import Truth
from screening.words import same
from tests.randomcity import DAY, KINDS, LAND, SEA, World

PARK = shapely.box(60, 40, 65, 60)
ACCURACY_M = 3.0


def zone(layer_id: str, subtype: str = "") -> Zone:
    cls = None if layer_id == "park" else ZoneClass.GENERAL
    return Zone(
        layer_id=layer_id,
        code=f"{layer_id}-0",
        name="",
        cls=cls,
        subtype=subtype,
        district="",
        county="",
        attributes={},
    )


def clause(*triggers: ZoneTrigger) -> Clause:
    return Clause(
        id="C",
        level=Level.CITY,
        dimension=Dimension.SPACE,
        scope=Scope(zones=triggers),
        industries=IndustrySet(),
        effect=Effect.PROHIBIT,
        wording=same(""),
        basis="",
        valid_from=date(2020, 1, 1),
        row="",
    )


def park(position: Position, distance_m: float = 0.0) -> ZoneTrigger:
    return ZoneTrigger(layer_id="park", position=position, distance_m=distance_m)


def evidence(
    one: Clause,
    shape: BaseGeometry,
    *,
    accuracy_m: float | None = None,
    parks: BaseGeometry = PARK,
    layer: float = ACCURACY_M,
    water: BaseGeometry = LAND,
    water_layer: float = 0.0,
) -> Evidence:
    world = World(
        zones={
            "unit_land": ((zone("unit_land"), LAND),),
            "unit_sea": ((zone("unit_sea"), SEA),),
            "red_line": ((zone("red_line"), shapely.box(1, 90, 2, 91)),),
            "water": ((zone("water"), water),),
            "park": ((zone("park"), parks),),
        },
        accuracy_m={**dict.fromkeys(KINDS, 0.0), "park": layer, "water": water_layer},
        clauses=(one,),
    )
    site = Site(name="", geometry=shape, as_written="", read_as=same(""), accuracy_m=accuracy_m)
    return world.snapshot().gather(site, DAY)


def west_of_the_park(gap_m: float) -> BaseGeometry:
    return shapely.box(30, 40, 60 - gap_m, 60)


@pytest.mark.parametrize(
    ("gap_m", "site_accuracy_m", "truth"),
    [
        (13.0, None, Truth.YES),
        (13.5, None, Truth.UNKNOWN),
        (16.0, None, Truth.UNKNOWN),
        (16.5, None, Truth.NO),
        (8.0, 5.0, Truth.YES),
        (8.5, 5.0, Truth.UNKNOWN),
        (24.0, 5.0, Truth.UNKNOWN),
        (24.5, 5.0, Truth.NO),
    ],
)
def test_a_distance_is_kept_surely_possibly_or_not_up_to_the_very_metre(
    gap_m: float, site_accuracy_m: float | None, truth: Truth
) -> None:
    near = clause(park(Position.NEAR, 16.0))
    assert reach(near, evidence(near, west_of_the_park(gap_m), accuracy_m=site_accuracy_m)).truth is truth


def test_a_place_is_narrowed_by_zones_the_site_lies_in_and_not_by_a_distance() -> None:
    across = shapely.box(50, 40, 65, 60)
    within, near = clause(park(Position.WITHIN)), clause(park(Position.NEAR, 16.0))
    place = place_of(within, evidence(within, across, layer=0.0))
    assert place is not None
    assert place.equals(PARK)
    assert place_of(near, evidence(near, across)) is None


def test_what_lines_leave_open_is_borderline_and_what_is_sure_is_not() -> None:
    within = clause(park(Position.WITHIN))
    assert reach(within, evidence(within, shapely.box(20, 40, 62, 60))).is_borderline
    sure = reach(within, evidence(within, shapely.box(20, 40, 62, 60), layer=0.0))
    assert sure.truth is Truth.YES
    assert not sure.is_borderline


def test_two_conditions_on_one_layer_hold_together_only_where_they_meet() -> None:
    both = clause(park(Position.WITHIN), park(Position.OUTSIDE))
    assert reach(both, evidence(both, shapely.box(20, 40, 64, 60), layer=0.0)).truth is Truth.NO
    alone = clause(park(Position.WITHIN))
    assert reach(alone, evidence(alone, shapely.box(20, 40, 64, 60), layer=0.0)).truth is Truth.YES


def test_a_point_in_a_zone_wholly_holds_its_place() -> None:
    within = clause(park(Position.WITHIN))
    assert holds_whole_site(within, evidence(within, shapely.Point(62.5, 50), layer=0.0)) is Truth.YES
    assert holds_whole_site(within, evidence(within, shapely.Point(30, 50), layer=0.0)) is Truth.NO


def in_water(position: Position, subtype: str = "") -> ZoneTrigger:
    subtypes = frozenset({subtype}) if subtype else frozenset[str]()
    return ZoneTrigger(layer_id="water", position=position, subtypes=subtypes)


def test_an_exact_zone_and_an_uncertain_one_meet_surely_only_deep_in_the_second() -> None:
    both = clause(park(Position.WITHIN), in_water(Position.WITHIN))
    site, parks = shapely.box(20, 40, 60, 60), shapely.box(10, 30, 40, 70)
    for west, truth in ((30, Truth.YES), (36, Truth.UNKNOWN)):
        water = shapely.box(west, 30, 69, 70)
        found = reach(both, evidence(both, site, parks=parks, layer=0.0, water=water, water_layer=5.0))
        assert found.truth is truth, west


def test_how_deep_a_borderline_overlap_reaches_counts_for_a_distance() -> None:
    two_deep = shapely.box(30, 40, 62, 60)
    for distance, truth in ((1.1, Truth.YES), (0.5, Truth.UNKNOWN)):
        near = clause(park(Position.NEAR, distance))
        assert reach(near, evidence(near, two_deep)).truth is truth, distance


def test_outside_is_known_in_the_part_for_which_a_layer_speaks() -> None:
    outside = clause(in_water(Position.OUTSIDE, "甲"))
    site, half = shapely.box(20, 40, 60, 60), shapely.box(0, 0, 40, 100)
    found = reach(outside, evidence(outside, site, water=half))
    assert found.truth is Truth.UNKNOWN  # nobody told the sub-type of what covers the half
    named = clause(
        ZoneTrigger(layer_id="water", position=Position.OUTSIDE, attributes=(("编码", frozenset({"another"})),))
    )
    world = evidence(named, site, water=half)
    consulted = world.answer_of("water")
    assert consulted is not None
    assert consulted.answer is Answer.NOT_COVERING
    parts = reach_parts(named, world)
    assert [one.truth for one in parts] == [Truth.YES, Truth.YES]
    assert parts[1].place is not None
    assert parts[1].place.equals(shapely.box(20, 40, 40, 60))
    assert not parts[1].is_exact


OUTSIDE_SUCH_PARKS = clause(ZoneTrigger(layer_id="park", position=Position.OUTSIDE, subtypes=frozenset({"甲"})))


@pytest.mark.parametrize(
    ("site", "truth"),
    [
        (shapely.box(61, 45, 64, 55), Truth.UNKNOWN),
        (shapely.box(40, 45, 64, 55), Truth.YES),
        (shapely.Point(62, 50), Truth.UNKNOWN),
        (shapely.Point(30, 50), Truth.YES),
    ],
    ids=["inside", "half", "point inside", "point"],
)
def test_what_lies_in_a_park_of_unknown_kind_may_lie_outside_such_parks(site: BaseGeometry, truth: Truth) -> None:
    found = reach(OUTSIDE_SUCH_PARKS, evidence(OUTSIDE_SUCH_PARKS, site, layer=0.0))
    assert found.truth is truth
    if truth is Truth.UNKNOWN:
        assert [one.zone.layer_id for one in found.contacts] == ["park"]
        assert any("未填写" in doubt.zh for doubt in found.doubts)


@pytest.mark.parametrize(
    ("east", "accuracy_m", "truth"),
    [(65.0, 1.0, Truth.YES), (64.5, 1.0, Truth.UNKNOWN), (63.5, 1.0, Truth.YES), (64.5, 0.0, Truth.YES)],
    ids=["on the line", "nearer than it may lie elsewhere", "farther", "known exactly"],
)
def test_a_site_inside_may_stick_out_by_its_own_accuracy_but_not_over_an_edge_it_shares(
    east: float, accuracy_m: float, truth: Truth
) -> None:
    within = clause(park(Position.WITHIN))
    site = shapely.box(61.5, 42, east, 58)
    if east == 65.0:
        site = shapely.box(61.5, 40, east, 60)
    assert holds_whole_site(within, evidence(within, site, accuracy_m=accuracy_m, layer=0.0)) is truth


# -- ceilings and objectives -------------------------------------------------------------------------------------------

CEILING = Ceiling(
    holder="370211",
    holder_name="",
    resource=same("水"),
    metric="",
    fact="water",
    per_fact=1.0,
    cap=10.0,
    used=4.0,
    unit="t",
    year=2025,
    effect=Effect.PROHIBIT,
    wording="",
    basis="",
    verified=True,
)
OBJECTIVE = Objective(
    holder="370211",
    holder_name="",
    element=same("水"),
    metric="",
    fact="met",
    emission_fact="emits",
    target=3.0,
    state=3.0,
    target_text="3",
    state_text="3",
    unit="",
    year=2025,
    effect=Effect.PROHIBIT,
    wording="",
    basis="",
    verified=True,
)


@pytest.mark.parametrize(
    ("demand", "effect", "outcome"),
    [
        (6.0, Effect.PROHIBIT, Outcome.COMPLIES),
        (6.5, Effect.PROHIBIT, Outcome.VIOLATES),
        (6.5, Effect.CONDITIONAL, Outcome.CONDITIONAL),
        (0.0, Effect.PROHIBIT, Outcome.NOT_CONCERNED),
    ],
)
def test_what_is_left_may_be_used_up_to_the_last(demand: float, effect: Effect, outcome: Outcome) -> None:
    assert judge_ceiling(replace(CEILING, effect=effect), {"water": demand}).outcome is outcome


def test_a_ceiling_without_cap_or_use_is_not_known() -> None:
    assert judge_ceiling(replace(CEILING, cap=None), {"water": 1.0}).outcome is Outcome.UNDETERMINED
    assert judge_ceiling(replace(CEILING, used=None), {"water": 1.0}).outcome is Outcome.UNDETERMINED


def test_a_state_exactly_at_its_target_meets_it() -> None:
    assert is_met(OBJECTIVE) is True
    assert is_met(replace(OBJECTIVE, state=3.1)) is False
    assert is_met(replace(OBJECTIVE, state=None)) is None
    assert is_met(replace(OBJECTIVE, target=None)) is None


@pytest.mark.parametrize(
    ("state", "emits", "effect", "outcome"),
    [
        (3.0, True, Effect.PROHIBIT, Outcome.COMPLIES),
        (4.0, True, Effect.PROHIBIT, Outcome.VIOLATES),
        (4.0, True, Effect.CONDITIONAL, Outcome.CONDITIONAL),
        (4.0, False, Effect.PROHIBIT, Outcome.NOT_CONCERNED),
        (4.0, None, Effect.PROHIBIT, Outcome.UNDETERMINED),
        (None, True, Effect.PROHIBIT, Outcome.UNDETERMINED),
        (None, False, Effect.PROHIBIT, Outcome.NOT_CONCERNED),
        (None, None, Effect.PROHIBIT, Outcome.UNDETERMINED),
    ],
)
def test_an_objective_binds_whoever_emits_where_it_is_not_met(
    state: float | None, emits: bool | None, effect: Effect, outcome: Outcome
) -> None:
    facts = {} if emits is None else {"emits": emits}
    found = judge_objective(replace(OBJECTIVE, state=state, effect=effect), facts)
    assert found.outcome is outcome
    assert (found.missing_facts == ("emits",)) == (emits is None and state is not None)


def test_a_state_nobody_measured_is_for_a_person_and_an_undeclared_discharge_for_the_applicant() -> None:
    assert judge_objective(replace(OBJECTIVE, state=None), {"emits": True}).needs_person
    assert not judge_objective(replace(OBJECTIVE, state=4.0), {}).needs_person
