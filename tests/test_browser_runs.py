"""A batch run as a person does it: hand in, agree on columns, watch, pause, go on, filter, fetch; axe on each page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, expect

from api.accounts.roles import Role
from api.approval_port import approval_port
from api.service import ScreeningService
from api.settings import Settings
from screening.words import LANGUAGES, Language
from tests.approvals import CHEAP, add_person
from tests.test_browser import browser, served, watched  # noqa: F401  a fixture of the module
from tests.test_browser_cases import sign_in
from tests.test_browser_lookups import violations

HEADER = "XMMC,坐标,HYDM,建设性质\n"
WORDS: dict[Language, dict[str, str]] = {
    "zh": {"pause": "暂停", "resume": "继续", "finished": "已完成", "paused": "已暂停", "look": "按此重新核对"},
    "en": {"pause": "Pause", "resume": "Resume", "finished": "finished", "paused": "paused", "look": "Check again"},
}


@pytest.fixture(scope="module")
def address(small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("runs")
    settings = Settings(data=folder, password_cost=CHEAP)
    service = ScreeningService(settings)
    add_person(approval_port(service, settings), "anna", Role.APPROVER, "370211")
    service.close()
    yield from served(small_store[0], folder)


@pytest.mark.parametrize(("language", "width"), [("zh", 1280), ("en", 360)])
def test_a_run_is_handed_in_agreed_on_watched_paused_and_fetched(
    browser: Browser,  # noqa: F811
    address: str,
    language: Language,
    width: int,
    tmp_path: Path,
) -> None:
    words = WORDS[language]
    rows = [f'甲{n},"120.{10 + n % 9}, 36.0{1 + n % 9}",{"9999" if n == 7 else "I6511"},新建\n' for n in range(120)]
    given = tmp_path / "项目.csv"
    given.write_text(HEADER + "".join(rows), encoding="utf-8")
    seen = watched(browser, address)
    page = seen.page
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, address, "anna", language)
    page.goto(f"{address}/approval/batches?lang={language}")
    assert violations(page) == []
    page.set_input_files("#run-file", given)
    page.locator(".run-form .primary").click()
    page.locator("select[name='column:XMMC']").select_option(value="")
    page.get_by_role("button", name=words["look"]).click()
    expect(page.locator("select[name='column:XMMC']")).to_have_value("")
    page.locator("select[name='column:XMMC']").select_option(value="project_name")
    expect(page.locator("[data-count=read]")).to_have_text("119")
    assert violations(page) == []
    page.locator("button[value=begin]").click()
    page.get_by_role("button", name=words["pause"]).click()
    expect(page.locator("#run-state")).to_have_text(words["paused"], timeout=60_000)
    assert violations(page) == []
    page.get_by_role("button", name=words["resume"]).click()
    expect(page.locator("#run-state")).to_have_text(words["finished"], timeout=90_000)
    expect(page.locator(".run-mark")).to_have_count(119)
    page.screenshot(path=tmp_path / f"run-{language}.png")
    page.locator("a:has([data-count=faulty])").click()
    expect(page.locator("tr[data-state]")).to_have_count(1)
    page.fill("#run-words", "甲7")
    page.locator(".run-search button").click()
    expect(page.locator("tr[data-state=faulty]")).to_have_count(1)
    with page.expect_download() as taken:
        page.locator("a[href*='results.xlsx']").click()
    taken.value.save_as(tmp_path / "results.xlsx")
    assert openpyxl.load_workbook(tmp_path / "results.xlsx").worksheets[0].max_row == 121
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert violations(page) == []
    assert (seen.troubles, seen.outside) == ([], [])


def test_languages_are_both_there() -> None:
    assert set(WORDS) == set(LANGUAGES)
