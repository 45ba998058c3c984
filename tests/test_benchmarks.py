"""The tables and plots of the benchmarks, made from results: nothing here is timed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from benchmarks import coverage, growth, peers, results
from benchmarks.__main__ import TABLES, again
from benchmarks.chart import decades, drawn
from tests.kernels import kernel

MACHINE = {
    "at": "2026-11-21T08:00:00+00:00",
    "processor": "one",
    "cores": 2,
    "memory_gb": 8,
    "system": "Debian",
    "python": "3.11.7",
    "load": 0.1,
}


def one(rate: float, a_turn: int = 20) -> dict[str, Any]:
    return {"a_turn": a_turn, "rates": [rate], "rate": rate}


def found(**changed: Any) -> dict[str, Any]:
    return {
        "scale": "city",
        "machine": MACHINE,
        "load_after": 0.2,
        "versions": {"shapely": "2.2.0", "PostGIS": "PostgreSQL 15.1 with PostGIS 3.3.2"},
        "layers": 2,
        "zones": 1_200,
        "vertices": 34_000,
        "rounds": 3,
        "peak_mb": 900,
        "absent": {"postgis": "not asked", "duckdb": "not installed: duckdb", "sedonadb": "not asked"},
        "loading_s": {},
        "works": {
            "areas": {"ours": one(50_000, 9_000), "geopandas": one(100), "shapely": one(2_000), "subdivided": one(500)},
            "nearest": {"ours": one(60_000), "geopandas": one(150), "subdivided": one(12_000)},
        },
        **changed,
    }


def row(table: str, name: str) -> list[str]:
    line = next(line for line in table.splitlines() if name in line)
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_tells_rates_and_how_many_times_as_long_and_what_was_not_measured() -> None:
    table = peers.table(found())
    assert row(table, "三线") == ["**三线 index**", "50,000/s · 1.0×", "–", "60,000/s · 1.0×", "–"]
    assert row(table, "geopandas")[1:] == ["100/s · 500.0×", "–", "150/s · 400.0×", "–"]


def test_an_engine_that_did_not_run_keeps_its_row_and_says_why() -> None:
    assert row(peers.table(found()), "DuckDB")[1:] == ["–"] * 4
    assert "DuckDB spatial, subdivided: not installed: duckdb." in peers.described(found())
    assert "PostGIS: not asked." in peers.described(found()).splitlines()


def test_goals_are_told_with_what_was_reached_of_each() -> None:
    cells = row(peers.goals(found()), peers.WORKS["areas"])
    assert cells[1:] == ["500× · 60× · 55× · 55×", "500.0× · 100.0× · not measured · not measured"]
    assert peers.goals(found(scale="small")) == ""


def test_every_bar_is_as_long_as_the_logarithm_of_its_rate() -> None:
    root = ET.fromstring(drawn(found(), peers.WORKS))
    first = root.findall("{*}g")[0]
    wide = [float(bar.attrib["width"]) for bar in first.iter("{http://www.w3.org/2000/svg}rect")]
    low, _ = decades([50_000, 100, 2_000, 500])
    logs = np.log10([50_000, 100, 2_000, 500]) - low
    assert np.allclose(np.array(wide) / wide[0], logs / logs[0], atol=0.01)


def test_the_drawing_names_who_is_not_installed_and_leaves_out_who_was_not_asked() -> None:
    drawing = drawn(found(), peers.WORKS)
    assert drawing.count("not installed") == 2  # one in each panel
    assert "SedonaDB" not in drawing
    assert "prefers-color-scheme:dark" in drawing


@pytest.mark.parametrize("name", TABLES)
def test_every_result_has_its_place_in_the_documentation(name: str) -> None:
    page = results.PAGE.read_text(encoding="utf-8")
    once = results.replaced(page, name, "| a table |")
    assert once.count("| a table |") == 1
    assert results.replaced(once, name, "| a table |") == once


@pytest.mark.parametrize("name", TABLES)
def test_the_documentation_shows_the_results_that_are_kept(name: str, tmp_path: Path) -> None:
    kept = results.read(results.FOLDER, name)
    if kept is not None:
        table = TABLES[name](kept, tmp_path)
        assert f"{results.start_of(name)}\n\n{table.strip()}\n\n" in results.PAGE.read_text(encoding="utf-8")


def test_a_page_without_a_place_is_not_touched() -> None:
    with pytest.raises(ValueError, match="no place for peers-city"):
        results.replaced("no place", "peers-city", "| a table |")


def test_a_result_kept_elsewhere_is_printed_and_reaches_no_documentation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = results.PAGE.read_bytes()
    results.keep(tmp_path, "peers-city", found())
    again(tmp_path, "peers-city")
    assert "50,000/s" in capsys.readouterr().out
    assert results.PAGE.read_bytes() == before
    assert (tmp_path / "peers-city.svg").exists()


def test_answers_that_differ_are_told() -> None:
    sites = np.array([shapely.box(0, 0, 100, 100)])
    said = {(0, 7): 5_000.0}
    assert peers.difference("areas", sites, said, {(0, 7): 5_000.001}) == ""
    assert "None m² of (0, 7)" in peers.difference("areas", sites, said, {})
    assert "4000.0 m² of (0, 7)" in peers.difference("areas", sites, said, {(0, 7): 4_000.0})
    assert peers.difference("points", sites, 12, 11) == "11 pairs of point and zone, not 12"
    far = np.array([3.0, np.inf])
    assert peers.difference("nearest", sites, far, far) == ""
    assert peers.difference("nearest", sites, far, np.array([3.0, 4.0])) == "other distances"


def test_the_city_that_grows_tiles_its_land_and_keeps_its_density() -> None:
    small, large = (growth.generated(times)["unit_land"] for times in (1, 4))
    for times, rows in ((1, small), (4, large)):
        shapes = np.array([one["geometry"] for one in rows])
        land = growth.land_of(times)
        assert shapely.coverage_is_valid(shapes)
        assert shapely.area(shapely.symmetric_difference(shapely.coverage_union_all(shapes), land)) < 1e-9 * land.area
    assert 2.5 < len(large) / len(small) < 5.5


def test_engines_agree_over_generated_zones_and_who_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "BATCHES", {"areas": 60, "points": 200, "nearest": 60, "one": 20})
    monkeypatch.setattr(peers, "has_postgis", lambda: False)
    plans = (coverage.LayerPlan("unit", 12, 4, 1.0, 60.0), coverage.LayerPlan("red_line", 40, 4, 0.3, 60.0))
    tiny = coverage.Scale("tiny", (480_000.0, 3_950_000.0), 20_000.0, 5_000.0, plans, 6)
    wanted = ["ours", "geopandas", "shapely", "subdivided"]
    said = peers.compared(tiny, kernel(), wanted, list(peers.WORKS), rounds=2, seconds=0.01, folder=None)
    assert [*said["works"]["areas"]] == ["ours", "geopandas", "shapely"]
    assert all(len(one["rates"]) == 2 for work in said["works"].values() for one in work.values())
    assert said["absent"]["subdivided"].startswith("not installed")
    assert said["absent"]["postgis"] == "not asked"
