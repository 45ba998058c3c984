"""HTTP routes that read a site before it is screened: text in any usual form, and files."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import shapely
from fastapi import APIRouter, Body, Query, Request

from api.file_names import plain_name
from api.problems import STATUS, language_of, problem_body
from api.question import declaration
from api.schemas import PROBLEMS, DeclaredIn, IssueOut, ProblemOut
from api.service import ScreeningService
from api.site_files import read_site_file
from api.site_schemas import (
    FileSiteOut,
    ReadingOut,
    RemarkOut,
    SiteFileOut,
    SitesIn,
    SitesOut,
    UnderstoodOut,
)
from layers.sites.files import FileSite
from screening.readings import Reading
from screening.record import geojson
from screening.site_checks import SiteRemark
from screening.understood import Understood
from screening.words import Language

GEOGRAPHIC = (4490, 4326)
Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]


def site_router(service: ScreeningService) -> APIRouter:
    """Routes that read sites, bound to one service."""
    routes = APIRouter(responses=PROBLEMS, tags=["sites"])

    @routes.post("/api/v1/sites")
    def sites(asked: SitesIn, request: Request, lang: Lang = None) -> SitesOut:
        """How a text is read, what else it could have meant, and what must be asked; nothing is kept."""
        language = language_of(request)
        stated = replace(declaration(asked.declared), width_m=asked.width_m, radius_m=asked.radius_m)
        found = service.understand(asked.text, stated)
        return SitesOut(items=[_understood(one, service, asked, language) for one in found])

    @routes.post("/api/v1/sites/files")
    def files(
        content: Annotated[bytes, Body(media_type="application/octet-stream")],
        request: Request,
        name: Annotated[str, Query(max_length=200, description="of the file, with its extension")],
        lang: Lang = None,
    ) -> SiteFileOut:
        """Sites of a file: boundary text, DXF, Shapefile zip, GeoPackage, GeoJSON, KML, table. Nothing is kept."""
        language = language_of(request)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / plain_name(name)
            path.write_bytes(content)
            found = read_site_file(service, path)
        plane = service.snapshot(service.today()).jurisdiction.plane
        return SiteFileOut(
            file=found.file,
            kind=found.kind.in_(language),
            read_as=found.read_as.in_(language),
            rows=found.rows,
            sites=[
                _file_site(one, float(shapely.area(plane.from_degrees(one.site.geometry))), language)
                for one in found.sites
            ],
            issues=[
                IssueOut(
                    severity=issue.severity.value,
                    layer=issue.layer,
                    place=issue.place,
                    message=issue.message.in_(language),
                    longitude=issue.longitude,
                    latitude=issue.latitude,
                )
                for issue in found.issues
            ],
        )

    return routes


def _understood(found: Understood, service: ScreeningService, asked: SitesIn, language: Language) -> UnderstoodOut:
    question = problem_body(found.question, STATUS[type(found.question)], language) if found.question else None
    remarks: tuple[SiteRemark, ...] = ()
    if found.taken:
        shape, accuracy_m = found.taken.geometry, found.taken.accuracy_m
        remarks = service.remarks(shape, accuracy_m, district=asked.district, area_m2=asked.declared_area_m2)
    return UnderstoodOut(
        name=found.name,
        as_written=found.as_written,
        taken=_reading(found.taken, _declared(found.taken), language) if found.taken else None,
        others=[_reading(one, _telling(one, found.others), language) for one in found.others],
        question=ProblemOut.model_validate(question) if question else None,
        remarks=[_remark(one, language) for one in remarks],
    )


def _telling(one: Reading, others: tuple[Reading, ...]) -> DeclaredIn | None:
    """What tells one reading from the others; None where they differ in how points make a shape."""
    stated = _declared(one)
    return stated if [_declared(other) for other in others].count(stated) == 1 else None


def _reading(found: Reading, declared: DeclaredIn | None, language: Language) -> ReadingOut:
    return ReadingOut(
        geometry=geojson(found.geometry),
        read_as=found.read_as.in_(language),
        place=found.place.in_(language),
        inside=found.inside,
        accuracy_m=round(found.accuracy_m, 2),
        declared=declared,
    )


def _declared(found: Reading) -> DeclaredIn:
    """What to state with the text so that only this reading is left."""
    epsg = None if found.crs in GEOGRAPHIC else found.crs
    return DeclaredIn(datum=None if epsg else found.datum, epsg=epsg, axes=found.axes)


def _file_site(found: FileSite, area_m2: float, language: Language) -> FileSiteOut:
    return FileSiteOut(
        place=found.place,
        name=found.site.name,
        geometry=geojson(found.site.geometry),
        accuracy_m=found.site.accuracy_m,
        declared_area_m2=found.declared_area_m2,
        area_m2=round(area_m2, 2),
        attributes=found.attributes,
        remarks=[_remark(one, language) for one in found.remarks],
    )


def _remark(found: SiteRemark, language: Language) -> RemarkOut:
    return RemarkOut(
        severity=found.severity.value,
        message=found.message.in_(language),
        longitude=found.longitude,
        latitude=found.latitude,
        contradicts=found.contradicts,
    )
