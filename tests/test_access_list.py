"""The access list as a city writes it: attributes of zones, replacement ratios, stated exceptions, levels, template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from layers.delivery import read_delivery
from layers.export import export_delivery
from layers.facts import fact_schema
from layers.release import Content, read_content, write_release
from layers.snapshot import Snapshot, load_snapshot
from layers.workbook import COLUMNS, OPTIONAL_COLUMNS
from screening.explain import explain
from screening.findings import Finding, Outcome
from screening.verdict import Verdict
from tests.conftest import ask
from tests.smallcity import SmallCity
from tests.test_cli import run
from tests.test_small_city import OFFICE_SITE

BAN = "DEMO-N-01"
PERMIT = "T-PERMIT"
ONE_UNIT = {"条款编号": "T-U", "空间条件": "环境管控单元（陆域）{主导功能=功能1|功能2} 区内"}


def with_clauses(folder: Path, rows: Sequence[dict[str, str]], city: SmallCity | None = None) -> Path:
    """A small city's delivery with rows appended to 总体清单, optional columns added."""
    delivery = (city or SmallCity()).deliver(folder)
    book = openpyxl.load_workbook(delivery / "list.xlsx")
    sheet = book["总体清单"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "条款编号")
    columns = [cell.value for cell in head]
    for name in OPTIONAL_COLUMNS:
        columns.append(name)
        sheet.cell(row=head[0].row, column=len(columns), value=name)
    defaults = {
        "层级": "市",
        "管控维度": "空间布局约束",
        "管控要求": "测试条款",
        "管控效力": "禁止",
        "依据（现行）": "测试",
        "生效日期": "2020-01-01",
        "核实": "否",
    }
    for row in rows:
        sheet.append([{**defaults, **row}.get(column, "") for column in columns])
    book.save(delivery / "list.xlsx")
    return delivery


def content_with(folder: Path, *rows: dict[str, str]) -> Content:
    return read_content(read_delivery(with_clauses(folder / "d", rows)))


def snapshot_with(folder: Path, *rows: dict[str, str]) -> Snapshot:
    content = content_with(folder, *rows)
    assert content.errors == ()
    return load_snapshot(folder / "store" / write_release(content, folder / "store"))


def finding(verdict: Verdict, clause: str) -> Finding:
    return next(one for one in verdict.findings if one.clause and one.clause.id == clause)


def of_kind(verdict: Verdict, clause: str) -> Outcome | None:
    found = [one.outcome for one in verdict.findings if one.clause and one.clause.id == clause]
    return found[0] if found else None


NEAR_SCHOOL = "POLYGON((120.0801 36.0801, 120.0804 36.0801, 120.0804 36.0804, 120.0801 36.0804, 120.0801 36.0801))"


@pytest.mark.parametrize(
    ("zones", "outcome"),
    [
        ("生态保护红线{YSXL=甲} 区内", None),
        ("环境敏感目标 区内", Outcome.VIOLATES),
        ("环境敏感目标[医院|学校] 区内", Outcome.VIOLATES),
        ("环境敏感目标[医院] 区内", None),
    ],
)
def test_a_clause_speaks_about_the_zones_it_means(tmp_path: Path, zones: str, outcome: Outcome | None) -> None:
    snapshot = snapshot_with(tmp_path, {"条款编号": "T-B", "空间条件": zones})
    assert of_kind(ask(snapshot, NEAR_SCHOOL, "I6511"), "T-B") is outcome


def test_a_clause_may_mean_zones_with_an_attribute(tmp_path: Path) -> None:
    city = SmallCity()
    for number, row in enumerate(city.layers["unit_land"]):
        row["主导功能"] = f"功能{number}"
    content = read_content(read_delivery(with_clauses(tmp_path / "d", city=city, rows=[ONE_UNIT])))
    snapshot = load_snapshot(tmp_path / "s" / write_release(content, tmp_path / "s"))
    here = {
        zone.attributes["主导功能"]: ask(snapshot, loaded.degrees[i].representative_point().buffer(0.0005).wkt, "I6511")
        for loaded in [snapshot.layers["unit_land"]]
        for i, zone in enumerate(loaded.zones)
    }
    assert {name for name, verdict in here.items() if of_kind(verdict, "T-U")} == {"功能1", "功能2"}


def test_attributes_narrow_and_unknown_ones_are_noticed(tmp_path: Path) -> None:
    city_content = content_with(tmp_path, {"条款编号": "T-A", "空间条件": "生态保护红线{不存在的列=甲} 区内"})
    (issue,) = [one for one in city_content.issues if "不存在的列" in one.message.zh]
    assert issue.place.endswith("空间条件")
    assert issue.severity == "warning"
    (clause,) = [one for one in city_content.access_list.clauses if one.id == "T-A"]
    assert clause.scope.zones[0].attributes == (("不存在的列", frozenset({"甲"})),)


@pytest.mark.parametrize(
    "words", ["生态保护红线{} 区内", "生态保护红线{甲} 区内", "生态保护红线{=甲} 区内", "生态保护红线{甲=} 区内"]
)
def test_an_attribute_that_cannot_be_read_is_an_error_at_its_cell(tmp_path: Path, words: str) -> None:
    content = content_with(tmp_path, {"条款编号": "T-A", "空间条件": words})
    assert [one.place.split()[-1] for one in content.errors] == ["空间条件"]


VOC = {"条款编号": "T-R", "管控效力": "有条件", "替代要求": "挥发性有机物年排放量 2；nitrogen_oxides_t_per_year 1.5"}


def test_replacement_is_told_in_tonnes_once_declared(tmp_path: Path) -> None:
    snapshot = snapshot_with(tmp_path, VOC)
    verdict = ask(snapshot, OFFICE_SITE, "I6511", {"vocs_t_per_year": 12.0, "nitrogen_oxides_t_per_year": None})
    demands = {one.fact: one.amount for one in finding(verdict, "T-R").replacements}
    assert demands == {"vocs_t_per_year": 24.0, "nitrogen_oxides_t_per_year": None}
    told = explain(verdict, fact_schema(), "zh")
    rows = [row.value for entry in told.concerned if entry.key == "clause:T-R" for row in entry.rows]
    assert "挥发性有机物年排放量：12 t/a × 2 = 24 t/a" in rows
    assert "氮氧化物年排放量：申报量 × 1.5（尚未申报）" in rows


def test_nothing_emitted_needs_no_replacement(tmp_path: Path) -> None:
    snapshot = snapshot_with(tmp_path, VOC)
    verdict = ask(snapshot, OFFICE_SITE, "I6511", {"vocs_t_per_year": 0.0, "nitrogen_oxides_t_per_year": 0.0})
    assert finding(verdict, "T-R").replacements == ()


@pytest.mark.parametrize(
    ("column", "words"),
    [("替代要求", "电 2"), ("替代要求", "vocs_t_per_year"), ("替代要求", "vocs_t_per_year 0"), ("例外于条款", BAN)],
)
def test_what_cannot_be_read_is_an_error_at_its_cell(tmp_path: Path, column: str, words: str) -> None:
    content = content_with(tmp_path, {"条款编号": "T-X", column: words})
    assert [one.place.split()[-1] for one in content.errors] == [column]


def test_an_exception_to_a_clause_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    content = content_with(tmp_path, {"条款编号": PERMIT, "管控效力": "允许", "例外于条款": "T-NONE"})
    assert [one.message.zh for one in content.errors] == ["没有条款“T-NONE”"]


GENERAL_BAN = {"条款编号": "T-BAN", "行业（含）": "I6511"}


def test_a_permission_beats_a_ban_only_where_it_names_it(tmp_path: Path) -> None:
    plain = snapshot_with(tmp_path / "a", GENERAL_BAN, {"条款编号": PERMIT, "管控效力": "允许"})
    assert of_kind(ask(plain, OFFICE_SITE, "I6511"), "T-BAN") is Outcome.VIOLATES
    named = snapshot_with(tmp_path / "b", GENERAL_BAN, {"条款编号": PERMIT, "管控效力": "允许", "例外于条款": "T-BAN"})
    excepted = finding(ask(named, OFFICE_SITE, "I6511"), "T-BAN")
    assert excepted.outcome is Outcome.CONDITIONAL
    assert PERMIT in excepted.reason.zh
    assert excepted.duty is not None


def test_an_exception_that_turns_on_an_undeclared_fact_leaves_it_open(tmp_path: Path) -> None:
    permit = {"条款编号": PERMIT, "管控效力": "允许", "例外于条款": "T-BAN", "适用条件": "national_major_project"}
    snapshot = snapshot_with(tmp_path, GENERAL_BAN, permit)
    open_ban = finding(ask(snapshot, OFFICE_SITE, "I6511", {"national_major_project": None}), "T-BAN")
    assert (open_ban.outcome, open_ban.missing_facts) == (Outcome.UNDETERMINED, ("national_major_project",))
    assert of_kind(ask(snapshot, OFFICE_SITE, "I6511", {"national_major_project": False}), "T-BAN") is Outcome.VIOLATES
    assert (
        of_kind(ask(snapshot, OFFICE_SITE, "I6511", {"national_major_project": True}), "T-BAN") is Outcome.CONDITIONAL
    )


def test_an_exception_for_a_part_of_the_site_leaves_the_ban(tmp_path: Path) -> None:
    permit = {"条款编号": PERMIT, "管控效力": "允许", "例外于条款": "T-BAN", "空间条件": "环境敏感目标 区内"}
    snapshot = snapshot_with(tmp_path, GENERAL_BAN, permit)
    wide = "POLYGON((120.0795 36.0795, 120.0815 36.0795, 120.0815 36.0815, 120.0795 36.0815, 120.0795 36.0795))"
    verdict = ask(snapshot, wide, "I6511")
    assert finding(verdict, PERMIT).contacts
    assert of_kind(verdict, "T-BAN") is Outcome.VIOLATES
    in_the_middle = "120.080250,36.080250"  # 22 m from the school's edge, which is known to ±10 m
    assert of_kind(ask(snapshot, in_the_middle, "I6511"), "T-BAN") is Outcome.CONDITIONAL
    assert of_kind(ask(snapshot, NEAR_SCHOOL, "I6511"), "T-BAN") is Outcome.UNDETERMINED


def test_all_six_levels_answer_and_the_strictest_decides(tmp_path: Path) -> None:
    snapshot = snapshot_with(tmp_path, GENERAL_BAN)
    verdict = ask(snapshot, OFFICE_SITE, "I6511")
    answers = {one.level.name: one for one in verdict.levels}
    assert list(answers) == ["NATION", "PROVINCE", "CIRCLE", "CITY", "UNIT_CLASS", "UNIT"]
    assert answers["CITY"].outcome is Outcome.VIOLATES
    assert "T-BAN" in {one.clause.id for one in answers["CITY"].deciding if one.clause}
    assert max(one.outcome for one in verdict.levels) is verdict.conclusion
    told = {one.key: one.text for one in explain(verdict, fact_schema(), "zh").levels}
    assert told["level:city"].startswith("由T-BAN决定结论")
    assert not told["level:nation"].startswith("由")


def test_optional_columns_come_back_from_an_export(tmp_path: Path) -> None:
    content = content_with(
        tmp_path,
        GENERAL_BAN,
        {
            "条款编号": PERMIT,
            "管控效力": "允许",
            "例外于条款": "T-BAN",
            "空间条件": "生态保护红线{名称=甲|乙，级别=省级} 周边 12.5",
        },
        VOC,
    )
    name = write_release(content, tmp_path / "store")
    export_delivery(tmp_path / "store" / name, tmp_path / "out")
    again = read_content(read_delivery(tmp_path / "out"))
    assert again.access_list == content.access_list
    assert write_release(again, tmp_path / "store") == name


def test_the_template_is_blank_and_reads_as_a_list_without_clauses(tmp_path: Path) -> None:
    done = run(tmp_path, "list", "template", str(tmp_path / "list.xlsx"))
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    for sheet in book:
        assert [cell.value for cell in sheet[1]] == [*COLUMNS, *OPTIONAL_COLUMNS]
        assert sheet.max_row == 1
        assert len(sheet.data_validations.dataValidation) == 6
    done = run(tmp_path, "list", "facts", "--lang", "en")
    assert "water_m3_per_year  Additional water use  number" in done.stdout
