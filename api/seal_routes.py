"""The HTTP interface of sealed verdicts: the sealed file, refreshing, the QR code, the public keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import screening_json
from api.problems import language_of
from api.qr import qr_svg
from api.schemas import ScreeningOut
from api.seal_schemas import KeyOut, KeysOut
from api.service import ScreeningService

Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]


def seal_router(service: ScreeningService) -> APIRouter:
    """Routes about seals, bound to one service."""
    routes = APIRouter()

    @routes.get(
        "/api/v1/screenings/{screening_id}/sealed",
        tags=["screening"],
        response_class=Response,
        responses={200: {"content": {"application/json": {}}, "description": "The file, byte for byte as signed"}},
    )
    def sealed(screening_id: str) -> Response:
        """The sealed file of a screening, to keep, hand on and verify offline."""
        content = service.sealed(screening_id)
        name = f"threelines-{screening_id}.sealed.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type="application/json", headers=headers)

    @routes.post(
        "/api/v1/screenings/{screening_id}/refresh", status_code=201, tags=["screening"], response_model=ScreeningOut
    )
    def refresh(screening_id: str, request: Request, lang: Lang = None) -> Response:
        """Screen the same question as of today; kept as a new screening, with what changed."""
        found = service.refresh(screening_id)
        place = {"Location": f"/api/v1/screenings/{found.id}"}
        content = screening_json(service, found, language_of(request))
        return Response(content, status_code=201, headers=place, media_type="application/json")

    @routes.get(
        "/api/v1/screenings/{screening_id}/qr.svg",
        tags=["screening"],
        response_class=Response,
        responses={200: {"content": {"image/svg+xml": {}}}},
    )
    def qr(screening_id: str, request: Request, lang: Lang = None) -> Response:
        """A QR code that leads to the screening's page."""
        found = service.find(screening_id)
        address = service.address(found.id, str(request.base_url))
        drawing = qr_svg(found.id, address, language_of(request), whole_file=True)
        return Response(drawing, media_type="image/svg+xml")

    @routes.get("/api/v1/keys", tags=["state"])
    def keys() -> KeysOut:
        """Public keys by which sealed files verify."""
        return KeysOut(items=[KeyOut.model_validate(asdict(one)) for one in service.keys.listed()])

    return routes
