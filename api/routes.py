"""The HTTP interface, version 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.answers import screening_json
from api.batch_routes import batch_router
from api.batch_service import BatchService
from api.comparison_routes import comparison_router
from api.law_routes import law_router
from api.look_up_routes import look_up_router
from api.map_routes import map_router
from api.plan_routes import plan_router
from api.plans import PlanService
from api.problems import language_of
from api.questions import question_of
from api.schemas import (
    PROBLEMS,
    ChangesOut,
    FactOut,
    FactsOut,
    HealthOut,
    IndustriesOut,
    IndustryOut,
    ParticularsOut,
    QualityOut,
    QuestionOut,
    QuestionsOut,
    ReleaseOut,
    ReleasesOut,
    ScreeningIn,
    ScreeningOut,
    SilentLayerOut,
)
from api.seal_routes import seal_router
from api.service import ScreeningService
from api.site_routes import site_router
from api.statement_routes import statement_router
from api.tiles import TileMaker
from layers.industries import classification
from layers.industry_search import Hit
from layers.quality import LayerQuality, Quality
from screening.declared_units import UnitTable
from screening.model import Fact
from screening.phrases import PHRASES
from screening.terms import OUTCOME
from screening.words import Language, Text

CONSTRUCTION_LABEL = PHRASES["label_construction"]
LEVELS = ("section", "division", "group", "class")
NOTHING_PERSONAL = Text(
    "均为选填，不影响研判结论；不收集联系人、电话等个人信息，文字中请勿填写。",
    "All optional, and none changes the verdict; contact persons and telephone numbers are not collected: leave them out.",
)
Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]


def router(service: ScreeningService, tiles: TileMaker, plans: PlanService, batches: BatchService) -> APIRouter:
    """All routes, bound to one service."""
    routes = APIRouter(responses=PROBLEMS)
    routes.include_router(site_router(service))
    routes.include_router(seal_router(service))
    routes.include_router(statement_router(service))
    routes.include_router(batch_router(batches))
    routes.include_router(comparison_router(service))
    routes.include_router(law_router(service.law, service))
    routes.include_router(look_up_router(service))
    routes.include_router(map_router(service))
    routes.include_router(plan_router(service, plans))
    _add_screenings(routes, service)
    _add_look_ups(routes, service)
    _add_state(routes, service)
    _add_tiles(routes, service, tiles)
    return routes


def _add_screenings(routes: APIRouter, service: ScreeningService) -> None:
    @routes.post("/api/v1/screenings", status_code=201, tags=["screening"], response_model=ScreeningOut)
    def screen(asked: ScreeningIn, request: Request, lang: Lang = None) -> Response:
        """Screen one site for one project; the answer is kept under an id before it is returned."""
        found = service.screen(question_of(asked))
        place = {"Location": f"/api/v1/screenings/{found.id}"}
        content = screening_json(service, found, language_of(request))
        return Response(content, status_code=201, headers=place, media_type="application/json")

    @routes.post("/api/v1/questions", tags=["screening"])
    def questions(asked: ScreeningIn, request: Request, lang: Lang = None) -> QuestionsOut:
        """Which declarations still matter for this project at this site, in the order in which they decide."""
        language = language_of(request)
        return QuestionsOut(
            items=[
                QuestionOut(
                    name=one.fact,
                    label=(fact.label if fact else CONSTRUCTION_LABEL).in_(language),
                    worst=one.worst.name.lower(),
                    worst_label=OUTCOME[one.worst].in_(language),
                    findings=len(one.findings),
                )
                for fact, one in service.questions(question_of(asked))
            ]
        )

    @routes.get("/api/v1/screenings/{screening_id}", tags=["screening"], response_model=ScreeningOut)
    def find(screening_id: str, request: Request, lang: Lang = None) -> Response:
        """A screening as it was answered."""
        content = screening_json(service, service.find(screening_id), language_of(request))
        return Response(content, media_type="application/json")


def _add_look_ups(routes: APIRouter, service: ScreeningService) -> None:
    @routes.get("/api/v1/industries", tags=["look-up"])
    def industries(request: Request, q: Annotated[str, Query(max_length=60)]) -> IndustriesOut:
        """Industries by code, Chinese or English words, everyday names or pinyin, the best first (20 at most)."""
        found = service.industries(q)
        notices = [notice.in_(language_of(request)) for notice in service.industry_notices(q)]
        return IndustriesOut(items=[_industry(one) for one in found], total=len(found), notices=notices)

    @routes.get("/api/v1/facts", tags=["look-up"])
    def facts(request: Request, lang: Lang = None) -> FactsOut:
        """Facts a project may declare. What is not declared is unknown, never zero."""
        language = language_of(request)
        return FactsOut(items=[_fact(fact, service.units(), language) for fact in service.facts()])

    @routes.get("/api/v1/particulars", tags=["look-up"])
    def particulars(request: Request, lang: Lang = None) -> ParticularsOut:
        """Fields of part 1 of the EIA report form that a project may state beside its facts."""
        language = language_of(request)
        items = [_fact(fact, service.units(), language) for fact in service.particulars()]
        return ParticularsOut(items=items, note=NOTHING_PERSONAL.in_(language))


def _add_state(routes: APIRouter, service: ScreeningService) -> None:
    @routes.get("/api/v1/releases", tags=["state"])
    def releases(request: Request, lang: Lang = None) -> ReleasesOut:
        """Published releases, the newest first."""
        language = language_of(request)
        return ReleasesOut(
            items=[
                ReleaseOut.model_validate(
                    {
                        **_manifest(manifest, language),
                        "id": one.release,
                        "published_at": one.published_at,
                        "withdrawn_at": one.withdrawn_at,
                    }
                )
                for one, manifest in service.releases()
            ]
        )

    @routes.get("/api/v1/releases/{release_id}", tags=["state"])
    def release(release_id: str, request: Request, lang: Lang = None) -> QualityOut:
        """How good a release is: partition proof, issues, currency and accuracy of each layer."""
        return _quality(service.quality(release_id), language_of(request))

    @routes.get("/api/v1/releases/{release_id}/changes", tags=["state"])
    def changes(release_id: str, since: str) -> ChangesOut:
        """What changed since another release."""
        return ChangesOut.model_validate(asdict(service.changes(since, release_id)))

    @routes.get("/health", tags=["state"])
    def health(request: Request) -> HealthOut:
        """Whether verdicts can be given today; 503 if no release is in force."""
        language = language_of(request)
        day = service.today()
        snapshot = service.snapshot(day)
        silent = [
            SilentLayerOut(layer=layer_id, answer=answer.value, reason=reason.in_(language))
            for layer_id, (_, answer, reason) in snapshot.silent.items()
        ]
        return HealthOut(
            status="degraded" if silent else "ok",
            release=snapshot.release.id,
            as_of=day.isoformat(),
            silent_layers=silent,
            indexed=snapshot.index is not None,
        )


def _add_tiles(routes: APIRouter, service: ScreeningService, tiles: TileMaker) -> None:
    @routes.get(
        "/tiles/{release_id}/{layer_id}/{z}/{x}/{y}.mvt",
        tags=["map"],
        response_class=Response,
        responses={
            200: {"content": {"application/vnd.mapbox-vector-tile": {}}},
            204: {"description": "Nothing of the layer lies in this tile"},
        },
    )
    def tile(release_id: str, layer_id: str, z: int, x: int, y: int) -> Response:
        """One Mapbox vector tile of one layer; a release never changes, so it may be kept for ever."""
        content = tiles.tile(service.published_snapshot(release_id, layer_id), layer_id, z, x, y)
        lasting = {"Cache-Control": "public, max-age=31536000, immutable"}
        if not content:
            return Response(status_code=204, headers=lasting)
        return Response(content, media_type="application/vnd.mapbox-vector-tile", headers=lasting)


def _fact(fact: Fact, units: UnitTable, language: Language) -> FactOut:
    return FactOut.model_validate(
        {
            "name": fact.name,
            "label": fact.label.in_(language),
            "unit": fact.unit,
            "units": [
                {
                    "unit": one.symbol,
                    "label": one.label.in_(language),
                    "note": one.note.in_(language) if one.note else "",
                    "needs_days_per_year": units.needs_days(one, fact.unit),
                }
                for one in (units.accepted(fact.unit) if fact.unit else ())
            ],
            "type": fact.kind,
            "choices": [{"value": value, "label": text.in_(language)} for value, text in fact.choices],
            "minimum": fact.minimum,
            "maximum": fact.maximum,
            "max_length": fact.max_length,
            "help": fact.help.in_(language),
            "group": fact.group.in_(language),
        }
    )


def _industry(hit: Hit) -> IndustryOut:
    industry, entries = hit.industry, classification().entries
    path = " › ".join(f"{code} {entries[code].name}" for code in industry.lineage[:-1])
    return IndustryOut.model_validate(
        {
            "code": industry.code,
            "name": industry.name,
            "level": LEVELS[len(industry.lineage) - 1],
            "path": path,
            "matched": hit.matched,
            "word": hit.word,
        }
    )


def _manifest(manifest: Mapping[str, Any], language: Language) -> dict[str, object]:
    kept = ("nature", "effective_from", "effective_until", "list_version", "issues")
    return {**{name: manifest[name] for name in kept}, "title": manifest["title"][language]}


def _quality(found: Quality, language: Language) -> QualityOut:
    return QualityOut.model_validate(
        {
            "id": found.release,
            "title": found.title.in_(language),
            "nature": found.nature.value,
            "effective_from": found.effective_from.isoformat(),
            "effective_until": found.effective_until.isoformat() if found.effective_until else None,
            "approval": found.approval.in_(language),
            "approved_on": found.approved_on.isoformat() if found.approved_on else None,
            "filing_number": found.filing_number,
            "prepared_by": found.prepared_by,
            "zones_version": found.zones_version,
            "list_version": found.list_version,
            "list_hash": found.list_hash,
            "clauses": found.clauses,
            "unverified_clauses": found.unverified,
            "tiles": found.tiles,
            "layers": [_layer_quality(one, language) for one in found.layers],
            "missing": [name.in_(language) for name in found.missing],
            "issues": [
                {**asdict(issue), "severity": issue.severity.value, "message": issue.message.in_(language)}
                for issue in found.issues
            ],
        }
    )


def _layer_quality(found: LayerQuality, language: Language) -> dict[str, object]:
    layer = found.layer
    return {
        "id": layer.id,
        "name": layer.name.in_(language),
        "version": found.version,
        "required": layer.required,
        "zones": found.zones,
        "area_km2": found.area_km2,
        "file": found.origin.file,
        "crs": found.origin.crs.in_(language),
        "encoding": found.origin.encoding.in_(language),
        "accuracy_m": layer.accuracy_m,
        "surveyed": layer.surveyed.isoformat(),
        "current_until": found.current_until.isoformat() if found.current_until else None,
        "is_current": found.is_current,
        "source": layer.source.in_(language),
        "responsible": found.responsible.in_(language),
        "partition": {**asdict(found.partition), "holds": found.partition.holds} if found.partition else None,
        "errors": found.errors,
        "warnings": found.warnings,
    }
