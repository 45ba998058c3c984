"""The first look at a file, and a profile for a source that calls things its own way."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path

import geopandas as gpd

from layers.delivery import read_delivery
from layers.inspection import inspect
from layers.release import read_content, write_release
from screening.words import Text
from tests.smallcity import SmallCity, default_layers
from tests.test_cli import run


def test_every_table_of_a_file_is_shown_with_what_was_found(tmp_path: Path) -> None:
    folder = SmallCity().deliver(tmp_path / "d")
    found = {one.table: one for one in inspect(folder / "city.gpkg")}
    assert found.keys() == default_layers().keys() - {"unit_land", "unit_sea"}
    water = found["water"]
    assert water.crs.en == "China Geodetic Coordinate System 2000 (stated by the file)"
    assert water.columns["code"] == "HJYSGKFQBM"
    assert water.classes == {"优先保护": 1, "重点管控": 2, "一般管控": 3}
    assert found["water_source"].unmatched == {}


def test_a_zip_says_its_encoding_and_how_it_was_found(tmp_path: Path) -> None:
    folder = SmallCity().deliver(tmp_path / "d")
    (units,) = inspect(folder / "unit_land.zip")
    assert units.rows == 4
    assert units.encoding == Text("GB18030（文字不是合法的 UTF-8）", "GB18030 (its text is no valid UTF-8)")


def test_several_layers_in_one_zip_are_all_shown(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(default_layers()["water"], crs=4490)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("a", "b"):
            frame.to_file(tmp_path / f"{name}.geojson")
            archive.write(tmp_path / f"{name}.geojson", f"层/{name}.geojson")
    assert [one.table for one in inspect(tmp_path / "all.zip")] == ["a", "b"]


def test_what_cannot_be_read_says_why_beside_what_can(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(default_layers()["water"], crs=4490)
    frame.to_file(tmp_path / "a.gpkg", layer="good")
    frame.set_crs(4214, allow_override=True).to_file(tmp_path / "a.gpkg", layer="old")
    found = {one.table: one.problem for one in inspect(tmp_path / "a.gpkg")}
    assert found["good"] is None
    assert found["old"] is not None
    assert "Beijing 1954" in found["old"].en


OWN_NAMES = {"HJGKDYBM": "DYBM", "HJGKDYMC": "DYMC", "GKDYFL": "FL", "COUNTY": "QX"}
OWN_CLASSES = {"优先保护单元": "甲类", "重点管控单元": "乙类", "一般管控单元": "丙类"}


def test_a_profile_makes_a_strange_source_the_same_release(tmp_path: Path, small_store: tuple[Path, str]) -> None:
    folder = SmallCity().deliver(tmp_path / "d", "gpkg")
    for layer_id in ("unit_land", "unit_sea"):
        frame = gpd.read_file(folder / "city.gpkg", layer=layer_id).rename(columns=OWN_NAMES)
        frame["FL"] = frame["FL"].map(OWN_CLASSES)
        frame.to_file(folder / "city.gpkg", layer=layer_id)
    (unit_land,) = (one for one in inspect(folder / "city.gpkg") if one.table == "unit_land")
    assert unit_land.columns == {}
    assert "# code" in unit_land.profile
    (folder / "units.toml").write_text(
        '[columns]\ncode = "DYBM"\nname = "DYMC"\ncls = "FL"\ndistrict = "QX"\n'
        '[classes]\n"甲类" = 1\n"乙类" = 2\n"丙类" = 3\n',
        encoding="utf-8",
    )
    described = (folder / "delivery.toml").read_text(encoding="utf-8")
    for layer_id in ("unit_land", "unit_sea"):
        described = described.replace(f'id = "{layer_id}"', f'id = "{layer_id}"\nprofile = "units.toml"')
    (folder / "delivery.toml").write_text(described, encoding="utf-8")
    assert write_release(read_content(read_delivery(folder)), tmp_path / "store") == small_store[1]


def test_the_command_prints_a_profile_that_parses(tmp_path: Path) -> None:
    folder = SmallCity().deliver(tmp_path / "d")
    done = run(tmp_path, "layers", "inspect", str(folder / "unit_sea.zip"))
    assert done.returncode == 0, done.stderr
    profile = tomllib.loads(done.stdout[done.stdout.index("[columns]") :])
    assert profile["columns"]["code"] == "HJGKDYBM"
