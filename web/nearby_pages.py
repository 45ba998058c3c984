"""附近的项目 on the page of a case, and the page of cases that a new release affects, with its downloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.guard import asking_of, needs_of
from api.accounts.roles import Action, Principal, Reach, reach
from api.approval_port import ApprovalPort
from api.places.affected import AffectedCase, AffectedCases, AffectedSite, Asked
from api.places.lines import PlacedLine
from api.places.nearby import FARTHEST_M, Near
from api.places.words import CHANGE, as_file, notes, standing
from api.problems import language_of
from layers.industries import classification
from screening.approval_errors import CaseInputError
from screening.errors import NoReleaseError, NoSuchPageError, ThreeLinesError
from screening.words import Language, Text
from web.approval_frame import HOME, districts_of, framed
from web.look_up_pages import pager
from web.nearby_labels import NEARBY_LABELS

AFFECTED = f"{HOME}/affected"
MOST_NEAR = 20
MOST_CHANGES = 6  # of one site shown; all are in the download
LONGEST_IN_ADDRESS = 2000  # characters; some programs cut longer addresses
DISTANCES_M = (500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Within = Annotated[float, Query(ge=0, le=FARTHEST_M)]
Typed = Annotated[str, Query(max_length=80)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRow:
    """One project nearby, in words."""

    number: str
    project: str
    distance: str
    industry: str
    standing: str
    is_approved: bool
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NearbyPanel:
    """Projects near a case.

    Attributes:
        summary: The line under which the panel is folded.
        silent: Why nothing was looked for; empty where it was.
        distances: To choose from: metres, in words.
        notes: What the list leaves out.
    """

    summary: str
    silent: str
    within_m: float
    distances: tuple[tuple[float, str], ...]
    rows: tuple[NearRow, ...]
    notes: tuple[str, ...]


def nearby_panel(
    port: ApprovalPort, who: Principal, number: str, within_m: float, language: Language
) -> NearbyPanel | None:
    """The panel of a case; None for owners, who would see nothing but their own."""
    if reach(who, Action.LIST) is Reach.OWN:
        return None
    chosen = tuple(sorted({*DISTANCES_M, within_m}))
    distances = tuple((one, _metres(one)) for one in chosen)
    title = _said("near_title", language)
    try:
        found = port.nearby.of_case(who, number, within_m, MOST_NEAR)
    except NoReleaseError:
        return NearbyPanel(
            summary=title,
            silent=_said("near_silent", language),
            within_m=within_m,
            distances=distances,
            rows=(),
            notes=(),
        )
    counted = _said("near_count", language, distance=_metres(within_m), count=found.total)
    told = []
    if found.total > len(found.cases):
        told.append(_said("near_first", language, shown=len(found.cases), count=found.total))
    if found.without_place:
        told.append(_said("near_without_place", language, count=found.without_place))
    return NearbyPanel(
        summary=f"{title} · {counted}" if found.is_placed else title,
        silent="" if found.is_placed else _said("near_unplaced", language),
        within_m=within_m,
        distances=distances,
        rows=tuple(_near(one, language) for one in found.cases),
        notes=tuple(told),
    )


def nearby_pages(port: ApprovalPort) -> APIRouter:
    """The page of affected cases over one port."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    needs = needs_of(port.gate)

    @routes.get(AFFECTED, dependencies=[needs(Action.AFFECTED)])
    def affected(
        request: Request,
        old: Typed = "",
        new: Typed = "",
        layer: Typed = "",
        within_m: Typed = "",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:
        return _affected_page(request, port, {"old": old, "new": new, "layer": layer, "within_m": within_m}, page)

    @routes.get(f"{AFFECTED}/{{file}}", dependencies=[needs(Action.AFFECTED)])
    def download(
        request: Request, file: str, old: Typed = "", new: Typed = "", layer: Typed = "", within_m: Typed = ""
    ) -> Response:
        kind = file.removeprefix("affected.")
        if file not in ("affected.csv", "affected.xlsx"):
            raise NoSuchPageError.of(request.url.path)
        language, asked = language_of(request), _asked(old, new, layer, within_m)
        found = port.affected.between(asking_of(request).principal, asked)
        content = as_file(found, kind, districts_of(port), _scope(found, language), language)
        headers = {
            "Content-Disposition": f'attachment; filename="{file}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        return Response(content, media_type="text/csv; charset=utf-8" if kind == "csv" else _XLSX, headers=headers)

    return routes


def _affected_page(request: Request, port: ApprovalPort, typed: Mapping[str, str], page: int) -> HTMLResponse:
    asking, language = asking_of(request), language_of(request)
    known = _releases(port)
    problem: ThreeLinesError | None = None
    found: AffectedCases | None = None
    if typed["old"] or typed["new"]:
        try:
            found = port.affected.between(asking.principal, _asked(**typed), page=page)
        except ThreeLinesError as refused:
            problem = refused
    in_force = port.screenings.release_in_force()
    query = urlencode({**typed, "lang": language})
    content = {
        "typed": {**typed, **_latest(known, in_force), **{name: value for name, value in typed.items() if value}},
        "releases": known,
        "found": found,
        "notes": [one.in_(language) for one in notes(found)] if found else [],
        "layers": _layers(found, language),
        "cases": [_case(one, language) for one in found.cases] if found else [],
        "districts": districts_of(port),
        "pager": pager(request, page, found.total) if found else None,
        "query": query,
        "address": AFFECTED,
        "not_in_force": in_force if found and found.asked.new != in_force else "",
    }
    return framed(request, port, "affected.html", asking, content, problem=problem)


def _asked(old: str, new: str, layer: str, within_m: str) -> Asked:
    """What the form asks for.

    Raises:
        CaseInputError: The distance is no number.
    """
    try:
        return Asked(old=old, new=new, layer=layer, within_m=float(within_m or 0))
    except ValueError as problem:
        words = Text("距离应为数字，单位为米。", "The distance must be a number of metres.")
        raise CaseInputError.of("within_m", words, within_m) from problem


def _releases(port: ApprovalPort) -> list[tuple[str, str]]:
    """Published releases with their first day in force, the newest publication first, each once."""
    found = {one.release: one.effective_from for one, _ in port.screenings.releases()}
    return [(name, f"{first} · {name}") for name, first in found.items()]


def _latest(known: list[tuple[str, str]], in_force: str) -> dict[str, str]:
    """The release in force and the one published before it, as a first choice."""
    names = [name for name, _ in known]
    at = names.index(in_force) if in_force in names[:-1] else 0
    return {"old": names[at + 1], "new": names[at]} if len(names) > 1 else {"old": "", "new": ""}


def _layers(found: AffectedCases | None, language: Language) -> list[tuple[str, str]]:
    if found is None:
        return []
    return [(layer, f"{name.in_(language)} ({count})") for layer, (name, count) in found.layers.items()]


def _scope(found: AffectedCases, language: Language) -> list[str]:
    """What was asked, for a file that leaves the page."""
    asked = found.asked
    lines = [f"{_said('aff_old', language)} {asked.old} · {_said('aff_new', language)} {asked.new}"]
    if asked.layer:
        lines.append(f"{_said('aff_layer', language)} {found.layers[asked.layer][0].in_(language)}")
    if asked.within_m:
        lines.append(f"{_said('aff_within', language)} {asked.within_m:g}")
    return lines


def _case(case: AffectedCase, language: Language) -> dict[str, object]:
    return {
        "line": case.line,
        "standing": _capital(standing(case.line).in_(language)),
        "day": _day(case.line, language),
        "sites": [_site(one, case.line, language) for one in case.sites],
    }


def _site(site: AffectedSite, line: PlacedLine, language: Language) -> dict[str, object]:
    shown = [
        {
            "layer": one.place.layer_name.in_(language),
            "zone": " ".join(filter(None, (one.place.code, one.place.name))),
            "change": CHANGE[one.place.kind].in_(language),
            "said": one.place.said.in_(language),
            "where": _where(one.distance_m, language),
        }
        for one in site.touches[:MOST_CHANGES]
    ]
    return {
        "number": site.position + 1,
        "name": site.name,
        "screening": site.screening_id,
        "form": _form(site, line, language),
        "is_current": site.is_current,
        "refreshed_by": site.refreshed_by,
        "changes": shown,
        "more": len(site.touches) - len(shown),
    }


def _form(site: AffectedSite, line: PlacedLine, language: Language) -> str:
    """The check page with the site filled in; empty where it has a verdict, or is too long for an address."""
    if site.screening_id or not 0 < len(site.written) <= LONGEST_IN_ADDRESS:
        return ""
    return "/?" + urlencode({"site": site.written, "industry": ",".join(line.industries), "lang": language})


def _where(distance_m: float | None, language: Language) -> str:
    if distance_m is None:
        return _said("aff_withheld", language)
    if distance_m == 0.0:
        return _said("aff_meets", language)
    return _said("aff_apart", language, distance=f"{distance_m:,.1f}")


def _near(one: Near, language: Language) -> NearRow:
    line = one.line
    return NearRow(
        number=line.number,
        project=line.project,
        distance=f"{one.distance_m:,.0f} m" if one.distance_m else _said("near_meets", language),
        industry=_industry(line.industries),
        standing=_capital(standing(line).in_(language)),
        is_approved=bool(line.decision),
        day=_day(line, language),
    )


def _industry(codes: tuple[str, ...]) -> str:
    known = classification().entries
    return "、".join(f"{code} {known[code].name}" if code in known else code for code in codes)


def _day(line: PlacedLine, language: Language) -> str:
    if line.decided_on:
        return _said("near_decided", language, day=line.decided_on)
    return _said("near_opened", language, day=line.opened_on)


def _metres(distance_m: float) -> str:
    return f"{distance_m / 1000:g} km" if distance_m >= 1000 else f"{distance_m:g} m"


def _said(label: str, language: Language, **values: object) -> str:
    return NEARBY_LABELS[label].in_(language).format(**values)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
