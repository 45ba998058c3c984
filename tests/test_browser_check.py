"""The check page: three steps, the position of the device, without scripts, by a link, installed, without network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.test_browser import CHROMIUM, DAGU_RIVER, FLAGS, PATIENCE_MS, choose_industry, served, watched
from tests.test_browser_lookups import violations
from web.assets import ASSETS
from web.installed import SHELL

POSITION = {"longitude": 120.130123, "latitude": 36.330456, "accuracy": 35}
LINE = "LINESTRING (120.05001 36.35001, 120.15001 36.35001)"


@pytest.fixture(scope="module")
def address(demo_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(demo_store[0], tmp_path_factory.mktemp("checked"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without scripts on a small phone."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN")
    yield context
    context.close()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


# -- three steps -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_keyboard_alone_leads_from_the_page_to_an_answer(browser: Browser, address: str, language: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.goto(f"{address}/?lang={language}")
    page.locator("#where").focus()
    page.keyboard.type(DAGU_RIVER)
    page.keyboard.press("Tab")
    expect(page.locator("#units")).to_contain_text("ZH3702", timeout=3 * PATIENCE_MS)  # a release may be opening
    page.locator("#industry").focus()
    page.keyboard.type("C3360")
    expect(page.locator("#industry-list").get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#industries")).to_contain_text("C3360")
    expect(page.locator("#facts-first")).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "submit":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#answer .conclusion")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "answer"
    assert violations(page) == []
    seen.expect_no_trouble()


def test_only_questions_that_matter_are_asked_and_four_of_them_at_once(browser: Browser, address: str) -> None:
    seen = watched(browser, address, width=360, height=740)
    page = seen.page
    page.goto(f"{address}/?lang=zh&site=120.13%2C36.33")
    expect(page.locator("#facts-first")).to_be_hidden()
    choose_industry(page, "电镀", "C3360")
    first = page.locator("#facts-first")
    expect(first.locator("#facts-asked .fact")).to_have_count(4)
    expect(first.get_by_text("其余")).to_be_visible()
    asked = page.locator("#facts-first-count")
    expect(asked).to_contain_text("已申报 0 项")
    first.get_by_label("排放废水").select_option("true")
    expect(asked).to_contain_text("已申报 1 项")
    assert fits(page)
    page.locator("#where").scroll_into_view_if_needed()
    expect(page.locator("#submit")).to_be_in_viewport()
    seen.expect_no_trouble()


# -- the position of the device ----------------------------------------------------------------------------------------


def test_my_position_is_told_with_its_accuracy_and_carried_into_the_verdict(browser: Browser, address: str) -> None:
    seen = watched(browser, address, width=360, height=740)
    page, context = seen.page, seen.page.context
    context.grant_permissions(["geolocation"], origin=address)
    context.set_geolocation(POSITION)  # type: ignore[arg-type]
    page.goto(f"{address}/?lang=zh")
    page.get_by_role("button", name="我的位置").click()
    expect(page.locator("#where-found")).to_contain_text("误差约 ±35 m")
    choose_industry(page, "C3360", "C3360")
    with page.expect_response("**/api/v1/screenings?*") as answered:
        page.locator("#submit").click()
    sent = json.loads(answered.value.request.post_data or "")
    assert sent["site"]["accuracy_m"] == 35
    assert sent["site"]["geometry"] == {"type": "Point", "coordinates": [POSITION["longitude"], POSITION["latitude"]]}
    assert answered.value.json()["verdict"]["site"]["accuracy_m"] == 35
    page.get_by_role("link", name="English").click()
    expect(page.locator("#where-found")).to_contain_text("about ±35 m")
    page.locator("#where").fill(DAGU_RIVER)
    page.locator("#where-show").click()
    expect(page.locator("#where-found")).not_to_contain_text("±35 m")
    assert page.locator("#accuracy").input_value() == ""
    seen.expect_no_trouble()


def test_a_refused_position_is_told_beside_the_field(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.goto(f"{address}/?lang=en")
    page.get_by_role("button", name="My position").click()
    expect(page.locator("#problem-site")).to_contain_text("Permission to use the position was not given")
    assert violations(page) == []
    seen.expect_no_trouble()


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_link_fills_the_form_and_the_copied_link_says_the_same(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.goto(f"{address}/?lang=zh&site={LINE}&width_m=40&industry=C3360,2614&construction=expand&as_of=2026-10-01")
    expect(page.locator("#width")).to_be_visible()
    expect(page.locator("#width")).to_have_value("40")
    expect(page.locator("#industries")).to_contain_text("C3360")
    expect(page.locator("#industries")).to_contain_text("2614")
    expect(page.get_by_label("扩建")).to_be_checked()
    expect(page.locator("#as-of")).to_have_value("2026-10-01")
    expect(page.locator("#answer")).to_be_hidden()
    page.locator("#link-fill").click()
    expect(page.locator("#link-fill")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    page.goto(copied)
    expect(page.locator("#where")).to_have_value(LINE)
    expect(page.locator("#width")).to_have_value("40")
    expect(page.locator("#as-of")).to_have_value("2026-10-01")
    seen.expect_no_trouble()


def test_an_answer_offers_its_own_page_print_and_a_code_to_scan(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.goto(f"{address}/?lang=zh&site={DAGU_RIVER}&industry=C3360")
    expect(page.locator("#industries")).to_contain_text("C3360")
    page.locator("#submit").click()
    page.locator("#share summary").click()
    expect(page.get_by_role("img", name=re.compile("二维码"))).to_be_visible()
    expect(page.get_by_role("link", name="一图一表一说明")).to_be_visible()
    page.get_by_role("link", name="研判记录页").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("研判记录")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.conclusion h2')).color") != "rgb(255, 255, 255)"
    seen.expect_no_trouble()


# -- without scripts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "answer_title", "told"),
    [("zh", "研判记录", "没有地图"), ("en", "Screening record", "there is no map")],
)
def test_the_form_gets_an_answer_without_scripts(
    plain: BrowserContext, address: str, language: str, answer_title: str, told: str
) -> None:
    page = plain.new_page()
    page.goto(f"{address}/?lang={language}")
    expect(page.locator("noscript .notice, .notice").filter(has_text=told).first).to_be_visible()
    expect(page.locator(".map-side")).to_be_hidden()
    page.locator("#where").fill(DAGU_RIVER)
    page.locator("#industry").fill("C3360")
    page.locator("[name=construction][value=new]").check()
    page.locator("#submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(answer_title)
    expect(page.locator(".conclusion")).to_be_visible()


def test_problems_stand_beside_their_field_without_scripts_and_nothing_is_lost(
    plain: BrowserContext, address: str
) -> None:
    page = plain.new_page()
    page.goto(f"{address}/?lang=zh")
    page.locator("#where").fill("某路某号")
    page.locator("#industry").fill("C3360")
    page.locator("#submit").click()
    expect(page.locator("#problem-site")).to_contain_text("无法把“某路某号”读成选址")
    expect(page.locator("#where")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("link", name="English").click()
    expect(page.locator("#where")).to_have_value("某路某号")
    page.locator("#where").fill(LINE)
    page.locator("#submit").click()
    expect(page.locator("#problem-site")).to_contain_text("a line needs its width in metres")
    page.locator("#width").fill("40")
    page.locator("#industry").fill("电镀")
    page.locator("#submit").click()
    page.locator("#problem-industries").get_by_role("button", name="C3360").click()
    expect(page.locator(".conclusion")).to_be_visible()


# -- installed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manifest_is_whole(browser: Browser, address: str, language: str) -> None:
    page = watched(browser, address).page
    page.goto(f"{address}/terms?lang={language}")
    link = page.locator("link[rel=manifest]").get_attribute("href")
    found = page.request.get(f"{address}{link}")
    manifest = found.json()
    assert found.headers["content-type"] == "application/manifest+json"
    assert manifest["start_url"] == f"/?lang={language}"
    assert {(one["sizes"], one["purpose"]) for one in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for one in manifest["icons"]:
        icon = page.request.get(f"{address}{one['src']}").body()
        sides = (int.from_bytes(icon[16:20], "big"), int.from_bytes(icon[20:24], "big"))
        assert "x".join(map(str, sides)) == one["sizes"]
        assert len(icon) < 20_000


def test_without_network_the_installed_page_says_so_and_keeps_no_answer(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/?lang=zh")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    asked = {"site": {"text": DAGU_RIVER}, "project": {"industries": ["C3360"]}}
    kept = page.request.post(f"{address}/api/v1/screenings", data=asked).json()["url"]
    page.goto(f"{address}{kept}?lang=zh")
    expect(page.locator(".conclusion")).to_be_visible()
    names = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(one => caches.open(one).then(cache => cache.keys()))))"
        ".then(all => all.flat().map(one => new URL(one.url).pathname + new URL(one.url).search))"
    )
    assert {ASSETS.address(one) for one in SHELL} < set(names)
    assert {one for one in names if not one.startswith("/static/~")} == {"/offline?lang=zh", "/offline?lang=en"}
    context.set_offline(True)
    for language, said in (("zh", "断网时也不作任何结论"), ("en", "none is given without the network")):
        page.goto(f"{address}{kept}?lang={language}")
        expect(page.locator("main")).to_contain_text(said)
        expect(page.locator(".conclusion")).to_have_count(0)
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.site-header')).backgroundColor") != "rgba(0, 0, 0, 0)"
    )
    context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("#submit")).to_be_visible()
    context.close()
