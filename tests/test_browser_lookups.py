"""Look-up pages in Debian's Chromium on a desk and on a phone, every host but our own cut off, axe on each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.test_browser import CHROMIUM, FLAGS, served, watched

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SIZES = {"desk": (1280, 800), "phone": (360, 740)}
UNIT = "ZH37021530009"
PAGES = (
    "/units",
    "/units?point=120.13,36.33",
    f"/units/{UNIT}",
    "/units/HY37020010001",
    "/water-sources?point=120.13,36.33",
    "/library?q=噪声",
    "/library/epl-2014",
    "/agencies",
    "/news",
    "/terms",
    "/units/none",
)


@pytest.fixture(scope="module")
def address(demo_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(demo_store[0], tmp_path_factory.mktemp("looked_up"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def violations(page: Page) -> list[Any]:
    """What axe finds wrong; run by the debugger, so that the page's own policy stays as it is."""
    page.evaluate(AXE)
    found: list[Any] = page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] })"
        ".then(all => all.violations.map(one => [one.id, one.nodes[0].html, one.nodes[0].failureSummary]))"
    )
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_loads_only_from_us_and_passes_axe(
    browser: Browser, address: str, size: str, language: str
) -> None:
    width, height = SIZES[size]
    seen = watched(browser, address, width=width, height=height)
    for path in PAGES:
        seen.page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
        assert seen.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        assert violations(seen.page) == [], path
    seen.page.emulate_media(color_scheme="dark")
    for path in PAGES[:-1]:
        seen.page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
        assert violations(seen.page) == [], f"{path}, dark"
    seen.expect_no_trouble()


@pytest.mark.parametrize("size", SIZES)
def test_the_menu_opens_by_keyboard_and_leads_on(browser: Browser, address: str, size: str) -> None:
    width, height = SIZES[size]
    seen = watched(browser, address, width=width, height=height)
    page = seen.page
    for start in ("/?lang=zh", "/terms?lang=zh"):
        page.goto(f"{address}{start}")
        menu = page.locator(".nav-menu")
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        link = menu.get_by_role("link", name="环评单位")
        expect(link).to_be_visible()
        box = link.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= width - box["width"]
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        reached = page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y)?.closest('a')?.getAttribute('href')",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert reached == "/agencies?lang=zh"
    page.locator(".nav-menu a[href='/agencies?lang=zh']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("环评单位查询")
    seen.expect_no_trouble()


@pytest.mark.parametrize("size", SIZES)
def test_a_person_goes_from_a_name_to_the_unit_and_on_to_screening(browser: Browser, address: str, size: str) -> None:
    width, height = SIZES[size]
    seen = watched(browser, address, width=width, height=height)
    page = seen.page
    page.goto(f"{address}/units?lang=zh")
    page.get_by_label("编码、名称或地名").fill("移风店")
    page.get_by_label("编码、名称或地名").press("Enter")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("移风店镇")
    expect(page.get_by_role("img", name="单元轮廓示意")).to_be_visible()
    expect(page.get_by_role("cell", name=re.compile("未超|已超|无法判定")).first).to_be_visible()
    page.get_by_role("link", name="在这个单元研判").click()
    expect(page.locator("#units")).to_contain_text(UNIT)
    seen.expect_no_trouble()


def test_the_water_source_answer_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/water-sources?lang=zh")
    page.get_by_label("坐标").fill("120.130000, 36.330000")
    page.get_by_role("button", name="查询").click()
    answer = page.locator(".water-answer")
    expect(answer).to_contain_text("大沽河")
    expect(answer).to_contain_text("禁止")
    page.get_by_text("这些词是什么意思").click()
    expect(page.locator(".glossed")).to_contain_text("一级、二级和准保护区")
    context.close()
