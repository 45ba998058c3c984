"""The page as a person uses it, in Debian's Chromium, with every host but our own cut off."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, expect, sync_playwright

from api.settings import Settings
from web.app import create_app

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000  # the machine may have other work
expect.set_options(timeout=PATIENCE_MS)
DAGU_RIVER = "120.130000, 36.330000"  # level-2 protection area of the 大沽河 source


@pytest.fixture(scope="module")
def address(demo_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(demo_store[0], tmp_path_factory.mktemp("served"))


def served(store: Path, data: Path) -> Iterator[str]:
    """The address of the application over a release store, for as long as it is wanted."""
    (data / "releases").symlink_to(store)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(Settings(data=data)), host="127.0.0.1", port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@dataclass
class Watched:
    """A page and whatever went wrong on it."""

    page: Page
    outside: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def expect_no_trouble(self) -> None:
        assert self.outside == []
        assert self.troubles == []


def watched(browser: Browser, address: str, *, width: int = 1280, height: int = 800) -> Watched:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", service_workers="block")
    context.set_default_timeout(PATIENCE_MS)
    found = Watched(context.new_page())

    def guard(route: Route, request: Request) -> None:
        if request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            found.outside.append(request.url)
            route.abort()

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:  # a refused question is no trouble
            found.troubles.append(message.text)

    context.route("**/*", guard)
    found.page.on("console", console)
    found.page.on("pageerror", lambda problem: found.troubles.append(str(problem)))
    return found


def choose_industry(page: Page, words: str, code: str) -> None:
    page.get_by_role("combobox", name=re.compile("4754")).fill(words)
    page.get_by_role("option", name=re.compile(code)).first.click()
    expect(page.locator("#industries")).to_contain_text(code)


def declare(page: Page, fact: str, value: str) -> None:
    control = page.locator(f"#fact-{fact}")
    control.wait_for(state="attached")
    page.evaluate("document.querySelectorAll('.step details').forEach((fold) => (fold.open = true))")  # it may move
    if control.evaluate("node => node.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(value)


def test_a_person_draws_a_site_and_reads_the_verdict(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.goto(f"{address}/?lang=zh")
    expect(page.locator(".demonstration")).to_contain_text("示例数据")
    page.wait_for_load_state("networkidle")
    box = page.locator(".folium-map").bounding_box()
    assert box is not None
    page.locator(".leaflet-draw-draw-polygon").click()
    middle_x, middle_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((0, 0), (40, 0), (40, 40), (0, 40), (0, 0)):
        page.mouse.move(middle_x + dx, middle_y + dy)
        page.mouse.click(middle_x + dx, middle_y + dy)
        page.wait_for_timeout(350)  # Leaflet reads two quick clicks as a double click
    expect(page.locator("#units")).to_contain_text(re.compile("(ZH|HY)37"))
    choose_industry(page, "电镀", "C3360")
    page.get_by_role("button", name="开始研判").click()
    answer = page.locator("#answer")
    expect(answer).to_be_visible()
    expect(answer).to_contain_text(re.compile("不符合|无法判定|有条件符合|符合"))
    expect(answer).to_contain_text("不具法律效力")
    expect(answer).to_contain_text("370200-20260701-")
    seen.expect_no_trouble()


def test_the_verdict_names_clause_zone_and_basis(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.goto(f"{address}/?lang=zh")
    page.locator("#where").fill(DAGU_RIVER)
    page.locator("#where-show").click()
    choose_industry(page, "C3360", "C3360")
    declare(page, "discharges_wastewater", "true")
    page.get_by_role("button", name="开始研判").click()
    answer = page.locator("#answer")
    expect(answer).to_contain_text("不符合")
    expect(answer).to_contain_text("DEMO-N-04")
    expect(answer).to_contain_text("大沽河")
    expect(answer).to_contain_text("生态环境法典")
    seen.expect_no_trouble()


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("129.05, 35.10", "任何读法都不在本辖区"),
        ("POLYGON((120.1 36.3,120.2 36.4,120.2 36.3,120.1 36.4,120.1 36.3))", "Self-intersection"),
        ("某路某号", "无法把“某路某号”读成选址"),
    ],
    ids=["another country's sea", "self-crossing", "no coordinates"],
)
def test_bad_input_is_told_where_it_was_typed(browser: Browser, address: str, where: str, said: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.goto(f"{address}/?lang=zh")
    page.locator("#where").fill(where)
    choose_industry(page, "软件", "I65")
    page.get_by_role("button", name="开始研判").click()
    expect(page.locator("#problem-site")).to_contain_text(said)
    expect(page.locator("#answer")).to_be_hidden()
    seen.expect_no_trouble()


def test_what_is_typed_while_the_page_is_still_getting_ready_stays(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    waiting: list[Route] = []
    page.route("**/api/v1/facts*", lambda route: waiting.append(route))
    page.goto(f"{address}/?lang=zh&industry=C2614")
    page.get_by_role("combobox", name=re.compile("4754")).fill("软件")
    page.get_by_role("option", name=re.compile("I65")).first.wait_for()
    for one in waiting:
        one.continue_()
    expect(page.locator("#industries")).to_contain_text("C2614")
    expect(page.get_by_role("combobox", name=re.compile("4754"))).to_have_value("软件")


def test_an_upload_of_40_mb_is_refused_on_the_page(browser: Browser, address: str, tmp_path: Path) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.goto(f"{address}/?lang=zh")
    large = tmp_path / "large.geojson"
    large.write_bytes(b" " * 40_000_000)
    page.locator("#where-file").set_input_files(large)
    expect(page.locator("#problem-site")).to_contain_text("超过上限")
    seen.expect_no_trouble()


def test_english_on_a_narrow_phone(browser: Browser, address: str) -> None:
    seen = watched(browser, address, width=360, height=740)
    page = seen.page
    page.goto(f"{address}/?lang=en&lon=120.13&lat=36.33&industry=C3360")
    expect(page.locator("#industries")).to_contain_text("C3360")
    page.get_by_role("button", name="Check the site").click()
    expect(page.locator("#answer")).to_contain_text("What to do next")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    seen.expect_no_trouble()


def test_a_kept_answer_has_a_page_of_its_own(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    answer = page.request.post(
        f"{address}/api/v1/screenings",
        data={"site": {"text": DAGU_RIVER}, "project": {"industries": ["C3360"]}},
    )
    page.goto(f"{address}{answer.json()['url']}?lang=zh")
    expect(page.locator("main")).to_contain_text(answer.json()["digest"])
    page.goto(f"{address}/screenings/nothing?lang=zh")
    expect(page.locator("main")).to_contain_text("没有编号为“nothing”的研判")


def test_the_interface_description_works_offline(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    seen.page.goto(f"{address}/docs?lang=zh")
    seen.page.wait_for_load_state("networkidle")
    expect(seen.page.locator("rapi-doc")).to_contain_text("/api/v1/screenings")
    seen.expect_no_trouble()


def test_a_typed_line_is_asked_for_its_width_and_told_by_stations(browser: Browser, address: str) -> None:
    found = watched(browser, address)
    page = found.page
    page.goto(f"{address}/?lang=zh")
    page.locator("#where").fill("LINESTRING (120.05001 36.35001, 120.15001 36.35001)")
    page.locator("#where-show").click()
    page.get_by_label("线状选址宽度").fill("40")
    page.get_by_label("起点桩号").fill("K12+340")
    page.locator("#stated-fold summary").click()
    page.get_by_label("所在区县").select_option("370212")
    choose_industry(page, "I6511", "I6511")
    page.locator("#submit").click()
    expect(page.locator("#warnings")).to_contain_text("崂山区")
    expect(page.locator("#places")).to_contain_text("K12+340–")
    expect(page.locator(".steps li").first).to_contain_text("先核对坐标")
    page.get_by_role("link", name="English").click()
    expect(page.locator("#start-station")).to_have_value("K12+340")
    expect(page.locator("#district")).to_have_value("370212")
    expect(page.locator("#warnings")).to_contain_text("contradict")
    found.expect_no_trouble()


def test_a_code_of_the_old_edition_is_told_beside_the_search(browser: Browser, address: str) -> None:
    found = watched(browser, address)
    page = found.page
    page.goto(f"{address}/?lang=zh")
    box = page.get_by_role("combobox", name=re.compile("4754"))
    box.fill("4412")
    notices = page.locator("#industry-notices[role=status]")
    expect(notices).to_contain_text("水力发电")
    box.fill("")
    expect(notices).to_be_empty()
    page.goto(f"{address}/?lang=en")
    page.get_by_role("combobox", name=re.compile("4754")).fill("4412")
    expect(notices).to_contain_text("About this code")
    found.expect_no_trouble()
