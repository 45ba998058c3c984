"""Static files, read once: addresses that name the content, compressed beforehand, with the words each script says."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from fastapi import APIRouter, Request, Response

from screening.errors import NoSuchPageError

FOLDER = Path(__file__).parent / "static"
ROOT = "/static/"
COMPRESSED = frozenset({".css", ".js", ".json", ".svg", ".txt", ".md", ".html"})
LASTING = "public, max-age=31536000, immutable"
CHECKED = "no-cache"  # kept, and asked for again each time
_DIGITS = 12
_VERSIONED = re.compile(rf"~[0-9a-f]{{{_DIGITS}}}/")
_IMPORTED = re.compile(r"""^(?:import|export)\b[^"']*["']\./([\w-]+\.js)["']""", re.MULTILINE)
_MODULE = re.compile(r'<script type="module" src="/static/([\w-]+\.js)"')
_SPOKEN = re.compile(r'"([a-z][a-z0-9_]*)"')

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file; `gzipped` is None where compression gains nothing."""

    content: bytes
    gzipped: bytes | None
    etag: str
    media_type: str


class Assets:
    """All static files of a folder, as they were when it was opened.

    Attributes:
        digest: Over all names and contents; the part `~digest` of an address that may be kept for ever.
    """

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): _asset(path) for path in paths}
        named = "".join(f"{name}\n{one.etag}\n" for name, one in self._files.items())
        self.digest = hashlib.sha256(named.encode()).hexdigest()[:_DIGITS]

    def address(self, name: str) -> str:
        """Where a file is to be asked for, so that it may be kept for ever."""
        return f"{ROOT}~{self.digest}/{name}"

    def versioned(self, page: str) -> str:
        """A page whose links to static files name their version. Imports between scripts are relative and follow."""
        return page.replace(f'"{ROOT}', f'"{ROOT}~{self.digest}/').replace(f"~{self.digest}/~", "~")

    def modules(self, name: str) -> list[str]:
        """A script and everything it imports, each once."""
        found, waiting = [name], [name]
        while waiting:
            source = self._files[waiting.pop()].content.decode()
            new = [one for one in _IMPORTED.findall(source) if one not in found]
            found += new
            waiting += new
        return found

    def spoken(self, markup: str, words: Mapping[str, str]) -> dict[str, str]:
        """The words that the modules of some markup may say: every label whose name stands in one of them."""
        scripts = [one for name in _MODULE.findall(markup) for one in self.modules(name)]
        named = {word for one in scripts for word in _SPOKEN.findall(self._files[one].content.decode())}
        return {name: text for name, text in words.items() if name in named}

    def preloads(self, markup: str) -> list[str]:
        """Modules that the modules of some markup import: fetched at once, not one after the other."""
        return [one for name in _MODULE.findall(markup) for one in self.modules(name)[1:]]

    def response(self, path: str, request: Request) -> Response:
        """The file of a path below the root, with or without a version.

        Raises:
            NoSuchPageError: There is none.
        """
        name = _VERSIONED.sub("", path, count=1) if _VERSIONED.match(path) else path
        found = self._files.get(name)
        if found is None:
            raise NoSuchPageError.of(f"{ROOT}{path}")
        is_current = path == f"~{self.digest}/{name}"
        headers = {"ETag": found.etag, "Cache-Control": LASTING if is_current else CHECKED, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == found.etag:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if found.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(found.gzipped, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"})
        return Response(found.content, media_type=found.media_type, headers=headers)


def asset_routes(assets: Assets) -> APIRouter:
    """The door of the static files."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/static/{path:path}", methods=["GET", "HEAD"], response_class=Response)
    def static(path: str, request: Request) -> Response:
        return assets.response(path, request)

    return routes


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    small = gzip.compress(content, 9, mtime=0) if path.suffix in COMPRESSED else content
    media_type, _ = mimetypes.guess_type(PurePosixPath(path.name))
    return Asset(
        content=content,
        gzipped=small if len(small) < len(content) else None,
        etag=f'"{hashlib.sha256(content).hexdigest()[:16]}"',
        media_type=media_type or "application/octet-stream",
    )


ASSETS = Assets(FOLDER)
