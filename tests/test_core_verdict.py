"""What a list passes over in silence is a finding, and areas follow the method of the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from layers.snapshot import Snapshot
from screening.access import Position, ZoneTrigger
from screening.crs import AreaMethod
from screening.findings import Outcome
from screening.model import Construction, Project, ZoneClass
from tests.conftest import ask
from tests.randomcity import DAY, KINDS, LAND, SEA, World, asked
from tests.smallcity import AS_OF
from tests.test_core_reach import clause, zone
from tests.test_small_city import OFFICE_SITE

RED = shapely.box(10, 10, 30, 30)
PROJECT = Project(name="", industries=(), construction=Construction.NEW, facts={})
NAMES_JIA = clause(ZoneTrigger(layer_id="red_line", position=Position.WITHIN, subtypes=frozenset({"甲"})))
NAMES_NONE = clause()


def world(subtype: str, *, cls: ZoneClass = ZoneClass.PRIORITY, names_jia: bool = True) -> World:
    return World(
        zones={
            "unit_land": ((zone("unit_land"), LAND),),
            "unit_sea": ((zone("unit_sea"), SEA),),
            "red_line": ((replace(zone("red_line", subtype), cls=cls), RED),),
            "water": ((zone("water"), LAND),),
            "park": ((zone("park"), shapely.box(60, 40, 65, 60)),),
        },
        accuracy_m=dict.fromkeys(KINDS, 0.0),
        clauses=(NAMES_JIA if names_jia else NAMES_NONE,),
        needs_clause=True,
    )


@pytest.mark.parametrize(
    ("subtype", "names_jia", "site", "is_told"),
    [
        ("甲", True, RED, False),
        ("甲", False, RED, True),
        ("乙", True, RED, True),
        ("", True, RED, True),
        ("乙", True, shapely.box(40, 40, 50, 50), False),
    ],
    ids=["spoken about", "no clause on the layer", "another sub-type", "sub-type left blank", "elsewhere"],
)
def test_a_zone_the_whole_list_passes_over_is_told(
    subtype: str, names_jia: bool, site: shapely.Polygon, is_told: bool
) -> None:
    verdict = asked(world(subtype, names_jia=names_jia).snapshot(), PROJECT, site)
    found = {one.key: one for one in verdict.findings}
    assert ("list:red_line:red_line-0" in found) is is_told
    if is_told:
        assert found["list:red_line:red_line-0"].outcome is Outcome.UNDETERMINED


def test_general_zones_need_no_clause() -> None:
    verdict = asked(world("乙", cls=ZoneClass.GENERAL).snapshot(), PROJECT, RED)
    assert "list:red_line:red_line-0" not in {one.key for one in verdict.findings}


def test_parts_of_a_site_are_scaled_by_the_method_of_the_answer(small: Snapshot) -> None:
    site = ask(small, OFFICE_SITE, "C2614").site
    plane, ellipsoid = (small.gather(site, AS_OF, method) for method in (AreaMethod.PLANE, AreaMethod.ELLIPSOID))
    assert plane.site_area_m2 is not None
    assert ellipsoid.site_area_m2 is not None
    assert plane.scaled(100.0) == 100.0
    assert ellipsoid.scaled(plane.site_area_m2) == pytest.approx(ellipsoid.site_area_m2)
    assert ellipsoid.site_area_m2 != plane.site_area_m2


def test_a_point_has_no_area_to_scale_by() -> None:
    found = asked(world("甲").snapshot(), PROJECT, shapely.Point(20, 20))
    assert replace(found.evidence, area_method=AreaMethod.ELLIPSOID).scaled(7.0) == 7.0
    assert found.as_of == DAY
