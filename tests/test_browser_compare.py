"""Comparing sites in Debian's Chromium: form, map, table; on a desk and on a phone, both languages, axe on each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.test_browser import CHROMIUM, FLAGS, served, watched
from tests.test_browser_lookups import violations

SIZES = {"desk": (1280, 900), "phone": (360, 740)}
SITES = ("120.130000, 36.330000", "POLYGON((119.98 35.99,119.99 35.99,119.99 36.0,119.98 36.0,119.98 35.99))")


@pytest.fixture(scope="module")
def address(demo_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(demo_store[0], tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def fits(page: Page) -> bool:
    found: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_sites_are_typed_compared_and_read(browser: Browser, address: str, size: str, language: str) -> None:
    width, height = SIZES[size]
    seen = watched(browser, address, width=width, height=height)
    page = seen.page
    page.goto(f"{address}/compare?lang={language}")
    page.wait_for_load_state("networkidle")
    assert fits(page)
    assert violations(page) == []
    for number, site in enumerate(SITES, start=1):
        page.locator(f"#site-{number}").fill(site)
    page.locator("#compare-industry").fill("C2614")
    page.locator("#compare-construction").select_option("new")
    page.locator(".compare-form .primary").click()
    page.wait_for_url("**/compare?screening=*")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".compare-table thead th a")).to_have_count(2)
    expect(page.locator(".on-map")).to_have_count(2)
    assert fits(page)
    assert violations(page) == []
    same = page.locator(".compare-table .same").first
    expect(same).to_be_visible()
    page.locator("#only-different").check()
    expect(same).to_be_hidden()
    page.locator(".compare-table thead th a").first.click()
    expect(page.locator("h1, h2").first).to_be_visible()
    assert "/screenings/" in page.url
    seen.expect_no_trouble()


def test_a_click_on_the_map_fills_the_next_field(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.goto(f"{address}/compare?lang=zh")
    page.wait_for_load_state("networkidle")
    box = page.locator(".folium-map").bounding_box()
    assert box is not None
    for step in (0, 40):
        page.mouse.click(box["x"] + box["width"] / 2 + step, box["y"] + box["height"] / 2)
        page.wait_for_timeout(400)  # two quick clicks are a double click
    expect(page.locator("#site-1")).not_to_have_value("")
    expect(page.locator("#site-2")).not_to_have_value("")
    expect(page.locator("#site-3")).to_have_value("")
    expect(page.locator(".on-map")).to_have_count(2)
    page.locator("#compare-industry").fill("有机化学")
    expect(page.locator("#industry-options option[value^='C2614']")).to_have_count(1)
    seen.expect_no_trouble()


def test_without_script_the_form_leads_to_the_answer(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{address}/compare?lang=en")
    expect(page.locator(".compare-map")).to_be_hidden()
    for number, site in enumerate(SITES, start=1):
        page.locator(f"#site-{number}").fill(site)
    page.locator("#compare-industry").fill("C2614 organic chemicals")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 sites side by side")
    context.close()
