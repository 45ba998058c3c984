"""Pages of documents and words: the library, EIA agencies, news, the glossary. No script is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.look_up_answers import clause_out, news_out
from api.look_up_routes import PAGE_SIZE
from api.problems import language_of
from api.service import ScreeningService
from layers.agencies import CREDIT_STATUS, CreditStatus
from layers.basis import Field, library
from layers.law_search import LawHit, Resting
from layers.snapshot import Snapshot
from screening.basis import DOCUMENT_KIND, STANDING, BasisAnswer, Document, DocumentKind
from screening.errors import BrokenReleaseError, MalformedRequestError, NoReleaseError
from screening.model import Nature
from screening.terms import TERMS
from screening.words import Language, Text
from web.glossary import GROUPS
from web.look_up_pages import Number, Written, pager, shown

MOST_CLAUSES = 30  # open on a document's page; the rest are folded under their number
Kind = Annotated[str, Query(max_length=20)]


def library_pages(service: ScreeningService) -> APIRouter:
    """The pages over one service."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/library")
    def search(request: Request, q: Written = "", kind: Kind = "", day: str = "", page: Number = 1) -> HTMLResponse:
        return _library_page(request, service, q.strip(), kind, _day(day, service.today()), page)

    @routes.get("/library/{document_id}")
    def document(request: Request, document_id: str, day: str = "") -> HTMLResponse:
        return _document_page(request, service, document_id, _day(day, service.today()))

    @routes.get("/agencies")
    def agencies(request: Request, q: Written = "", district: Written = "", status: Kind = "") -> HTMLResponse:
        return _agencies_page(request, service, q.strip(), district.strip(), status)

    @routes.get("/news")
    def news(request: Request) -> HTMLResponse:
        language, found = language_of(request), service.look_ups.news()
        items = [(one, news_out(one, language)) for one in found]
        content = {"items": items, "in_force": service.release_in_force()}
        return shown(request, "news.html", _snapshot(service)[0], content)

    @routes.get("/terms")
    def terms(request: Request) -> HTMLResponse:
        return shown(request, "terms.html", _snapshot(service)[0], {"groups": GROUPS, "terms": TERMS})

    return routes


def _day(written: str, today: date) -> date:
    """The day in an address; today for none.

    Raises:
        MalformedRequestError: It is no date.
    """
    if not written.strip():
        return today
    try:
        return date.fromisoformat(written.strip())
    except ValueError as problem:
        raise MalformedRequestError.of("day", "YYYY-MM-DD", written[:80]) from problem


def _snapshot(service: ScreeningService, day: date | None = None) -> tuple[Snapshot | None, Text | None]:
    """The release in force, or why there is none: documents and words can be read without one."""
    try:
        return service.snapshot(day or service.today()), None
    except (NoReleaseError, BrokenReleaseError) as problem:
        return None, problem.what


# -- library -----------------------------------------------------------------------------------------------------------


def _library_page(
    request: Request, service: ScreeningService, words: str, kind: str, day: date, page: int
) -> HTMLResponse:
    language = language_of(request)
    snapshot, reason = _snapshot(service)
    hits: list[LawHit] = service.look_ups.search(words, snapshot) if words else []
    documents = [(one.document, _excerpt(one)) for one in hits if one.document] if words else _newest()
    chosen = [(one, excerpt) for one, excerpt in documents if not kind or one.kind.value == kind]
    shown_here = chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return shown(
        request,
        "library.html",
        snapshot,
        {
            "asked": {"q": words, "kind": kind, "day": day.isoformat()},
            "kinds": [(one.value, DOCUMENT_KIND[one].in_(language)) for one in DocumentKind],
            "total": len(chosen),
            "documents": [_row(one, excerpt, day, language) for one, excerpt in shown_here],
            "repeals": [(one.repeal, one.excerpt) for one in hits if one.repeal],
            "clauses": [clause_out(one.clause, day, language) for one in hits if one.clause],
            "titles": {one.id: _title(one, language) for one in library().documents.values()},
            "pager": pager(request, page, len(chosen)),
            "no_clauses": reason.in_(language) if reason else "",
            "found": len(chosen) + len(hits) - len([one for one in hits if one.document]),
        },
    )


def _excerpt(hit: LawHit) -> str:
    """The text around the words; a title or number is on the page anyway."""
    return "" if hit.field in (Field.TITLE, Field.NUMBER) else hit.excerpt


def _newest() -> list[tuple[Document, str]]:
    dated = sorted(library().documents.values(), key=lambda one: (one.issued or date.min, one.id), reverse=True)
    return [(one, "") for one in dated]


def _title(one: Document, language: Language) -> str:
    return one.title.in_(language) or one.title.zh


def _row(one: Document, excerpt: str, day: date, language: Language) -> dict[str, object]:
    answer = library().on(one.id, day)
    return {
        "document": one,
        "title": _title(one, language),
        "kind": DOCUMENT_KIND[one.kind].in_(language),
        "standing": answer.standing.value,
        "standing_label": STANDING[answer.standing].in_(language),
        "summary": excerpt or one.summary.in_(language) or one.summary.zh,
    }


def _document_page(request: Request, service: ScreeningService, document_id: str, day: date) -> HTMLResponse:
    language = language_of(request)
    answer = service.law.document(document_id, day)
    snapshot, reason = _snapshot(service, day)
    resting: Sequence[Resting] = ()
    if snapshot is not None:
        resting = service.look_ups.law_search(snapshot).resting_on(document_id, day)
    rows = [(clause_out(one.clause, day, language), one) for one in resting]
    return shown(
        request,
        "document.html",
        snapshot,
        {
            "answer": answer,
            "row": _row(answer.asked, "", day, language),
            "day": day.isoformat(),
            "reason": answer.reason.in_(language),
            "current": _named(answer.current, language),
            "likely": _named(answer.likely, language),
            "chain": _steps(answer, language),
            "replaced": [
                (one, _title(library().documents[one.old], language))
                for one in library().repeals
                if one.new == document_id
            ],
            "resting": rows[:MOST_CLAUSES],
            "resting_more": rows[MOST_CLAUSES:],
            "no_clauses": reason.in_(language) if reason else "",
        },
    )


def _named(documents: Sequence[Document], language: Language) -> list[tuple[str, str]]:
    return [(one.id, _title(one, language)) for one in documents]


def _steps(answer: BasisAnswer, language: Language) -> list[dict[str, object]]:
    """Each repeal on the way from the document, those still ahead of the day included."""
    seen, waiting, steps = {answer.asked.id}, [answer.asked.id], []
    while waiting:
        here = waiting.pop(0)
        for one in (link for link in library().repeals if link.old == here):
            new = library().documents.get(one.new)
            steps.append(
                {
                    "old": _title(library().documents[one.old], language),
                    "new_id": one.new,
                    "new": _title(new, language) if new else "",
                    "on": one.on.isoformat(),
                    "is_ahead": one.on > answer.day,
                    "provision": one.provision,
                    "note": one.note.in_(language) or one.note.zh,
                    "source": one.source,
                    "verified": one.verified,
                }
            )
            if new and new.id not in seen:
                seen.add(new.id)
                waiting.append(new.id)
    return steps


# -- agencies ----------------------------------------------------------------------------------------------------------


def _agencies_page(request: Request, service: ScreeningService, name: str, district: str, status: str) -> HTMLResponse:
    """The city's own list; the invented one only under a release that is itself demonstration."""
    language = language_of(request)
    if status and status not in list(CreditStatus):
        raise MalformedRequestError.of("status", "、".join(CreditStatus), status)
    snapshot, _ = _snapshot(service)
    invented, found = service.law.agencies(name, district, CreditStatus(status) if status else None)
    is_listed = not invented or (snapshot is not None and snapshot.release.nature is Nature.DEMONSTRATION)
    return shown(
        request,
        "agencies.html",
        snapshot,
        {
            "asked": {"q": name, "district": district, "status": status},
            "statuses": [(one.value, text.in_(language)) for one, text in CREDIT_STATUS.items()],
            "labels": {one.value: text.in_(language) for one, text in CREDIT_STATUS.items()},
            "invented": invented,
            "is_listed": is_listed,
            "agencies": found if is_listed else [],
        },
    )
