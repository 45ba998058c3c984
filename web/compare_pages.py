"""The page that compares sites: a form that needs no script, and kept screenings side by side under an address of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from api.comparison_routes import NO_RANKING, questions_of
from api.comparisons import Comparison, ComparisonService, site_name
from api.problems import STATUS, language_of
from api.rate_limits import limiter_of
from api.service import ScreeningService
from screening.errors import ThreeLinesError
from screening.model import Fact
from screening.terms import CONSTRUCTION
from web.check_pages import CheckService, map_of
from web.compare_form import Filled, filled, request_of
from web.compare_labels import COMPARE_LABELS
from web.pages import rendered, waiting

MOST_FIELD_BYTES = 200_000
MOST_SHOWN = 60
MOST_LINKED = 1500  # characters of one site in an address
Ids = Annotated[list[str], Query(max_length=20)]


def compare_pages(service: ScreeningService, pages: CheckService) -> APIRouter:
    """The page over its services."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    comparisons = ComparisonService(service)

    @routes.get("/compare")
    def show(request: Request, screening: Ids = []) -> HTMLResponse:  # noqa: B006  FastAPI copies it
        if screening:
            return _answer_page(request, pages, comparisons.told(screening, language_of(request)))
        return _form_page(request, service, pages, filled(request.query_params))

    @routes.post("/compare")
    async def compare(request: Request) -> Response:
        async with request.form(max_part_size=MOST_FIELD_BYTES) as form:
            written = filled(form)
        return await run_in_threadpool(_compared, request, service, pages, comparisons, written)

    return routes


def _compared(
    request: Request,
    service: ScreeningService,
    pages: CheckService,
    comparisons: ComparisonService,
    written: Filled,
) -> Response:
    """The way to the answer, or the form with what is wrong with it."""
    try:
        asked = request_of(written, service.facts(), service)
        limiter_of(request).count_sites(request, len(asked.sites))
        made = comparisons.screen(questions_of(asked.sites, asked.project, asked.as_of))
    except ThreeLinesError as problem:
        return _form_page(request, service, pages, written, problem)
    query = "&".join(f"screening={one.id}" for one in made)
    return RedirectResponse(f"/compare?{query}&lang={language_of(request)}", status_code=HTTPStatus.SEE_OTHER)


def _form_page(
    request: Request,
    service: ScreeningService,
    pages: CheckService,
    written: Filled,
    problem: ThreeLinesError | None = None,
) -> HTMLResponse:
    language, view = language_of(request), pages.map_view()
    groups: dict[str, list[Fact]] = {}
    for fact in service.facts():
        groups.setdefault(fact.group.in_(language), []).append(fact)
    content: Mapping[str, Any] = {
        "map": map_of(view, language),
        "written": written,
        "wrong_site": _wrong_site(written, problem),
        "kinds": {one.value: text.in_(language) for one, text in CONSTRUCTION.items()},
        "groups": groups,
        "problem": problem,
        "is_demonstration": view.is_demonstration,
        "c": {name: text.in_(language) for name, text in COMPARE_LABELS.items()},
    }
    status = STATUS[type(problem)] if problem else HTTPStatus.OK
    shown = rendered(request, "compare.html", content, status=status)
    return waiting(shown, problem)


def _wrong_site(written: Filled, problem: ThreeLinesError | None) -> int:
    """Position of the field a problem is about; -1 if it is about none."""
    field = problem.field if problem else ""
    if not field.startswith("sites[") or not field[6:-1].isdigit():
        return -1
    return written.given[int(field[6:-1])]


def _answer_page(request: Request, pages: CheckService, found: Comparison) -> HTMLResponse:
    language, view = found.language, pages.map_view()
    explanation = found.answers[0].explanations[language]
    content: Mapping[str, Any] = {
        "map": map_of(view, language),
        "found": found,
        "sites": [
            {
                "number": number,
                "id": one.id,
                "name": site_name(one, number, language),
                "where": shortened(str(one.record["site"]["as_written"])),
                "conclusion": one.explanations[language]["conclusion"],
            }
            for number, one in enumerate(found.answers, start=1)
        ],
        "shapes": json.dumps([one.record["site"]["geometry"] for one in found.answers]),
        "industries": [f"{one['code']} {one['name']}" for one in found.project["industries"]],
        "groups": [(group, list(rows)) for group, rows in groupby(found.rows, key=lambda row: row.group)],
        "note": NO_RANKING.in_(language),
        "again": f"/compare?{_form_query(found)}&lang={language}",
        "is_demonstration": explanation["notice"] is not None,
        "c": {name: text.in_(language) for name, text in COMPARE_LABELS.items()},
    }
    return rendered(request, "compared.html", content)


def shortened(written: str) -> str:
    """Coordinates as they fit into the head of a column.

    >>> shortened("120.1, 36.3"), len(shortened("120.123456, 36.123456; " * 9))
    ('120.1, 36.3', 60)
    """
    return written if len(written) <= MOST_SHOWN else written[: MOST_SHOWN - 1] + "…"


def _form_query(found: Comparison) -> str:
    """The form filled with what was compared, as far as an address can hold it."""
    short = [one.record["site"] for one in found.answers if len(one.record["site"]["as_written"]) <= MOST_LINKED]
    pairs = [("site", one["as_written"]) for one in short] + [("site_name", one["name"]) for one in short]
    pairs += [("industry", one["code"]) for one in found.project["industries"][:1]]
    pairs += [("construction", found.project["construction"] or "")]
    facts = found.project["facts"].items()
    pairs += [(f"fact.{name}", str(value).lower() if isinstance(value, bool) else str(value)) for name, value in facts]
    return urlencode([one for one in pairs if one[1] or one[0] == "site_name"])
