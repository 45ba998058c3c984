"""Units, water sources, law search and news as a release answers them: silence is told, never read as nothing there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import shapely

from layers.basis import library
from layers.law_search import LawSearch
from layers.snapshot import Snapshot
from layers.unit_dossier import TOO_SLOW, Bound, UnitDossier, unit_dossier
from layers.unit_search import find_units, unit_of
from layers.water_sources import WATER_SOURCE, WaterStanding, water_check, water_sources
from screening.coordinates import read_site
from screening.errors import UnknownUnitError
from screening.evidence import Answer
from screening.model import Site, ZoneClass
from screening.terms import TERMS
from screening.words import Text
from tests.smallcity import AS_OF, NE, NW, SEA_S, SW
from web.glossary import GROUPS, MEANING


def dossier(snapshot: Snapshot, code: str) -> UnitDossier:
    return unit_dossier(snapshot, code, AS_OF, lambda: False)


def site(snapshot: Snapshot, text: str) -> Site:
    city = snapshot.jurisdiction
    return read_site(text, plane=city.plane, extent=city.extent)


def without(snapshot: Snapshot, layer_id: str) -> Snapshot:
    layer = snapshot.layers[layer_id].layer
    layers = {name: one for name, one in snapshot.layers.items() if name != layer_id}
    return replace(snapshot, layers=layers, silent={layer_id: (layer, Answer.BROKEN, Text("损坏", "broken"))})


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"words": "西南"}, {SW}),
        ({"words": "黄岛 重点"}, {SW}),
        ({"words": "zh370281"}, {NW, NE}),
        ({"cls": ZoneClass.PRIORITY}, {NW, SEA_S}),
        ({"district": "胶州市"}, {NW, NE}),
        ({"district": "370281", "cls": ZoneClass.KEY}, {NE}),
        ({"words": "没有这个"}, set()),
    ],
)
def test_units_are_found_by_words_class_and_district(
    small: Snapshot, asked: dict[str, object], codes: set[str]
) -> None:
    assert {one.zone.code for one in find_units(small, **asked)} == codes  # type: ignore[arg-type]


def test_a_code_nobody_has_is_refused_with_codes_like_it(small: Snapshot) -> None:
    with pytest.raises(UnknownUnitError) as refused:
        unit_of(small, "ZH37021199999")
    assert SW in refused.value.candidates
    with pytest.raises(UnknownUnitError) as silent:
        unit_of(without(small, "unit_sea"), SEA_S)
    assert "不能断定" in silent.value.why.zh


def test_zones_inside_are_measured_and_tile_the_unit(small: Snapshot) -> None:
    found = dossier(small, SW)
    for layer in ("water", "air", "soil"):
        shares = [one.share for one in found.inside if one.layer.id == layer]
        assert sum(shares) == pytest.approx(1.0, abs=1e-9)
    for one in found.inside:
        loaded = small.layers[one.layer.id]
        index = [zone.code for zone in loaded.zones].index(one.zone.code)
        assert one.area_m2 == pytest.approx(shapely.intersection(found.shape, loaded.shapes[index]).area)
    assert [one.zone.name for one in found.parks] == ["西化工园"]
    assert found.parks[0].share_of_zone == pytest.approx(1.0)


def test_clauses_of_the_unit_and_its_class_are_bound_and_others_are_not(small: Snapshot) -> None:
    found = dossier(small, SW)
    assert {one.bound for one in found.clauses} >= {Bound.UNIT, Bound.CLASS}
    for one in found.clauses:
        scope = one.clause.scope
        assert not scope.units or SW in scope.units
        assert not scope.classes or ZoneClass.KEY in scope.classes
    assert found.general > 0


def test_neighbours_lie_where_they_lie_and_the_sea_adjoins_the_land(small: Snapshot) -> None:
    directions = {one.zone.name: one.direction.en for one in dossier(small, SW).neighbours}
    assert directions["西北优先"] == "north"
    assert directions["东南一般"] == "east"
    assert "南海域优先" not in directions
    assert "东南一般" in {one.zone.name for one in dossier(small, SEA_S).neighbours}


def test_ceilings_are_those_of_the_unit_and_its_own_district(small: Snapshot) -> None:
    assert {one.holder for one in dossier(small, NW).ceilings} == {"370281"}


def test_a_layer_that_did_not_answer_is_told_and_never_empty(small: Snapshot) -> None:
    broken = dossier(without(small, "park"), SW)
    assert [(one.layer.id, one.answer.en) for one in broken.unanswered] == [("park", "broken")]
    assert not broken.parks
    late = unit_dossier(small, SW, AS_OF, lambda: True)
    assert not late.inside
    assert {one.layer.id for one in late.unanswered} == {
        one.layer.id for one in small.layers.values() if one.layer.role != "unit"
    }
    assert all(one.answer is TOO_SLOW for one in late.unanswered)
    stale = unit_dossier(small, SW, date(2060, 1, 1), lambda: False)
    assert "water" in {one.layer.id for one in stale.unanswered}


@pytest.mark.parametrize(
    ("point", "standing", "levels"),
    [
        ("120.145000, 36.045000", WaterStanding.INSIDE, ["一级保护区"]),
        ("120.135000, 36.035000", WaterStanding.INSIDE, ["二级保护区"]),
        ("120.050000, 36.150000", WaterStanding.OUTSIDE, []),
    ],
)
def test_a_point_is_in_the_protection_area_it_is_in(
    small: Snapshot, point: str, standing: WaterStanding, levels: list[str]
) -> None:
    found = water_check(small, site(small, point), AS_OF)
    assert found.standing is standing
    assert [one.contact.zone.subtype for one in found.met] == levels
    assert found.nearest is not None
    assert all(clause.scope.zones for one in found.met for clause in one.clauses)
    if levels:
        assert found.met[0].clauses


def test_a_point_on_the_line_is_borderline(small: Snapshot) -> None:
    found = water_check(small, site(small, "120.1400, 36.0450"), AS_OF)
    assert found.standing is WaterStanding.MAYBE
    assert {one.contact.zone.subtype for one in found.met} == {"一级保护区", "二级保护区"}


def test_a_silent_layer_of_water_sources_is_never_clear(small: Snapshot) -> None:
    silent = without(small, WATER_SOURCE)
    found = water_check(silent, site(silent, "120.05, 36.15"), AS_OF)
    assert found.standing is WaterStanding.UNKNOWN
    assert found.reason is not None
    assert water_sources(silent, AS_OF).silence is not None
    none = replace(small, layers={one: two for one, two in small.layers.items() if one != WATER_SOURCE})
    assert water_check(none, site(small, "120.05, 36.15"), AS_OF).standing is WaterStanding.UNKNOWN


def test_an_outdated_layer_is_never_clear_and_still_shows_what_it_has(small: Snapshot) -> None:
    day = date(2060, 1, 1)
    assert water_check(small, site(small, "120.05, 36.15"), day).standing is WaterStanding.UNKNOWN
    assert water_check(small, site(small, "120.145000, 36.045000"), day).standing is WaterStanding.INSIDE
    assert water_sources(small, day).silence is not None


def test_levels_come_strictest_first_with_their_clauses(small: Snapshot) -> None:
    listing = water_sources(small, AS_OF)
    assert [one.level for one in listing.levels] == ["一级保护区", "二级保护区", "准保护区"]
    assert all(one.clauses for one in listing.levels)


def test_two_chinese_characters_find_documents_and_clauses(small: Snapshot) -> None:
    search = LawSearch(library(), small.access_list.clauses)
    assert "noise-law-2021" in {one.document.id for one in search.search("噪声") if one.document}
    assert any(one.clause for one in search.search("水源"))
    assert search.search("水源 没有这个词") == []
    assert search.search("  ") == []
    assert any(one.repeal for one in search.search("第1242条"))


@pytest.mark.parametrize(
    ("basis", "named"),
    [
        ("海洋环境保护法", {"marine-law-2023"}),
        ("国发〔2023〕24号", {"air-action-2023"}),
        ("国发(2023)24号", {"air-action-2023"}),
        ("青岛市矿产资源规划（示例）", set()),
        ("", set()),
    ],
)
def test_a_basis_names_the_documents_it_cites_and_no_longer_title_is_mistaken(basis: str, named: set[str]) -> None:
    assert set(LawSearch(library(), []).cited_in(basis)) == named


def test_a_clause_rests_on_its_old_basis_before_the_code_and_on_the_code_since(small: Snapshot) -> None:
    search = LawSearch(library(), small.access_list.clauses)
    before = {one.clause.id: one.is_current for one in search.resting_on("water-law-2017", date(2026, 8, 14))}
    after = {one.clause.id: one.is_current for one in search.resting_on("water-law-2017", date(2026, 8, 15))}
    assert before["DEMO-N-03"] is True
    assert after["DEMO-N-03"] is False
    assert "DEMO-N-03" in {one.clause.id for one in search.resting_on("eco-code-2026", date(2026, 8, 15))}


def test_every_term_is_explained_in_both_languages_and_nothing_else() -> None:
    assert GROUPS.keys() == MEANING.keys() == TERMS.keys()
    for group, terms in TERMS.items():
        assert MEANING[group].keys() == terms.keys()
        assert all(text.zh and text.en for text in MEANING[group].values())
