"""Comparing sites over HTTP: screen several, tell kept ones side by side, fetch the table as a workbook."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from api.answers import screening_out
from api.comparison_schemas import ComparisonIn, ComparisonOut
from api.comparison_workbook import comparison_workbook
from api.comparisons import Comparison, ComparisonService, plain_rows
from api.problems import language_of
from api.question import Question
from api.questions import question_of
from api.rate_limits import limiter_of
from api.schemas import PROBLEMS, ProjectIn, ScreeningIn, SiteIn
from api.service import ScreeningService
from screening.words import Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_NAME = Text("选址比选.xlsx", "sites-compared.xlsx")
NO_RANKING = Text(
    "按填写顺序排列，不是排名，也不打分；各选址的结论以其本身的研判为准。",
    "In the order given: it is no ranking, and nothing is scored. What counts is each site's own screening.",
)
Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]
Ids = Annotated[list[str], Query(max_length=20, description="ids of kept screenings of one project, two to five")]


def comparison_router(service: ScreeningService) -> APIRouter:
    """Routes of comparisons, bound to one service."""
    routes = APIRouter(responses=PROBLEMS, tags=["screening"])
    comparisons = ComparisonService(service)

    @routes.post("/api/v1/comparisons", status_code=201)
    def compare(asked: ComparisonIn, request: Request, response: Response, lang: Lang = None) -> ComparisonOut:
        """Screen one project at two to five sites; each answer is kept as a screening of its own."""
        limiter_of(request).count_sites(request, len(asked.sites))
        made = comparisons.screen(questions_of(asked.sites, asked.project, asked.as_of))
        found = comparisons.told([one.id for one in made], language_of(request))
        response.headers["Location"] = f"/api/v1/comparisons?{found.query}"
        return comparison_out(service, found)

    @routes.get("/api/v1/comparisons")
    def find(screening: Ids, request: Request, lang: Lang = None) -> ComparisonOut:
        """Kept screenings of one project side by side."""
        return comparison_out(service, comparisons.told(screening, language_of(request)))

    @routes.get("/api/v1/comparisons/workbook", response_class=Response, responses={200: {"content": {XLSX: {}}}})
    def workbook(screening: Ids, request: Request, lang: Lang = None) -> Response:
        """The same table as a workbook."""
        language = language_of(request)
        content = comparison_workbook(comparisons.told(screening, language), NO_RANKING)
        name = quote(FILE_NAME.in_(language))
        headers = {"Content-Disposition": f"attachment; filename=\"compared.xlsx\"; filename*=UTF-8''{name}"}
        return Response(content, media_type=XLSX, headers=headers)

    return routes


def questions_of(sites: list[SiteIn], project: ProjectIn, as_of: date | None) -> list[Question]:
    """One question a site, as a single screening would put it."""
    return [question_of(ScreeningIn(site=site, project=project, as_of=as_of)) for site in sites]


def comparison_out(service: ScreeningService, found: Comparison) -> ComparisonOut:
    """A comparison as JSON."""
    return ComparisonOut.model_validate(
        {
            "url": f"/compare?{found.query}",
            "note": NO_RANKING.in_(found.language),
            "rows": plain_rows(found),
            "differing": found.differing,
            "screenings": [screening_out(service, one, found.language) for one in found.answers],
        }
    )
