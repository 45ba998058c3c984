"""The HTTP interface of the conformity table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from api.problems import language_of
from api.schemas import PROBLEMS
from api.service import ScreeningService
from api.statements import repeated, table_of
from screening.statement import ToldTable
from screening.terms import OUTCOME

Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]


class ConformityOut(BaseModel):
    """符合性分析 of a kept screening: every clause answered for itself."""

    screening: str
    as_of: str
    release: str
    conclusion: str
    conclusion_label: str
    is_as_kept: bool = Field(description="whether the answer is, digest for digest, the one that was kept")
    table: ToldTable


def statement_router(service: ScreeningService) -> APIRouter:
    """Routes of the conformity table, bound to one service."""
    routes = APIRouter(responses=PROBLEMS)

    @routes.get("/api/v1/screenings/{screening_id}/conformity", tags=["screening"])
    def conformity_table(screening_id: str, request: Request, lang: Lang = None) -> ConformityOut:
        """符合性分析: the lines and the list clause by clause, answered again from the release the screening names."""
        found, language = repeated(service, screening_id), language_of(request)
        verdict = found.verdict
        return ConformityOut(
            screening=found.id,
            as_of=verdict.as_of.isoformat(),
            release=verdict.evidence.release.id,
            conclusion=verdict.conclusion.name.lower(),
            conclusion_label=OUTCOME[verdict.conclusion].in_(language),
            is_as_kept=found.is_as_kept,
            table=table_of(found, language),
        )

    return routes
