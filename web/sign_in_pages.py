"""Doors of the approval port: sign in by password or single sign-on, sign out, one's own account."""

from __future__ import annotations

import hmac
import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.directory import Account
from api.accounts.guard import SESSION_COOKIE, Asking, asking_of, needs_of
from api.accounts.roles import Action
from api.approval_port import ApprovalPort
from api.problems import language_of
from screening.approval_errors import ForgedRequestError, SingleSignOnError
from screening.errors import ThreeLinesError
from screening.words import Text
from web.approval_frame import HOME, SIGN_IN, districts_of, framed, onward

DOORS = (SIGN_IN, f"{HOME}/sso", f"{HOME}/sso/callback")  # open to everybody, or nobody could come in
_BEFORE = "threelines_before"
_SSO = "threelines_sso"
_SSO_LASTS_S = 600
Typed = Annotated[str, Form(max_length=400)]


def sign_in_pages(port: ApprovalPort, public_url: str) -> APIRouter:
    """The doors over one port."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _add_password_door(routes, port, public_url)
    _add_single_sign_on(routes, port, public_url)
    _add_own_account(routes, port)
    return routes


def _add_password_door(routes: APIRouter, port: ApprovalPort, public_url: str) -> None:
    @routes.get(SIGN_IN)
    def form(request: Request, then: Annotated[str, Query(alias="next", max_length=400)] = "") -> Response:
        return _form(request, port, then, "", None)

    @routes.post(SIGN_IN)
    def signed_in(
        request: Request,
        name: Typed = "",
        password: Typed = "",
        csrf: Typed = "",
        then: Annotated[Typed, Form(alias="next")] = "",
    ) -> Response:
        port.gate.require_own_origin(request)
        before = request.cookies.get(_BEFORE, "")
        if not before or not hmac.compare_digest(before.encode(), csrf.encode()):
            raise ForgedRequestError.of("token")
        try:
            account = port.directory.sign_in(name, password)
        except ThreeLinesError as problem:
            return _form(request, port, then, name, problem)
        return _entered(request, port, account, inside(then), public_url)


def _add_single_sign_on(routes: APIRouter, port: ApprovalPort, public_url: str) -> None:
    def back(request: Request) -> str:
        return f"{(public_url or str(request.base_url)).rstrip('/')}{HOME}/sso/callback"

    @routes.get(f"{HOME}/sso")
    def begin(request: Request, then: Annotated[str, Query(alias="next", max_length=400)] = "") -> Response:
        if port.sign_on is None:
            raise SingleSignOnError.of(Text("没有设置统一身份认证。", "Single sign-on is not set up."))
        begun = port.sign_on.begin(back(request), inside(then))
        answer = RedirectResponse(begun.address, status_code=HTTPStatus.SEE_OTHER)
        secure = _is_secure(request, public_url)
        answer.set_cookie(
            _SSO, begun.state, max_age=_SSO_LASTS_S, path=f"{HOME}/sso", httponly=True, samesite="lax", secure=secure
        )
        return answer

    @routes.get(f"{HOME}/sso/callback")
    def finish(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
        if port.sign_on is None:
            raise SingleSignOnError.of(Text("没有设置统一身份认证。", "Single sign-on is not set up."))
        cookie = request.cookies.get(_SSO, "")
        try:
            account, then = port.sign_on.finish(back(request), state=state, cookie=cookie, code=code, error=error)
        except ThreeLinesError as problem:
            answer = _form(request, port, "", "", problem)
        else:
            answer = _entered(request, port, account, then, public_url)
        answer.delete_cookie(_SSO, path=f"{HOME}/sso")
        return answer


def _add_own_account(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get(f"{HOME}/account", dependencies=[needs(Action.OWN_ACCOUNT)])
    def account(request: Request) -> HTMLResponse:
        return _account_page(request, port, asking_of(request), None)

    @routes.post(f"{HOME}/account/password", dependencies=[needs(Action.OWN_ACCOUNT)])
    def password(request: Request, old: Typed = "", new: Typed = "") -> Response:
        asking = asking_of(request)
        try:
            port.directory.change_own_password(asking.principal, old, new)
        except ThreeLinesError as problem:
            return _account_page(request, port, asking, problem)
        return onward(request, SIGN_IN)

    @routes.post(f"{HOME}/sign-out", dependencies=[needs(Action.OWN_ACCOUNT)])
    def sign_out(request: Request) -> Response:
        port.sessions.close(request.cookies.get(SESSION_COOKIE, ""))
        port.directory.signed_out(asking_of(request).principal)
        answer = onward(request, "/")
        answer.delete_cookie(SESSION_COOKIE)
        return answer


def inside(address: str) -> str:
    """Where to go on after signing in: a page of the approval port, whatever the link said.

    >>> inside("/approval/cases?page=2"), inside("//evil.example"), inside("/approval.evil")
    ('/approval/cases?page=2', '/approval', '/approval')
    """
    fits = address == HOME or address.startswith((f"{HOME}/", f"{HOME}?"))
    return address if fits and "\\" not in address and not address.startswith(SIGN_IN) else HOME


def _form(request: Request, port: ApprovalPort, then: str, name: str, problem: ThreeLinesError | None) -> Response:
    before = request.cookies.get(_BEFORE) or secrets.token_urlsafe(24)
    content = {
        "next": then,
        "name": name,
        "before": before,
        "has_single_sign_on": port.sign_on is not None,
        "is_first": port.sign_on is None and not port.directory.listed(),
    }
    page = framed(request, port, "sign_in.html", None, content, problem=problem)
    page.set_cookie(_BEFORE, before, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return page


def _entered(request: Request, port: ApprovalPort, account: Account, then: str, public_url: str) -> Response:
    """Signed in: a new session in place of any old one."""
    if old := request.cookies.get(SESSION_COOKIE):
        port.sessions.close(old)
    answer = onward(request, then)
    answer.set_cookie(
        SESSION_COOKIE,
        port.sessions.open(account.id),
        max_age=port.sessions.longest_s,
        httponly=True,
        samesite="lax",
        secure=_is_secure(request, public_url),
    )
    answer.delete_cookie(_BEFORE)
    return answer


def _account_page(
    request: Request, port: ApprovalPort, asking: Asking, problem: ThreeLinesError | None
) -> HTMLResponse:
    names = districts_of(port)
    account = port.directory.find(asking.principal.name)
    content = {
        "account": account,
        "district_names": [names.get(one, one) for one in account.districts],
        "form_address": f"{HOME}/account/password?lang={language_of(request)}",
    }
    return framed(request, port, "own_account.html", asking, content, problem=problem)


def _is_secure(request: Request, public_url: str) -> bool:
    return request.url.scheme == "https" or public_url.startswith("https:")
