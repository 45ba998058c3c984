"""A file read in parts says, row for row, what it says when read whole."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl  # type: ignore[import-untyped]
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.batches import stream
from layers.batches.model import Batch, BatchRow, RowState
from layers.batches.rows import batch_of, read_batch
from layers.batches.sources import SourceRow
from layers.batches.stream import digest_of, parts_of, rows_in, rows_of
from layers.batches.template import write_template
from layers.sites import parcels
from screening.datums import Datum
from screening.errors import SiteFileError, ThreeLinesError, UnusableMappingError
from screening.readings import Declaration
from screening.words import Text

HEADER = ["项目名称", "坐标", "行业代码", "建设性质", "备注"]
GOOD = ["甲", "120.18, 36.08", "C3360", "新建", "第一行\n第二行"]
BAD = ["乙", "", "C3360", "新建", "无坐标"]
BLANK = ["", " ", "", "", ""]
NONE = Declaration()
Told = tuple[tuple[Any, ...], ...]


def told(row: BatchRow) -> tuple[Any, ...]:
    """What matters of a row, without where its cells stand."""
    faults = [one.words("zh") for one in row.faults]
    return row.place, row.name, row.state, row.asked, faults


def whole(path: Path, mapping: Mapping[str, str], declared: Declaration) -> tuple[Told, set[Text]]:
    found = read_batch(path, mapping, declared, cap=None)
    return tuple(told(row) for row in found.rows), set(found.notices)


def in_parts(path: Path, mapping: Mapping[str, str], declared: Declaration, size: int) -> tuple[Told, set[Text]]:
    parts = list(parts_of(path, mapping, declared, size))
    batches: list[Batch] = [batch_of(part, mapping, declared, is_part=True) for part in parts]
    assert [rows_of(part) for part in parts] == [len(one.rows) for one in batches]
    assert all(0 < len(one.rows) <= size for one in batches) or [len(one.rows) for one in batches] == [0]
    return (
        tuple(told(row) for one in batches for row in one.rows),
        {notice for one in batches for notice in one.notices},
    )


def assert_alike(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    declared: Declaration = NONE,
    sizes: Sequence[int] = (1, 3, 10_000),
) -> Told:
    """The rows, once it is clear that both ways find them; or that both refuse in the same words."""
    mapping = mapping or {}
    try:
        rows, notices = whole(path, mapping, declared)
    except ThreeLinesError as problem:
        for size in sizes:
            with pytest.raises(type(problem), match=re.escape(str(problem))):
                in_parts(path, mapping, declared, size)
        raise
    for size in sizes:
        found, said = in_parts(path, mapping, declared, size)
        assert found == rows
        assert said == notices
    return rows


def written(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def saved(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


# -- text --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_in_the_encodings_met_with_quoted_cells_of_several_lines(
    encoding: str, delimiter: str, tmp_path: Path
) -> None:
    rows = assert_alike(
        written(tmp_path / "a.csv", [HEADER, GOOD, BAD, BLANK, GOOD, GOOD, BAD, BLANK], encoding, delimiter)
    )
    assert [row[2].value for row in rows] == ["read", "faulty", "blank", "read", "read", "faulty"]
    assert [row[0] for row in rows] == ["2", "3", "4", "5", "6", "7"]


@pytest.mark.parametrize("top", [[["青岛市项目清单"], [], HEADER], [["清单", "", ""], HEADER], [BLANK, BLANK, HEADER]])
def test_a_header_below_titles_and_blank_lines(top: list[list[str]], tmp_path: Path) -> None:
    rows = assert_alike(written(tmp_path / "a.csv", [*top, GOOD, BAD, GOOD, GOOD]))
    assert [row[2].value for row in rows] == ["read", "faulty", "read", "read"]


def test_a_header_after_very_many_blank_lines(tmp_path: Path) -> None:
    rows = assert_alike(written(tmp_path / "a.csv", [*[BLANK] * 50, HEADER, GOOD, BAD, GOOD]))
    assert [row[0] for row in rows] == ["52", "53", "54"]


def test_a_row_that_looks_more_like_a_header_than_the_header_is_a_row(tmp_path: Path) -> None:
    fuller = ["项目名称", "坐标", "行业代码", "建设性质", "选址名称"]
    header = ["项目名称", "坐标", "行业代码", "类别", "说明"]
    rows = assert_alike(written(tmp_path / "a.csv", [header, *[GOOD] * 30, fuller, *[GOOD] * 30]), sizes=(7, 40))
    assert len(rows) == 61
    assert [row[0] for row in rows if row[2] is RowState.FAULTY] == ["32"]


def test_a_million_blank_lines_at_the_end_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(HEADER) + "\n甲,120.18 36.08,C3360,新建,\n" + ",,,,\n" * 100_000 + "\n", encoding="utf-8")
    (part,) = parts_of(path, {}, NONE, 2_000)
    assert len(part.sheets[0].grid) == 2


@pytest.mark.parametrize("content", [b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe\x00\x00\xff", b"\x80\x00\xff", b""])
def test_a_text_without_content_or_in_no_encoding_is_refused_as_a_batch_refuses_it(
    content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(SiteFileError):
        assert_alike(tmp_path / "a.csv")


def test_a_header_and_nothing_below_is_a_batch_of_no_rows(tmp_path: Path) -> None:
    assert assert_alike(written(tmp_path / "a.csv", [HEADER])) == ()
    assert assert_alike(saved(tmp_path / "a.xlsx", 项目=[HEADER]), sizes=(1,)) == ()


def test_a_quote_that_never_closes_is_found_after_the_parts_before_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [HEADER, *[GOOD] * 60])
    path.write_bytes(path.read_bytes() + '丙,"120.1,36\n'.encode() + b"x\n" * 9)
    parts = parts_of(path, {}, NONE, 20)
    assert [len(next(parts).sheets[0].grid) for _ in range(3)] == [21, 21, 21]
    with pytest.raises(SiteFileError):
        next(parts)


marks = st.sampled_from(
    ["", "甲", '引"号', "逗,号", "多\n行", "回\r车", "分；号", "120.1,36.1", "C3360", "项目名称", " "]
)
lines = st.lists(st.lists(marks, max_size=6), max_size=12)


@settings(max_examples=150)
@given(lines, st.integers(1, 5), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_any_text_table_is_read_in_parts_as_it_is_read_whole(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], size: int, encoding: str
) -> None:
    path = written(tmp_path_factory.mktemp("any") / "a.csv", [HEADER, *rows], encoding)
    assert_alike(path, sizes=(size,))


# -- mappings ----------------------------------------------------------------------------------------------------------


def test_a_column_that_one_sheet_lacks_is_no_trouble_and_one_that_all_lack_is(tmp_path: Path) -> None:
    other = ["XMMC", "坐标", "行业代码", "建设性质"]
    path = saved(tmp_path / "a.xlsx", 甲=[other, GOOD[:4], GOOD[:4]], 乙=[HEADER, GOOD, BAD, GOOD])
    rows = assert_alike(path, {"project_name": "XMMC"}, sizes=(2,))
    assert [row[1] for row in rows] == ["甲", "甲", "", "", ""]
    with pytest.raises(UnusableMappingError, match="XMLX"):
        assert_alike(path, {"project_name": "XMLX"}, sizes=(2,))
    with pytest.raises(UnusableMappingError):
        assert_alike(written(tmp_path / "a.csv", [HEADER, GOOD]), {"project_name": "XMLX"})


def test_what_is_said_of_columns_and_sheets_is_said_of_parts_too(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", 甲=[[*HEADER[:4], "新增取用水量(万m³/a)"], GOOD, GOOD], 附表=[["随便"], ["什么"]])
    assert_alike(path, sizes=(1,))
    _, notices = in_parts(path, {}, NONE, 1)
    assert {"附表", "取用水量"} == {word for word in ("附表", "取用水量") for one in notices if word in one.zh}


def test_the_template_with_its_example_rows(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", "zh")
    rows = assert_alike(tmp_path / "t.xlsx", sizes=(1,))
    assert {row[2] for row in rows} == {RowState.EXAMPLE}


def test_a_workbook_of_several_sheets_in_parts(tmp_path: Path) -> None:
    sheets = {name: [["标题"], HEADER, *[GOOD] * n, BLANK, BAD] for n, name in enumerate(["一", "二", "三"], start=1)}
    rows = assert_alike(saved(tmp_path / "a.xlsx", **sheets), sizes=(2,))
    assert [row[0] for row in rows][:3] == ["一!3", "一!4", "一!5"]
    assert len(rows) == 3 * 2 + 6


# -- vector files ------------------------------------------------------------------------------------------------------


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    shapes = [shapely.box(120.1, 36.1, 120.11, 36.11), None, shapely.Point(120.2, 36.1), shapely.MultiPoint([(1, 2)])]
    frame = gpd.GeoDataFrame(
        {"项目名称": ["甲", "乙", None, "丁"], "行业代码": ["C3360"] * 4, "n": [1, 2, None, 4]},
        geometry=[*shapes],
        crs=4490,
    )
    return gpd.GeoDataFrame(gpd.pd.concat([frame] * 3, ignore_index=True), crs=4490)


def rewritten(path: Path, **column: Any) -> Path:
    """The file as another program would write it: no Arrow types, its own description of the geometry."""
    table = pq.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    for key, value in column.items():
        if value is ...:
            del geo["columns"]["geometry"][key]
        else:
            geo["columns"]["geometry"][key] = value
    plain = {
        name: one.storage if isinstance(one.type, pa.ExtensionType) else one
        for name in table.column_names
        for one in [table[name].combine_chunks()]
    }
    with pq.ParquetWriter(path, pa.table(plain).schema, store_schema=False) as opened:
        opened.write_table(pa.table(plain))
        opened.add_key_value_metadata({"geo": json.dumps(geo)})
    return path


@pytest.mark.parametrize("crs", [4490, 4549, 4326, None])
def test_geoparquet_with_and_without_a_system(crs: int | None, frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    moved = frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)
    moved.to_parquet(tmp_path / "a.parquet")
    rows = assert_alike(tmp_path / "a.parquet")
    states = [row[2].value for row in rows]
    assert len(rows) == rows_in(tmp_path / "a.parquet") == 12
    assert states == ["read", "faulty", "read", "faulty"] * 3
    declared = Declaration(epsg=4490)
    if crs is None:
        assert_alike(tmp_path / "a.parquet", declared=declared)
    elif crs == 4549:
        with pytest.raises(SiteFileError, match="4490"):
            assert_alike(tmp_path / "a.parquet", declared=declared)


@pytest.mark.parametrize("column", [{}, {"crs": ...}, {"crs": None}])
def test_geoparquet_of_other_programs(column: dict[str, Any], frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame.to_parquet(tmp_path / "a.parquet")
    rows = assert_alike(rewritten(tmp_path / "a.parquet", **column))
    assert [row[2].value for row in rows][:2] == ["read", "faulty"]


def test_geoparquet_in_native_arrays_with_boxes_beside(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    areas = frame[frame.geom_type == "Polygon"].reset_index(drop=True)
    areas.to_parquet(tmp_path / "a.parquet", geometry_encoding="geoarrow")
    areas.to_parquet(tmp_path / "b.parquet", write_covering_bbox=True)
    first, second = (assert_alike(tmp_path / name, sizes=(2,)) for name in ("a.parquet", "b.parquet"))
    assert [row[2].value for row in first] == [row[2].value for row in second] == ["read"] * 3


def test_a_datum_declared_for_geoparquet_is_that_of_its_rows(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame.to_parquet(tmp_path / "高德导出.parquet")
    with pytest.raises(SiteFileError, match="高德"):
        assert_alike(tmp_path / "高德导出.parquet")
    rows = assert_alike(tmp_path / "高德导出.parquet", declared=Declaration(datum=Datum.GCJ02))
    assert rows[0][3].declared.datum is Datum.GCJ02


def test_geoparquet_without_rows_or_without_geometry_and_a_mapping_that_misses(
    frame: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    frame.iloc[:0].to_parquet(tmp_path / "a.parquet")
    assert assert_alike(tmp_path / "a.parquet") == ()
    with pytest.raises(UnusableMappingError, match="XZ"):
        assert_alike(tmp_path / "a.parquet", {"site_name": "XZ"})
    frame.to_parquet(tmp_path / "b.parquet")
    with pytest.raises(UnusableMappingError):
        list(parts_of(tmp_path / "b.parquet", {"site_name": "XZ"}, NONE, 5))
    pq.write_table(pa.table({"项目名称": ["甲"]}), tmp_path / "c.parquet")
    with pytest.raises(SiteFileError):
        list(parts_of(tmp_path / "c.parquet", {}, NONE, 5))


def test_geoparquet_damaged_in_the_middle_is_told_and_never_cut_short(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    many = gpd.GeoDataFrame(gpd.pd.concat([frame] * 200, ignore_index=True), crs=4490)
    many.to_parquet(path, row_group_size=400, write_covering_bbox=False)
    content = bytearray(path.read_bytes())
    with pq.ParquetFile(path) as opened:
        column = opened.metadata.row_group(3).column(0)
        at = column.dictionary_page_offset or column.data_page_offset
    content[at : at + 40] = b"\xff" * 40
    path.write_bytes(content)
    parts = parts_of(path, {}, NONE, 100)
    assert [len(next(parts).sheets[0].grid) for _ in range(4)] == [100] * 4
    with pytest.raises(SiteFileError, match="GeoParquet"):
        list(parts)
    path.write_bytes(bytes(content)[: len(content) // 2])
    with pytest.raises(SiteFileError, match="GeoParquet"):
        list(parts_of(path, {}, NONE, 100))
    assert rows_in(path) is None


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.gdb"])
def test_other_vector_files_are_handed_on_in_parts(name: str, frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    areas = frame[frame.geom_type == "Polygon"].reset_index(drop=True)
    areas.to_file(tmp_path / name, driver="OpenFileGDB" if name.endswith("gdb") else None)
    rows = assert_alike(tmp_path / name, sizes=(2,))
    assert [row[2].value for row in rows] == ["read"] * 3


@pytest.mark.parametrize("other", ["a.dbf", "a.prj", "a.shx", "A.CPG"])
def test_a_shapefile_is_another_when_any_file_of_it_is(other: str, frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame[frame.geom_type == "Polygon"][["geometry", "n"]].to_file(tmp_path / "a.shp")
    before = digest_of(tmp_path / "a.shp")
    for name in ("a-results.gpkg", "a.parquet", "b.dbf", "a.shp.parts"):
        (tmp_path / name).write_bytes(b"beside")
    assert digest_of(tmp_path / "a.shp") == before
    with (tmp_path / other).open("ab") as opened:
        opened.write(b" ")
    assert digest_of(tmp_path / "a.shp") != before


def test_a_geopackage_is_another_when_what_was_not_yet_put_into_it_is(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame[frame.geom_type == "Polygon"].to_file(tmp_path / "b.gpkg", SPATIAL_INDEX="NO")
    with closing(sqlite3.connect(tmp_path / "b.gpkg", isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = wal")
        digests = []
        for name in ("甲", "乙"):
            writer.execute("UPDATE b SET 项目名称 = ?", [name])
            for ending in ("", "-wal"):
                shutil.copy(tmp_path / f"b.gpkg{ending}", tmp_path / f"a.gpkg{ending}")
            digests.append(digest_of(tmp_path / "a.gpkg"))
        contents = (tmp_path / "a.gpkg").read_bytes(), (tmp_path / "b.gpkg").read_bytes()
    assert contents[0] == contents[1], "all of the change lies beside it"
    assert digests[0] != digests[1]
    with pytest.raises(SiteFileError, match="another program"):
        list(parts_of(tmp_path / "a.gpkg", {}, NONE, 5))
    (tmp_path / "a.gpkg-wal").write_bytes(b"")
    assert len(list(parts_of(tmp_path / "a.gpkg", {}, NONE, 5))) == 1


def test_a_geodatabase_is_another_when_any_file_of_it_is(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame[frame.geom_type == "Polygon"].to_file(tmp_path / "a.gdb", driver="OpenFileGDB")
    before = digest_of(tmp_path / "a.gdb")
    with max(tmp_path.glob("a.gdb/*.gdbtable")).open("ab") as opened:
        opened.write(b" ")
    assert digest_of(tmp_path / "a.gdb") != before


def test_the_digest_of_one_file_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a")
    assert digest_of(tmp_path / "a.csv") == hashlib.sha256(b"a").hexdigest()


# -- size --------------------------------------------------------------------------------------------------------------


def test_a_table_may_be_larger_than_a_boundary_file_and_a_workbook_may_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(stream, "MOST_BYTES", 100)
    monkeypatch.setattr(parcels, "MOST_BYTES", 100)
    path = written(tmp_path / "a.csv", [HEADER, *[GOOD] * 20])
    assert path.stat().st_size > 100
    assert len(list(parts_of(path, {}, NONE, 10))) == 2
    with pytest.raises(SiteFileError, match="larger than"):
        list(parts_of(saved(tmp_path / "a.xlsx", 项目=[HEADER, GOOD]), {}, NONE, 10))


def test_a_part_holds_what_was_asked_and_no_more_of_the_file(tmp_path: Path) -> None:
    parts = parts_of(written(tmp_path / "a.csv", [HEADER, *[GOOD] * 10]), {}, NONE, 4)
    grids: list[tuple[SourceRow, ...]] = [part.sheets[0].grid for part in parts]
    assert [[row.number for row in grid] for grid in grids] == [[1, 2, 3, 4, 5], [1, 6, 7, 8, 9], [1, 10, 11]]
