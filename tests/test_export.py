"""Import → export → import is the identity on content, whatever a city writes into its columns and cells."""

from __future__ import annotations

import tempfile
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.delivery import read_delivery
from layers.export import export_delivery
from layers.release import read_content, write_release
from screening.errors import DeliveryError
from tests.smallcity import SmallCity, box
from tests.test_cli import run

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\ufffd"), min_size=1, max_size=12
)
COLUMNS = st.text("甲乙丙丁abcABC_=1", min_size=2, max_size=8).map(lambda name: f"x{name}")
CELLS = (WORDS | st.just("  "), st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6))
VALUES = st.one_of([st.lists(st.none() | cell, min_size=4, max_size=4) for cell in CELLS])


def built(folder: Path, store: Path) -> str:
    return write_release(read_content(read_delivery(folder)), store)


def round_trip(delivery: Path, work: Path) -> tuple[str, str]:
    first = built(delivery, work / "store")
    export_delivery(work / "store" / first, work / "exported")
    return first, built(work / "exported", work / "again")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=st.lists(WORDS, min_size=4, max_size=4),
    column=COLUMNS,
    values=VALUES,
    wording=WORDS,
    cap=st.one_of(st.none(), st.integers(0, 10**9), st.floats(0, 1e6)),
    corner=st.floats(0.5, 1.5),
)
def test_what_a_city_wrote_comes_back_as_it_was(
    names: list[str], column: str, values: list[object], wording: str, cap: float | None, corner: float
) -> None:
    city = SmallCity()
    for row, name, value in zip(city.layers["unit_land"], names, values, strict=True):
        row["HJGKDYMC"] = name
        row[column] = value
    city.layers["park"][0]["geometry"] = box(corner, corner, 4, 4)
    city.ceilings[0][4] = cap
    city.ceilings[0][9] = wording
    with tempfile.TemporaryDirectory() as work:
        first, second = round_trip(city.deliver(Path(work) / "d", form="parquet"), Path(work))
    assert first == second


@pytest.mark.parametrize("form", ["shp", "gpkg", "gdb", "geojson", "fgb", "kml"])
def test_every_form_comes_back(form: str, tmp_path: Path) -> None:
    first, second = round_trip(SmallCity().deliver(tmp_path / "d", form=form), tmp_path)
    assert first == second


def test_the_demonstration_city_comes_back(demo_store: tuple[Path, str], tmp_path: Path) -> None:
    store, release = demo_store
    export_delivery(store / release, tmp_path / "exported")
    assert built(tmp_path / "exported", tmp_path / "again") == release


def test_the_exported_list_has_drop_downs_and_notes(small_store: tuple[Path, str], tmp_path: Path) -> None:
    store, release = small_store
    export_delivery(store / release, tmp_path / "exported")
    sheet = openpyxl.load_workbook(tmp_path / "exported" / "access_list.xlsx")["总体清单"]
    formulas = [one.formula1 for one in sheet.data_validations.dataValidation]
    assert any("禁止" in formula for formula in formulas)
    header = next(row for row in sheet.iter_rows() if row[0].value == "条款编号")
    assert "全清单唯一" in header[0].comment.text


def test_a_folder_that_holds_something_is_left_alone(small_store: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(DeliveryError, match="不是空的"):
        export_delivery(small_store[0] / small_store[1], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_the_command_exports_and_checks(small_store: tuple[Path, str], tmp_path: Path) -> None:
    store, release = small_store
    (tmp_path / "releases").symlink_to(store)
    done = run(tmp_path, "release", "export", release, str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    done = run(tmp_path, "release", "check", str(tmp_path / "out"), "--log", str(tmp_path / "log.csv"))
    assert "错误 0" in done.stdout, done.stderr
    assert (tmp_path / "log.csv").read_text(encoding="utf-8-sig").startswith("级别 severity,")
    done = run(tmp_path, "release", "export", "370200-none", str(tmp_path / "other"))
    assert done.returncode == 2
