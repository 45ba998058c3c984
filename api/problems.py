"""Errors at the HTTP door: one table from class to status, one shape (`application/problem+json`, RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from screening import approval_errors, errors, run_errors
from screening.errors import MalformedRequestError, NoSuchPageError, ThreeLinesError, TooManyRequestsError
from screening.words import Language, Text

STATUS: dict[type[ThreeLinesError], HTTPStatus] = {
    errors.UnknownIndustryError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SupersededIndustryError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NoIndustryError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnknownFactError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnusableAmountError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnusableDischargeError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnreadableSiteError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.AmbiguousSiteError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnconfirmedDatumError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidSiteError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SiteOutsideError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SiteFileError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ReaderStoppedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnreadableCellError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnusableMappingError: HTTPStatus.UNPROCESSABLE_ENTITY,
    run_errors.UnknownRunError: HTTPStatus.NOT_FOUND,
    run_errors.RunStateError: HTTPStatus.CONFLICT,
    run_errors.RunFileMissingError: HTTPStatus.NOT_FOUND,
    run_errors.ReleaseChangedError: HTTPStatus.CONFLICT,
    errors.BatchTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.BatchJournalError: HTTPStatus.CONFLICT,
    errors.UnknownBatchFileError: HTTPStatus.NOT_FOUND,
    errors.UnusableEngineError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.WorkersLostError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.RowsLostError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.UploadTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.MalformedRequestError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.PlanError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.OldRecordError: HTTPStatus.CONFLICT,
    errors.UnknownScreeningError: HTTPStatus.NOT_FOUND,
    errors.UnsealedScreeningError: HTTPStatus.CONFLICT,
    errors.DocumentTemplateError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.SealedFileError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SigningKeyError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NoSuchPageError: HTTPStatus.NOT_FOUND,
    errors.UnknownPolicyEntryError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnknownDocumentError: HTTPStatus.NOT_FOUND,
    errors.DeliveryError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnsafeArchiveError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ConditionError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.ReferenceTableError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.NoReleaseError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.UnknownReleaseError: HTTPStatus.NOT_FOUND,
    errors.ComparisonError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotPublishedError: HTTPStatus.FORBIDDEN,
    errors.TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    errors.UnknownUnitError: HTTPStatus.NOT_FOUND,
    errors.BrokenReleaseError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.BrokenReferenceError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.GateError: HTTPStatus.CONFLICT,
    errors.CaseStoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    approval_errors.SignInNeededError: HTTPStatus.UNAUTHORIZED,
    approval_errors.WrongCredentialsError: HTTPStatus.UNAUTHORIZED,
    approval_errors.AccountLockedError: HTTPStatus.TOO_MANY_REQUESTS,
    approval_errors.ForbiddenError: HTTPStatus.FORBIDDEN,
    approval_errors.ForgedRequestError: HTTPStatus.FORBIDDEN,
    approval_errors.PasswordRuleError: HTTPStatus.UNPROCESSABLE_ENTITY,
    approval_errors.AccountError: HTTPStatus.UNPROCESSABLE_ENTITY,
    approval_errors.UnknownAccountError: HTTPStatus.NOT_FOUND,
    approval_errors.SingleSignOnError: HTTPStatus.UNAUTHORIZED,
    approval_errors.UnknownCaseError: HTTPStatus.NOT_FOUND,
    approval_errors.ChangedCaseError: HTTPStatus.CONFLICT,
    approval_errors.FlowError: HTTPStatus.CONFLICT,
    approval_errors.FourEyesError: HTTPStatus.CONFLICT,
    approval_errors.CaseInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    approval_errors.AttachmentError: HTTPStatus.UNPROCESSABLE_ENTITY,
    approval_errors.UnknownAttachmentError: HTTPStatus.NOT_FOUND,
    approval_errors.ApprovalStoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    approval_errors.BackupError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

Page = Callable[[Request, ThreeLinesError, HTTPStatus, Language], Response]


def language_of(request: Request) -> Language:
    """`?lang=` if given, else the first of Accept-Language, else Chinese."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "en" if asked.strip().lower().startswith("en") else "zh"


def problem_body(error: ThreeLinesError, status: HTTPStatus, language: Language) -> dict[str, object]:
    """The problem document of an error."""

    def say(text: Text) -> str:
        return text.in_(language)

    return {
        "type": f"/problems/{error.code}",
        "title": say(error.title),
        "status": int(status),
        "detail": say(error.what),
        "code": error.code,
        "what": say(error.what),
        "why": say(error.why),
        "cure": say(error.cure),
        "field": error.field,
        "value": error.value,
        "candidates": list(error.candidates),
    }


def install(app: FastAPI, page: Page | None = None) -> None:
    """Answer every error of ours, and every malformed request, as a problem; for browsers as a page if given."""

    async def own(request: Request, error: Exception) -> Response:
        assert isinstance(error, ThreeLinesError)
        return _answer(request, error, page)

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part != "body")
        return _answer(request, MalformedRequestError.of(field, str(first["msg"]), str(first.get("input"))[:80]), page)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.NOT_FOUND:
            return _answer(request, NoSuchPageError.of(request.url.path), page)
        status = HTTPStatus(error.status_code)
        text = MalformedRequestError.of(request.method, status.phrase, request.url.path)
        return _answer(request, text, page, status, error.headers)

    app.add_exception_handler(ThreeLinesError, own)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, http)


def _answer(
    request: Request,
    error: ThreeLinesError,
    page: Page | None,
    status: HTTPStatus | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    status = status or STATUS[type(error)]
    language = language_of(request)
    if isinstance(error, TooManyRequestsError):
        headers = {**(headers or {}), "Retry-After": str(error.retry_after_s)}
    wants_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(
        ("/api/", "/tiles/")
    )
    if page is not None and wants_page:
        shown = page(request, error, status, language)
        shown.headers.update(headers or {})
        return shown
    body = problem_body(error, status, language)
    return JSONResponse(body, status_code=status, headers=headers, media_type="application/problem+json")
