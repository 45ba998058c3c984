"""Icons of the installable page, drawn from `web/static/icon.svg` by the browser of the tests.

Run it after changing the drawing: `python deploy/make-icons.py`. A maskable icon fills its square and keeps the drawing
inside the middle four fifths, as https://www.w3.org/TR/appmanifest/#icon-masks asks.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
STATIC = Path(__file__).parents[1] / "web" / "static"
ICONS = {"icon-192": (192, 1.0), "icon-512": (512, 1.0), "maskable-512": (512, 0.8), "touch-180": (180, 0.9)}
GROUND = "#1d4f7c"  # of the drawing itself


def main() -> None:
    """Write every icon."""
    drawing = (STATIC / "icon.svg").read_text(encoding="utf-8")
    (STATIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, (side, share) in ICONS.items():
            page = browser.new_page(viewport={"width": side, "height": side})
            ground = GROUND if share < 1 else "transparent"
            size = f"width:{side * share}px;height:{side * share}px"
            style = f"margin:0;height:100vh;display:grid;place-items:center;background:{ground}"
            page.set_content(f"<body style='{style}'>{drawing.replace('<svg ', f'<svg style={size!r} ', 1)}")
            page.screenshot(path=STATIC / "icons" / f"{name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
