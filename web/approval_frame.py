"""The frame of approval pages: labels, who is signed in, what they may open, and the token their forms carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import URL

from api.accounts.guard import Asking
from api.accounts.roles import ACTION, ROLE, Action, allows
from api.approval_port import ApprovalPort
from api.approvals.flow import DECISION, STAGE
from api.approvals.views import CaseLine
from api.problems import STATUS, language_of
from screening.approval_errors import CaseInputError, ForbiddenError, SignInNeededError, UnknownCaseError
from screening.errors import NoReleaseError, ThreeLinesError
from screening.model import Nature
from screening.terms import CONSTRUCTION, OUTCOME
from screening.words import Language, Text
from web.approval_labels import APPROVAL_LABELS
from web.dashboard_labels import DASHBOARD_LABELS
from web.discharge_labels import DISCHARGE_LABELS
from web.nearby_labels import NEARBY_LABELS
from web.pages import problem_page, rendered

HOME = "/approval"
SIGN_IN = f"{HOME}/sign-in"
_TABS = (
    (HOME, "a_desk", Action.LIST),
    (f"{HOME}/cases", "a_cases", Action.LIST),
    (f"{HOME}/cases/new", "a_new", Action.OPEN),
    (f"{HOME}/dashboards", "a_dashboards", Action.DASHBOARDS),
    (f"{HOME}/affected", "a_affected", Action.AFFECTED),
    (f"{HOME}/history", "a_history", Action.HISTORY),
    (f"{HOME}/sites", "a_sites", Action.OWN_SITES),
    (f"{HOME}/batches", "a_batches", Action.RUNS),
    (f"{HOME}/accounts", "a_accounts", Action.ACCOUNTS),
    (f"{HOME}/keys", "a_keys", Action.KEYS),
    (f"{HOME}/audit", "a_audit", Action.AUDIT),
    (f"{HOME}/account", "a_account", Action.OWN_ACCOUNT),
)
_LABELS = {**APPROVAL_LABELS, **DASHBOARD_LABELS, **DISCHARGE_LABELS, **NEARBY_LABELS}
_NOT_SHOWN_IN_PLACE = (ForbiddenError, UnknownCaseError, SignInNeededError)


def framed(
    request: Request,
    port: ApprovalPort,
    template: str,
    asking: Asking | None,
    content: Mapping[str, object],
    *,
    problem: ThreeLinesError | None = None,
) -> HTMLResponse:
    """A page of the approval port; with a problem, the same page again with what is wrong on top."""
    language = language_of(request)
    who = asking.principal if asking else None
    shared = {
        "l": {name: text.in_(language) for name, text in _LABELS.items()},
        "who": who,
        "role": _capital(ROLE[who.role].in_(language)) if who else "",
        "tabs": [(path, label) for path, label, action in _TABS if who and allows(who, action)],
        "csrf": asking.csrf if asking else "",
        "problem": told(problem, language) if problem else None,
        "is_demonstration": _is_demonstration(port),
        "stages": {stage.value: _capital(text.in_(language)) for stage, text in STAGE.items()},
        "decisions": {one.value: _capital(text.in_(language)) for one, text in DECISION.items()},
        "outcomes": {one.name.lower(): text.in_(language) for one, text in OUTCOME.items()},
        "actions": {one.value: _capital(text.in_(language)) for one, text in ACTION.items()},
        "kinds": {one.value: _capital(text.in_(language)) for one, text in CONSTRUCTION.items()},
    }
    status = STATUS[type(problem)] if problem else HTTPStatus.OK
    page = rendered(request, template, {**shared, **content}, status=status)
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "same-origin"
    return page


def is_shown_in_place(problem: ThreeLinesError) -> bool:
    """Whether a problem belongs on top of the page on which it arose."""
    return not isinstance(problem, _NOT_SHOWN_IN_PLACE)


def told(problem: ThreeLinesError, language: Language) -> dict[str, Any]:
    """A problem in words."""
    return {
        "code": problem.code,
        "title": problem.title.in_(language),
        "what": problem.what.in_(language),
        "why": problem.why.in_(language),
        "cure": problem.cure.in_(language),
        "field": problem.field,
        "candidates": list(problem.candidates),
    }


def onward(request: Request, path: str) -> RedirectResponse:
    """On to another page after something was done, in the same language."""
    address = URL(path).include_query_params(lang=language_of(request))
    return RedirectResponse(str(address), status_code=HTTPStatus.SEE_OTHER)


def approval_problem_page(
    request: Request, error: ThreeLinesError, status: HTTPStatus, language: Language
) -> HTMLResponse | RedirectResponse:
    """An error as a page; who must sign in is led to the form and back."""
    if isinstance(error, SignInNeededError) and request.method == "GET":
        then = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return RedirectResponse(
            str(URL(SIGN_IN).include_query_params(next=then, lang=language)), status_code=HTTPStatus.SEE_OTHER
        )
    return problem_page(request, error, status, language)


def shown_line(line: CaseLine, language: Language) -> dict[str, Any]:
    """One case in a list, its due day in words."""
    return {**asdict(line), "stage": line.stage.value, "due": _due(line, language)}


def districts_of(port: ApprovalPort) -> Mapping[str, str]:
    """Districts to choose from; none while no release says which city this is."""
    try:
        return port.openings.districts()
    except NoReleaseError:
        return {}


def _due(line: CaseLine, language: Language) -> str:
    said = {name: text.in_(language) for name, text in APPROVAL_LABELS.items() if name.startswith("due_")}
    if line.is_waiting:
        return said["due_waiting"]
    if line.unknown_year is not None:
        return said["due_unknown"].format(year=line.unknown_year)
    if line.due_on is None:
        return said["due_none"]
    return f"{line.due_on.isoformat()} {said['due_overdue']}" if line.is_overdue else line.due_on.isoformat()


def _capital(words: str) -> str:
    """Words that stand by themselves on a page."""
    return words[:1].upper() + words[1:]


def _is_demonstration(port: ApprovalPort) -> bool:
    try:
        release = port.screenings.snapshot(port.screenings.today()).release
    except NoReleaseError:
        return False
    return release.nature is Nature.DEMONSTRATION


def read_day(field: str, written: str) -> date | None:
    """A day of a form; None where nothing is written.

    Raises:
        CaseInputError: It is no day.
    """
    if not written.strip():
        return None
    try:
        return date.fromisoformat(written.strip())
    except ValueError as problem:
        raise CaseInputError.of(
            field, Text("日期写法应如 2025-08-15。", "Write the day as 2025-08-15."), written
        ) from problem
