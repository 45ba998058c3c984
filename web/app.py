"""The whole application: API, tiles, pages and static files."""

from __future__ import annotations

from datetime import date

from fastapi import FastAPI

from api.app import create_api
from api.approval_port import approval_port
from api.batch_service import BatchService
from api.plans import PlanService
from api.qr import qr_svg
from api.questions import question_of
from api.runs.service import RunService
from api.schemas import ScreeningIn
from api.service import ScreeningService
from api.settings import Settings
from api.statements import Repeated, repeated
from layers.base_maps import base_map
from layers.difference import Difference
from layers.facts import fact_schema
from layers.industry_search import Hit
from layers.quality import Quality
from layers.snapshot import Snapshot
from screening.conflict_words import tell_conflicts
from screening.conflicts import conflicts
from screening.errors import OldRecordError
from screening.model import Fact, Nature
from screening.words import Language, Text
from web.account_pages import account_pages
from web.approval_frame import approval_problem_page
from web.approval_pages import approval_pages
from web.assets import ASSETS, asset_routes
from web.batch_pages import batch_pages
from web.check_pages import MapView, check_pages
from web.compare_pages import compare_pages
from web.dashboard_pages import dashboard_pages
from web.installed import installed_pages
from web.library_pages import library_pages
from web.look_up_pages import look_up_pages
from web.maps import MapLayer
from web.nearby_pages import nearby_pages
from web.pages import PublishedRelease, StoredExplanation, router
from web.plan_pages import plan_pages
from web.run_pages import run_pages
from web.sign_in_pages import sign_in_pages
from web.zone_map_pages import zone_map_pages

GROUPS = ("unit", "element", "special", "reference")  # roles of layers, as the legend lists them
VISIBLE = frozenset({"district", "water_body", "unit_land", "unit_sea", "red_line"})  # switched on at first


class ServicePages:
    """The screening service as the pages see it."""

    def __init__(self, service: ScreeningService, settings: Settings) -> None:
        self._service = service
        self._settings = settings

    def map_view(self) -> MapView:
        """The map of the release in force today."""
        today = self._service.today()
        snapshot = self._service.snapshot(today)
        return MapView(
            release_id=snapshot.release.id,
            is_demonstration=snapshot.release.nature is Nature.DEMONSTRATION,
            title=snapshot.release.title,
            bounds=snapshot.jurisdiction.extent,
            layers=_map_layers(snapshot),
            silent=tuple(layer.name for layer, _, _ in snapshot.silent.values()),
            unpublished=tuple(one.layer.name for one in snapshot.layers.values() if one.is_hidden),
            attribution=snapshot.jurisdiction.attribution,
            map_review_number=snapshot.jurisdiction.map_review_number,
            today=today,
            largest_request_bytes=self._settings.largest_request_bytes,
            districts=tuple(snapshot.jurisdiction.districts.items()),
        )

    def industries(self, words: str, /) -> list[Hit]:
        """Industries that fit, the best first."""
        return self._service.industries(words)

    def screen(self, asked: ScreeningIn) -> str:
        """The id of a new screening."""
        return self._service.screen(question_of(asked)).id

    def stored_explanation(self, screening_id: str, language: Language, base: str) -> StoredExplanation:
        """A kept screening, told in one language."""
        found = self._service.find(screening_id)
        address = self._service.address(found.id, base)
        try:
            matters, problem = tell_conflicts(conflicts(found.record, fact_schema()), language), ""
        except OldRecordError as old:
            matters, problem = (), f"{old.what.in_(language)} {old.cure.in_(language)}"
        return StoredExplanation(
            id=found.id,
            created_at=found.created_at,
            digest=found.digest,
            explanation=found.explanations[language],
            seal=found.seal,
            standing=self._service.standing(found),
            refreshes=found.refreshes,
            changes=self._service.changes_since(found),
            address=address,
            qr=qr_svg(found.id, address, language, whole_file=False),
            conflicts=matters,
            conflicts_problem=problem,
        )

    def refresh(self, screening_id: str) -> str:
        """The same question as of today, as a new screening."""
        return self._service.refresh(screening_id).id

    def repeated(self, screening_id: str) -> Repeated:
        """A kept screening answered again from the release it names."""
        return repeated(self._service, screening_id)

    def releases(self) -> list[PublishedRelease]:
        """All publications, the newest first."""
        found = self._service.releases()
        in_force = self._service.release_in_force()
        earlier = [*(one.release for one, _ in found[1:]), ""]
        return [
            PublishedRelease(
                id=one.release,
                title=Text(manifest["title"]["zh"], manifest["title"]["en"]),
                effective_from=one.effective_from.isoformat(),
                effective_until=one.effective_until.isoformat() if one.effective_until else None,
                published_at=one.published_at,
                published_by=one.published_by,
                warnings=manifest["issues"]["warning"],
                in_force=one.release == in_force and not one.withdrawn_at,
                withdrawn_at=one.withdrawn_at,
                withdrawn_because=one.withdrawn_because,
                before=before if before != one.release else "",
            )
            for (one, manifest), before in zip(found, earlier, strict=True)
        ]

    def quality(self, release_id: str) -> Quality:
        """How good a published release is."""
        return self._service.quality(release_id)

    def changes(self, old: str, new: str) -> Difference:
        """What changed from one published release to another."""
        return self._service.changes(old, new)


class PlanPart(PlanService):
    """Plans as their page sees them."""

    def facts(self) -> list[Fact]:
        """Facts that may be declared."""
        return self._service.facts()

    def today(self) -> date:
        """Day in the jurisdiction's time zone."""
        return self._service.today()


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application over one set of settings; from the environment where none are given."""
    settings = settings or Settings()
    service = ScreeningService(settings)
    port = approval_port(service, settings)
    app = create_api(settings, service, page=approval_problem_page, port=port)
    pages = ServicePages(service, settings)
    app.include_router(check_pages(pages))
    app.include_router(router(pages))
    app.include_router(compare_pages(service, pages))
    app.include_router(plan_pages(PlanPart(service, settings.most_plan_cells)))
    app.include_router(batch_pages(BatchService(service, settings), settings.largest_request_bytes))
    app.include_router(look_up_pages(service))
    app.include_router(library_pages(service))
    app.include_router(zone_map_pages(service, base_map("tianditu", settings.tianditu_key)))
    for own in (
        sign_in_pages(port, settings.public_url),
        approval_pages(port),
        account_pages(port),
        run_pages(port, RunService(service, settings), pages, settings.largest_upload_bytes),
        dashboard_pages(port),
        nearby_pages(port),
    ):
        app.include_router(own)
    app.include_router(asset_routes(ASSETS))
    app.include_router(installed_pages(ASSETS))
    return app


def _map_layers(snapshot: Snapshot) -> tuple[MapLayer, ...]:
    order = list(snapshot.jurisdiction.layers)
    listed = sorted(
        (one for one in snapshot.layers.values() if not one.is_hidden),
        key=lambda loaded: (GROUPS.index(loaded.layer.role), order.index(loaded.layer.id)),
    )
    return tuple(
        MapLayer(
            id=loaded.layer.id,
            title=loaded.layer.name,
            group=loaded.layer.role,
            visible=loaded.layer.id in VISIBLE,
            style=loaded.layer.id,
        )
        for loaded in listed
    )
