"""Pages of look-ups by place: control units and drinking-water sources. No script is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.look_up_answers import clause_out, dossier_out, nearest_words, unit_out, water_check_out, water_sources_out
from api.look_up_routes import NONE_LISTED, PAGE_SIZE, UNCOVERED, pages
from api.look_up_schemas import UnitDossierOut, ZoneInsideOut
from api.problems import STATUS, language_of
from api.question import Question
from api.service import ScreeningService
from layers.snapshot import Snapshot
from layers.unit_dossier import PARK, UnitDossier
from layers.unit_search import FoundUnit, find_units
from layers.water_sources import LEVELS, water_check, water_sources
from screening.access import Dimension
from screening.errors import ThreeLinesError
from screening.model import Nature, ZoneClass
from screening.published import disclosed_words
from screening.terms import DIMENSION, FIELD, ZONE_CLASS
from screening.words import Language
from web.glossary import MEANING
from web.library_labels import LIBRARY_LABELS
from web.look_up_labels import LOOK_UP_LABELS
from web.outline import outline
from web.pages import rendered

M2_PER_KM2 = 1_000_000
Written = Annotated[str, Query(max_length=100)]
Place = Annotated[str, Query(max_length=2000)]
Number = Annotated[int, Query(ge=1, le=100_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Where in a list one is, and the addresses before and after; empty where there is none."""

    page: int
    pages: int
    before: str
    after: str


def look_up_pages(service: ScreeningService) -> APIRouter:
    """The pages over one service."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/units")
    def units(
        request: Request,
        q: Written = "",
        cls: Annotated[str, Query(alias="class", pattern="^[123]?$")] = "",
        district: Written = "",
        point: Place = "",
        page: Number = 1,
    ) -> HTMLResponse:
        asked = {"q": q.strip(), "class": cls, "district": district.strip(), "point": point.strip()}
        return _units_page(request, service, asked, page)

    @routes.get("/units/{code}")
    def unit(request: Request, code: str) -> HTMLResponse:
        day = service.today()
        snapshot = service.snapshot(day)
        found = service.look_ups.dossier(snapshot, code, day)
        told = dossier_out(found, service.look_ups.history(found.unit.zone.code), language_of(request))
        return shown(request, "unit.html", snapshot, _unit_content(found, told, snapshot, language_of(request)))

    @routes.get("/water-sources")
    def water(request: Request, point: Place = "") -> HTMLResponse:
        return _water_page(request, service, point.strip())

    return routes


def shown(
    request: Request,
    template: str,
    snapshot: Snapshot | None,
    content: Mapping[str, object],
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    """A page of look-ups with its labels; the banner of demonstration data as the release says."""
    language = language_of(request)
    labels = {name: text.in_(language) for name, text in {**LOOK_UP_LABELS, **LIBRARY_LABELS}.items()}
    is_demonstration = snapshot is not None and snapshot.release.nature is Nature.DEMONSTRATION
    shared = {
        "l": labels,
        "meaning": MEANING,
        "vocabulary": FIELD,
        "is_demonstration": is_demonstration,
        "release": snapshot.release.id if snapshot else "",
    }
    return rendered(request, template, {**shared, **content}, status=status)


def pager(request: Request, page: int, total: int) -> Pager:
    """Addresses of the pages before and after, everything else of the address kept."""
    last = pages(total)

    def address(number: int) -> str:
        link = request.url.include_query_params(page=number)
        return f"{link.path}?{link.query}"

    return Pager(
        page=page,
        pages=last,
        before=address(min(page - 1, last)) if page > 1 else "",
        after=address(page + 1) if page < last else "",
    )


# -- units -------------------------------------------------------------------------------------------------------------


def _units_page(request: Request, service: ScreeningService, asked: Mapping[str, str], page: int) -> HTMLResponse:
    language, snapshot = language_of(request), service.snapshot(service.today())
    content: dict[str, object] = {
        "asked": asked,
        "problem": None,
        "at": None,
        "pager": None,
        "total": 0,
        "units": [],
        "classes": [(str(int(cls)), name.in_(language)) for cls, name in ZONE_CLASS.items()],
        "districts": _districts(snapshot),
        "nothing": NONE_LISTED.in_(language),
        "silent": [(layer.name, reason) for layer, _, reason in snapshot.silent.values() if layer.role == "unit"],
    }
    status = HTTPStatus.OK
    if asked["point"]:
        try:
            content |= _units_at(service, asked["point"], language)
        except ThreeLinesError as problem:
            content["problem"], status = problem, STATUS[type(problem)]
    else:
        found = find_units(
            snapshot,
            words=asked["q"],
            cls=ZoneClass(int(asked["class"])) if asked["class"] else None,
            district=asked["district"],
        )
        here = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        content |= {
            "total": len(found),
            "pager": pager(request, page, len(found)),
            "units": _rows(here, snapshot, language),
        }
    return shown(request, "units.html", snapshot, content, status=status)


def _districts(snapshot: Snapshot) -> list[tuple[str, str]]:
    city = snapshot.jurisdiction
    seaward = any(zone.county == city.code for one in snapshot.layers.values() for zone in one.zones)
    return [*city.districts.items(), *([(city.code, city.name.zh)] if seaward else [])]


def _rows(found: list[FoundUnit], snapshot: Snapshot, language: Language) -> list[dict[str, object]]:
    return [
        {"unit": unit_out(one, snapshot, language), "cls": int(one.zone.cls) if one.zone.cls else 0, "certainty": ""}
        for one in found
    ]


def _units_at(service: ScreeningService, point: str, language: Language) -> dict[str, object]:
    """The units at a place as it was written, and how sure that is."""
    snapshot, site = service.place(Question(text=point, facts={}))
    evidence = snapshot.gather(site, service.today())
    by_code = {one.zone.code: one for one in find_units(snapshot)}
    rows = []
    for contact in evidence.units:
        sure = LOOK_UP_LABELS["units_certain"]
        if not contact.certainly_overlaps:
            sure = LOOK_UP_LABELS["units_borderline"].filled(width=f"{contact.band.width_m:g}")
        row = _rows([by_code[contact.zone.code]], snapshot, language)[0]
        rows.append({**row, "certainty": sure.in_(language)})
    return {
        "units": rows,
        "total": len(rows),
        "at": {"read_as": site.read_as.in_(language), "written": point},
        "nothing": UNCOVERED.in_(language),
    }


def _unit_content(
    found: UnitDossier, told: UnitDossierOut, snapshot: Snapshot, language: Language
) -> dict[str, object]:
    counts = Counter(one.layer for one in told.zones)
    at = {"lon": told.point[0], "lat": told.point[1]} if told.point else {}
    return {
        "unit": told,
        "cls": told.unit_class or 0,
        "layer_id": found.unit.layer.id,
        "outline": None
        if found.shape.is_empty
        else outline(found.shape, [one.shape for one in found.neighbours if not one.shape.is_empty]),
        "withheld": disclosed_words(found.disclosure).in_(language) if found.disclosure else "",
        "dimensions": [
            (DIMENSION[one].in_(language), [c for c in told.clauses if c.dimension == DIMENSION[one].in_(language)])
            for one in Dimension
        ],
        "ceilings": [one for one in told.lines if one.kind == "ceiling"],
        "objectives": [one for one in told.lines if one.kind == "objective"],
        "zones": [(name, counts[layer], list(group)) for (layer, name), group in _by_layer(told)],
        "parks": [one for one in told.zones if one.layer == PARK],
        "parks_answered": PARK in snapshot.layers and not any(one.layer == PARK for one in told.unanswered),
        "screen_address": "/?" + urlencode({**at, "lang": language}),
        "area_km2": told.area_m2 / M2_PER_KM2,
    }


def _by_layer(told: UnitDossierOut) -> Iterable[tuple[tuple[str, str], Iterable[ZoneInsideOut]]]:
    return groupby(told.zones, key=lambda one: (one.layer, one.layer_name))


# -- water sources -----------------------------------------------------------------------------------------------------


def _water_page(request: Request, service: ScreeningService, point: str) -> HTMLResponse:
    language, day = language_of(request), service.today()
    snapshot = service.snapshot(day)
    listing = water_sources(snapshot, day)
    content: dict[str, object] = {
        "point": point,
        "problem": None,
        "check": None,
        "found": water_sources_out(listing, day, None, language),
        "levels": [
            {
                "name": one.level or LOOK_UP_LABELS["water_unnamed"].in_(language),
                "rank": LEVELS.index(one.level) + 1 if one.level in LEVELS else 0,
                "areas": one.areas,
                "clauses": [clause_out(each, day, language) for each in one.clauses],
            }
            for one in listing.levels
        ],
        "layer": listing.layer,
    }
    status = HTTPStatus.OK
    if point:
        try:
            content |= _checked(service, point, language)
        except ThreeLinesError as problem:
            content["problem"], status = problem, STATUS[type(problem)]
    return shown(request, "water_sources.html", snapshot, content, status=status)


def _checked(service: ScreeningService, point: str, language: Language) -> dict[str, object]:
    snapshot, site = service.place(Question(text=point, facts={}))
    check = water_check_out(water_check(snapshot, site, service.today()), language)
    centre = site.geometry.representative_point()
    here = {"lon": round(centre.x, 6), "lat": round(centre.y, 6), "lang": language}
    return {
        "check": check,
        "distance": nearest_words(check, language),
        "read_as": site.read_as.in_(language),
        "screen_address": f"/?{urlencode(here)}",
    }
