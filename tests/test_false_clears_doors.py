"""The same faults at the doors where they would be seen: API, import, page and kept record, one test named after each row."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_api
from api.service import ScreeningService
from api.settings import Settings
from layers.delivery import read_delivery
from layers.loaded import LoadedLayer
from layers.publication import publish
from layers.quality import quality
from layers.release import read_content, write_release
from layers.snapshot import Snapshot, load_snapshot
from screening.accuracy import Certainty
from screening.coordinates import read_site
from screening.datums import Datum, to_gcj02
from screening.errors import GateError, SupersededIndustryError, ThreeLinesError, UnconfirmedDatumError
from screening.evidence import Answer, Contact
from screening.explain import explain
from screening.findings import Outcome
from screening.overlay import Relation, covered_share
from screening.reach import reach_parts
from screening.readings import Declaration
from tests.conftest import NOW, QUIET_FACTS, ask, build_release, question
from tests.smallcity import SmallCity, box, zone
from tests.test_small_city import OFFICE_SITE, finding
from web.app import create_app

TESTS = Path(__file__).parent
IN_RED_LINE = {"red_line_activity": False, "national_major_project": False}
MANY = 150
A_SITE = {"text": OFFICE_SITE}


def body(site: object = None, **more: object) -> dict[str, object]:
    project = {"industries": ["I6511"], "construction": "new", "facts": QUIET_FACTS}
    return {"site": site or A_SITE, "project": project, **more}


def served(store: Path, tmp_path: Path, name: str, harm: Callable[[Path], object]) -> TestClient:
    """A service over a copy of a store in which one file of the release was harmed."""
    shutil.copytree(store, tmp_path / "releases")
    harm(next((tmp_path / "releases").glob(f"*/{name}")))
    made = ScreeningService(Settings(data=tmp_path), now=lambda: NOW)
    return TestClient(create_api(Settings(data=tmp_path), made))


def assert_not_consent(client: TestClient, layer_id: str, answer: str) -> None:
    """The answer is that nobody knows, with the layer and the reason, in the record and in the text, in both languages."""
    for language in ("zh", "en"):
        sent = client.post(f"/api/v1/screenings?lang={language}", json=body())
        assert sent.status_code == 201
        made = sent.json()
        assert made["verdict"]["conclusion"] == "undetermined"
        (said,) = (one for one in made["verdict"]["consulted"] if one["layer"] == layer_id)
        assert said["answer"] == answer
        told = {one["key"]: one for one in made["explanation"]["without_data"]}
        assert told[f"layer:{layer_id}"]["text"]
        assert f"layer:{layer_id}" not in {one["key"] for one in made["explanation"]["not_concerned"]}
    health = client.get("/health").json()
    assert (health["status"], [one["layer"] for one in health["silent_layers"]]) == ("degraded", [layer_id])


# -- rows 1–6: sources that are down, wrong, short, missing or broken ---------------------------------------------------


def test_01_a_layer_that_is_down_is_named_with_its_failure(small_store: tuple[Path, str], tmp_path: Path) -> None:
    with served(small_store[0], tmp_path, "red_line.parquet", Path.unlink) as client:
        assert_not_consent(client, "red_line", "missing")


@pytest.mark.parametrize(
    "page", ["<html><h1>502 Bad Gateway</h1></html>", '{"status": 422, "detail": "no such table"}']
)
def test_02_an_error_page_in_place_of_a_layer_is_no_empty_layer(
    small_store: tuple[Path, str], tmp_path: Path, page: str
) -> None:
    with served(small_store[0], tmp_path, "water_source.parquet", lambda path: path.write_text(page)) as client:
        assert_not_consent(client, "water_source", "broken")
    folder = SmallCity().deliver(tmp_path / "delivery", "geojson")
    (folder / "red_line.geojson").write_text(page, encoding="utf-8")
    with pytest.raises(ThreeLinesError, match=r"red_line\.geojson"):
        read_content(read_delivery(folder))


@pytest.fixture(scope="module")
def crowded() -> SmallCity:
    """The small city with many schools on one site."""
    city = SmallCity()
    cells = [(18 + 0.03 * (n % 15) + 0.01, 8 + 0.04 * (n // 15) + 0.01) for n in range(MANY)]
    city.layers["sensitive_place"] = [
        {"名称": f"示例学校-{n:03d}", "类型": "学校", "geometry": box(x, y, x + 0.01, y + 0.01)}
        for n, (x, y) in enumerate(cells)
    ]
    return city


@pytest.fixture(scope="module")
def crowded_store(crowded: SmallCity, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    return build_release(crowded, tmp_path_factory.mktemp("crowded"))


def one_page(path: Path, **says: object) -> None:
    """Keep the first 100 features, as a paging service would, with what it says about the rest."""
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **says, "features": content["features"][:100]}), encoding="utf-8")


@pytest.mark.parametrize(
    ("says", "of"),
    [
        ({"numberMatched": MANY, "numberReturned": 100}, "150"),
        ({"totalFeatures": MANY}, "150"),
        ({"links": [{"rel": "self", "href": "?"}, {"rel": "next", "href": "?offset=100"}]}, "more"),
        ({"exceededTransferLimit": True}, "more"),
        ({"properties": {"exceededTransferLimit": True}}, "more"),
    ],
)
def test_03_one_page_of_a_paging_service_is_not_taken_for_the_layer(
    crowded: SmallCity, tmp_path: Path, says: dict[str, object], of: str
) -> None:
    folder = crowded.deliver(tmp_path / "delivery", "geojson")
    one_page(folder / "sensitive_place.geojson", **says)
    with pytest.raises(ThreeLinesError, match=f"100 of {of} rows"):
        read_content(read_delivery(folder))


def test_03_what_goes_in_comes_out_counted(crowded_store: tuple[Path, str], tmp_path: Path) -> None:
    store, name = crowded_store
    assert len(load_snapshot(store / name).layers["sensitive_place"].zones) == MANY

    def cut(path: Path) -> None:
        gpd.read_parquet(path).iloc[:100].to_parquet(path)

    with served(store, tmp_path, "sensitive_place.parquet", cut) as client:
        assert_not_consent(client, "sensitive_place", "broken")


def test_03_a_whole_answer_of_a_service_is_taken(crowded: SmallCity, tmp_path: Path) -> None:
    folder = crowded.deliver(tmp_path / "delivery", "geojson")
    path = folder / "sensitive_place.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    whole = {**content, "numberMatched": MANY, "numberReturned": MANY, "links": [{"rel": "self", "href": "?"}]}
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert len(read_content(read_delivery(folder)).zones["sensitive_place"]) == MANY


def test_06_every_invalid_zone_is_counted_and_shown(tmp_path: Path) -> None:
    city = SmallCity()
    whole = city.layers["protected_area"][0]
    bow_ties = [
        shapely.Polygon([(120.02 + d, 36.13), (120.05, 36.17), (120.05, 36.13), (120.02, 36.17)]) for d in (0, 0.001)
    ]
    city.layers["protected_area"] = [whole, *({**whole, "geometry": one} for one in bow_ties)]
    refused = read_content(read_delivery(city.deliver(tmp_path / "refused")))
    assert sorted(one.place for one in refused.errors if one.layer == "protected_area") == ["row 2", "row 3"]

    corner = [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (1, 2), (1, 1), (0, 1)]
    eight = shapely.Polygon([(120.03 + x / 200, 36.14 + y / 200) for x, y in corner])
    city.layers["protected_area"] = [{**whole, "geometry": eight}]
    store, name = build_release(city, tmp_path / "repaired")
    found = quality(store / name, date(2026, 11, 21))
    (layer,) = (one for one in found.layers if one.layer.id == "protected_area")
    assert (layer.zones, layer.warnings) == (1, 1)
    (told,) = (one for one in found.issues if one.layer == "protected_area")
    assert told.place == "row 1"
    verdict = ask(load_snapshot(store / name), "120.0325,36.1425", red_line_activity=True)
    assert finding(verdict, "clause:DEMO-N-01").outcome is Outcome.UNDETERMINED  # the repaired zone speaks


# -- rows 8–18: relations and measures ---------------------------------------------------------------------------------


def test_08_a_zone_beyond_the_site_and_beyond_the_border_is_looked_for(small: Snapshot) -> None:
    facts = {"handles_hazardous_chemicals": False}
    beside_school = ask(small, "120.08,36.082", "D4417", facts)
    assert not any(one.overlaps for one in beside_school.evidence.of_layer("sensitive_place"))
    assert finding(beside_school, "clause:DEMO-N-11").outcome is Outcome.VIOLATES
    across_the_border = ask(
        small, "120.1,36.001", "D4417", facts
    )  # 111 m from where the data ends, the rule asks 300 m
    open_question = finding(across_the_border, "clause:DEMO-N-11")
    assert (open_question.outcome, open_question.needs_person) == (Outcome.UNDETERMINED, True)


def across_the_edge(city: Snapshot, depth_m: float) -> str:
    """A site of 30 × 300 m that stands upright on the west edge of the red line, so deep inside; negative is a gap."""
    loaded = city.layers["red_line"]
    (position,) = (n for n, one in enumerate(loaded.zones) if one.name == "北山红线")
    corners = shapely.get_coordinates(loaded.shapes[position])
    start = min(range(len(corners) - 1), key=lambda n: corners[n, 0] + corners[n + 1, 0])
    edge = corners[start + 1] - corners[start]
    along = edge / np.hypot(*edge)
    inward = np.array([-along[1], along[0]])
    inward *= np.sign(inward @ (corners.mean(axis=0) - corners[start]))
    foot = corners[start] + edge / 4
    ring = [foot + depth_m * inward, foot + 30 * along + depth_m * inward, foot + 30 * along - 300 * inward]
    site = shapely.Polygon([*ring, foot - 300 * inward])
    return str(shapely.to_wkt(city.jurisdiction.plane.to_degrees(site), rounding_precision=13))


@pytest.mark.parametrize("depth_m", [-0.01, -0.0001, -0.00005, 0.0, 0.00005, 0.0001, 0.002, 0.01])
def test_09_a_hit_of_a_tenth_of_a_millimetre_stays_in_the_answer(small: Snapshot, depth_m: float) -> None:
    verdict = ask(small, across_the_edge(small, depth_m), facts=IN_RED_LINE)
    (line,) = (one for one in verdict.evidence.of_layer("red_line") if one.measure.distance_m < 1)
    inside = line.measure.relation is Relation.OVERLAPS
    assert inside == (depth_m > 0.001)  # below a millimetre two outlines share a border
    judged = {one.key: one for one in verdict.findings}.get("clause:DEMO-N-02")
    assert (judged is not None) == inside
    if judged is not None:
        assert (judged.outcome, judged.certainty) == (Outcome.UNDETERMINED, Certainty.BORDERLINE)
    told = explain(verdict, {}, "zh")
    entries = told.places if inside else told.not_concerned
    (said,) = (one for one in entries if one.key.endswith(":red_line"))
    assert any("北山红线" in row.value for row in said.rows)


def test_11_nothing_found_is_left_out_of_the_answer(crowded_store: tuple[Path, str], tmp_path: Path) -> None:
    with served(crowded_store[0], tmp_path, "manifest.json", Path.touch) as client:
        made = client.post("/api/v1/screenings?lang=en", json=body()).json()
    found = {one["key"] for one in made["verdict"]["contacts"] if one["layer"] == "sensitive_place"}
    assert len(found) == MANY
    (place,) = (one for one in made["explanation"]["places"] if one["key"] == "place:sensitive_place")
    assert len(place["rows"]) == MANY


def test_12_each_level_answers_for_itself(small: Snapshot) -> None:
    verdict = ask(small, OFFICE_SITE)
    kept = tuple(one for one in verdict.evidence.access_list.clauses if one.level.name != "PROVINCE")
    without = replace(small, access_list=replace(small.access_list, clauses=kept))
    asked = ask(without, OFFICE_SITE)
    assert verdict.conclusion is Outcome.COMPLIES
    assert asked.conclusion is Outcome.UNDETERMINED
    gap = finding(asked, "list:levels")
    assert ("省" in gap.reason.zh, "国家" in gap.reason.zh) == (True, False)


def test_15_two_overlapping_zones_take_no_more_than_the_site(tmp_path: Path) -> None:
    city = SmallCity()
    city.layers["resource"] += [
        zone("YS3702112520002", "超采区二", "地下水开采", box(0, 0, 2.5, 3)),
        zone("YS3702112520003", "超采区三", "地下水开采", box(1, 0, 3, 3)),
    ]
    store, name = build_release(city, tmp_path)
    site = "POLYGON((120.021 36.01,120.023 36.01,120.023 36.012,120.021 36.012,120.021 36.01))"
    verdict = ask(load_snapshot(store / name), site, "C1439", groundwater_m3_per_year=10)
    area = verdict.evidence.site_area_m2
    (ban,) = (one for one in verdict.findings if one.key == "clause:DEMO-N-15")
    assert [one.measure.area_m2 for one in ban.contacts] == [area] * 3  # each of them holds the whole site
    assert ban.clause is not None
    (_, reached) = reach_parts(ban.clause, verdict.evidence)
    assert reached.place is not None
    assert area is not None
    assert reached.place.area == pytest.approx(area)
    assert covered_share(verdict.evidence.site_shape, [reached.place]) == 1.0


@pytest.mark.parametrize("wide_m", [0.99999, 1.0, 1.00001])
def test_17_a_square_metre_in_a_zone_is_kept(small: Snapshot, wide_m: float) -> None:
    verdict = ask(small, across_the_edge(small, wide_m / 30), facts=IN_RED_LINE)
    (line,) = (one for one in verdict.evidence.of_layer("red_line") if one.overlaps)
    assert line.measure.area_m2 == pytest.approx(wide_m, abs=2e-3)
    assert finding(verdict, "clause:DEMO-N-02").outcome is Outcome.UNDETERMINED


def test_18_a_zone_of_less_than_a_square_metre_is_found(tmp_path: Path) -> None:
    city = SmallCity()
    well = box(18.2, 8.2, 18.2 + 0.00105, 8.2 + 0.00086)
    city.layers["red_line"].append(zone("YS3702111110003", "古井", "生态功能重要区", well))
    store, name = build_release(city, tmp_path)
    verdict = ask(load_snapshot(store / name), OFFICE_SITE, facts=IN_RED_LINE)
    (found,) = (one for one in verdict.evidence.of_layer("red_line") if one.overlaps)
    assert found.measure.area_m2 == pytest.approx(0.9, abs=0.02)
    assert found.measure.share_of_zone == pytest.approx(1.0)
    assert finding(verdict, "clause:DEMO-N-02").outcome is Outcome.UNDETERMINED
    assert verdict.conclusion is Outcome.UNDETERMINED


# -- rows 19–26: releases, maps, datums, codes, texts -------------------------------------------------------------------


def test_19_one_row_does_not_replace_a_layer(
    crowded: SmallCity, crowded_store: tuple[Path, str], tmp_path: Path
) -> None:
    store = shutil.copytree(crowded_store[0], tmp_path / "releases")
    city = SmallCity(layers={**crowded.layers}, effective_from=date(2026, 10, 1))
    city.layers["sensitive_place"] = crowded.layers["sensitive_place"][:1]
    name = write_release(read_content(read_delivery(city.deliver(tmp_path / "delivery"))), store)
    with pytest.raises(GateError) as caught:
        publish(store, name, at=NOW.isoformat(), by="tests")
    assert any("sensitive_place" in one and str(MANY) in one for one in caught.value.candidates)
    made = ScreeningService(Settings(data=tmp_path), now=lambda: NOW)
    assert made.release_in_force() == crowded_store[1]
    made.close()


def test_20_an_answer_on_another_release_than_the_map_says_so(small_store: tuple[Path, str], tmp_path: Path) -> None:
    store = shutil.copytree(small_store[0], tmp_path / "releases")
    city = SmallCity(effective_from=date(2026, 7, 2))
    content = read_content(read_delivery(city.deliver(tmp_path / "delivery")))
    newer = write_release(content, store)
    publish(store, newer, at=NOW.isoformat(), by="tests")
    with TestClient(create_app(Settings(data=tmp_path))) as client:
        made = client.post("/api/v1/screenings?lang=zh", json=body(as_of="2026-07-01")).json()
        page = client.get("/?lang=zh").text
        assert made["verdict"]["release"]["id"] == small_store[1] != newer
        assert f'data-release="{newer}"' in page
        assert set(re.findall(r"/tiles/([^/]+)/", page)) == {newer}
        assert (
            "{answered}"
            in json.loads(re.findall(r'id="words"[^>]*>(.*?)</script>', page, re.S)[0])["map_other_release"]
        )
        assert client.get(f"/tiles/{small_store[1]}/unit_land/9/426/200.mvt").status_code == 200


def test_22_a_gap_that_slipped_in_is_without_data_not_outside(small: Snapshot) -> None:
    loaded = small.layers["water"]
    kept = [n for n, one in enumerate(loaded.zones) if one.subtype != "一般管控区"]
    shapes = loaded.shapes[kept]
    holed = LoadedLayer(
        layer=loaded.layer,
        zones=tuple(loaded.zones[n] for n in kept),
        shapes=shapes,
        tree=shapely.STRtree(shapes),
        source=lambda: loaded.degrees[kept],
    )
    verdict = ask(replace(small, layers={**small.layers, "water": holed}), OFFICE_SITE)
    said = verdict.evidence.answer_of("water")
    assert said is not None
    assert (said.answer, said.covered_share) == (Answer.NOT_COVERING, 0.0)
    assert verdict.conclusion is Outcome.UNDETERMINED
    for language in ("zh", "en"):
        told = explain(verdict, {}, language)
        assert "layer:water" in {one.key for one in told.without_data}
        assert "layer:water" not in {one.key for one in told.not_concerned}


def test_24_a_providers_coordinates_are_never_taken_for_our_own(small: Snapshot, service: ScreeningService) -> None:
    plain = OFFICE_SITE.removeprefix("POLYGON((").removesuffix("))")
    corners = np.array([[float(one) for one in pair.split()] for pair in plain.split(",")])
    shifted = "；".join(f"{lon:.7f},{lat:.7f}" for lon, lat in to_gcj02(corners))
    put = replace(question(), text=f"高德坐标：{shifted}")
    with pytest.raises(UnconfirmedDatumError):
        service.screen(put)
    record = service.screen(replace(put, declared=Declaration(datum=Datum.GCJ02))).record
    assert record["site"]["area_m2"] == pytest.approx(ask(small, OFFICE_SITE).evidence.site_area_m2, rel=1e-3)
    assert "GCJ-02" in record["site"]["read_as"]["zh"]
    assert record["site"]["accuracy_m"] > 2


def test_24_near_a_line_a_moved_datum_makes_the_relation_borderline(small: Snapshot) -> None:
    depth_m, city = 11.0, small.jurisdiction  # the red line is known to ±10 m, a site moved from GCJ-02 to 2 m more
    there = across_the_edge(small, depth_m)
    moved = shapely.transform(shapely.from_wkt(there), to_gcj02)
    site = read_site(
        shapely.to_wkt(moved, rounding_precision=9),
        plane=city.plane,
        extent=city.extent,
        declared=Declaration(datum=Datum.GCJ02),
    )

    def line_of(contacts: tuple[Contact, ...]) -> Certainty:
        return next(one.band.certainty for one in contacts if one.overlaps)

    evidence = small.gather(site, NOW.date())
    assert line_of(ask(small, there).evidence.of_layer("red_line")) is Certainty.CERTAIN
    assert line_of(evidence.of_layer("red_line")) is Certainty.BORDERLINE


def test_25_a_code_of_the_edition_of_2011_is_named_as_superseded(service: ScreeningService) -> None:
    with pytest.raises(SupersededIndustryError) as caught:
        service.screen(replace(question(), industries=("A0170",)))
    assert [one.split()[0] for one in caught.value.candidates] == ["A0171", "A0179"]
    (notice,) = service.industry_notices("A0511")  # both editions have it, and mean different things
    assert "2011" in notice.zh
    assert "A0512" in notice.zh


QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (OFFICE_SITE, {}),
    (OFFICE_SITE, {"policy_class": None, "water_m3_per_year": None}),
    ("120.035,36.145", IN_RED_LINE),
    ("120.115,36.105", {"emits_air_pollutants": True, "replacement_confirmed": True}),
    ("POLYGON((120.05 35.995,120.055 35.995,120.055 36.005,120.05 36.005,120.05 35.995))", {}),
    ("120.28,36.08", {}),
)


@pytest.fixture
def pages(small_store: tuple[Path, str], tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "releases").symlink_to(small_store[0])
    with TestClient(create_app(Settings(data=tmp_path))) as made:
        yield made


@pytest.mark.parametrize(("site", "facts"), QUESTIONS, ids=[f"question {n}" for n, _ in enumerate(QUESTIONS)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_26_text_page_and_record_are_one_answer(
    pages: TestClient, site: str, facts: dict[str, object], language: str
) -> None:
    project = {"industries": ["I6511"], "construction": "new", "facts": {**QUIET_FACTS, **facts}}
    sent = {"site": {"text": site}, "project": project, "as_of": "2026-11-21"}
    made = pages.post(f"/api/v1/screenings?lang={language}", json=sent).json()
    record, told = made["verdict"], made["explanation"]
    page = pages.get(f"/screenings/{made['id']}?lang={language}").text
    assert told["conclusion"] == record["conclusion"]
    assert f'data-conclusion="{record["conclusion"]}"' in page
    by_key = {one["key"]: one["outcome"] for one in record["findings"]}
    weighing = {key: outcome for key, outcome in by_key.items() if outcome != "not_concerned"}
    printed = {one["key"]: one["outcome"] for part in ("concerned", "without_data") for one in told[part]}
    assert weighing.items() <= printed.items()
    assert {key for key in printed if key in by_key} == weighing.keys()
    unconcerned = {one["key"] for one in told["not_concerned"]}
    assert by_key.keys() - weighing.keys() <= unconcerned
    assert unconcerned.isdisjoint(weighing)
    for one in record["findings"]:
        assert one["reason"][language].split("\n")[0] in page or one["key"] in unconcerned
    assert record["release"]["id"] in page


# -- the table ---------------------------------------------------------------------------------------------------------

ROWS = range(1, 27)


def numbered() -> dict[int, list[str]]:
    """Names of the tests of this file and its neighbour by the row they are named after."""
    found: dict[int, list[str]] = {}
    for name in ("test_false_clears.py", "test_false_clears_doors.py"):
        for node in ast.parse((TESTS / name).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (number := re.match(r"test_(\d\d)_", node.name)):
                found.setdefault(int(number[1]), []).append(node.name)
    return found


def test_every_row_has_a_test_named_after_it_and_is_told_in_the_docs() -> None:
    tests = numbered()
    assert sorted(tests) == list(ROWS)
    page = (TESTS.parent / "docs" / "false-clears.md").read_text(encoding="utf-8")
    listed = {int(row): names for row, names in re.findall(r"^\| (\d+) \|.*\| (.*) \|$", page, re.MULTILINE)}
    assert sorted(listed) == list(ROWS)
    for row, names in tests.items():
        assert set(re.findall(r"`(\w+)`", listed[row])) == set(names), row
