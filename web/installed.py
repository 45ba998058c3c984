"""The installable page: its manifest, the worker that keeps the shell, and the page for when there is no network."""

from __future__ import annotations

import hashlib
import json

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.problems import language_of
from screening.words import LANGUAGES, Language
from web.assets import CHECKED, FOLDER, Assets
from web.catalogue import words
from web.pages import rendered

BRAND = "#143a5c"  # the bar of every page, `--bar` of app.css
GROUND = "#f3f5f7"
SHELL = ("app.css", "icon.svg", "icons/icon-192.png")
SHELL_MODULES = "app.js"
_CHECKED = {"Cache-Control": CHECKED, "Vary": "Accept-Language"}
ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("maskable-512", 512, "maskable"))


def installed_pages(assets: Assets) -> APIRouter:
    """The routes over the static files."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/manifest.webmanifest", response_class=JSONResponse)
    def web_manifest(request: Request) -> JSONResponse:
        media_type = "application/manifest+json"
        return JSONResponse(manifest(assets, language_of(request)), media_type=media_type, headers=_CHECKED)

    @routes.get("/sw.js", response_class=Response)
    def worker() -> Response:
        return Response(service_worker(assets), media_type="text/javascript", headers=_CHECKED)

    @routes.get("/offline", response_class=HTMLResponse)
    def offline(request: Request) -> HTMLResponse:
        return rendered(request, "offline.html", {})

    return routes


def manifest(assets: Assets, language: Language) -> dict[str, object]:
    """The web application manifest in one language."""
    t = words(language)
    return {
        "id": "/",
        "name": t["app_name"],
        "short_name": t["app_short"],
        "description": t["app_about"],
        "lang": "zh-CN" if language == "zh" else "en",
        "dir": "ltr",
        "start_url": f"/?lang={language}",
        "scope": "/",
        "display": "standalone",
        "theme_color": BRAND,
        "background_color": GROUND,
        "icons": [
            {
                "src": assets.address(f"icons/{name}.png"),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, side, purpose in ICONS
        ],
    }


def service_worker(assets: Assets) -> str:
    """The worker with the version and the list of what it keeps; a change of either makes a new worker."""
    names = [*SHELL, *assets.modules(SHELL_MODULES)]
    shell = json.dumps([*map(assets.address, names), *(f"/offline?lang={one}" for one in LANGUAGES)])
    told = "".join(text for language in LANGUAGES for text in words(language).values())
    version = hashlib.sha256(f"{shell}{told}".encode()).hexdigest()[:12]
    source = (FOLDER / "sw.js").read_text(encoding="utf-8")
    return source.replace("{version}", version).replace("{shell}", shell)
