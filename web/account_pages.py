"""Pages of the administrator: accounts, keys of machines, the audit chain."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from api import audit, audit_check
from api.accounts.directory import Actor
from api.accounts.guard import asking_of, needs_of
from api.accounts.machine_keys import MACHINE_ROLES
from api.accounts.roles import GIVEN_ROLES, ROLE, Action, Role
from api.approval_port import ApprovalPort
from api.problems import language_of
from screening.errors import ThreeLinesError
from web.approval_frame import HOME, districts_of, framed, onward
from web.approval_labels import KIND

_MOST_EVENTS = 100
Line = Annotated[str, Field(max_length=200)]


class AccountForm(BaseModel):
    """The form of an account."""

    name: Line = ""
    display: Line = ""
    role: Role = Role.APPROVER
    districts: Annotated[str, Field(max_length=1000)] = ""
    password: Annotated[str, Field(max_length=400)] = ""


class KeyForm(BaseModel):
    """The form of a key."""

    name: Line = ""
    role: Role = Role.KEEPER
    districts: Annotated[str, Field(max_length=1000)] = ""
    days: int = 90


def account_pages(port: ApprovalPort) -> APIRouter:
    """The administrator's pages over one port."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _add_accounts(routes, port)
    _add_keys(routes, port)
    _add_audit(routes, port)
    return routes


def _add_accounts(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)
    address = f"{HOME}/accounts"

    @routes.get(address, dependencies=[needs(Action.ACCOUNTS)])
    def accounts(request: Request) -> HTMLResponse:
        return _accounts_page(request, port, AccountForm(), None)

    @routes.post(address, dependencies=[needs(Action.ACCOUNTS)])
    def add(request: Request, typed: Annotated[AccountForm, Form()]) -> Response:
        try:
            port.directory.add(
                Actor.of(asking_of(request).principal),
                name=typed.name,
                display=typed.display,
                role=typed.role,
                districts=_codes(typed.districts),
                password=typed.password,
            )
        except ThreeLinesError as problem:
            return _accounts_page(request, port, typed, problem)
        return onward(request, address)

    @routes.post(f"{address}/{{name}}/change", dependencies=[needs(Action.ACCOUNTS)])
    def change(request: Request, name: str, typed: Annotated[AccountForm, Form()]) -> Response:
        actor = Actor.of(asking_of(request).principal)
        try:
            port.directory.change(
                actor, name, display=typed.display, role=typed.role, districts=_codes(typed.districts)
            )
            if typed.password:
                port.directory.set_password(actor, name, typed.password)
        except ThreeLinesError as problem:
            return _accounts_page(request, port, AccountForm(), problem)
        return onward(request, address)

    @routes.post(f"{address}/{{name}}/disable", dependencies=[needs(Action.ACCOUNTS)])
    def disable(request: Request, name: str) -> Response:
        try:
            port.directory.disable(Actor.of(asking_of(request).principal), name)
        except ThreeLinesError as problem:
            return _accounts_page(request, port, AccountForm(), problem)
        return onward(request, address)

    @routes.post(f"{address}/{{name}}/enable", dependencies=[needs(Action.ACCOUNTS)])
    def enable(request: Request, name: str) -> Response:
        port.directory.enable(Actor.of(asking_of(request).principal), name)
        return onward(request, address)


def _add_keys(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)
    address = f"{HOME}/keys"

    @routes.get(address, dependencies=[needs(Action.KEYS)])
    def keys(request: Request) -> HTMLResponse:
        return _keys_page(request, port, KeyForm(), "", None)

    @routes.post(address, dependencies=[needs(Action.KEYS)])
    def make(request: Request, typed: Annotated[KeyForm, Form()]) -> HTMLResponse:
        try:
            _, key = port.keys.make(
                Actor.of(asking_of(request).principal),
                name=typed.name,
                role=typed.role,
                districts=_codes(typed.districts),
                days=typed.days,
            )
        except ThreeLinesError as problem:
            return _keys_page(request, port, typed, "", problem)
        return _keys_page(request, port, KeyForm(), key, None)

    @routes.post(f"{address}/{{key_id}}/revoke", dependencies=[needs(Action.KEYS)])
    def revoke(request: Request, key_id: str) -> Response:
        port.keys.revoke(Actor.of(asking_of(request).principal), key_id)
        return onward(request, address)


def _add_audit(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get(f"{HOME}/audit", dependencies=[needs(Action.AUDIT)])
    def chain(request: Request) -> HTMLResponse:
        language = language_of(request)
        found = audit_check.check(port.database)
        with port.database.reading() as session:
            latest = audit.latest(session, tuple(KIND), _MOST_EVENTS)
        content = {
            "found": found,
            "problems": [one.in_(language) for one in found.problems],
            "events": [(one, KIND[one.kind].in_(language)) for one in latest],
        }
        return framed(request, port, "audit.html", asking_of(request), content)


def _accounts_page(
    request: Request, port: ApprovalPort, typed: AccountForm, problem: ThreeLinesError | None
) -> HTMLResponse:
    language = language_of(request)
    content = {
        "typed": typed,
        "accounts": port.directory.listed(),
        "roles": [(one.value, ROLE[one].in_(language)) for one in GIVEN_ROLES],
        "role_names": {one.value: text.in_(language) for one, text in ROLE.items()},
        "districts": districts_of(port),
    }
    return framed(request, port, "accounts.html", asking_of(request), content, problem=problem)


def _keys_page(
    request: Request, port: ApprovalPort, typed: KeyForm, key: str, problem: ThreeLinesError | None
) -> HTMLResponse:
    language = language_of(request)
    content = {
        "typed": typed,
        "key": key,
        "keys": port.keys.listed(),
        "roles": [(one.value, ROLE[one].in_(language)) for one in MACHINE_ROLES],
        "role_names": {one.value: text.in_(language) for one, text in ROLE.items()},
        "districts": districts_of(port),
    }
    return framed(request, port, "machine_keys.html", asking_of(request), content, problem=problem)


def _codes(written: str) -> list[str]:
    return written.replace(",", " ").replace("，", " ").replace("、", " ").split()
