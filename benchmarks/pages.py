"""What each page costs over the wire, and how long it takes on a slow telephone network.

    python -m benchmarks.pages FOLDER

FOLDER is a data folder with a published release. The pages are served from it and opened in Chromium with an empty cache,
once unhindered and once through a network of 400 kbit/s and 400 ms a round trip ("slow 3G"). Bytes are those that
cross the wire, compressed, headers included. The map is counted apart: its programs and its tiles.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

from api.settings import Settings
from layers.publication import publications
from web.app import create_app

CHROMIUM = "/usr/bin/chromium"
SITE, INDUSTRY = "120.130000, 36.330000", "C3360"
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
OF_THE_MAP = ("/vendor/", "/tiles/", "zones.js")
PATHS = (
    "/?lang=zh",
    "/units?lang=zh",
    "/units/ZH37021530009?lang=zh",
    "/water-sources?lang=zh",
    "/library?lang=zh",
    "/agencies?lang=zh",
    "/news?lang=zh",
    "/terms?lang=zh",
    "/plans?lang=zh",
    "/batch?lang=zh",
    "/releases?lang=zh",
    "/releases/{release}?lang=zh",
    "/screenings/{screening}?lang=zh",
    "/screenings/{screening}/statement?lang=zh",
)


@dataclass
class Wire:
    """What crossed the wire since it was last emptied, by address."""

    addresses: dict[str, str] = field(default_factory=dict)
    received: dict[str, float] = field(default_factory=dict)

    def listen(self, session: CDPSession) -> None:
        """Count everything the browser receives."""
        session.send("Network.enable")
        session.on(
            "Network.requestWillBeSent", lambda one: self.addresses.update({one["requestId"]: one["request"]["url"]})
        )
        session.on(
            "Network.loadingFinished", lambda one: self.received.update({one["requestId"]: one["encodedDataLength"]})
        )

    def kilobytes(self, *, of_the_map: bool) -> float:
        """Thousands of bytes, of the map or of everything else."""
        return sum(size for name, size in self.received.items() if self._is_map(name) is of_the_map) / 1000

    def requests(self, *, of_the_map: bool) -> int:
        """How many answers there were."""
        return sum(self._is_map(name) is of_the_map for name in self.received)

    def _is_map(self, name: str) -> bool:
        return any(part in self.addresses.get(name, "") for part in OF_THE_MAP)


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The address of the application for as long as it is wanted."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def opened(browser: Browser, *, slow: bool, scripts: bool = True) -> Iterator[tuple[Page, Wire]]:
    """A telephone with nothing kept, and what it receives."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, service_workers="block", locale="zh-CN", java_script_enabled=scripts
    )
    context.set_default_timeout(180_000)
    page, wire = context.new_page(), Wire()
    session = context.new_cdp_session(page)
    wire.listen(session)
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW)
    yield page, wire
    context.close()


def seconds_to(page: Page, address: str) -> float:
    """Seconds until the page's own scripts have run and it can be used."""
    page.goto(address, wait_until="domcontentloaded")
    spent: float = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000")
    return spent


def page_row(browser: Browser, address: str, path: str, name: str) -> str:
    """One page as a row of the table."""
    with opened(browser, slow=False) as (page, wire):
        seconds_to(page, address + path)  # the server's own first time is not the page's
        quick = seconds_to(page, address + path)
    with opened(browser, slow=False) as (page, wire):
        html = len(page.request.get(address + path).body()) / 1000
        seconds_to(page, address + path)
        page.wait_for_load_state("networkidle")
    with opened(browser, slow=True) as (page, _):
        slow = seconds_to(page, address + path)
    own, of_map = wire.kilobytes(of_the_map=False), wire.kilobytes(of_the_map=True)
    return f"| `{name}` | {html:.0f} | {own:.0f} | {wire.requests(of_the_map=False)} | {of_map:.0f} | {quick:.1f} | {slow:.1f} |"


def answer_row(browser: Browser, address: str, *, scripts: bool) -> str:
    """From an empty cache to a first answer: the form, what it asks, the answer."""
    with opened(browser, slow=True, scripts=scripts) as (page, wire):
        started = time.perf_counter()
        if scripts:
            page.goto(f"{address}/?lang=zh&site={SITE}&industry={INDUSTRY}", wait_until="domcontentloaded")
            expect(page.locator("#industries")).to_contain_text(INDUSTRY, timeout=180_000)
            page.locator("#submit").click()
            expect(page.locator("#answer .conclusion")).to_be_visible(timeout=180_000)
        else:
            page.goto(f"{address}/?lang=zh&site={SITE}&industry={INDUSTRY}", wait_until="domcontentloaded")
            page.locator("#submit").click()
            expect(page.locator(".conclusion")).to_be_visible(timeout=180_000)
        spent = time.perf_counter() - started
        page.wait_for_timeout(500)
    own, of_map = wire.kilobytes(of_the_map=False), wire.kilobytes(of_the_map=True)
    name = "with scripts" if scripts else "without scripts"
    return f"| {name} | {own:.0f} | {wire.requests(of_the_map=False)} | {of_map:.0f} | {spent:.0f} |"


def kept_screening(browser: Browser, address: str) -> str:
    """The id of a screening to open."""
    context = browser.new_context()
    question = {"site": {"text": SITE}, "project": {"industries": [INDUSTRY]}}
    kept: str = context.request.post(f"{address}/api/v1/screenings", data=question).json()["id"]
    context.close()
    return kept


def main(folder: Path) -> None:
    """Print both tables."""
    release = publications(folder / "releases")[-1].release
    with TemporaryDirectory() as spare, sync_playwright() as playwright:
        data = Path(spare)
        (data / "releases").symlink_to((folder / "releases").resolve())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        with serving(Settings(data=data)) as address:
            screening = kept_screening(browser, address)
            print(f"Chromium {browser.version}\n")
            print("| first answer, slow 3G | kB | requests | map, kB | s |\n|---|---|---|---|---|")
            print(answer_row(browser, address, scripts=True))
            print(answer_row(browser, address, scripts=False))
            print(
                "\n| page | HTML, kB | transfer, kB | requests | map, kB | s | s, slow 3G |\n|---|---|---|---|---|---|---|"
            )
            for path in PATHS:
                filled = path.format(release=release, screening=screening)
                print(page_row(browser, address, filled, path.removesuffix("?lang=zh")), flush=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
