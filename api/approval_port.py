"""The approval port put together: accounts, sessions, keys, sign-on, cases, all over one database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from api.accounts.directory import Directory
from api.accounts.guard import Gate
from api.accounts.lockout import Lockout
from api.accounts.machine_keys import MachineKeys
from api.accounts.saved_sites import SavedSites
from api.accounts.sessions import Sessions
from api.accounts.sign_on import Provider, SignOn, read_mapping
from api.approvals.acts import Acts
from api.approvals.casebook import Casebook
from api.approvals.discharges import Discharges
from api.approvals.history import HistoryImport
from api.approvals.opening import Openings
from api.approvals.views import Views
from api.dashboards.service import Dashboards
from api.database import Database
from api.places.affected import Affected
from api.places.nearby import Nearby
from api.places.register import CaseRegister
from api.service import ScreeningService
from api.settings import Settings

_RED_LINE = "area_red_line"  # as the EIA catalogue and a jurisdiction's `sensitive_area` call it


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPort:
    """Everything a door of the approval port needs.

    Attributes:
        sign_on: None where no provider is set.
    """

    screenings: ScreeningService
    database: Database
    directory: Directory
    sessions: Sessions
    keys: MachineKeys
    gate: Gate
    sign_on: SignOn | None
    sites: SavedSites
    openings: Openings
    acts: Acts
    views: Views
    discharges: Discharges
    history: HistoryImport
    dashboards: Dashboards
    register: CaseRegister
    nearby: Nearby
    affected: Affected


def approval_port(service: ScreeningService, settings: Settings) -> ApprovalPort:
    """The port over the service's own database.

    Raises:
        SingleSignOnError: A provider is set and its mapping cannot be read.
    """
    database, now = service.database, service.now
    directory = directory_of(database, settings, now)
    sessions = Sessions(database, now, idle_minutes=settings.session_idle_minutes, hours=settings.session_hours)
    keys = MachineKeys(database, now)
    book = Casebook(database, now)
    book.reckon_unknown()

    def verdict(screening_id: str) -> Mapping[str, Any]:
        return service.find(screening_id).record

    @cache
    def red_line(release: str) -> frozenset[str]:
        jurisdiction = service.snapshot_of(release).jurisdiction
        return frozenset(one.layer_id for one in jurisdiction.sensitive_areas.get(_RED_LINE, ()))

    register = CaseRegister(database, service)
    acts = Acts(book, verdict, red_line, settings.largest_request_bytes)
    return ApprovalPort(
        screenings=service,
        database=database,
        directory=directory,
        sessions=sessions,
        keys=keys,
        gate=Gate(sessions, keys, settings.public_url),
        sign_on=_sign_on(settings, database, directory, now),
        sites=SavedSites(database, service, now),
        openings=Openings(book, acts, service),
        acts=acts,
        views=Views(book, acts),
        discharges=Discharges(book, service.law, verdict),
        history=HistoryImport(book, service),
        dashboards=Dashboards(book, service),
        register=register,
        nearby=Nearby(book, register, service),
        affected=Affected(book, register, service),
    )


def directory_of(database: Database, settings: Settings, now: Callable[[], datetime]) -> Directory:
    """The accounts, as the settings guard them."""
    return Directory(
        database,
        now,
        lockout=Lockout(failures=settings.sign_in_failures, minutes=settings.lock_minutes),
        password_cost=settings.password_cost,
    )


def _sign_on(
    settings: Settings, database: Database, directory: Directory, now: Callable[[], datetime]
) -> SignOn | None:
    if not settings.oidc_issuer:
        return None
    provider = Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        mapping=read_mapping(settings.oidc_mapping),
    )
    return SignOn(provider, database, directory, now)
