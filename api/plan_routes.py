"""HTTP routes of a planning EIA and of the conflict view."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.plan_schemas import ConflictsOut, PlanIn
from api.plans import PlanQuestion, PlanService
from api.problems import language_of
from api.question import Question, declaration
from api.rate_limits import limiter_of
from api.schemas import PROBLEMS, SiteIn
from api.service import ScreeningService
from layers.facts import fact_schema
from screening.conflict_words import tell_conflicts
from screening.conflicts import conflicts
from screening.plan_words import ToldPlan
from screening.words import Language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]


def plan_router(service: ScreeningService, plans: PlanService) -> APIRouter:
    """Routes of plans and conflicts, bound to their services."""
    routes = APIRouter(responses=PROBLEMS)

    @routes.post("/api/v1/plans", tags=["planning"])
    def assess(asked: PlanIn, request: Request, lang: Lang = None) -> ToldPlan:
        """Shares of unit classes and lines, verdicts industry × part, shaping clauses, draft list. Nothing is kept."""
        language = language_of(request)
        limiter_of(request).count_sites(request, len(asked.parts))
        return plans.told(plan_question(asked, language), language)

    @routes.post(
        "/api/v1/plans/workbook",
        tags=["planning"],
        response_class=Response,
        responses={200: {"content": {XLSX: {}}}},
    )
    def workbook(asked: PlanIn, request: Request, lang: Lang = None) -> Response:
        """The same as a workbook; its three list sheets are in the format of a delivery."""
        language = language_of(request)
        limiter_of(request).count_sites(request, len(asked.parts))
        return workbook_response(plans.workbook(plan_question(asked, language), language))

    @routes.get("/api/v1/screenings/{screening_id}/conflicts", tags=["screening"])
    def conflict_view(screening_id: str, request: Request, lang: Lang = None) -> ConflictsOut:
        """Clauses of all levels on the same matter side by side; which decides, and why."""
        found = conflicts(service.find(screening_id).record, fact_schema())
        return ConflictsOut(screening=screening_id, items=list(tell_conflicts(found, language_of(request))))

    return routes


def plan_question(asked: PlanIn, language: Language) -> PlanQuestion:
    """A request as the use case takes it."""
    return PlanQuestion(
        name=asked.name,
        parts=tuple(_part(part) for part in asked.parts),
        industries=tuple((one, {}) if isinstance(one, str) else (one.code, one.facts) for one in asked.industries),
        construction=asked.construction,
        facts=asked.facts,
        as_of=asked.as_of,
        language=language,
    )


def workbook_response(content: bytes) -> Response:
    """A workbook to be saved."""
    return Response(content, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="plan.xlsx"'})


def _part(part: SiteIn) -> Question:
    return Question(
        geometry=part.geometry,
        text=part.text,
        declared=declaration(part.declared),
        site_name=part.name,
        width_m=part.width_m,
        facts={},
    )
