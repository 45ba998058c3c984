"""What the second path found wrong at borders, each on its own: see `tests/test_oracle.py`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from layers import codec
from layers.industries import classification
from layers.snapshot import Snapshot, load_snapshot
from screening.findings import Finding, Outcome
from screening.model import Project, Site
from screening.overlay import Relation, measure
from screening.truth import Truth
from screening.verdict import screen
from screening.words import same
from tests.conftest import build_release
from tests.oracle.editions import clause, near, outside, within
from tests.smallcity import AS_OF, SEA_N, SW, SmallCity, box

METRE = 1 / 90_000  # in degrees of longitude at 36°N, nearly
COAST = 120.2


def found(
    city: Snapshot, shape: BaseGeometry, *clauses: dict[str, Any], accuracy_m: float | None = None
) -> dict[str, Finding]:
    """Findings by key, of a list of these clauses alone."""
    listed = codec.access_list_from_json({"version": "", "levels": [], "clauses": list(clauses)})
    search = {one.layer_id: one.distance_m for each in listed.clauses for one in each.scope.zones}
    asked = replace(city, access_list=listed, search_m=search)
    site = Site(name="", geometry=shape, as_written="", read_as=same(""), accuracy_m=accuracy_m)
    project = Project(
        name="", industries=(classification().find("C2614"),), construction=None, facts={"emits_air_pollutants": True}
    )
    return {one.key: one for one in screen(project, site, asked.gather(site, AS_OF), AS_OF).findings}


def metres_east(longitude: float, metres: float) -> float:
    return longitude + metres * METRE


def test_threads_of_rounding_do_not_hide_a_small_overlap_beside_them() -> None:
    zone = shapely.box(0, 0, 20_000, 1000)
    corners = [(0, -500), (0, 1e-4), (9000, 1e-4), (9000, -1), (9100, -1), (9100, 2), (9102, 2), (9102, -500)]
    relation = measure(shapely.Polygon(corners), zone)
    assert relation.relation is Relation.OVERLAPS
    assert relation.area_m2 == pytest.approx(4.9)
    assert measure(shapely.Polygon([*corners[:4], (9000, -500)]), zone).relation is Relation.TOUCHES


def test_a_border_between_two_zones_meant_is_none_though_the_site_only_reaches_one(small: Snapshot) -> None:
    point = shapely.Point(metres_east(120.1, -3), 36.05)  # three metres west of the border of the southern units
    both = clause("BOTH", "prohibit", classes=[2, 3])
    west = clause("WEST", "prohibit", units=[SW])
    findings = found(small, point, both, west)
    assert findings["clause:BOTH"].outcome is Outcome.VIOLATES
    assert findings["clause:WEST"].outcome is Outcome.UNDETERMINED


def test_units_on_land_and_at_sea_count_as_one_though_their_accuracy_differs(small: Snapshot) -> None:
    point = shapely.Point(metres_east(COAST, -3), 36.15)
    findings = found(
        small, point, clause("COAST", "prohibit", classes=[2, 3]), clause("SEA", "prohibit", units=[SEA_N])
    )
    assert findings["clause:COAST"].outcome is Outcome.VIOLATES
    assert findings["clause:SEA"].outcome is Outcome.UNDETERMINED


def test_a_site_inside_two_zones_taken_together_is_not_outside(small: Snapshot) -> None:
    point = shapely.Point(metres_east(120.1, -3), 36.05)
    assert "clause:OUT" not in found(
        small, point, clause("OUT", "prohibit", outside("water", "工业污染", "一般管控区"))
    )


def test_an_exception_of_a_unit_is_open_where_the_site_is_over_its_border_by_less_than_the_accuracy(
    small: Snapshot,
) -> None:
    permit = clause("PERMIT", "permit", units=[SW], exempts=["BAN"])
    for metres, outcome in ((-50.0, Outcome.CONDITIONAL), (4.0, Outcome.UNDETERMINED), (50.0, Outcome.VIOLATES)):
        site = shapely.box(metres_east(120.1, -500), 36.08, metres_east(120.1, metres), 36.085)
        assert found(small, site, BAN, permit)["clause:BAN"].outcome is outcome


PARK_EAST = 120.06
BAN = clause("BAN", "prohibit", include=["C"])
PERMIT = clause("PERMIT", "permit", within("park"), exempts=["BAN"])


@pytest.mark.parametrize(
    ("east_m", "accuracy_m", "outcome"),
    [
        (-100.0, None, Outcome.CONDITIONAL),
        (0.0, None, Outcome.CONDITIONAL),
        (-10.0, 30.0, Outcome.UNDETERMINED),
        (3.0, None, Outcome.UNDETERMINED),
        (100.0, None, Outcome.VIOLATES),
    ],
    ids=["deep", "to the line", "coarse site near the line", "over by less than the accuracy", "well over"],
)
def test_an_exception_must_certainly_hold_for_the_whole_site(
    small: Snapshot, east_m: float, accuracy_m: float | None, outcome: Outcome
) -> None:
    site = shapely.box(metres_east(PARK_EAST, -500), 36.03, metres_east(PARK_EAST, east_m), 36.035)
    assert found(small, site, BAN, PERMIT, accuracy_m=accuracy_m)["clause:BAN"].outcome is outcome


def test_an_exception_nobody_knows_to_hold_leaves_the_ban_on_a_site_that_is_not_all_in_its_place(
    small: Snapshot,
) -> None:
    permit = {**PERMIT, "applies_when": "national_major_project"}
    inside, across = box(3, 3, 4, 4), box(3, 3, 8, 4)
    assert found(small, inside, BAN, permit)["clause:BAN"].missing_facts == ("national_major_project",)
    assert found(small, across, BAN, permit)["clause:BAN"].outcome is Outcome.VIOLATES


@pytest.mark.parametrize(("accuracy_m", "truth"), [(None, None), (5.0, None), (60.0, Truth.UNKNOWN)])
def test_a_distance_rule_from_a_site_whose_slack_reaches_it_looks_over_the_edge_of_the_data(
    small: Snapshot, accuracy_m: float | None, truth: Truth | None
) -> None:
    west = metres_east(120.0, 320)  # the territory ends 320 m to the west
    site = shapely.box(west, 36.15, west + 0.003, 36.153)
    told = found(small, site, clause("NEAR", "prohibit", near("sensitive_place", 300.0)), accuracy_m=accuracy_m)
    assert (told["clause:NEAR"].truth if "clause:NEAR" in told else None) is truth


@pytest.mark.parametrize(("metres", "outcome"), [(-3.0, Outcome.UNDETERMINED), (-500.0, Outcome.NOT_CONCERNED)])
def test_an_objective_of_a_place_the_site_may_not_lie_in_is_not_known_to_be_met(
    small: Snapshot, metres: float, outcome: Outcome
) -> None:
    met = replace(small, objectives=tuple(replace(one, state=0.0, target=1.0) for one in small.objectives))
    asks = clause("AIR", "prohibit", applies_when="emits_air_pollutants && !pm25_objective_met")
    told = found(met, shapely.Point(metres_east(COAST, metres), 36.05), asks)
    assert told["clause:AIR"].outcome is outcome


def test_conditions_that_meet_within_the_slack_of_a_site_are_not_ruled_out(tmp_path: Path) -> None:
    city = SmallCity()
    hook = shapely.union(
        box(10, 4, 15, 5), box(8, 4.5, 10, 5)
    )  # reaches back into the western unit, north of the strip
    city.layers["park"] = [{"园区编码": "P1", "园区名称": "曲尺园", "园区类型": "化工园区", "geometry": hook}]
    store, name = build_release(city, tmp_path)
    strip = box(9.5, 4.40, 10.5, 4.47)  # half in each unit, its top 33 m south of the hook
    meeting = clause("MEET", "prohibit", within("park"), units=[SW])
    known, loose = (
        found(load_snapshot(store / name), strip, meeting, accuracy_m=accuracy).get("clause:MEET")
        for accuracy in (1.0, 60.0)
    )
    assert known is None
    assert loose is not None
    assert (loose.outcome, loose.truth) == (Outcome.UNDETERMINED, Truth.UNKNOWN)
