"""One city delivered in many ways is one release."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from layers.database import read_database_table
from layers.delivery import read_delivery
from layers.release import read_content, write_release
from layers.vector import Declared, read_table
from screening.errors import DeliveryError
from tests.postgis import load
from tests.smallcity import SmallCity, box, default_layers


def release_of(folder: Path, tmp_path: Path) -> str:
    return write_release(read_content(read_delivery(folder)), tmp_path / "store")


@pytest.mark.filterwarnings("ignore:.*Field format.*")
@pytest.mark.parametrize("form", ["shp", "gpkg", "gdb", "geojson", "fgb", "kml", "parquet"])
def test_the_same_content_in_any_file_format_is_the_same_release(
    tmp_path: Path, small_store: tuple[Path, str], form: str
) -> None:
    assert release_of(SmallCity().deliver(tmp_path / "d", form), tmp_path) == small_store[1]


def test_the_same_content_from_postgis_is_the_same_release(
    tmp_path: Path,
    small_store: tuple[Path, str],
    postgis: str,
) -> None:
    for layer_id, rows in default_layers().items():
        load(postgis, layer_id, gpd.GeoDataFrame(rows, crs=4490))
    folder = SmallCity().deliver(tmp_path / "d", "postgis", postgis)
    assert release_of(folder, tmp_path) == small_store[1]


def test_a_table_that_is_not_there_is_named(postgis: str) -> None:
    with pytest.raises(DeliveryError, match="nothing_here"):
        read_database_table(postgis, "nothing_here")


def test_a_table_without_srid_needs_a_declaration(postgis: str) -> None:
    frame = gpd.GeoDataFrame([{"code": "1", "geometry": box(0, 0, 1, 1)}], crs=4490)
    load(postgis, "bare", frame, srid=0)
    with pytest.raises(DeliveryError, match="坐标系"):
        read_database_table(postgis, "bare")
    assert read_database_table(postgis, "bare", 4490).crs.en.endswith("(declared)")


def test_a_database_that_does_not_answer_is_named() -> None:
    with pytest.raises(DeliveryError, match="red_line"):
        read_database_table("postgresql+psycopg://nobody@/nothing?host=/nonexistent", "red_line")


def test_a_declared_crs_that_contradicts_the_file_is_refused(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame([{"code": "1", "geometry": box(0, 0, 1, 1)}], crs=4490)
    frame.to_file(tmp_path / "a.gpkg", layer="a")
    with pytest.raises(DeliveryError, match="4549"):
        read_table(tmp_path / "a.gpkg", "a", Declared(crs=4549))
