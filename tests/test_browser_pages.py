"""Every page there is, in both languages, light and dark, on a desk and on a phone: axe, overflow, no other host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page, sync_playwright

from api.settings import Settings
from tests.test_browser import CHROMIUM, DAGU_RIVER, FLAGS, served, watched
from tests.test_browser_lookups import UNIT, violations
from web.app import create_app

PICTURES = Path(__file__).parents[1] / "build" / "screenshots"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
LOOKS = {"zh": ((DESK, "light"), (PHONE, "dark")), "en": ((DESK, "dark"), (PHONE, "light"))}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def address(demo_store: tuple[Path, str], data: Path) -> Iterator[str]:
    yield from served(demo_store[0], data)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def page_routes(app: FastAPI) -> list[str]:
    """Paths of all pages, from the application itself: none can be forgotten.

    Those behind the sign-in are walked by somebody signed in, in `test_browser_cases`.
    """
    found = [
        one.path
        for one in _flat(app.routes)
        if "GET" in (one.methods or ())
        and _class_of(one) is HTMLResponse
        and one.path != "/offline"
        and not one.path.startswith("/approval/")
    ]
    return sorted([*found, "/offline"])


def _flat(routes: Any) -> Iterator[APIRoute]:
    for one in routes:
        if isinstance(one, APIRoute):
            yield one
        elif inner := getattr(one, "routes", None) or getattr(getattr(one, "original_router", None), "routes", None):
            yield from _flat(inner)


def _class_of(route: APIRoute) -> Any:
    return getattr(route.response_class, "value", route.response_class)


def addresses(page: Page, address: str, release: str, paths: list[str]) -> list[str]:
    """The pages with something to show on each."""
    question = {"site": {"text": DAGU_RIVER}, "project": {"industries": ["C3360"]}}
    kept = page.request.post(f"{address}/api/v1/screenings", data=question).json()["id"]
    fill = {"screening_id": kept, "release_id": release, "code": UNIT, "document_id": "epl-2014"}
    queries = {
        "/units": "point=120.13,36.33",
        "/water-sources": "point=120.13,36.33",
        "/library": "q=噪声",
        "/releases/{release_id}/changes": f"since={release}",
    }
    return [f"{path.format(**fill)}?{queries.get(path, '')}" for path in paths]


def picture_of(path: str, language: str, size: dict[str, int], scheme: str) -> Path:
    """Where the picture of a page is kept for whoever wants to look; `build/` is nobody's source."""
    name = re.sub(r"[^a-z]+", "-", path.split("?")[0].removeprefix("/")).strip("-") or "check"
    return PICTURES / f"{name}-{language}-{size['width']}-{scheme}.png"


@pytest.mark.parametrize("language", LOOKS)
def test_every_page_of_the_application_passes_axe_and_fits(
    browser: Browser, address: str, demo_store: tuple[Path, str], tmp_path: Path, language: str
) -> None:
    (tmp_path / "releases").symlink_to(demo_store[0])
    paths = page_routes(create_app(Settings(data=tmp_path)))
    assert {"/", "/batch", "/plans", "/screenings/{screening_id}", "/offline"} <= set(paths)
    seen = watched(browser, address)
    page = seen.page
    found: dict[str, Any] = {}
    for path in addresses(page, address, demo_store[1], paths):
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=LOOKS[language][0][1])  # type: ignore[arg-type]
        page.goto(f"{address}{path}&lang={language}")
        page.wait_for_load_state("networkidle")
        for size, scheme in LOOKS[language]:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(path=picture_of(path, language, size, scheme))
            wrong = violations(page)
            beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wrong or beyond > 0:
                found[f"{path} {size['width']} {scheme}"] = (beyond, wrong)
    assert not found, "\n".join(f"{where}: {what}" for where, what in found.items())
    seen.expect_no_trouble()


def test_the_statement_prints_dark_ink_on_white_whatever_the_screen(browser: Browser, address: str) -> None:
    seen = watched(browser, address)
    page = seen.page
    page.emulate_media(color_scheme="dark", media="print")
    for path in ("/?lang=zh", "/terms?lang=zh"):
        page.goto(f"{address}{path}")
        assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()") == "#1b232b"
    seen.expect_no_trouble()
