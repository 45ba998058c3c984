"""Batches as read: every row is answered or given back, and what comes back is what was handed in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geopandas as gpd
import openpyxl  # type: ignore[import-untyped]
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from layers.batches.cells import axes_options, fact_words, read_fact, read_system, system_options
from layers.batches.columns import FACT, columns, columns_by_key, recognised
from layers.batches.mend import Mendable, write_mend_file
from layers.batches.model import Batch, BatchRow, RowState
from layers.batches.rows import batch_of, example_rows, read_batch
from layers.batches.sources import BLANK, Cell, CellKind, Sheet, Source, SourceRow, text_cell
from layers.batches.template import LONGEST_CELL, write_template
from layers.facts import derived_facts, fact_schema
from screening.datums import Datum
from screening.errors import SiteFileError, UnusableMappingError
from screening.layouts import AxisOrder
from screening.model import Construction
from screening.readings import Declaration
from screening.words import LANGUAGES, Language, same

KEYS = [one.key for one in columns()]
GOOD = {"project_name": "甲", "coordinates": "120.18, 36.08", "industries": "C3360", "construction": "新建"}


def grid_of(header: Sequence[str], *rows: Sequence[Cell]) -> tuple[SourceRow, ...]:
    lines = [tuple(text_cell(name) for name in header), *(tuple(row) for row in rows)]
    return tuple(SourceRow(number=number, cells=cells) for number, cells in enumerate(lines, start=1))


def batch(header: Sequence[str], *rows: Sequence[Cell], **mapping: str) -> Batch:
    source = Source(file="t.xlsx", kind=same("test"), sheets=(Sheet(name="项目", grid=grid_of(header, *rows)),))
    return batch_of(source, mapping, Declaration())


def one_row(cells: dict[str, Cell | str]) -> BatchRow:
    """A row under the template's own headers, good but for what is given."""
    filled = {key: text_cell(words) for key, words in GOOD.items()}
    filled |= {key: text_cell(one) if isinstance(one, str) else one for key, one in cells.items()}
    header = [columns_by_key()[key].label.zh for key in filled]
    return batch(header, list(filled.values())).rows[0]


def saved(path: Path, rows: Sequence[Sequence[Any]], title: str = "项目") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


# -- the template ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_is_read_back_whole(language: Language, tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", language)
    found = read_batch(tmp_path / "t.xlsx", cap=None)
    assert list(found.tables[0].at) == KEYS
    assert found.tables[0].unmapped == ()
    assert found.notices == ()
    assert {row.state for row in found.rows} == {RowState.EXAMPLE}
    assert found.counts.rows == found.counts.example == len(example_rows(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_is_known_by_its_key_and_its_header(language: Language) -> None:
    for column in columns():
        assert recognised(column.header(language)) == (column.key, 0)
        assert recognised(column.key) == (column.key, 0)


def test_the_template_asks_for_every_fact_that_can_be_declared() -> None:
    facts = {one.key.removeprefix(FACT) for one in columns() if one.fact is not None}
    assert facts == fact_schema().keys() - derived_facts()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(fact_schema().keys() - derived_facts()))
def test_a_fact_written_is_the_fact_read(name: str, language: Language) -> None:
    fact = fact_schema()[name]
    values: list[object] = [fact.minimum or 0.0, 12.5]
    if fact.kind != "number":
        values = [True, False] if fact.kind == "boolean" else [value for value, _ in fact.choices]
    for value in values:
        assert read_fact(fact, text_cell(fact_words(fact, value, language))) == value
    assert read_fact(fact, BLANK) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_of_the_drop_downs_is_read_as_what_it_says(language: Language) -> None:
    for words, stated in system_options(language).items():
        assert read_system(text_cell(words), BLANK) == stated
    for words, order in axes_options(language).items():
        assert read_system(BLANK, text_cell(words)).axes is order


def test_drop_downs_and_notes_are_in_the_workbook(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["项目"]
    ruled = {str(one.sqref).split(":")[0].rstrip("0123456789") for one in sheet.data_validations.dataValidation}
    chosen = [one for one in columns() if one.fact is not None and one.fact.kind != "number"]
    assert len(ruled) == len(chosen) + 3  # construction, system, axes
    assert all(cell.comment is not None for cell in sheet[2])


# -- single cells ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "cell", "said"),
    [
        ("fact:coal_t_per_year", "1,2", "逗号"),
        ("fact:coal_t_per_year", "约100", "应为一个数"),
        ("fact:coal_t_per_year", "5²", "应为一个数"),
        ("fact:discharges_wastewater", "①", "是或否"),
        ("fact:coal_t_per_year", "-5", "应在"),
        ("fact:coal_t_per_year", Cell(CellKind.BOOLEAN, True), "应为一个数"),
        ("fact:coal_t_per_year", Cell(CellKind.ERROR, "#N/A"), "算错"),
        ("fact:coal_t_per_year", "#N/A", "算错"),
        ("fact:coal_t_per_year", Cell(CellKind.FORMULA, "=A1*2"), "公式"),
        ("fact:coal_t_per_year", Cell(CellKind.DATE, datetime(2026, 1, 2)), "日期"),
        ("fact:coal_t_per_year", Cell(CellKind.NUMBER, 5, merged=True), "合并"),
        ("fact:discharges_wastewater", "也许", "是或否"),
        ("fact:policy_class", "甲类", "选项"),
        ("industries", Cell(CellKind.DATE, datetime(2026, 3, 6)), "日期"),
        ("industries", Cell(CellKind.NUMBER, 111), "0111"),
        ("industries", "C3360 炼钢", "C3360 是"),
        ("industries", "电镀", "GB/T 4754"),
        ("industries", "9999", "行业代码适用"),
        ("industries", "", "行业"),
        ("coordinates", Cell(CellKind.NUMBER, 120.5), "两个数"),
        ("coordinates", "", "坐标"),
        ("construction", "改扩建", "之一"),
        ("width_m", "0", "线宽"),
        ("system", "我的坐标系", "不认识"),
        ("system", "西安80", "不公开"),
        ("axes", "随便", "不认识"),
    ],
)
def test_a_cell_that_cannot_be_used_says_why_and_where(key: str, cell: Cell | str, said: str) -> None:
    row = one_row({key: cell})
    assert row.state is RowState.FAULTY
    (fault,) = row.faults
    assert (fault.key, fault.row, fault.sheet) == (key, 2, "项目")
    assert said in fault.words("zh")
    assert fault.column == columns_by_key()[key].label.zh
    assert all(text.en for text in (fault.what, fault.why, fault.cure))


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("1200", 1200.0),
        ("１，２００", 1200.0),
        ("1,234,567.5", 1234567.5),
        (Cell(CellKind.NUMBER, 3.5), 3.5),
        ("0", 0.0),
        ("1e3", 1000.0),
    ],
)
def test_numbers_as_people_write_them(cell: Cell | str, meant: float) -> None:
    row = one_row({"fact:coal_t_per_year": cell})
    assert row.asked is not None
    assert row.asked.facts == {"coal_t_per_year": meant}


def test_a_blank_cell_is_not_declared_and_a_zero_is_zero() -> None:
    row = one_row({"fact:coal_t_per_year": "", "fact:water_m3_per_year": "0"})
    assert row.asked is not None
    assert row.asked.facts == {"water_m3_per_year": 0.0}


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("C3360；C3311", ("C3360", "C3311")),
        ("3360、3311", ("C3360", "C3311")),
        ("C3360 金属表面处理及热处理加工\nC3311", ("C3360", "C3311")),
        ("A0111", ("A0111",)),
        ("0111", ("A0111",)),
        ("c33", ("C33",)),
    ],
)
def test_industry_codes_as_people_write_them(written: str, codes: tuple[str, ...]) -> None:
    row = one_row({"industries": written})
    assert row.asked is not None, row.faults
    assert row.asked.industries == codes


def test_what_a_row_states_of_its_coordinates_goes_with_it() -> None:
    row = one_row(
        {"system": "GCJ-02（高德、腾讯等）", "axes": "纬度（北）在前", "width_m": "12", "construction": "技改"}
    )
    assert row.asked is not None
    assert row.asked.declared == Declaration(datum=Datum.GCJ02, axes=AxisOrder.NORTH_FIRST, width_m=12.0)
    assert row.asked.construction is Construction.UPGRADE


# -- rows and sheets ---------------------------------------------------------------------------------------------------


def test_rows_that_say_the_same_are_kept_apart_and_told() -> None:
    header = [columns_by_key()[key].label.zh for key in GOOD]
    cells = [text_cell(words) for words in GOOD.values()]
    other = [text_cell("甲"), text_cell("120.19, 36.08"), *cells[2:]]
    first, twin, namesake = batch(header, cells, cells, other).rows
    assert first.remarks == ()
    assert "内容相同" in twin.remarks[0].zh
    assert "同名" in namesake.remarks[0].zh
    assert {row.state for row in (first, twin, namesake)} == {RowState.READ}


def test_an_example_that_was_changed_is_asked_about() -> None:
    words = {**example_rows("zh")[0], "industries": "C3360"}
    row = batch([columns_by_key()[key].label.zh for key in words], [text_cell(one) for one in words.values()]).rows[0]
    assert row.state is RowState.FAULTY
    assert "示例" in row.faults[0].words("zh")


def test_hidden_rows_and_sheets_and_merged_cells_have_an_answer(tmp_path: Path) -> None:
    path = saved(tmp_path / "t.xlsx", [["项目名称", "坐标", "行业代码"], *[["甲", "120.18,36.08", "C3360"]] * 3])
    book = openpyxl.load_workbook(path)
    book["项目"].row_dimensions[2].hidden = True
    book["项目"].merge_cells("C3:C4")
    hidden = book.create_sheet("另一批")
    hidden.append(["坐标", "行业代码"])
    hidden.append(["120.18,36.08", "C3360"])
    hidden.sheet_state = "hidden"
    book.create_sheet("备注").append(["请尽快", "办理"])
    book.save(path)
    found = read_batch(path, cap=None)
    assert [row.state for row in found.rows] == [RowState.READ, RowState.FAULTY, RowState.FAULTY, RowState.READ]
    assert "隐藏" in found.rows[0].remarks[0].zh
    assert all("合并" in row.faults[0].words("zh") for row in found.rows[1:3])
    assert any("隐藏" in text.zh for text in found.notices)
    assert any("备注" in text.zh and "未读取" in text.zh for text in found.notices)


def test_formulas_without_a_result_and_failed_ones_are_told(tmp_path: Path) -> None:
    header = ["坐标", "行业代码", "fact:coal_t_per_year"]
    path = saved(tmp_path / "t.xlsx", [header, ["120.18,36.08", "C3360", "=1+1"], ["120.18,36.08", "#N/A", 2]])
    first, second = read_batch(path, cap=None).rows
    assert "公式" in first.faults[0].words("zh")
    assert "算错" in second.faults[0].words("zh")


def test_a_header_in_either_language_or_by_canonical_name_and_titles_above_it() -> None:
    header = ["Coordinates", "行业代码", "water_m3_per_year", "新增煤炭消费量（t/a）", "备注"]
    title = [text_cell("某区项目表")]
    cells = [text_cell(one) for one in ("120.18,36.08", "C3360", "5", "7", "看看")]
    lines = [title, [text_cell(name) for name in header], cells]
    grid = tuple(SourceRow(number=at, cells=tuple(line)) for at, line in enumerate(lines, start=1))
    source = Source(file="t.xlsx", kind=same("t"), sheets=(Sheet(name="表", grid=grid),))
    found = batch_of(source, {}, Declaration())
    assert found.rows[0].asked is not None
    assert found.rows[0].asked.facts == {"water_m3_per_year": 5.0, "coal_t_per_year": 7.0}
    assert found.tables[0].unmapped == ("备注",)


def test_a_column_in_another_unit_is_never_taken() -> None:
    found = batch(["坐标", "行业代码", "新增取用水量(万m³/a)"], [text_cell("1,2"), text_cell("C3360"), text_cell("5")])
    assert found.tables[0].unmapped == ("新增取用水量(万m³/a)",)
    assert any("单位" in text.zh for text in found.notices)


def test_two_columns_that_mean_the_same_are_refused() -> None:
    with pytest.raises(SiteFileError, match="同一内容"):
        batch(["坐标", "行业代码", "行业代码"], [text_cell("1,2"), BLANK, BLANK])


def test_a_mapping_wins_over_names_and_must_fit() -> None:
    header = ["坐标", "行业代码", "代码2"]
    cells = [text_cell("120.1,36.1"), text_cell("C3311"), text_cell("C3360")]
    found = batch(header, cells, industries="代码2")
    assert found.rows[0].asked is not None
    assert found.rows[0].asked.industries == ("C3360",)
    assert found.tables[0].unmapped == ("行业代码",)
    assert batch(header, cells, industries="").rows[0].state is RowState.FAULTY
    for wrong in ({"industries": "没有"}, {"nonsense": "代码2"}, {"industries": "代码2", "site_name": "代码2"}):
        with pytest.raises(UnusableMappingError):
            batch(header, cells, **wrong)


# -- text tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_in_the_encodings_met(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('项目名称,坐标,行业代码\r\n甲厂,"120.18,36.08",C3360\r\n,,\r\n'.encode(encoding))
    found = read_batch(path, cap=None)
    assert found.rows[0].asked is not None
    assert found.rows[0].asked.project_name == "甲厂"
    assert found.counts.rows == 1  # the blank line is the file's end


def test_a_comma_without_quotes_shifts_no_row_unseen(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("项目名称,坐标,行业代码,建设性质\n甲,120.18,36.08,C3360,新建\n乙,120.18 36.08,C3360,新建\n")
    first, second = read_batch(path, cap=None).rows
    assert first.state is RowState.FAULTY
    assert "错位" in first.faults[0].words("zh")
    assert second.state is RowState.READ


def test_a_quote_that_never_closes_swallows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('坐标,行业代码\n"120.18 36.08,C3360\n120.18 36.08,C3360\n')
    with pytest.raises(SiteFileError, match="CSV"):
        read_batch(path, cap=None)


# -- vector files ------------------------------------------------------------------------------------------------------


def shapefile(folder: Path, crs: int | None = 4490) -> Path:
    """Three plots as a zipped Shapefile in GBK with Chinese column names and no .cpg."""
    plots = [shapely.box(120.18, 36.08, 120.185, 36.085), shapely.box(120.03, 36.03, 120.04, 36.04), None]
    rows = {
        "项目名": ["甲厂", "乙厂", "丙厂"],
        "HYDM": ["C3360", "9999", "C3360"],
        "用水": [1200, 5, 6],
        "备注": ["", "看", ""],
    }
    frame = gpd.GeoDataFrame(rows, geometry=plots, crs=crs)
    frame.to_file(folder / "plots.shp", encoding="GBK")
    with ZipFile(folder / "plots.zip", "w") as archive:
        for part in folder.glob("plots.*"):
            if part.suffix in (".shp", ".shx", ".dbf", ".prj"):
                archive.write(part, part.name)
    return folder / "plots.zip"


MAPPING = {"project_name": "项目名", "fact:water_m3_per_year": "用水"}


def test_a_shapefile_in_gbk_with_a_mapping_and_no_row_lost(tmp_path: Path) -> None:
    found = read_batch(shapefile(tmp_path), MAPPING)  # in the reader's own process
    good, unknown, bare = found.rows
    assert good.asked is not None
    assert good.asked.project_name == "甲厂"
    assert good.asked.facts == {"water_m3_per_year": 1200.0}
    assert good.asked.declared == Declaration(datum=Datum.CGCS2000, axes=AxisOrder.EAST_FIRST)
    assert (
        shapely.from_wkt(good.asked.coordinates).normalize() == shapely.box(120.18, 36.08, 120.185, 36.085).normalize()
    )
    assert unknown.faults[0].code == "unknown-industry"
    assert "没有图形" in bare.faults[0].words("zh")
    assert found.tables[0].unmapped == ("备注",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_features_come_back_in_the_template_and_can_be_mended(language: Language, tmp_path: Path) -> None:
    found = read_batch(shapefile(tmp_path), MAPPING, cap=None)
    bad = [row for row in found.rows if row.faults]
    write_mend_file(tmp_path / "m.xlsx", [Mendable(row=row, faults=row.faults) for row in bad], language)
    again = read_batch(tmp_path / "m.xlsx", cap=None)
    assert [row.cell("project_name").text for row in again.rows] == ["乙厂", "丙厂"]
    assert again.tables[0].unmapped == ("备注",)
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    sheet = book.worksheets[1]
    headers = [cell.value for cell in sheet[2]]
    code = headers.index(columns_by_key()["industries"].header(language)) + 1
    assert "9999" in sheet.cell(3, code).comment.text
    sheet.cell(3, code).value = "C3360"
    sheet.cell(4, headers.index(columns_by_key()["coordinates"].header(language)) + 1).value = "120.18, 36.08"
    book.save(tmp_path / "m.xlsx")
    assert {row.state for row in read_batch(tmp_path / "m.xlsx", cap=None).rows} == {RowState.READ}


def test_a_boundary_too_long_for_a_cell_comes_back_whole(tmp_path: Path) -> None:
    ring = [(120.1 + 0.02 * math.cos(a / 500), 36.1 + 0.02 * math.sin(a / 500)) for a in range(3000)]
    frame = gpd.GeoDataFrame({"HYDM": ["9999"]}, geometry=[shapely.Polygon(ring)], crs=4490)
    frame.to_file(tmp_path / "t.geojson", driver="GeoJSON")
    (row,) = read_batch(tmp_path / "t.geojson", cap=None).rows
    assert len(row.cell("coordinates").text) > 2 * LONGEST_CELL
    write_mend_file(tmp_path / "m.xlsx", [Mendable(row=row, faults=row.faults)], "zh")
    (again,) = read_batch(tmp_path / "m.xlsx", cap=None).rows
    assert again.cell("coordinates").text == row.cell("coordinates").text


def test_a_file_named_after_a_map_provider_needs_a_datum(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"HYDM": ["C3360"]}, geometry=[shapely.Point(120.18, 36.08)], crs=4326)
    frame.to_file(tmp_path / "高德标注.geojson", driver="GeoJSON")
    with pytest.raises(SiteFileError, match="GCJ-02"):
        read_batch(tmp_path / "高德标注.geojson", cap=None)
    (row,) = read_batch(tmp_path / "高德标注.geojson", {}, Declaration(datum=Datum.GCJ02), cap=None).rows
    assert row.asked is not None
    assert row.asked.declared.datum is Datum.GCJ02


# -- laws --------------------------------------------------------------------------------------------------------------

WORDS = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Co", "Cn"), blacklist_characters="\ufffe\uffff"), max_size=12
)
CELLS = st.one_of(
    WORDS.map(text_cell),
    st.sampled_from(["", " ", "#N/A", "=A1", "是", "yes", "1,2", "C3360", "120.18, 36.08", "0"]).map(text_cell),
    st.integers(-(10**14), 10**14).map(lambda value: Cell(CellKind.NUMBER, value)),
    st.floats(-1e12, 1e12).map(lambda value: Cell(CellKind.NUMBER, value)),
    st.booleans().map(lambda value: Cell(CellKind.BOOLEAN, value)),
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(
        lambda value: Cell(CellKind.DATE, value.replace(microsecond=0))
    ),
    st.just(BLANK),
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[str], list[list[Cell]]]:
    language = draw(st.sampled_from(LANGUAGES))
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=2, max_size=7))
    own = draw(
        st.lists(
            WORDS.map(str.strip).filter(lambda one: one and text_cell(one).kind is CellKind.TEXT),
            max_size=3,
            unique=True,
        )
    )
    unknown = [name for name in own if recognised(name) is None]
    header = [columns_by_key()[key].header(language) for key in keys] + unknown
    rows = draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=6))
    return draw(st.permutations(header)), rows


def alike(one: Cell, other: Cell) -> bool:
    """As a workbook can hold it: numbers to 16 places, blanks at the end of nothing."""
    if one.kind is CellKind.NUMBER and other.kind is CellKind.NUMBER:
        assert isinstance(one.value, int | float)
        return bool(other.value == pytest.approx(one.value, rel=1e-15, abs=0))
    return (one.kind, one.value) == (other.kind, other.value)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets(), st.sampled_from(LANGUAGES))
@example((["坐标 *", "行业代码 *", "坐标 *（续2）"], [[text_cell("a"), text_cell("b"), text_cell("c")]]), "zh")
def test_rows_in_are_rows_out_and_bad_rows_come_back_cell_by_cell(
    tmp_path_factory: pytest.TempPathFactory, table: tuple[list[str], list[list[Cell]]], language: Language
) -> None:
    header, rows = table
    found = batch(header, *rows)
    counts = found.counts
    assert counts.rows == len(rows) == counts.read + counts.faulty + counts.blank + counts.example
    assert all((row.asked is None) == bool(row.faults) for row in found.asking)
    bad = [row for row in found.rows if row.faults]
    path = tmp_path_factory.mktemp("mend") / "m.xlsx"
    write_mend_file(path, [Mendable(row=row, faults=row.faults) for row in bad], language)
    again = read_batch(path, cap=None)
    assert len(again.rows) == len(bad)
    for before, after in zip(bad, again.rows, strict=True):
        assert after.state is not RowState.BLANK
        for key in before.table.at:
            assert alike(before.cell(key), after.cell(key)), key
        unread = [before.source.cell(before.table.header.index(name)) for name in before.table.unmapped]
        kept = [after.source.cell(after.table.header.index(name)) for name in after.table.unmapped]
        assert all(alike(one, other) for one, other in zip(unread, kept, strict=True))
        assert {fault.key for fault in before.faults} == {fault.key for fault in after.faults}


@given(CELLS)
@settings(deadline=None)
def test_no_cell_is_read_as_anything_but_its_fact_or_a_stated_trouble(cell: Cell) -> None:
    row = one_row({"fact:coal_t_per_year": cell})
    if row.asked is not None and not cell.is_blank:
        assert (
            float(cell.text.replace(",", "").replace("，", "").replace("．", ".")) == row.asked.facts["coal_t_per_year"]
        )
