"""Faults seen in good systems, each a test named after it: data breaks, and the answer must not read as a clear."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from layers.delivery import read_delivery
from layers.release import read_content, write_release
from layers.release_parts import MANIFEST
from layers.snapshot import Snapshot, load_snapshot
from layers.vector import read_table
from screening.errors import DeliveryError, ThreeLinesError, UnknownIndustryError
from screening.evidence import Answer
from screening.findings import Outcome
from screening.overlay import Relation, covered_share, measure
from screening.record import as_record, digest
from screening.verdict import screen
from tests.conftest import ask, build_release
from tests.smallcity import SW, SmallCity, box
from tests.test_small_city import IN_PARK, OFFICE_SITE, finding

Breakage = Callable[[Path], None]


def remove(path: Path) -> None:
    path.unlink()


def scribble(path: Path) -> None:
    path.write_text("<html>502 Bad Gateway</html>", encoding="utf-8")


def empty(path: Path) -> None:
    path.write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")


def drop_rows(path: Path) -> None:
    frame = gpd.read_parquet(path)
    frame.iloc[:-1].to_parquet(path)


@pytest.fixture
def own_store(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    store, name = small_store
    return shutil.copytree(store / name, tmp_path / name)


LAYERS = ("red_line", "water", "air", "soil", "resource", "shoreline", "water_source", "protected_area", "eco_space")


@pytest.mark.parametrize("layer_id", [*LAYERS, "park", "sensitive_place", "unit_land", "unit_sea", "district"])
@pytest.mark.parametrize("breakage", [remove, scribble, empty, drop_rows])
def test_04_a_layer_that_is_gone_broken_or_short_is_never_consent(
    own_store: Path, layer_id: str, breakage: Breakage
) -> None:
    breakage(own_store / f"{layer_id}.parquet")
    verdict = ask(load_snapshot(own_store), OFFICE_SITE)
    assert verdict.conclusion is Outcome.UNDETERMINED
    silent = verdict.evidence.answer_of(layer_id)
    assert silent is not None
    assert silent.answer is (Answer.MISSING if breakage is remove else Answer.BROKEN)
    named = finding(verdict, f"layer:{layer_id}")
    assert named.reason.zh
    assert named.reason.en


@pytest.mark.parametrize(
    "part", ["access_list.json", "ceilings.json", "objectives.json", "jurisdiction.json", MANIFEST]
)
@pytest.mark.parametrize("breakage", [remove, scribble, empty])
def test_04_a_release_without_its_list_or_lines_does_not_load(own_store: Path, part: str, breakage: Breakage) -> None:
    breakage(own_store / part)
    with pytest.raises(ThreeLinesError) as caught:
        load_snapshot(own_store)
    assert caught.value.code == "broken-release"


def test_07_a_layer_struck_from_the_manifest_breaks_the_release(own_store: Path) -> None:
    manifest = json.loads((own_store / MANIFEST).read_text(encoding="utf-8"))
    del manifest["layers"]["red_line"], manifest["parts"]["red_line.parquet"]
    (own_store / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ThreeLinesError) as caught:
        load_snapshot(own_store)
    assert caught.value.code == "broken-release"


def test_05_an_invalid_zone_is_an_issue_at_import_never_an_empty_answer(tmp_path: Path) -> None:
    city = SmallCity()
    bow_tie = shapely.Polygon([(120.02, 36.13), (120.05, 36.17), (120.05, 36.13), (120.02, 36.17)])
    city.layers["red_line"][0]["geometry"] = bow_tie
    content = read_content(read_delivery(city.deliver(tmp_path / "d")))
    assert [(issue.layer, issue.place) for issue in content.errors] == [("red_line", "row 1")]
    assert content.errors[0].longitude is not None
    with pytest.raises(DeliveryError):
        write_release(content, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_07_a_layer_nobody_delivered_is_unanswered_not_available(tmp_path: Path) -> None:
    city = SmallCity()
    del city.layers["red_line"]
    content = read_content(read_delivery(city.deliver(tmp_path / "d")))
    assert ("red_line", "layer") in {(issue.layer, issue.place) for issue in content.errors}


def test_08_distance_rules_know_where_the_data_ends(small: Snapshot) -> None:
    at_the_border = ask(small, "120.05,36.001", "D4417", handles_hazardous_chemicals=False)
    assert finding(at_the_border, "clause:DEMO-N-11").outcome is Outcome.UNDETERMINED


def test_17_no_overlap_is_lost_to_a_threshold() -> None:
    site = shapely.box(0, 0, 1000, 1000)
    exactly_one = measure(site, shapely.box(999, 999, 1005, 1005))
    assert (exactly_one.relation, exactly_one.area_m2) == (Relation.OVERLAPS, 1.0)
    well = measure(site, shapely.box(500, 500, 500.95, 500.95))
    assert (well.relation, well.share_of_zone) == (Relation.OVERLAPS, 1.0)


def test_10_no_unit_is_no_pass(small: Snapshot) -> None:
    assert ask(small, "120.35,36.05").conclusion is Outcome.UNDETERMINED


def test_12_a_level_without_clauses_is_no_pass(small: Snapshot) -> None:
    evidence = small.gather(ask(small, OFFICE_SITE).site, date(2020, 1, 1))
    assert evidence.access_list.clauses
    before_the_list = ask(small, OFFICE_SITE)
    verdict = screen(before_the_list.project, before_the_list.site, evidence, date(2020, 1, 1))
    assert finding(verdict, "list:levels").outcome is Outcome.UNDETERMINED
    assert finding(verdict, "list:ZH37021130001").outcome is Outcome.UNDETERMINED
    assert verdict.conclusion is Outcome.UNDETERMINED


def test_13_a_neighbour_across_a_shared_edge_is_adjacent_not_overlapping(small: Snapshot) -> None:
    west_of_the_park = "POLYGON((120.01 36.03,120.02 36.03,120.02 36.04,120.01 36.04,120.01 36.03))"
    verdict = ask(small, west_of_the_park)
    (park,) = verdict.evidence.of_layer("park")
    assert (park.measure.relation, park.measure.area_m2) == (Relation.TOUCHES, 0.0)


def test_14_areas_are_of_the_true_geometry(small: Snapshot) -> None:
    verdict = ask(small, IN_PARK)
    (park,) = (c for c in verdict.evidence.of_layer("park") if c.overlaps)
    assert park.measure.area_m2 == verdict.evidence.site_area_m2
    assert park.measure.share_of_site == 1.0


def test_15_two_overlapping_zones_count_once() -> None:
    site = shapely.box(0, 0, 100, 100)
    assert covered_share(site, [shapely.box(0, 0, 60, 100), shapely.box(0, 0, 60, 100)]) == pytest.approx(0.6)


@pytest.mark.parametrize("side_degrees", [1e-6, 1e-4, 3e-4])
def test_16_a_small_site_is_screened(small: Snapshot, side_degrees: float) -> None:
    west, south = 120.025, 36.135
    corners = [(west, south), (west + side_degrees, south), (west + side_degrees, south + side_degrees)]
    verdict = ask(small, shapely.Polygon(corners).wkt, red_line_activity=False, national_major_project=False)
    assert verdict.conclusion is Outcome.VIOLATES


def test_20_a_verdict_names_its_release(small: Snapshot, small_store: tuple[Path, str]) -> None:
    record = as_record(ask(small, OFFICE_SITE))
    assert record["release"]["id"] == small_store[1]


def test_21_concurrent_requests_get_the_answers_they_would_get_alone(small: Snapshot) -> None:
    sites = [OFFICE_SITE, IN_PARK, "120.145,36.045", "120.28,36.08"]
    alone = [digest(as_record(ask(small, site))) for site in sites]
    together: dict[int, str] = {}

    def run(number: int) -> None:
        together[number] = digest(as_record(ask(small, sites[number % len(sites)])))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[number] for number in range(24)] == alone * 6


def test_22_a_gap_in_a_layer_that_must_tile_is_refused_and_if_it_slips_in_is_not_covered(tmp_path: Path) -> None:
    city = SmallCity()
    city.layers["water"] = [row for row in city.layers["water"] if row["YSXL"] != "一般管控区"]
    content = read_content(read_delivery(city.deliver(tmp_path / "d")))
    gaps = [issue for issue in content.errors if (issue.layer, issue.place) == ("water", "gap")]
    assert len(gaps) == 1
    assert gaps[0].longitude == pytest.approx(120.15, abs=0.06)


def test_23_a_fact_left_out_is_not_zero(small: Snapshot) -> None:
    assert ask(small, OFFICE_SITE, water_m3_per_year=0).conclusion is Outcome.COMPLIES
    assert ask(small, OFFICE_SITE, water_m3_per_year=None).conclusion is Outcome.UNDETERMINED


def test_25_a_code_that_the_standard_does_not_have_is_refused_with_candidates(small: Snapshot) -> None:
    with pytest.raises(UnknownIndustryError) as caught:
        ask(small, OFFICE_SITE, "C3365")
    assert any(candidate.startswith("C336") for candidate in caught.value.candidates)


def test_a_stale_layer_is_no_consent(tmp_path: Path) -> None:
    store, name = build_release(SmallCity(surveyed=date(2019, 1, 1)), tmp_path)
    verdict = ask(load_snapshot(store / name), OFFICE_SITE)
    assert verdict.conclusion is Outcome.UNDETERMINED
    assert all(not one.answered for one in verdict.evidence.consulted if one.layer.required)


def test_a_zone_the_list_passes_over_is_no_consent(tmp_path: Path) -> None:
    city = SmallCity()
    city.layers["resource"].append(
        {
            "HJYSGKFQBM": "YS3702112560001",
            "HJYSGKFQMC": "新类型",
            "YSXL": "清单未提及的细类",
            "GKDYFL": "重点管控",
            "geometry": box(17, 7, 19, 9),
        }
    )
    store, name = build_release(city, tmp_path)
    verdict = ask(load_snapshot(store / name), OFFICE_SITE)
    assert finding(verdict, "list:resource:YS3702112560001").outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize("sheet", ["ceilings", "objectives"])
def test_a_place_without_a_required_line_is_no_consent(tmp_path: Path, sheet: str) -> None:
    city = SmallCity()
    setattr(city, sheet, [row for row in getattr(city, sheet) if row[0] != "370211" or row[2] not in ("能源", "水")])
    store, name = build_release(city, tmp_path)
    verdict = ask(load_snapshot(store / name), OFFICE_SITE)
    fact = "energy_tce_per_year" if sheet == "ceilings" else "water_objective_met"
    assert finding(verdict, f"line:370211:{fact}").outcome is Outcome.UNDETERMINED
    assert verdict.conclusion is Outcome.UNDETERMINED


def test_a_unit_without_a_list_is_refused_at_import(tmp_path: Path) -> None:
    folder = SmallCity().deliver(tmp_path / "d")
    only_sea = SmallCity()
    only_sea.layers["unit_land"] = [row for row in only_sea.layers["unit_land"] if row["HJGKDYBM"] != SW]
    shutil.copy(only_sea.deliver(tmp_path / "other") / "list.xlsx", folder / "list.xlsx")
    content = read_content(read_delivery(folder))
    assert ("access_list", SW) in {(issue.layer, issue.place) for issue in content.errors}


def test_a_virtual_layer_in_disguise_does_not_read_other_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("name,WKT\nhidden,POINT(1 1)\n", encoding="utf-8")
    disguised = tmp_path / "site.geojson"
    disguised.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
        encoding="utf-8",
    )
    with pytest.raises(DeliveryError):
        read_table(disguised, "secret")
    assert "OGR_VRT" in os.environ["GDAL_SKIP"]


def test_the_same_question_gives_the_same_bytes(small: Snapshot, small_store: tuple[Path, str]) -> None:
    store, name = small_store
    again = load_snapshot(store / name)
    one, other = as_record(ask(small, OFFICE_SITE)), as_record(ask(again, OFFICE_SITE))
    assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
