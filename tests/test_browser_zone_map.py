"""The zone map as people use it, in Debian's Chromium on a desk and on a phone, every host but our own cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from layers.delivery import read_delivery
from layers.publication import publish, withdraw
from layers.release import read_content, write_release
from tests.smallcity import SW, SmallCity, box, unit
from tests.test_browser import CHROMIUM, FLAGS, PATIENCE_MS, Watched, served, watched
from tests.test_browser_lookups import violations

SIZES = {"desk": (1280, 900), "phone": (360, 740)}
UNIT = "ZH37021530009"


@pytest.fixture(scope="module")
def address(demo_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(demo_store[0], tmp_path_factory.mktemp("mapped"))


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str, str]:
    """Two small cities, one after the other, and a third that was withdrawn."""
    folder = tmp_path_factory.mktemp("three")
    store = folder / "releases"

    def published(name: str, city: SmallCity) -> str:
        made = write_release(read_content(read_delivery(city.deliver(folder / name))), store)
        publish(store, made, at=f"{city.effective_from}T00:00:00+08:00", by="tests", override="a test of the map")
        return made

    old = published("old", SmallCity(effective_from=date(2026, 1, 1)))
    city = SmallCity(effective_from=date(2026, 7, 1))
    city.layers["unit_land"][0] = unit(SW, "西南重点改名", "黄岛区", box(0, 0, 10, 10))
    city.layers["red_line"] = city.layers["red_line"][:1]
    new = published("new", city)
    wrong = SmallCity(effective_from=date(2026, 8, 1))
    wrong.layers["park"][0]["geometry"] = box(2, 2, 6, 7)
    withdrawn = published("wrong", wrong)
    withdraw(store, withdrawn, at="2026-08-09T10:00:00+08:00", by="tests", because="园区边界有误")
    return store, old, new, withdrawn


@pytest.fixture(scope="module")
def history(releases: tuple[Path, str, str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(releases[0], tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def opened(browser: Browser, address: str, path: str, size: str = "desk") -> Watched:
    width, height = SIZES[size]
    seen = watched(browser, address, width=width, height=height)
    seen.page.goto(f"{address}{path}")
    seen.page.wait_for_load_state("networkidle")
    return seen


def state(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query, keep_blank_values=True).items()}


def zoom(page: Page) -> float:
    found: float = page.evaluate("ZoneMap.maps[0].map.getZoom()")
    return found


def fits(page: Page) -> bool:
    found: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_and_passes_axe_in_every_state(
    browser: Browser, history: str, releases: tuple[Path, str, str, str], size: str, language: str
) -> None:
    _, old, new, withdrawn = releases
    seen = opened(browser, history, f"/map?lang={language}", size)
    asked = ("", "&q=370211", "&point=120.0501,36.0501", f"&zone=unit_land:{SW}", f"&release={withdrawn}")
    for scheme in ("light", "dark"):
        seen.page.emulate_media(color_scheme=scheme)
        for more in (*asked, f"&release={new}&with={old}"):
            seen.page.goto(f"{history}/map?lang={language}{more}")
            expect(seen.page.locator("#layer-tree input").first).to_be_visible()
            assert fits(seen.page), more
            assert violations(seen.page) == [], f"{more}, {scheme}"
    seen.expect_no_trouble()


@pytest.mark.parametrize("size", SIZES)
def test_searching_a_name_zooms_to_the_unit_and_outlines_it(browser: Browser, address: str, size: str) -> None:
    seen = opened(browser, address, "/map?lang=zh", size)
    page, before = seen.page, zoom(seen.page)
    box = page.get_by_role("combobox", name="地名、单元编码、名称或坐标")
    box.fill("移风店")
    expect(page.locator("#map-found [role=option]").first).to_contain_text("移风店")
    box.press("ArrowDown")
    expect(page.locator("#map-found [role=option]").first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page.locator("#answer h2")).to_contain_text("移风店")
    expect(page.locator("#announce")).to_contain_text("移风店")
    page.wait_for_function("start => ZoneMap.maps[0].map.getZoom() > start + 1", arg=before)
    assert page.evaluate("ZoneMap.maps[0].chosen !== null")
    assert state(page)["zone"].startswith("unit_land:ZH370215")
    page.get_by_role("link", name="单元的全部要求").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("移风店")
    seen.expect_no_trouble()


def test_words_sent_are_listed_and_coordinates_are_a_place(browser: Browser, address: str) -> None:
    seen = opened(browser, address, "/map?lang=zh")
    page = seen.page
    box = page.get_by_label("地名、单元编码、名称或坐标")
    box.fill("大沽河")
    box.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("搜索“大沽河”")
    page.locator("#answer a[data-zone]").first.click()
    expect(page.locator("#answer [data-zone-shown]")).to_be_visible()
    box.fill("120°07′48″E 36°19′48″N")
    expect(page.locator("#map-found [role=option]").first).to_contain_text("这处坐标")
    box.press("Enter")
    expect(page.locator("#answer h2")).to_contain_text("这个位置")
    expect(page.locator("#answer")).to_contain_text("大沽河")
    box.fill("nothing like it")
    box.press("Enter")
    expect(page.locator("#answer")).to_contain_text("不能视为没有限制")
    page.get_by_role("link", name="清除").click()
    expect(page.locator("#answer")).to_contain_text("单击一处")
    seen.expect_no_trouble()


@pytest.mark.parametrize("size", SIZES)
def test_a_click_tells_every_zone_under_it_with_the_way_to_the_unit(browser: Browser, address: str, size: str) -> None:
    seen = opened(browser, address, "/map?lang=zh&at=120.1301,36.3301,14", size)
    page = seen.page
    frame = page.locator(".folium-map").bounding_box()
    assert frame is not None
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    answer = page.locator("#answer")
    expect(answer).to_contain_text("饮用水水源保护区")
    expect(answer).to_contain_text("以下图层在这里没有分区")
    expect(answer.get_by_role("link", name=re.compile("胶东街道")).first).to_have_attribute(
        "href", re.compile(r"/units/ZH37028130003\?lang=zh")
    )
    expect(page.locator("#announce")).to_have_text(re.compile(r"该处有 \d+ 个分区"))
    lon, lat = (float(part) for part in state(page)["point"].split(","))
    assert (lon, lat) == pytest.approx((120.1301, 36.3301), abs=0.002)
    page.get_by_role("link", name=re.compile("在图上显示.*水源")).first.click()
    expect(page.locator("#answer [data-zone-shown]")).to_be_visible()
    assert "water_source" in state(page)["layers"]
    seen.expect_no_trouble()


def test_the_keyboard_asks_about_the_middle_of_the_map(browser: Browser, address: str) -> None:
    seen = opened(browser, address, "/map?lang=zh&at=120.1301,36.3301,14")
    page = seen.page
    page.get_by_role("application", name="管控分区地图").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("饮用水水源保护区")
    page.keyboard.press("+")
    page.wait_for_function("() => ZoneMap.maps[0].map.getZoom() > 14")
    seen.expect_no_trouble()


@pytest.mark.parametrize("size", SIZES)
def test_layers_classes_and_opacity_are_in_the_address_and_come_back(browser: Browser, address: str, size: str) -> None:
    seen = opened(browser, address, "/map?lang=zh", size)
    page = seen.page
    tree = page.locator("#layer-tree")
    tree.get_by_label("生态保护红线", exact=True).uncheck()
    tree.get_by_label("产业园区", exact=True).check()
    tree.get_by_label("一般管控 环境管控单元（陆域）").uncheck()
    slider = tree.get_by_role("slider", name="不透明度：环境管控单元（海域）")
    slider.focus()
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "10%")
    layers = state(page)["layers"].split(",")
    assert "red_line" not in layers
    assert {"park", "unit_land.12", "unit_sea@10"} <= set(layers)
    shown = "id => ZoneMap.maps[0].drawn.get(id).parts.every(part => ZoneMap.maps[0].map.hasLayer(part))"
    assert page.evaluate(shown, "park")
    assert not page.evaluate(shown, "red_line")
    page.reload()
    expect(tree.get_by_label("生态保护红线", exact=True)).not_to_be_checked()
    expect(tree.get_by_label("产业园区", exact=True)).to_be_checked()
    expect(tree.get_by_label("一般管控 环境管控单元（陆域）")).not_to_be_checked()
    assert page.evaluate("ZoneMap.maps[0].drawn.get('unit_sea').parts[0].options.opacity") == pytest.approx(0.1)
    page.get_by_role("link", name="English").click()
    expect(tree.get_by_label("Industrial parks", exact=True)).to_be_checked()
    page.get_by_role("checkbox", name="Whole group: Element zones").check()
    expect(tree.get_by_label("Air-environment zones", exact=True)).to_be_checked()
    page.get_by_role("button", name="Default layers").click()
    expect(tree.get_by_label("Air-environment zones", exact=True)).not_to_be_checked()
    expect(tree.get_by_label("Ecological red line", exact=True)).to_be_checked()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie.length]") == [0, 0, 0]
    seen.expect_no_trouble()


@pytest.mark.parametrize("size", SIZES)
def test_the_slider_goes_through_the_releases_and_says_how_each_stands(
    browser: Browser, history: str, releases: tuple[Path, str, str, str], size: str
) -> None:
    _, old, new, withdrawn = releases
    seen = opened(browser, history, f"/map?lang=zh&zone=unit_land:{SW}", size)
    page = seen.page
    slider = page.get_by_role("slider", name="成果版本")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("2026-07-01.*现行"))
    slider.focus()
    slider.press("ArrowLeft")
    expect(page.locator("#map-notice")).to_contain_text("已不再有效（2026-01-01 至 2026-06-30）")
    expect(page.locator("#answer h2")).to_have_text("西南重点")
    expect(page).to_have_url(re.compile(f"release={old}"))
    assert page.evaluate("ZoneMap.maps[0].config.release") == old
    expect(page.locator("#map-words")).to_contain_text(old)
    slider.press("End")
    expect(page.locator("#map-notice")).to_contain_text("撤回，原因：园区边界有误")
    expect(page.locator("#map-notice")).to_contain_text("任何日期的研判都不再依据它")
    expect(page).to_have_url(re.compile(f"release={withdrawn}"))
    page.get_by_role("link", name="回到现行版本").click()
    expect(page.locator("#map-notice")).to_be_empty()
    expect(page.locator("#map-words")).to_contain_text(new)
    seen.expect_no_trouble()


@pytest.mark.parametrize("size", SIZES)
def test_two_releases_side_by_side_move_together_and_tell_what_changed(
    browser: Browser, history: str, releases: tuple[Path, str, str, str], size: str
) -> None:
    _, old, new, _ = releases
    seen = opened(browser, history, "/map?lang=zh&layers=unit_land,red_line&at=120.1000,36.1000,12", size)
    page = seen.page
    page.get_by_label("与另一版本并排比较").select_option(old)
    page.get_by_role("button", name="比较").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("两个日期的管控分区")
    page.wait_for_function("() => typeof ZoneMap !== 'undefined' && ZoneMap.maps.length === 2")
    assert page.evaluate("ZoneMap.maps.map(one => one.config.release)") == [old, new]
    assert page.evaluate("ZoneMap.maps.map(one => one.map.getZoom())") == [12, 12]
    changes = page.locator(".map-changes")
    expect(changes).to_contain_text("更名 西南重点改名")
    expect(changes).to_contain_text("西南重点 → 西南重点改名")
    expect(changes).to_contain_text("消失 南湾红线")
    changes.get_by_role("link", name="南湾红线").click()
    page.wait_for_function(
        "() => { const [a, b] = ZoneMap.maps.map(one => one.map);"
        " return a.getZoom() === 14 && b.getZoom() === 14 && a.getCenter().distanceTo(b.getCenter()) < 10; }"
    )
    tops = [box["y"] for box in (one.bounding_box() for one in page.locator(".map-pane").all()) if box]
    assert len(tops) == 2
    assert (tops[0] == tops[1]) == (size == "desk")
    page.locator("#layer-tree").get_by_label("生态保护红线", exact=True).uncheck()
    assert page.evaluate("ZoneMap.maps.every(one => !one.map.hasLayer(one.drawn.get('red_line').parts[0]))")
    kept = state(page)
    assert (kept["release"], kept["with"], kept["layers"]) == (new, old, "unit_land")
    page.get_by_role("link", name="结束比较").click()
    expect(page.get_by_role("slider", name="成果版本")).to_be_visible()
    assert state(page)["layers"] == "unit_land"
    seen.expect_no_trouble()


def test_the_map_never_leaves_the_jurisdiction(browser: Browser, address: str) -> None:
    seen = opened(browser, address, "/map?lang=zh")
    page = seen.page
    least, most = page.evaluate("[ZoneMap.maps[0].map.getMinZoom(), ZoneMap.maps[0].map.getMaxZoom()]")
    assert (least >= 8, most) == (True, 18)
    page.evaluate("ZoneMap.maps[0].map.setView([31.2, 121.5], 12, { animate: false })")
    inside = "() => { const { map, config } = ZoneMap.maps[0]; return L.latLngBounds(config.bounds).intersects(map.getBounds()); }"
    page.wait_for_function(inside)
    seen.expect_no_trouble()


def test_without_scripts_search_place_dates_and_layers_are_all_there(
    browser: Browser, history: str, releases: tuple[Path, str, str, str]
) -> None:
    new = releases[2]
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{history}/map?lang=zh")
    expect(page.locator(".folium-map")).not_to_be_visible()
    page.get_by_label("地名、单元编码、名称或坐标").fill("西南")
    page.get_by_role("button", name="查找").click()
    page.locator("#answer").get_by_role("link", name="西南重点改名").click()
    expect(page.locator("#answer")).to_contain_text(SW)
    page.get_by_label("地名、单元编码、名称或坐标").fill("120.0500, 36.0500")
    page.get_by_role("button", name="查找").click()
    page.locator("#answer").get_by_role("link", name=re.compile("读作")).click()
    expect(page.locator("#answer").get_by_role("link", name="西南重点改名", exact=True)).to_have_attribute(
        "href", f"/units/{SW}?lang=zh"
    )
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="环境管控单元（陆域）"))
    expect(row).to_contain_text("黄岛区 2")
    expect(row.get_by_role("link", name=re.compile("重点管控"))).to_have_attribute("href", "/units?class=2&lang=zh")
    page.get_by_text("全部版本").click()
    page.get_by_label("看某一天的现行版本").fill("2026-03-01")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("#map-notice")).to_contain_text("2026-01-01 至 2026-06-30")
    page.get_by_label("与另一版本并排比较").select_option(new)
    page.get_by_role("button", name="比较").click()
    expect(page.locator(".map-changes")).to_contain_text("消失 南湾红线")
    context.close()


def test_the_check_page_and_a_unit_lead_to_the_large_map(browser: Browser, address: str) -> None:
    seen = opened(browser, address, "/?lang=zh")
    seen.page.get_by_role("link", name="打开大图").click()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("管控分区地图")
    seen.page.goto(f"{address}/units/{UNIT}?lang=zh")
    seen.page.get_by_role("link", name="在地图上看").click()
    expect(seen.page.locator("#answer")).to_contain_text(UNIT)
    seen.expect_no_trouble()
