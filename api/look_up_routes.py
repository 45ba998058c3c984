"""HTTP routes of look-ups: control units, water sources, the library with its clauses, news."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.law_routes import document_out
from api.look_up_answers import clause_out, dossier_out, news_out, unit_out, water_check_out, water_sources_out
from api.look_up_schemas import LibraryOut, NewsOut, RestingOut, UnitDossierOut, WaterSourcesOut
from api.problems import language_of
from api.question import Question
from api.schemas import PROBLEMS, UnitOut, UnitsOut
from api.service import ScreeningService
from layers.unit_search import find_units
from layers.water_sources import water_check, water_sources
from screening.errors import MalformedRequestError
from screening.model import ZoneClass
from screening.terms import REALM, ZONE_CLASS
from screening.words import Language, Text

PAGE_SIZE = 50
COVERED = Text("该点所在的管控单元。", "The control units at this point.")
UNCOVERED = Text(
    "该点不在任何管控单元内：坐标可能有误，或在辖区之外。不能视为没有限制。",
    "No control unit at this point: wrong coordinates, or outside the jurisdiction. Not to be read as unrestricted.",
)
LISTED = Text("符合条件的管控单元。", "The control units that fit.")
NONE_LISTED = Text(
    "没有符合条件的单元：请核对写法。不能视为没有限制。",
    "No unit fits: check the spelling. Not to be read as unrestricted.",
)
Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]
Longitude = Annotated[float | None, Query(ge=-180, le=180, description="CGCS2000 degrees, with `lat`")]
Latitude = Annotated[float | None, Query(ge=-90, le=90)]


def look_up_router(service: ScreeningService) -> APIRouter:
    """All look-ups, bound to one service."""
    routes = APIRouter(responses=PROBLEMS, tags=["look-up"])
    _add_units(routes, service)
    _add_water_sources(routes, service)
    _add_library(routes, service)
    return routes


def _add_units(routes: APIRouter, service: ScreeningService) -> None:
    @routes.get("/api/v1/units")
    def units(
        request: Request,
        lon: Longitude = None,
        lat: Latitude = None,
        q: Annotated[str, Query(max_length=100, description="parts of code, name or district")] = "",
        cls: Annotated[int | None, Query(alias="class", ge=1, le=3)] = None,
        district: Annotated[str, Query(max_length=40, description="name or six-digit code")] = "",
        page: Annotated[int, Query(ge=1)] = 1,
        lang: Lang = None,
    ) -> UnitsOut:
        """Control units at a point, or those that fit words, class and district, fifty to a page."""
        language = language_of(request)
        if point := point_of(lon, lat):
            return _units_at(service, *point, language)
        snapshot = service.snapshot(service.today())
        found = find_units(snapshot, words=q, cls=ZoneClass(cls) if cls else None, district=district)
        shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return UnitsOut(
            items=[unit_out(one, snapshot, language) for one in shown],
            covered=bool(found),
            note=(LISTED if found else NONE_LISTED).in_(language),
            release=snapshot.release.id,
            total=len(found),
            page=page,
            pages=pages(len(found)),
        )

    @routes.get("/api/v1/units/{code}")
    def unit(code: str, request: Request, lang: Lang = None) -> UnitDossierOut:
        """Everything the release in force holds about one unit, and its history through the published releases."""
        day = service.today()
        found = service.look_ups.dossier(service.snapshot(day), code, day)
        return dossier_out(found, service.look_ups.history(found.unit.zone.code), language_of(request))


def _add_water_sources(routes: APIRouter, service: ScreeningService) -> None:
    @routes.get("/api/v1/water-sources")
    def protection_areas(
        request: Request, lon: Longitude = None, lat: Latitude = None, lang: Lang = None
    ) -> WaterSourcesOut:
        """Protection areas of drinking-water sources; with a point, in which it lies and which is the nearest."""
        language, day = language_of(request), service.today()
        answer = None
        if point := point_of(lon, lat):
            answer = water_check_out(water_check(*service.place(at(*point)), day), language)
        return water_sources_out(water_sources(service.snapshot(day), day), day, answer, language)


def _add_library(routes: APIRouter, service: ScreeningService) -> None:
    @routes.get("/api/v1/library")
    def search(
        request: Request, q: Annotated[str, Query(min_length=1, max_length=100)], lang: Lang = None
    ) -> LibraryOut:
        """Basis documents, and clauses of the list in force, that hold all the words."""
        language, day = language_of(request), service.today()
        snapshot = service.snapshot(day)
        found = service.look_ups.law_search(snapshot).search(q)
        return LibraryOut(
            release=snapshot.release.id,
            documents=[document_out(one.document, language, one.excerpt) for one in found if one.document],
            clauses=[clause_out(one.clause, day, language) for one in found if one.clause],
        )

    @routes.get("/api/v1/documents/{document_id}/clauses")
    def resting(document_id: str, request: Request, as_of: date | None = None, lang: Lang = None) -> RestingOut:
        """Clauses of the release in force on a day that cite a document, by number or title."""
        day = as_of or service.today()
        document = service.law.document(document_id, day).asked
        snapshot = service.snapshot(day)
        found = service.look_ups.law_search(snapshot).resting_on(document.id, day)
        return RestingOut(
            document=document.id,
            release=snapshot.release.id,
            as_of=day.isoformat(),
            clauses=[clause_out(one.clause, day, language_of(request)) for one in found],
        )

    @routes.get("/api/v1/news")
    def news(request: Request, lang: Lang = None) -> NewsOut:
        """What each published release brought against the one before, in sentences, the newest first."""
        return NewsOut(items=[news_out(one, language_of(request)) for one in service.look_ups.news()])


def pages(total: int) -> int:
    """Pages that a list of so many entries takes; one for an empty list."""
    return max(1, -(-total // PAGE_SIZE))


def at(longitude: float, latitude: float) -> Question:
    """The question where a point lies, nothing else being asked."""
    return Question(geometry={"type": "Point", "coordinates": [longitude, latitude]}, facts={})


def point_of(lon: float | None, lat: float | None) -> tuple[float, float] | None:
    """A point where both numbers are given; None where neither is.

    Raises:
        MalformedRequestError: One is given without the other.
    """
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        missing = "lat" if lat is None else "lon"
        raise MalformedRequestError.of(missing, "lon and lat belong together", "")
    return lon, lat


def _units_at(service: ScreeningService, lon: float, lat: float, language: Language) -> UnitsOut:
    snapshot = service.snapshot(service.today())
    items = [
        UnitOut(
            code=zone.code,
            name=zone.name,
            class_label=ZONE_CLASS[zone.cls].in_(language) if zone.cls else "",
            realm=REALM[layer.realm].in_(language),
            district=zone.district,
        )
        for layer, zone in snapshot.units_at(lon, lat)
    ]
    note = COVERED if items else UNCOVERED
    return UnitsOut(
        items=items,
        covered=bool(items),
        note=note.in_(language),
        release=snapshot.release.id,
        total=len(items),
    )
