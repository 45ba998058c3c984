"""A batch as a person does it: template, fill, upload, read, take back what must be mended, send it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page, expect

from layers.batches.columns import columns_by_key
from screening.words import LANGUAGES, Language
from tests.test_browser import browser, served, watched  # noqa: F401  a fixture of the module

ROWS: list[dict[str, str]] = [
    {"project_name": "好的一行", "coordinates": "120.18, 36.08", "industries": "C3360", "construction": "new"},
    {"project_name": "代码写错", "coordinates": "120.18, 36.08", "industries": "9999"},
    {"project_name": "在外地", "coordinates": "110.18, 36.08", "industries": "C3360"},
]
KINDS: dict[Language, str] = {"zh": "新建", "en": "new"}


@pytest.fixture(scope="module")
def address(small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(small_store[0], tmp_path_factory.mktemp("served"))


def column_of(sheet: Any, key: str, language: Language) -> int:
    header = columns_by_key()[key].header(language)
    return next(int(cell.column) for cell in sheet[2] if cell.value == header)


def fill(path: Path, language: Language) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    first = sheet.max_row + 1
    for number, row in enumerate(ROWS, start=first):
        for key, words in row.items():
            value = KINDS[language] if key == "construction" else words
            sheet.cell(number, column_of(sheet, key, language)).value = value
    book.save(path)


def mend(path: Path, language: Language) -> Sequence[str]:
    """Put right what is wrong; the problems as they were told."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    told = [str(sheet.cell(number, 1).value) for number in (3, 4)]
    sheet.cell(3, column_of(sheet, "industries", language)).value = "I6511"
    sheet.cell(4, column_of(sheet, "coordinates", language)).value = "120.18, 36.08"
    book.save(path)
    return told


def download(page: Page, link: str, path: Path) -> None:
    with page.expect_download() as taken:
        page.locator(link).click()
    taken.value.save_as(path)


def counts(page: Page) -> dict[str, int]:
    cells = page.locator(".batch-counts dd").all()
    return {str(cell.get_attribute("data-count")): int(cell.inner_text()) for cell in cells}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_batch_is_filled_screened_mended_and_sent_again(
    browser: Browser,  # noqa: F811
    address: str,
    language: Language,
    tmp_path: Path,
) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.goto(f"{address}/releases?lang={language}")
    page.locator(".nav-menu > summary").click()
    page.locator(f"nav a[href='/batch?lang={language}']").click()
    download(page, "a[href*='batch-template']", tmp_path / "t.xlsx")
    fill(tmp_path / "t.xlsx", language)
    page.set_input_files("#batch-file", tmp_path / "t.xlsx")
    page.locator("button[value=look]").click()
    expect(page.locator(".batch-counts")).to_be_visible()
    assert counts(page) == {"rows": 6, "read": 1, "faulty": 2, "blank": 0, "example": 3}
    page.set_input_files("#batch-file", tmp_path / "t.xlsx")
    page.locator("button[value=screen]").click()
    expect(page.locator("#batch-results")).to_be_visible()
    assert counts(page) == {"rows": 6, "read": 1, "faulty": 2, "blank": 0, "example": 3}
    download(page, "#batch-results", tmp_path / "r.xlsx")
    listed = list(openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in listed] == [row["project_name"] for row in ROWS]
    download(page, "#batch-mend", tmp_path / "m.xlsx")
    told = mend(tmp_path / "m.xlsx", language)
    assert "9999" in told[0]
    page.goto(f"{address}/batch?lang={language}")
    page.set_input_files("#batch-file", tmp_path / "m.xlsx")
    page.locator("button[value=screen]").click()
    expect(page.locator("#batch-results")).to_be_visible()
    assert counts(page) == {"rows": 2, "read": 2, "faulty": 0, "blank": 0, "example": 0}
    expect(page.locator("#batch-mend")).to_have_count(0)
    page.locator("td a").first.click()
    expect(page.locator(".seal").last).to_contain_text("SHA-256")
    seen.expect_no_trouble()
