"""The page of plans: a form, the answer beneath it, and the workbook; works without scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any, Protocol

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from api.plan_routes import plan_question, workbook_response
from api.plan_schemas import PlanIn
from api.plans import PlanQuestion
from api.problems import STATUS, language_of
from api.rate_limits import limiter_of
from screening.errors import ThreeLinesError
from screening.model import Fact
from screening.plan_words import ToldArea, ToldPlan
from screening.terms import CONSTRUCTION
from screening.words import Language
from web.pages import rendered, waiting
from web.plan_form import Filled, PartReader, checked, filled, request_of

BAR_WIDTH = 1000  # of the picture of shares, in its own units
SHOWN_CLAUSES = 12
MOST_FIELD_BYTES = 50_000_000  # of one field; how large a request may be is the service's setting


class PlanPageService(PartReader, Protocol):
    """What the page of plans needs from the services behind it."""

    def told(self, question: PlanQuestion, language: Language) -> ToldPlan:
        """The answer to a plan in one language."""

    def workbook(self, question: PlanQuestion, language: Language) -> bytes:
        """The answer as a workbook."""

    def facts(self) -> list[Fact]:
        """Facts that may be declared."""

    def today(self) -> date:
        """Day in the jurisdiction's time zone."""

    @property
    def most_cells(self) -> int:
        """Parts times industries answered at once."""


@dataclass(frozen=True, slots=True)
class BarPiece:
    """One class in the bar of shares."""

    name: str
    pattern: str
    x: float
    width: float
    words: str


def plan_pages(service: PlanPageService) -> APIRouter:
    """The page of plans over its service."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/plans")
    def form(request: Request) -> HTMLResponse:
        return _page(request, service, Filled(as_of=service.today().isoformat(), facts={}))

    @routes.post("/plans")
    async def assess(request: Request) -> HTMLResponse:
        async with request.form(max_part_size=MOST_FIELD_BYTES) as form:
            written, sent = await filled(form), form.get("plan")
        return await run_in_threadpool(_answer, request, service, written, sent if isinstance(sent, str) else "")

    @routes.post("/plans/workbook")
    async def workbook(request: Request) -> Response:
        async with request.form(max_part_size=MOST_FIELD_BYTES) as form:
            asked = checked(str(form.get("plan", "")))
        limiter_of(request).count_sites(request, len(asked.parts))
        language = language_of(request)
        return workbook_response(await run_in_threadpool(service.workbook, plan_question(asked, language), language))

    return routes


def bar(areas: Sequence[ToldArea]) -> list[BarPiece]:
    """The shares of the unit classes and of what lies in no unit, side by side; what is not known takes no room."""
    pieces, x = [], 0.0
    for one in areas:
        if one.kind in ("unit_class", "uncovered") and one.whole.share:
            width = one.whole.share * BAR_WIDTH
            pattern = f"class-{one.cls}" if one.cls else "uncovered"
            pieces.append(BarPiece(one.name, pattern, round(x, 2), round(width, 2), one.whole.words))
            x += width
    return pieces


def _answer(request: Request, service: PlanPageService, written: Filled, sent: str) -> HTMLResponse:
    """The answer beneath the form, or what is wrong with it; what was filled in stays."""
    language = language_of(request)
    try:
        asked = checked(sent) if sent else request_of(written, service.facts(), service)
        if sent:
            written = _as_filled(asked)
        limiter_of(request).count_sites(request, len(asked.parts))
        told = service.told(plan_question(asked, language), language)
    except ThreeLinesError as problem:
        return _page(request, service, written, problem=problem)
    return _page(request, service, written, told=told, asked=asked.model_dump_json())


def _as_filled(asked: PlanIn) -> Filled:
    """A request as the form shows it; the parts as a feature collection."""
    features = [{"type": "Feature", "properties": {"name": one.name}, "geometry": one.geometry} for one in asked.parts]
    return Filled(
        name=asked.name,
        text=json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False),
        industries=" ".join(one if isinstance(one, str) else one.code for one in asked.industries),
        construction=asked.construction.value if asked.construction else "",
        as_of=asked.as_of.isoformat() if asked.as_of else "",
        facts={name: _typed(value) for name, value in asked.facts.items() if value is not None},
    )


def _typed(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:g}"


def _page(
    request: Request,
    service: PlanPageService,
    written: Filled,
    *,
    told: ToldPlan | None = None,
    asked: str = "",
    problem: ThreeLinesError | None = None,
) -> HTMLResponse:
    language = language_of(request)
    groups: dict[str, list[Fact]] = {}
    for fact in service.facts():
        groups.setdefault(fact.group.in_(language), []).append(fact)
    content: Mapping[str, Any] = {
        "written": written,
        "kinds": {one.value: text.in_(language) for one, text in CONSTRUCTION.items()},
        "groups": groups,
        "most": service.most_cells,
        "told": told,
        "asked": asked,
        "bar": bar(told.areas) if told else [],
        "shaping": [one for one in told.clauses if one.stops or one.leaves_open or one.conditions] if told else [],
        "most_clauses": SHOWN_CLAUSES,
        "problem": problem,
        "is_demonstration": bool(told and told.notice),
    }
    status = STATUS[type(problem)] if problem else HTTPStatus.OK
    return waiting(rendered(request, "plans.html", content, status=status), problem)
