"""Dashboards and the import page in Debian's Chromium on a desk and on a phone: axe, no host but ours, roles, downloads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page, expect

from api.approval_port import approval_port
from api.dashboards.service import TITLES
from api.service import ScreeningService
from api.settings import Settings
from tests.approvals import CHEAP, HERE, OPERATOR, PEOPLE, add_person
from tests.pastcases import past, write_rows
from tests.test_browser import browser, served, watched  # noqa: F401  a fixture of the module
from tests.test_browser_cases import sign_in
from tests.test_browser_lookups import SIZES, violations


@pytest.fixture(scope="module")
def address(small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("dashboards")
    settings = Settings(data=folder, password_cost=CHEAP)
    (folder / "releases").symlink_to(small_store[0])
    service = ScreeningService(settings)
    port = approval_port(service, settings)
    for name, role, districts in PEOPLE:
        add_person(port, name, role, *districts)
    rows = [
        past(
            f"OLD-{at}",
            opened_on=f"2025-0{1 + at % 3}-03",
            district=HERE if at % 3 else "370281",
            project=f"旧项目{at}",
        )
        for at in range(9)
    ]
    assert port.history.load(OPERATOR, write_rows(folder / "past.csv", *rows), is_demonstration=True).added == 9
    assert port.history.screen(OPERATOR, 4).done == 4
    service.close()
    (folder / "releases").unlink()
    yield from served(small_store[0], folder)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_loads_only_from_us_and_passes_axe(
    browser: Browser,  # noqa: F811
    address: str,
    size: str,
    language: str,
) -> None:
    width, height = SIZES[size]
    seen = watched(browser, address, width=width, height=height)
    sign_in(seen.page, address, "chief", language)
    paths = [f"/approval/dashboards/{key}" for key in TITLES]
    paths += ["/approval/dashboards?since=2025-02-01&district=370211", "/approval/dashboards?since=2025-02-31"]
    for path in (*paths, "/approval/cases/370200-2025-H00001"):
        seen.page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
        assert seen.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        assert violations(seen.page) == [], path
    seen.page.emulate_media(color_scheme="dark")
    for path in paths:
        seen.page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
        assert violations(seen.page) == [], f"{path}, dark"
    sign_out(seen.page)
    sign_in(seen.page, address, "keeper", language)
    seen.page.goto(f"{address}/approval/history?lang={language}")
    assert seen.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert violations(seen.page) == []
    assert seen.outside == []


def sign_out(page: Page) -> None:
    page.locator(".port-bar form button").click()
    expect(page.locator(".port-bar")).to_have_count(0)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:  # noqa: F811
    """A page without scripts."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_a_chief_filters_and_takes_the_figures_along(page: Page, address: str) -> None:
    sign_in(page, address, "chief")
    page.get_by_role("link", name="统计看板").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("审批效能")
    expect(page.locator(".board-notes")).to_contain_text("共 9 件")
    expect(page.locator(".board-notes")).to_contain_text("其中 9 件是示例数据")
    row = page.get_by_role("row", name="研判 ")
    expect(row).to_contain_text("9")
    page.get_by_label("区县", exact=True).select_option(HERE)
    page.get_by_label("提交日期自").fill("2025-02-01")
    page.get_by_role("button", name="统计").click()
    expect(page.locator(".board-notes")).to_contain_text("共 6 件")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载“按提交月份” CSV").click()
    read = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8-sig"))))
    assert [row[:2] for row in read[-2:]] == [["2025-02", "3"], ["2025-03", "3"]]
    assert any("2025-02-01" in line[0] for line in read)
    assert any("黄岛区" in line[0] for line in read)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载“各阶段用时（工作日）” Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    assert [cell.value for cell in book.worksheets[0]["A"]][-5:] == ["受理", "研判", "复核", "决定", "决定（已作出）"]
    page.get_by_role("navigation", name="看板").get_by_role("link", name="重点项目").click()
    expect(page.locator(".board-notes")).to_contain_text("共 6 件")  # the filter stays


def test_a_key_project_leads_to_its_case_and_to_the_map(page: Page, address: str) -> None:
    sign_in(page, address, "chief")
    page.goto(f"{address}/approval/dashboards/projects?lang=zh")
    row = page.get_by_role("row", name="旧项目0")
    expect(row.get_by_role("link", name="在地图上查看")).to_have_attribute(
        "href", "/map?point=120.18000%2C36.08000&lang=zh"
    )
    row.get_by_role("link").first.click()
    expect(page.locator(".facts-list")).to_contain_text("原编号 OLD-0")
    expect(page.locator(".facts-list")).to_contain_text("示例数据")
    expect(page.locator(".timeline")).to_contain_text("导入历史审批")


def test_an_approver_notes_that_a_case_is_no_key_project(page: Page, address: str) -> None:
    sign_in(page, address, "anna")
    page.goto(f"{address}/approval/cases/370200-2025-H00002?lang=zh")
    box = page.locator("details.act").filter(has_text="监管信息")
    expect(box.locator("summary")).to_contain_text("重点项目 是")
    box.locator("summary").click()
    expect(box.get_by_label("环评类别")).to_have_value("report_table")
    box.get_by_label("重点项目").select_option("no")
    box.get_by_label("开工日期").fill("2025-06-07")
    box.get_by_role("button", name="保存").click()
    expect(box.locator("summary")).to_contain_text("重点项目 否")
    expect(page.locator(".timeline")).to_contain_text("登记监管信息")
    page.goto(f"{address}/approval/dashboards/projects?lang=zh")
    expect(page.get_by_role("row", name="旧项目1")).to_have_count(0)
    expect(page.get_by_role("row", name="旧项目2")).to_have_count(1)


def test_an_approver_sees_their_own_district_only(page: Page, address: str) -> None:
    sign_in(page, address, "anna")
    page.goto(f"{address}/approval/dashboards?lang=zh")
    expect(page.locator(".board-notes")).to_contain_text("共 6 件")
    assert page.get_by_label("区县", exact=True).locator("option").all_inner_texts() == ["全部", "黄岛区"]
    page.goto(f"{address}/approval/dashboards?lang=zh&district=370281")
    expect(page.get_by_role("alert")).to_contain_text("不是所负责的区县")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("applicant", "/approval/dashboards"),
        ("keeper", "/approval/dashboards/screening"),
        ("administrator", "/approval/dashboards/efficiency/stages.csv"),
        ("anna", "/approval/history"),
        ("chief", "/approval/history"),
    ],
)
def test_a_role_that_may_not_is_refused(page: Page, address: str, name: str, path: str) -> None:
    sign_in(page, address, name)
    answer = page.goto(f"{address}{path}?lang=zh")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("main")).to_contain_text("没有权限")


def test_the_keeper_imports_a_file_and_is_told_what_was_not(page: Page, address: str, tmp_path: Path) -> None:
    sign_in(page, address, "keeper")
    page.get_by_role("link", name="历史审批").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载空白模板").click()
    assert openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).sheetnames == ["历史审批", "填写说明"]
    first, last = past("NEW-1", district="370281"), past("NEW-2", decision="也许")
    path = write_rows(tmp_path / "旧系统.csv", first, last)
    for said in ("导入 1 件，已有 0 件，未导入 1 行", "导入 0 件，已有 1 件，未导入 1 行"):
        page.get_by_label("文件").set_input_files(path)
        page.get_by_role("button", name="导入").click()
        expect(page.get_by_role("status")).to_contain_text(said)
        expect(page.get_by_role("row", name="!3 审批结果")).to_contain_text("不在选项之内")
    page.get_by_label("文件").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_role("alert")).to_contain_text("不接受")


def test_the_case_shows_what_industrial_policy_says_to_those_who_work_on_it(page: Page, address: str) -> None:
    sign_in(page, address, "anna")
    page.goto(f"{address}/approval/cases/370200-2025-H00002?lang=zh")
    panel = page.locator("details.fold").filter(has_text="产业政策")
    panel.locator("summary").click()
    expect(panel.get_by_role("row", name="产业结构调整指导目录")).to_contain_text("须由人工判断")
    expect(panel.get_by_role("link", name="规划环评工作区")).to_have_attribute("href", "/plans?lang=zh")
