"""Requests that are too large are refused, with an answer the sender can read."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import language_of, problem_body
from screening.errors import UploadTooLargeError

# A browser reads the answer only after it has sent its body, so a body somewhat too large is read and thrown away.
MOST_DRAINED_BYTES = 100_000_000


class LargestRequest:
    """ASGI middleware: bodies beyond a limit are answered with 413 and never reach a route.

    Args:
        limit_bytes: For any path.
        uploads: Other limits, for paths of their own.
    """

    def __init__(self, app: ASGIApp, *, limit_bytes: int, uploads: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._limit = limit_bytes
        self._uploads = uploads or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body read, or refuse it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        limit = self._uploads.get(scope["path"], self._limit)
        kept = bytearray()
        seen = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            seen += len(message.get("body", b""))
            if seen <= limit:
                kept += message.get("body", b"")
            if not message.get("more_body", False) or seen > MOST_DRAINED_BYTES:
                break
        if seen > limit:
            await self._refuse(limit, scope, receive, send)
            return
        await self._app(scope, _replay(bytes(kept), receive), send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        error, status = UploadTooLargeError.of(limit), HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        body = problem_body(error, status, language_of(Request(scope)))
        answer = JSONResponse(body, status_code=status, media_type="application/problem+json")
        await answer(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
