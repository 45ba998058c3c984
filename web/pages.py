"""The pages of kept answers and of releases, the API's description; and the page an error becomes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.difference_page import difference_page
from api.problems import language_of
from api.sealing import Seal, Standing
from api.statement_page import CONTENT_POLICY, statement_page
from api.statements import Repeated
from layers.difference import Difference
from layers.quality import Quality
from screening.changes import RecordChanges
from screening.conflict_words import ToldMatter
from screening.errors import ThreeLinesError, TooManyRequestsError
from screening.model import Nature
from screening.published import disclosed_words
from screening.terms import ZONE_CLASS
from screening.words import LANGUAGES, Language, Text, joined
from web.assets import ASSETS
from web.catalogue import LABELS, words

MOST_OPEN = 8  # entries shown at once; the rest are folded under their number
GRAVITY = ("violates", "undetermined", "conditional", "complies", "not_concerned")
_ADDED = ("warnings", "remarks", "places", "levels", "turning")  # lists that answers kept by earlier versions lack
_PAGES = Environment(
    loader=PackageLoader("web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_PAGES.policies["json.dumps_kwargs"] = {"ensure_ascii": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExplanation:
    """A screening as it was answered, told in one language.

    Attributes:
        explanation: `screening.explain.Explanation` as plain data.
        digest: SHA-256 of the record it explains.
        seal, standing: None for a screening older than sealed files.
        refreshes: Id of the screening whose question was put again; empty for a question of its own.
        changes: What changed against that one; None for a question of its own.
        address: Of this page, as people reach it.
        qr: SVG of a QR code that leads there.
        conflicts: Clauses of all levels on the same matter, side by side.
        conflicts_problem: Why there is no such view; empty where there is.
    """

    id: str
    created_at: str
    digest: str
    explanation: Mapping[str, Any]
    seal: Seal | None
    standing: Standing | None
    refreshes: str
    changes: RecordChanges | None
    address: str
    qr: str
    conflicts: tuple[ToldMatter, ...] = ()
    conflicts_problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRelease:
    """One row of the list of releases.

    Attributes:
        in_force: Today.
        before: The release published before it, to compare with; empty for the first.
    """

    id: str
    title: Text
    effective_from: str
    effective_until: str | None
    published_at: str
    published_by: str
    warnings: int
    in_force: bool
    withdrawn_at: str
    withdrawn_because: str
    before: str


class PageService(Protocol):
    """What the pages need from the service behind them."""

    def stored_explanation(self, screening_id: str, language: Language, base: str) -> StoredExplanation:
        """A kept screening; `base` is the address under which it was asked for.

        Raises:
            ThreeLinesError: There is none of that id.
        """

    def refresh(self, screening_id: str) -> str:
        """The id of a new screening that puts the question of another again, as of today.

        Raises:
            ThreeLinesError: There is none of that id, or its question cannot be put again.
        """

    def repeated(self, screening_id: str) -> Repeated:
        """A kept screening answered again from the release it names.

        Raises:
            ThreeLinesError: There is none of that id, or its question cannot be put again.
        """

    def releases(self) -> list[PublishedRelease]:
        """All publications, the newest first."""

    def quality(self, release_id: str) -> Quality:
        """How good a published release is.

        Raises:
            ThreeLinesError: It was never published, or cannot be read.
        """

    def changes(self, old: str, new: str) -> Difference:
        """What changed from one published release to another.

        Raises:
            ThreeLinesError: One was never published, or cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of findings for reading: what decides or weighs most first and open, the rest folded and counted."""

    shown: tuple[Mapping[str, Any], ...]
    folded: tuple[Mapping[str, Any], ...]

    @property
    def total(self) -> int:
        """How many there are, open or folded."""
        return len(self.shown) + len(self.folded)


def router(service: PageService) -> APIRouter:
    """The pages over one service."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/screenings/{screening_id}")
    def screening(request: Request, screening_id: str, fragment: Annotated[bool, Query()] = False) -> HTMLResponse:
        stored = service.stored_explanation(screening_id, language_of(request), str(request.base_url))
        return _screening_page(request, stored, fragment=fragment)

    @routes.get("/screenings/{screening_id}/statement")
    def statement(request: Request, screening_id: str) -> HTMLResponse:
        page = statement_page(service.repeated(screening_id), language_of(request))
        return HTMLResponse(page, headers={"Content-Security-Policy": CONTENT_POLICY, "Vary": "Accept-Language"})

    @routes.post("/screenings/{screening_id}/refresh")
    def refresh(request: Request, screening_id: str) -> RedirectResponse:
        made = service.refresh(screening_id)
        return RedirectResponse(f"/screenings/{made}?lang={language_of(request)}", status_code=HTTPStatus.SEE_OTHER)

    @routes.get("/releases")
    def releases(request: Request) -> HTMLResponse:
        language = language_of(request)
        rows = [{**asdict(one), "title": one.title.in_(language)} for one in service.releases()]
        return rendered(request, "releases.html", {"releases": rows})

    @routes.get("/releases/{release_id}")
    def release(request: Request, release_id: str) -> HTMLResponse:
        return _release_page(request, service.quality(release_id))

    @routes.get("/releases/{release_id}/changes")
    def changes(request: Request, release_id: str, since: str) -> HTMLResponse:
        page = difference_page(service.changes(since, release_id), language_of(request))
        return HTMLResponse(page, headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})

    @routes.get("/docs")
    def docs(request: Request) -> HTMLResponse:
        return rendered(request, "docs.html", {}, loose_styles=True)

    return routes


def problem_page(request: Request, error: ThreeLinesError, status: HTTPStatus, language: Language) -> HTMLResponse:
    """An error as a page: what happened, why, and what to do."""
    shown = {
        "status": int(status),
        "title": error.title.in_(language),
        "what": error.what.in_(language),
        "why": error.why.in_(language),
        "cure": error.cure.in_(language),
        "value": error.value,
        "candidates": list(error.candidates),
    }
    return rendered(request, "problem.html", {"problem": shown}, status=status)


def arranged(entries: Sequence[Mapping[str, Any]], conclusion: str) -> Entries:
    """Findings in order of gravity, those that make the conclusion open, at most `MOST_OPEN` of them.

    >>> found = arranged([{"outcome": "conditional"}, {"outcome": "violates"}], "violates")
    >>> [len(found.shown), found.folded[0]["outcome"], found.total]
    [1, 'conditional', 2]
    """
    by_gravity = sorted(entries, key=lambda entry: GRAVITY.index(entry["outcome"]))
    weightiest = [entry for entry in by_gravity if entry["outcome"] == conclusion] or by_gravity
    open_count = min(len(weightiest), MOST_OPEN)
    return Entries(tuple(by_gravity[:open_count]), tuple(by_gravity[open_count:]))


def _screening_page(request: Request, stored: StoredExplanation, *, fragment: bool) -> HTMLResponse:
    told, language = {**dict.fromkeys(_ADDED, ()), **stored.explanation}, language_of(request)
    changes = ("basis", "added", "removed", "changed") if stored.changes else ()
    conclusion = told["conclusion"]
    return rendered(
        request,
        "fragment.html" if fragment else "screening.html",
        {
            "stored": stored,
            "is_fragment": fragment,
            "texts": {name: [text.in_(language) for text in getattr(stored.changes, name)] for name in changes},
            "explanation": told,
            "concerned": arranged(told["concerned"], conclusion),
            "without_data": arranged(told["without_data"], "undetermined"),
            "is_demonstration": told["notice"] is not None,
        },
    )


def _release_page(request: Request, found: Quality) -> HTMLResponse:
    language = language_of(request)
    return rendered(
        request,
        "release.html",
        {
            "found": found,
            "missing": joined(list(found.missing)).in_(language),
            "disclosed": {
                one.layer.id: disclosed_words(one.disclosure).in_(language) for one in found.layers if one.disclosure
            },
            "names": {one.layer.id: one.layer.name.in_(language) for one in found.layers},
            "classes": {str(int(cls)): text.in_(language) for cls, text in ZONE_CLASS.items()},
            "is_demonstration": found.nature is Nature.DEMONSTRATION,
        },
    )


def rendered(
    request: Request,
    template: str,
    content: Mapping[str, object],
    *,
    status: HTTPStatus = HTTPStatus.OK,
    loose_styles: bool = False,
    image_host: str = "",
    same: str = "",
) -> HTMLResponse:
    """A template filled, in the language asked for, under the policy of what a browser may load.

    Args:
        image_host: The one other host from which images may come; empty for none.
        same: Query under which the page can be had again, for the links to other languages; empty for the request's own.
    """
    language = language_of(request)
    nonce = secrets.token_urlsafe(12)
    labels = words(language)
    filled = _PAGES.get_template(template).render(
        {
            "is_demonstration": False,
            **content,
            "language": language,
            "here": request.url.path,
            "languages": _language_links(request, same),
            "t": labels,
            "both": LABELS,
            "nonce": nonce,
            "spoken": lambda scripts: ASSETS.spoken(scripts, labels),
            "preloads": ASSETS.preloads,
        }
    )
    headers = {
        "Content-Security-Policy": _policy(nonce, loose_styles=loose_styles, image_host=image_host),
        "Vary": "Accept-Language",
    }
    return HTMLResponse(ASSETS.versioned(filled), status_code=status, headers=headers)


def waiting(shown: HTMLResponse, problem: ThreeLinesError | None) -> HTMLResponse:
    """A page with the time to wait in its head, where a limit is why it shows a problem."""
    if isinstance(problem, TooManyRequestsError):
        shown.headers["Retry-After"] = str(problem.retry_after_s)
    return shown


def _language_links(request: Request, same: str) -> dict[Language, str]:
    """This very address in each language, so that switching loses nothing."""
    links: dict[Language, str] = {}
    for language in LANGUAGES:
        here = request.url.replace(query=same) if same else request.url
        address = here.include_query_params(lang=language)
        links[language] = f"{address.path}?{address.query}"
    return links


def _policy(nonce: str, *, loose_styles: bool, image_host: str) -> str:
    """What the browser may load: no script that we did not write here, and nothing else from any other host.

    Images of a base map are the one exception, where an operator has configured one.
    """
    styles = "'self' 'unsafe-inline'" if loose_styles else "'self'"
    images = f"'self' data: blob: {image_host}".rstrip()
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src {styles}; img-src {images}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
