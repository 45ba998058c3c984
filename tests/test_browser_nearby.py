"""Projects nearby and affected cases in Debian's Chromium on a desk and on a phone: axe, scripts off, what leads where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.approval_port import approval_port
from api.approvals.casebook import NewCase, NewSite
from api.question import Question
from api.service import ScreeningService
from api.settings import Settings
from screening.model import Construction
from tests.approvals import CHEAP, HERE, OFFICE, OPERATOR, PEOPLE, City, Clock, add_person
from tests.pastcases import past, write_rows
from tests.test_affected import CLAUSES, GROWN, two_releases  # noqa: F401  a fixture of the module
from tests.test_browser import browser, served, watched  # noqa: F401  a fixture of the module
from tests.test_browser_cases import sign_in
from tests.test_browser_lookups import SIZES, violations
from tests.test_places import opened


@pytest.fixture(scope="module")
def address(
    two_releases: tuple[Path, str, str],  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """A living case by others of the past, one with a verdict on the earlier release, one without a known place."""
    store, old, _ = two_releases
    folder = tmp_path_factory.mktemp("nearby")
    settings = Settings(data=folder, password_cost=CHEAP)
    (folder / "releases").symlink_to(store)
    clock = Clock()
    service = ScreeningService(settings, now=clock)
    port = approval_port(service, settings)
    people = {name: add_person(port, name, role, *districts) for name, role, districts in PEOPLE}
    city = City(service=service, port=port, clock=clock, settings=settings, people=people)
    rows = [past(f"OLD-{at}", coordinates=f"120.0{200 + at},36.175", project=f"旧项目{at}") for at in range(60)]
    assert port.history.load(OPERATOR, write_rows(folder / "past.csv", *rows), is_demonstration=True).added == 60
    opened(city, GROWN, who="applicant", project="上山")
    clock.instant = clock.instant.replace(month=8)
    asked = Question(text=CLAUSES, industries=("I6511",), construction=Construction.NEW, facts=OFFICE)
    screened = service.screen(asked)
    assert screened.record["release"]["id"] == old
    clock.instant = clock.instant.replace(month=11)
    new = NewCase(
        project="有研判",
        industries=(),
        construction="",
        organisation="",
        agency="",
        district=HERE,
        sites=(NewSite(screening_id=screened.id),),
    )
    port.openings.open(people["chief"], new)
    opened(city, "说不清", project="无处")
    service.close()
    (folder / "releases").unlink()
    yield from served(store, folder)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:  # noqa: F811
    """A page without scripts."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_both_pages_fit_load_only_from_us_and_pass_axe(
    browser: Browser,  # noqa: F811
    address: str,
    two_releases: tuple[Path, str, str],  # noqa: F811
    size: str,
    language: str,
) -> None:
    width, height = SIZES[size]
    seen = watched(browser, address, width=width, height=height)
    sign_in(seen.page, address, "chief", language)
    asked = f"old={two_releases[1]}&new={two_releases[2]}"
    paths = (
        "/approval/affected?",
        f"/approval/affected?{asked}&within_m=100",
        f"/approval/affected?{asked}&within_m=far",
        "/approval/cases/370200-2026-00001?within_m=500",
        "/approval/cases/370200-2026-00003?within_m=500",
    )
    for scheme in ("light", "dark"):
        seen.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for path in paths:
            seen.page.goto(f"{address}{path}&lang={language}")
            fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            assert seen.page.evaluate(fits), path
            assert violations(seen.page) == [], (path, scheme)
    assert seen.outside == []


def test_an_approver_sees_what_is_near_and_goes_there(page: Page, address: str) -> None:
    sign_in(page, address, "anna")
    page.goto(f"{address}/approval/cases/370200-2026-00001?lang=zh")
    panel = page.locator("#nearby")
    expect(panel.locator("summary")).to_have_text("附近的项目 · 1 km 内 60 件")
    panel.locator("summary").click()
    expect(panel).to_contain_text("只显示最近的 20 件，共 60 件")
    expect(panel).to_contain_text("另有 1 件选址位置不明")
    panel.get_by_label("距离").select_option("500")
    panel.get_by_role("button", name="查看").click()
    expect(panel.locator("summary")).to_contain_text("500 m 内")
    row = panel.get_by_role("row").nth(1)
    expect(row).to_contain_text("I6511 基础软件开发")
    expect(row).to_contain_text("相接或重叠")
    expect(row).to_contain_text("2025-03-25 决定")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("旧项目0")
    page.goto(f"{address}/approval/cases/370200-2026-00003?lang=zh")
    expect(page.locator("#nearby .without-data")).to_contain_text("不等于附近没有")


def test_an_applicant_has_no_such_panel(page: Page, address: str) -> None:
    sign_in(page, address, "applicant")
    page.goto(f"{address}/approval/cases/370200-2026-00001?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("上山")
    expect(page.locator("#nearby")).to_have_count(0)
    expect(page.get_by_role("link", name="受影响的审批")).to_have_count(0)


def test_a_keeper_goes_from_what_changed_to_a_screening_of_today(page: Page, address: str) -> None:
    sign_in(page, address, "keeper")
    page.get_by_role("link", name="受影响的审批").click()
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("62 件受影响")
    expect(page.locator(".found-notes")).to_contain_text("未列出不等于不受影响")
    expect(page.locator(".found-notes")).to_contain_text("有 1 件审批的选址位置不明")
    rows = page.locator(".affected tbody tr")
    expect(rows).to_have_count(50)
    expect(rows.nth(0)).to_contain_text("有研判")
    expect(rows.nth(0)).to_contain_text("准入清单条款变化")
    expect(rows.nth(1)).to_contain_text("上山")
    expect(rows.nth(1).get_by_role("link", name="填好研判表")).to_have_attribute(
        "href", "/?site=120.02%2C36.175&industry=I6511&lang=zh"
    )
    page.get_by_role("link", name="下一页").click()
    expect(rows).to_have_count(12)
    page.get_by_role("link", name="上一页").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载全部 CSV").click()
    assert "北山红线" in Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_label("图层").select_option("unit_land")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("1 件受影响")
    rows.nth(0).get_by_role("button", name="按今天重新研判").click()
    expect(page).to_have_url(re.compile("/screenings/"))
    page.go_back()
    page.reload()
    expect(rows.nth(0)).to_contain_text("已刷新，尚未附到审批")
