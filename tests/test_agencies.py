"""EIA agencies: every row an agency or an issue, credit codes checked, found by name, district and status."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.agencies import (
    COLUMNS,
    CREDIT_CODE_SIGNS,
    CreditStatus,
    demonstration_agencies,
    is_credit_code,
    read_agencies,
    search_agencies,
)
from screening.errors import DeliveryError

GOOD = "91350100M000100Y43"  # the example printed with GB 32100-2015
OTHER = "Y1999999000000001X"
ROW = {
    "名称": "示例环评（虚构）",
    "统一社会信用代码": GOOD,
    "城市": "青岛市",
    "区县": "市南区",
    "信用状态": "正常",
    "失信记分": "0",
    "环评工程师": "5",
    "联系电话": "0532-00000000",
    "更新日期": "2026-11-21",
    "核实": "否",
}


def as_csv(path: Path, rows: Sequence[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_workbook(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("环评单位")
    sheet.write(0, 0, "环评单位名单（标题行）")
    sheet.write_row(1, 0, COLUMNS)
    for number, row in enumerate(rows, start=2):
        sheet.write_row(number, 0, [row[column] for column in COLUMNS])
    book.close()
    return path


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_good_row_is_an_agency(tmp_path: Path, suffix: str) -> None:
    write = as_csv if suffix == "csv" else as_workbook
    (agency,), issues = read_agencies(write(tmp_path / f"a.{suffix}", [ROW]))
    assert not issues
    assert (agency.name, agency.credit_code, agency.status) == ("示例环评（虚构）", GOOD, CreditStatus.NORMAL)
    assert (agency.points, agency.engineers, agency.verified) == (0.0, 5, False)
    assert agency.updated.isoformat() == "2026-11-21"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_offices_use(tmp_path: Path, encoding: str) -> None:
    (agency,), _ = read_agencies(as_csv(tmp_path / "a.csv", [ROW], encoding))
    assert agency.district == "市南区"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("名称", ""),
        ("统一社会信用代码", ""),
        ("统一社会信用代码", GOOD[:-1] + "4"),
        ("统一社会信用代码", GOOD[:-1]),
        ("统一社会信用代码", GOOD.replace("M", "I")),
        ("信用状态", "优秀"),
        ("信用状态", ""),
        ("失信记分", "-1"),
        ("失信记分", "nan"),
        ("环评工程师", "2.5"),
        ("更新日期", "2026-02-30"),
        ("更新日期", ""),
        ("核实", "也许"),
    ],
)
def test_a_bad_cell_is_an_issue_at_its_place(tmp_path: Path, column: str, value: str) -> None:
    found, issues = read_agencies(as_csv(tmp_path / "a.csv", [ROW, {**ROW, column: value}]))
    assert len(found) == 1
    assert [one.place for one in issues] == [f"a.csv!3 {column}"]
    assert issues[0].message.zh
    assert issues[0].message.en


def test_the_same_code_twice_is_an_issue(tmp_path: Path) -> None:
    found, issues = read_agencies(as_workbook(tmp_path / "a.xlsx", [ROW, {**ROW, "名称": "另一示例"}]))
    assert [one.name for one in found] == ["示例环评（虚构）"]
    assert [one.place for one in issues] == ["环评单位!4"]


def test_points_and_engineers_not_recorded_are_not_zero(tmp_path: Path) -> None:
    (agency,), _ = read_agencies(as_csv(tmp_path / "a.csv", [{**ROW, "失信记分": "", "环评工程师": ""}]))
    assert (agency.points, agency.engineers) == (None, None)


def test_a_missing_column_or_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称\n某单位\n", encoding="utf-8")
    for name in ("a.csv", "b.csv", "b.xlsx"):
        with pytest.raises(DeliveryError):
            read_agencies(tmp_path / name)


def test_agencies_are_found_by_name_code_district_and_status() -> None:
    everyone = demonstration_agencies()
    assert search_agencies(everyone) == list(everyone)
    assert [one.district for one in search_agencies(everyone, name="二号")] == ["崂山区"]
    assert len(search_agencies(everyone, name=OTHER.lower())) == 1
    assert len(search_agencies(everyone, district="黄岛")) == 1
    assert [one.status for one in search_agencies(everyone, status=CreditStatus.DISCREDITED)] == [
        CreditStatus.DISCREDITED
    ]
    assert search_agencies(everyone, district="崂山", status=CreditStatus.DISCREDITED) == []


def test_the_demonstration_is_invented_and_says_so() -> None:
    assert len(demonstration_agencies()) == 6
    for agency in demonstration_agencies():
        assert agency.name.startswith("示例")
        assert "虚构" in agency.name
        assert agency.credit_code[2:8] == "999999"  # no such region
        assert not agency.verified


bodies = st.text(st.sampled_from(CREDIT_CODE_SIGNS), min_size=17, max_size=17)


@given(bodies)
def test_exactly_one_check_sign_fits(body: str) -> None:
    assert sum(is_credit_code(body + sign) for sign in CREDIT_CODE_SIGNS) == 1


@given(bodies, st.integers(0, 16), st.sampled_from(CREDIT_CODE_SIGNS))
def test_one_mistyped_sign_is_always_noticed(body: str, place: int, sign: str) -> None:
    code = next(body + last for last in CREDIT_CODE_SIGNS if is_credit_code(body + last))
    mistyped = code[:place] + sign + code[place + 1 :]
    assert is_credit_code(mistyped) == (mistyped == code)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=8)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), cells), max_size=4))
def test_every_row_becomes_an_agency_or_an_issue(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, str]]
) -> None:
    rows = [{**ROW, **change} for change in changes]
    found, issues = read_agencies(as_csv(tmp_path_factory.mktemp("agencies") / "a.csv", rows))
    assert len(found) + len(issues) == sum(any(cell.strip() for cell in row.values()) for row in rows)
