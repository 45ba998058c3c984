"""The one place where a door learns who asks: `Needs(action)` on every route of the approval port.

A browser shows a session cookie, a machine a key in `Authorization: Bearer`. What a cookie changes must also carry the
session's token (form field `csrf` or header `X-CSRF-Token`) and come from our own origin.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Depends, Request, params
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.accounts.machine_keys import MachineKeys
from api.accounts.roles import Action, Principal, require
from api.accounts.sessions import Sessions, SignedIn
from screening.approval_errors import ForgedRequestError, SignInNeededError

SESSION_COOKIE = "threelines_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_BEARER = "bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, and what a form of theirs must carry; empty for machines."""

    principal: Principal
    csrf: str


class Gate:
    """Finds out who asks."""

    def __init__(self, sessions: Sessions, keys: MachineKeys, public_url: str) -> None:
        self._sessions = sessions
        self._keys = keys
        self._public_origin = _origin(public_url) if public_url else ""

    async def asking(self, request: Request) -> Asking:
        """Who sent a request.

        Raises:
            SignInNeededError: No session and no key in force.
            ForgedRequestError: It changes something on the strength of a cookie alone.
        """
        header = request.headers.get("authorization", "")
        if header.lower().startswith(_BEARER):
            principal = await run_in_threadpool(self._keys.find, header[len(_BEARER) :].strip())
            if principal is None:
                raise SignInNeededError.of(request.url.path)
            return Asking(principal=principal, csrf="")
        signed_in = await self.signed_in(request)
        if signed_in is None:
            raise SignInNeededError.of(request.url.path)
        if request.method not in _SAFE:
            self.require_own_origin(request)
            if not hmac.compare_digest(await _sent_token(request), signed_in.csrf.encode()):
                raise ForgedRequestError.of("token")
        return Asking(principal=signed_in.principal, csrf=signed_in.csrf)

    async def signed_in(self, request: Request) -> SignedIn | None:
        """The session of a request; None if there is none in force."""
        token = request.cookies.get(SESSION_COOKIE, "")
        return await run_in_threadpool(self._sessions.find, token) if token else None

    def require_own_origin(self, request: Request) -> None:
        """Refuse a request that another site made a browser send.

        Raises:
            ForgedRequestError: `Origin`, or `Referer` where there is none, names another site.
        """
        told = request.headers.get("origin") or request.headers.get("referer", "")
        own = {_origin(str(request.base_url)), self._public_origin}
        if told and _origin(told) not in own:
            raise ForgedRequestError.of("origin")


class Needs:
    """A route's dependency: who asks may do the action to something at least; the service asks about the case itself."""

    def __init__(self, gate: Gate, action: Action) -> None:
        self._gate = gate
        self.action = action

    async def __call__(self, request: Request) -> None:
        """Find out who asks, for `asking_of`.

        Raises:
            ThreeLinesError: They are nobody, forged, or may not.
        """
        asking = await self._gate.asking(request)
        require(asking.principal, self.action)
        request.state.asking = asking


def needs_of(gate: Gate) -> Callable[[Action], params.Depends]:
    """What makes the dependencies of routes."""

    def needs(action: Action) -> params.Depends:
        made: params.Depends = Depends(Needs(gate, action))
        return made

    return needs


def asking_of(request: Request) -> Asking:
    """Who asks on a route that has `Needs`."""
    asking: Asking = request.state.asking
    return asking


async def _sent_token(request: Request) -> bytes:
    token = request.headers.get("x-csrf-token", "")
    if not token and request.headers.get("content-type", "").startswith(_FORMS):
        form: FormData = await request.form()
        token = str(form.get("csrf", ""))
    return token.encode()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()
