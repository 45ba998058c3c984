"""The page of batches: a form that needs no script, a look at a file, the results with their workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse

from api.batch_routes import batch_out, preview_out
from api.batch_service import BatchService, Handed
from api.problems import language_of
from api.rate_limits import limiter_of
from layers.batches.columns import columns
from screening.datums import DATUM_NAME, Datum
from screening.errors import UnusableMappingError
from screening.readings import Declaration
from web.pages import rendered

MOST_SHOWN = 200  # rows and errors on the page; the workbooks hold all
MEGABYTE = 1_000_000


def batch_pages(batches: BatchService, largest_request_bytes: int) -> APIRouter:
    """The pages over one batch service."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    limits = {
        "files_hours": batches.files.hours,
        "most_rows": batches.most_rows,
        "megabytes": f"{largest_request_bytes / MEGABYTE:g} MB",
    }

    @routes.get("/batch")
    def form(request: Request) -> HTMLResponse:
        return _page(request, batches, {**limits, "mapping": "", "preview": None})

    @routes.post("/batch")
    def handed_in(
        request: Request,
        file: Annotated[UploadFile, File()],
        action: Annotated[Literal["look", "screen"], Form()] = "look",
        mapping: Annotated[str, Form(max_length=20_000)] = "",
        datum: Annotated[str, Form()] = "",
    ) -> HTMLResponse:
        language = language_of(request)
        stated = Declaration(datum=Datum(datum) if datum in list(Datum) else None)
        handed = Handed(name=file.filename or "", content=file.file.read(), mapping=_mapping(mapping), declared=stated)
        if action == "screen":
            count = partial(limiter_of(request).count_sites, request)
            done = batch_out(batches, batches.screen(handed, language, count=count), language)
            return _page(request, batches, {**limits, "done": done, "most_shown": MOST_SHOWN}, "batch_done.html")
        found = preview_out(batches, handed, language)
        suggested = "\n".join(
            dict.fromkeys(f"{key} = {name}" for one in found.tables for key, name in one.mapping.items())
        )
        content = {**limits, "preview": found, "mapping": mapping or suggested, "most_shown": MOST_SHOWN}
        return _page(request, batches, content)

    return routes


def _page(
    request: Request, batches: BatchService, content: Mapping[str, object], template: str = "batch.html"
) -> HTMLResponse:
    language = language_of(request)
    shared = {
        "is_demonstration": batches.is_demonstration(),
        "keys": [(one.key, one.label.in_(language)) for one in columns()],
        "datums": [(one.value, name.in_(language)) for one, name in DATUM_NAME.items()],
        "form_address": f"/batch?lang={language}",
    }
    return rendered(request, template, {**shared, **content})


def _mapping(written: str) -> dict[str, str]:
    """Lines of `key = column`; a line without a column takes the key's column away.

    Raises:
        UnusableMappingError: A line without an equals sign, or a key twice.
    """
    found: dict[str, str] = {}
    for line in (one.strip() for one in written.splitlines()):
        key, equals, name = (part.strip() for part in line.partition("="))
        if line and not equals:
            raise UnusableMappingError.of_key(line, [one.key for one in columns()])
        if key in found:
            raise UnusableMappingError.of_column(name, [found[key]])
        if line:
            found[key] = name
    return found
