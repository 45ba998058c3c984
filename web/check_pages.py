"""The check page: where, what, answer. A form that works without scripts, and that a link can fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from api.problems import STATUS, language_of
from api.schemas import ScreeningIn
from layers.industry_search import Hit
from screening.datums import DATUM_NAME
from screening.errors import ThreeLinesError
from screening.words import Language, Text, joined
from web.check_form import SLOTS, Written, screening_of, slot_of, written
from web.maps import Extent, MapLayer, MapParts, review_line, zone_map
from web.pages import rendered

CONSTRUCTION = ("new", "rebuild", "expand", "upgrade")


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """What the main page must know of the release in force.

    Attributes:
        bounds: The jurisdiction's extent, west, south, east, north, EPSG:4490 degrees.
        layers: In the order in which the legend lists them.
        silent: Names of layers that cannot be shown because they have no usable data.
        unpublished: Names of layers whose geometry the city does not publish.
        map_review_number: 审图号; empty if none.
        today: Day in the jurisdiction's time zone.
        largest_request_bytes: What the service takes at most.
        districts: Six-digit codes and names.
    """

    release_id: str
    is_demonstration: bool
    title: Text
    bounds: Extent
    layers: tuple[MapLayer, ...]
    silent: tuple[Text, ...]
    attribution: Text
    map_review_number: str
    today: date
    largest_request_bytes: int
    districts: tuple[tuple[str, str], ...]
    unpublished: tuple[Text, ...] = ()


class CheckService(Protocol):
    """What the check page needs from the service behind it."""

    def map_view(self) -> MapView:
        """The map of the release in force today.

        Raises:
            ThreeLinesError: None is in force, or it cannot be read.
        """

    def industries(self, words: str, /) -> Sequence[Hit]:
        """Industries that fit, the best first."""

    def screen(self, asked: ScreeningIn) -> str:
        """The id of a new screening.

        Raises:
            ThreeLinesError: The question cannot be read, or the answer cannot be kept.
        """


def check_pages(service: CheckService) -> APIRouter:
    """The check page over one service."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/")
    def check(request: Request) -> HTMLResponse:
        return _page(request, service, written(request.query_params))

    @routes.post("/")
    async def screen(request: Request) -> Response:
        async with request.form() as form:
            sent = written(form)
        return await run_in_threadpool(_answer, request, service, sent)

    return routes


def _answer(request: Request, service: CheckService, form: Written) -> Response:
    """On to the page of the answer, or back to the form with what is wrong beside its field."""
    try:
        made = service.screen(screening_of(form, service.industries))
    except ThreeLinesError as problem:
        return _page(request, service, form, problem)
    return RedirectResponse(f"/screenings/{made}?lang={language_of(request)}", status_code=HTTPStatus.SEE_OTHER)


def _page(
    request: Request, service: CheckService, form: Written, problem: ThreeLinesError | None = None
) -> HTMLResponse:
    language, view = language_of(request), service.map_view()
    return rendered(
        request,
        "check.html",
        {
            "view": view,
            "map": map_of(view, language),
            "silent": joined(list(view.silent)).in_(language),
            "unpublished": joined(list(view.unpublished)).in_(language),
            "construction": CONSTRUCTION,
            "datums": [(one.value, name.in_(language)) for one, name in DATUM_NAME.items()],
            "is_demonstration": view.is_demonstration,
            "form": form,
            "problem": problem,
            "problem_slot": slot_of(problem) if problem else "",
            "slots": {slot: field for field, slot in SLOTS.items()},
        },
        status=STATUS[type(problem)] if problem else HTTPStatus.OK,
        same=form.query() if problem else "",
    )


def map_of(view: MapView, language: Language) -> MapParts:
    """The zone map of a view, in one language."""
    return zone_map(
        view.layers,
        release_id=view.release_id,
        bounds=view.bounds,
        language=language,
        attribution=view.attribution.in_(language),
        review=review_line(view.map_review_number, demonstration=view.is_demonstration, language=language),
    )
