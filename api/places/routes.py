"""The JSON door of cases by place: what is near, and what a new release affects."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.guard import asking_of, needs_of
from api.accounts.roles import Action
from api.approval_port import ApprovalPort
from api.approval_routes import BASE
from api.places.affected import FARTHEST_M as FARTHEST_FROM_CHANGE_M
from api.places.affected import AffectedCase, AffectedCases, AffectedSite, Asked
from api.places.lines import PlacedLine
from api.places.nearby import FARTHEST_M, MOST, USUAL_M, NearbyCases
from api.places.schemas import AffectedCaseOut, AffectedOut, AffectedSiteOut, NearbyOut, NearCaseOut, TouchOut
from api.places.words import CHANGE, notes, standing
from api.problems import language_of
from api.schemas import PROBLEMS
from screening.approval_errors import CaseInputError
from screening.words import Language, Text

Within = Annotated[float, Query(ge=0, le=FARTHEST_M, description="metres")]
Most = Annotated[int, Query(ge=1, le=MOST)]
Id = Annotated[str, Query(max_length=80)]
FromChange = Annotated[float, Query(ge=0, le=FARTHEST_FROM_CHANGE_M, description="metres, beside the layer's accuracy")]
Page = Annotated[int, Query(ge=1, le=100_000)]


def places_router(port: ApprovalPort) -> APIRouter:
    """The routes over one port."""
    routes, needs = APIRouter(prefix=BASE, responses=PROBLEMS, tags=["approval"]), needs_of(port.gate)

    @routes.get("/cases/{number}/nearby", dependencies=[needs(Action.READ)])
    def nearby(request: Request, number: str, within_m: Within = USUAL_M, most: Most = MOST) -> NearbyOut:
        """Approved projects and registered cases near the sites of a case, the nearest first."""
        found = port.nearby.of_case(asking_of(request).principal, number, within_m, most)
        return nearby_out(found, language_of(request))

    @routes.get("/nearby", dependencies=[needs(Action.LIST)])
    def around(
        request: Request,
        site: Annotated[str, Query(max_length=6000, description="coordinates in any form the service reads")] = "",
        screening: Id = "",
        within_m: Within = USUAL_M,
        most: Most = MOST,
    ) -> NearbyOut:
        """The same around a site as it is written, or around that of a kept screening."""
        who, language = asking_of(request).principal, language_of(request)
        if bool(site.strip()) == bool(screening):
            one = Text("请给出 site 或 screening 之一。", "Give either site or screening.")
            raise CaseInputError.of("site", one)
        if screening:
            return nearby_out(port.nearby.of_screening(who, screening, within_m, most), language)
        return nearby_out(port.nearby.of_site(who, site, within_m, most), language)

    @routes.get("/affected", dependencies=[needs(Action.AFFECTED)])
    def affected(
        request: Request, old: Id, new: Id, layer: Id = "", within_m: FromChange = 0.0, page: Page = 1
    ) -> AffectedOut:
        """Cases whose sites lie where two releases differ, with what changed there, fifty a page."""
        asked = Asked(old=old, new=new, layer=layer, within_m=within_m)
        found = port.affected.between(asking_of(request).principal, asked, page=page)
        return affected_out(found, page, language_of(request))

    return routes


def nearby_out(found: NearbyCases, language: Language) -> NearbyOut:
    """What is near, in one language."""
    return NearbyOut(
        within_m=found.within_m,
        is_placed=found.is_placed,
        total=found.total,
        without_place=found.without_place,
        items=[
            NearCaseOut.model_validate({**_line(one.line, language), "distance_m": round(one.distance_m, 1)})
            for one in found.cases
        ],
    )


def affected_out(found: AffectedCases, page: int, language: Language) -> AffectedOut:
    """A page of affected cases, in one language."""
    return AffectedOut(
        **asdict(found.asked),
        total=found.total,
        page=page,
        everywhere=len(found.everywhere),
        without_place=found.without_place,
        notes=[one.in_(language) for one in notes(found)],
        items=[_case(one, language) for one in found.cases],
    )


def _case(case: AffectedCase, language: Language) -> AffectedCaseOut:
    sites = [_site(one, language) for one in case.sites]
    return AffectedCaseOut.model_validate({**_line(case.line, language), "sites": sites})


def _site(site: AffectedSite, language: Language) -> AffectedSiteOut:
    return AffectedSiteOut(
        position=site.position,
        name=site.name,
        screening_id=site.screening_id,
        is_current=site.is_current,
        refreshed_by=site.refreshed_by,
        refresh_url=f"/api/v1/screenings/{site.screening_id}/refresh" if site.screening_id else "",
        changes=[
            TouchOut(
                layer=one.place.layer,
                layer_name=one.place.layer_name.in_(language),
                code=one.place.code,
                name=one.place.name,
                change=one.place.kind,
                change_label=CHANGE[one.place.kind].in_(language),
                said=one.place.said.in_(language),
                distance_m=None if one.distance_m is None else round(one.distance_m, 1),
            )
            for one in site.touches
        ],
    )


def _line(line: PlacedLine, language: Language) -> dict[str, object]:
    return {**asdict(line), "industries": list(line.industries), "standing": standing(line).in_(language)}
