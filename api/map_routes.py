"""HTTP routes of the zone map: zones by words, and what lies under a point. Tiles are in `api.routes`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.look_up_routes import UNCOVERED
from api.map_schemas import (
    UnansweredOut,
    WrittenPointOut,
    ZoneFoundOut,
    ZonesFoundOut,
    ZonesUnderOut,
    ZoneUnderOut,
)
from api.problems import language_of
from api.schemas import PROBLEMS
from api.service import ScreeningService
from layers.map_providers import map_providers
from layers.snapshot import Snapshot
from layers.zone_search import FoundZone, find_zones
from layers.zones_under import ZoneUnder, zones_under
from screening.coordinates import read_geojson, read_site
from screening.errors import ThreeLinesError
from screening.model import Site
from screening.terms import ZONE_CLASS
from screening.words import Language, Text

MOST_FOUND = 12
MOST_WORDS = 2000
COVERED = Text("该处的管控分区。", "The zones at this place.")
FOUND = Text("符合的分区，最相近的在前。", "The zones that fit, the nearest in wording first.")
NOT_FOUND = Text(
    "没有找到：请核对写法，或换一个更短的词。不能视为没有限制。",
    "Nothing found: check the spelling, or try a shorter word. Not to be read as unrestricted.",
)
CERTAIN = Text("确定", "certain")
BORDERLINE = Text("临界（±{width} m）：须人工核定", "borderline (±{width} m): a person must decide")
Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]
Release = Annotated[str, Query(max_length=80, description="a published release; else the one in force today")]


def map_router(service: ScreeningService) -> APIRouter:
    """The zone map's look-ups, bound to one service."""
    routes = APIRouter(responses=PROBLEMS, tags=["map"])

    @routes.get("/api/v1/zones")
    def zones(
        request: Request,
        q: Annotated[str, Query(max_length=MOST_WORDS, description="parts of code, name or district; or coordinates")],
        release: Release = "",
        limit: Annotated[int, Query(ge=1, le=100)] = MOST_FOUND,
        lang: Lang = None,
    ) -> ZonesFoundOut:
        """Zones of every layer by words, the best first; words that fit none and are coordinates come back as a point."""
        return zones_found(map_snapshot(service, release), q, limit, language_of(request))

    @routes.get("/api/v1/zones/at")
    def zones_at(
        request: Request,
        lon: Annotated[float, Query(ge=-180, le=180, description="CGCS2000 degrees")],
        lat: Annotated[float, Query(ge=-90, le=90)],
        release: Release = "",
        lang: Lang = None,
    ) -> ZonesUnderOut:
        """Zones of every layer at a point, layers that have none there, and layers that did not answer."""
        snapshot = map_snapshot(service, release)
        return zones_under_out(snapshot, point_site(snapshot, lon, lat), service.today(), language_of(request))

    return routes


def map_snapshot(service: ScreeningService, release: str) -> Snapshot:
    """A published release, or the one in force today.

    Raises:
        UnknownReleaseError: It was never published here.
        NoReleaseError: None is named and none is in force.
        BrokenReleaseError: It is damaged beyond single layers.
    """
    return service.snapshot_of(release) if release else service.snapshot(service.today())


def point_site(snapshot: Snapshot, lon: float, lat: float) -> Site:
    """A point as a place of the release."""
    city = snapshot.jurisdiction
    return read_geojson({"type": "Point", "coordinates": [lon, lat]}, plane=city.plane, extent=city.extent)


def written_site(snapshot: Snapshot, text: str) -> Site:
    """A place as it was written.

    Raises:
        ThreeLinesError: It cannot be read.
    """
    city = snapshot.jurisdiction
    return read_site(text, plane=city.plane, extent=city.extent, providers=map_providers())


def zones_found(snapshot: Snapshot, words: str, most: int, language: Language) -> ZonesFoundOut:
    """Zones that fit words; where none does, the words as a point."""
    found, total = find_zones(snapshot, words, most)
    point = _point_in(snapshot, words, language) if not found else None
    return ZonesFoundOut(
        release=snapshot.release.id,
        items=[zone_found_out(one, language) for one in found],
        total=total,
        point=point,
        note=(FOUND if found or point else NOT_FOUND).in_(language),
    )


def zone_found_out(one: FoundZone, language: Language) -> ZoneFoundOut:
    """A zone found, in one language."""
    return ZoneFoundOut(
        layer=one.layer.id,
        layer_name=one.layer.name.in_(language),
        code=one.zone.code,
        name=one.zone.name,
        class_label=ZONE_CLASS[one.zone.cls].in_(language) if one.zone.cls else "",
        district=one.district,
        is_unit=one.layer.role == "unit",
        extent=one.extent,
    )


def zones_under_out(snapshot: Snapshot, site: Site, as_of: date, language: Language) -> ZonesUnderOut:
    """What a release shows at a place, in one language; layers must be current on a day.

    Raises:
        SiteOutsideError: It lies beyond the extent of the jurisdiction.
    """
    found = zones_under(snapshot, site, as_of)
    centre = site.geometry.representative_point()
    return ZonesUnderOut(
        release=snapshot.release.id,
        lon=round(centre.x, 6),
        lat=round(centre.y, 6),
        read_as=site.read_as.in_(language),
        covered=found.is_covered,
        note=(COVERED if found.is_covered else UNCOVERED).in_(language),
        zones=[_zone_under_out(one, language) for one in found.zones],
        none_here=[layer.name.in_(language) for layer in found.none_here],
        unanswered=[
            UnansweredOut(
                layer=one.layer.id,
                layer_name=one.layer.name.in_(language),
                answer=one.answer.in_(language),
                reason=one.reason.in_(language),
            )
            for one in found.unanswered
        ],
    )


def _zone_under_out(one: ZoneUnder, language: Language) -> ZoneUnderOut:
    sure = CERTAIN if one.is_certain else BORDERLINE.filled(width=f"{one.width_m:g}")
    return ZoneUnderOut(
        layer=one.layer.id,
        layer_name=one.layer.name.in_(language),
        code=one.zone.code,
        name=one.zone.name,
        class_label=ZONE_CLASS[one.zone.cls].in_(language) if one.zone.cls else "",
        subtype=one.zone.subtype,
        is_unit=one.layer.role == "unit",
        certain=one.is_certain,
        certainty=sure.in_(language),
    )


def _point_in(snapshot: Snapshot, words: str, language: Language) -> WrittenPointOut | None:
    try:
        site = written_site(snapshot, words)
    except ThreeLinesError:
        return None  # words that are no place either: nothing was found, and the answer says so
    centre = site.geometry.representative_point()
    return WrittenPointOut(lon=round(centre.x, 6), lat=round(centre.y, 6), read_as=site.read_as.in_(language))
