"""The HTTP interface of documents: Word, PDF and Excel of a screening, and one document a site of a batch in a zip."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.batch_service import BatchService
from api.documents.labels import ZIP_NAME
from api.documents.service import MEDIA, DocumentService, Kind
from api.problems import language_of
from api.schemas import PROBLEMS

Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]
ZIP = "application/zip"


def document_router(documents: DocumentService, batches: BatchService) -> APIRouter:
    """Routes of documents, bound to one service."""
    routes = APIRouter(responses=PROBLEMS, tags=["documents"])
    content: dict[str, object] = {"content": {media: {} for media in MEDIA.values()}}

    @routes.get("/api/v1/screenings/{screening_id}/report.{kind}", response_class=Response, responses={200: content})
    def document(screening_id: str, kind: Kind, request: Request, lang: Lang = None) -> Response:
        """符合性分析 and draft opinion of a screening as `docx` (from the city's template), `pdf` (PDF/A-2b) or `xlsx`."""
        made = documents.made(screening_id, kind, language_of(request), str(request.base_url))
        return Response(made.content, media_type=MEDIA[kind], headers=to_save(made.name, f"report.{kind}"))

    @routes.get(
        "/api/v1/batch-files/screenings/{name}/reports.zip",
        response_class=StreamingResponse,
        responses={200: {"content": {ZIP: {}}}},
    )
    def zipped(name: str, request: Request, kind: Kind = Kind.DOCX, lang: Lang = None) -> StreamingResponse:
        """One document a site of a batch, in the order of its rows, while the batch is kept."""
        language = language_of(request)
        pieces = documents.zipped(batches.screenings(name), kind, language, str(request.base_url))
        headers = to_save(ZIP_NAME.in_(language), "reports.zip")
        return StreamingResponse(begun(pieces), media_type=ZIP, headers=headers)

    return routes


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces with the first already made, so that trouble with it is told as trouble and not as half a file."""
    first = next(pieces, b"")
    return chain([first], pieces)


def to_save(name: str, plain: str) -> dict[str, str]:
    """Under which name to save an answer: in any script for those who read RFC 5987, plain for others."""
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
