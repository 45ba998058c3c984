"""Zips and tables as strangers make them."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from layers.archive import unpack
from layers.fields import match_columns
from layers.vector import Declared, in_degrees, read_table
from screening.errors import DeliveryError, UnsafeArchiveError
from tests.smallcity import box

NAME = "黄岛区泊里镇重点管控单元"


def shapefile(folder: Path, *, encoding: str, with_cpg: bool) -> Path:
    frame = gpd.GeoDataFrame([{"HJGKDYBM": "ZH37021120001", "名称": NAME, "geometry": box(0, 0, 1, 1)}], crs=4490)
    folder.mkdir()
    frame.to_file(folder / "单元.shp", encoding=encoding)
    if not with_cpg:
        (folder / "单元.cpg").unlink()
    return folder


def packed(folder: Path, prefix: str = "") -> Path:
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as made:
        for part in folder.iterdir():
            made.write(part, prefix + part.name)
    return archive


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("with_cpg", [True, False])
@pytest.mark.parametrize("prefix", ["", "成果/陆域/"])
def test_a_zipped_shapefile_is_read_whatever_its_encoding(
    tmp_path: Path, encoding: str, with_cpg: bool, prefix: str
) -> None:
    archive = packed(shapefile(tmp_path / "d", encoding=encoding, with_cpg=with_cpg), prefix)
    table = read_table(archive, "单元")
    assert table.frame["名称"].tolist() == [NAME]
    assert table.encoding.en.startswith("GB18030 (" if encoding == "GBK" else "UTF-8 (all")


def test_a_gbk_entry_name_without_its_flag_is_still_read(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("ABCD.txt", "1")
    archive.write_bytes(archive.read_bytes().replace(b"ABCD.txt", "红线.txt".encode("gb18030")))
    assert [path.name for path in unpack(archive, tmp_path / "out")] == ["红线.txt"]


@pytest.mark.parametrize("name", ["../up.txt", "/etc/up.txt", "a/../../up.txt", "C:/up.txt", "..\\up.txt"])
def test_an_entry_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(name, "x")
    with pytest.raises(UnsafeArchiveError):
        unpack(archive, tmp_path / "out")
    assert not (tmp_path / "up.txt").exists()


def test_a_link_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(info, "/etc/passwd")
    with pytest.raises(UnsafeArchiveError):
        unpack(archive, tmp_path / "out")


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("zeros", b"\0" * 50_000_000)
    with pytest.raises(UnsafeArchiveError):
        unpack(archive, tmp_path / "out")
    assert sum(path.stat().st_size for path in (tmp_path / "out").iterdir()) < 15_000_000


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for number in range(201):
            made.writestr(str(number), "")
    with pytest.raises(UnsafeArchiveError):
        unpack(archive, tmp_path / "out")


def test_gauss_krueger_is_brought_to_degrees(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame([{"code": "1", "geometry": box(0, 0, 1, 1)}], crs=4490)
    frame.to_crs(4549).to_file(path, layer="a", driver="GPKG")
    table = read_table(path, "a")
    assert table.frame.crs.to_epsg() == 4490
    assert table.frame.total_bounds == pytest.approx([120.0, 36.0, 120.01, 36.01], abs=1e-9)


@pytest.mark.parametrize("spelling", ["WKT2_2019", "WKT1_ESRI"])
@pytest.mark.parametrize("epsg", range(4491, 4555))
def test_any_gauss_krueger_belt_with_or_without_its_number_is_known(epsg: int, spelling: str) -> None:
    """3° and 6° belts of CGCS2000, as EPSG and as the `.prj` of a desktop GIS spell them."""
    crs = CRS.from_epsg(epsg)
    meridian = crs.to_json_dict()["conversion"]["parameters"][1]["value"]
    there = gpd.GeoDataFrame(geometry=[shapely.box(meridian - 0.5, 36.0, meridian + 0.5, 36.1)], crs=4490)
    written = there.to_crs(crs).set_crs(CRS.from_wkt(crs.to_wkt(spelling)), allow_override=True)
    found, name = in_degrees(written, "a.shp")
    assert found.total_bounds == pytest.approx([meridian - 0.5, 36.0, meridian + 0.5, 36.1], abs=1e-4)
    assert found.crs.to_epsg() == 4490
    assert "CGCS2000" in name.zh


def test_web_mercator_is_taken_only_where_it_is_declared(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame([{"code": "1", "geometry": box(0, 0, 1, 1)}], crs=4490)
    frame.to_crs(3857).to_file(path, layer="a", driver="GPKG")
    with pytest.raises(DeliveryError, match="Pseudo-Mercator"):
        read_table(path, "a")
    taken = read_table(path, "a", Declared(crs=3857))
    assert taken.frame.total_bounds == pytest.approx([120.0, 36.0, 120.01, 36.01], abs=1e-8)


def test_of_several_layers_in_a_zip_the_named_one_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name, code in (("甲", "1"), ("乙", "2")):
            gpd.GeoDataFrame([{"code": code, "geometry": box(0, 0, 1, 1)}], crs=4490).to_file(
                tmp_path / f"{name}.geojson"
            )
            archive.write(tmp_path / f"{name}.geojson", f"成果/{name}/{name}.geojson")
    assert read_table(tmp_path / "all.zip", "乙").frame["code"].tolist() == ["2"]
    with pytest.raises(DeliveryError, match="实有 2 个"):
        read_table(tmp_path / "all.zip", "丙")


@pytest.mark.parametrize("epsg", [4214, 4610, 3857, 2364])
def test_old_datums_and_web_mercator_are_refused(tmp_path: Path, epsg: int) -> None:
    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame([{"code": "1", "geometry": box(0, 0, 1, 1)}], crs=4490).set_crs(epsg, allow_override=True)
    frame.to_file(path, layer="a", driver="GPKG")
    with pytest.raises(DeliveryError) as caught:
        read_table(path, "a")
    assert "EPSG:4490" in caught.value.cure.en


def test_a_shapefile_without_prj_is_refused(tmp_path: Path) -> None:
    folder = shapefile(tmp_path / "d", encoding="UTF-8", with_cpg=True)
    (folder / "单元.prj").unlink()
    with pytest.raises(DeliveryError, match="坐标系"):
        read_table(packed(folder), "单元")


def test_columns_are_known_by_their_aliases() -> None:
    assert match_columns(["hjgkdybm", " HJGKDYMC\n", "STHJYSGKFQ", "geometry"]) == {
        "code": "hjgkdybm",
        "name": " HJGKDYMC\n",
    }
    assert match_columns(["STHJYSGKFQ"]) == {"code": "STHJYSGKFQ"}
