"""The service without pages: API and tiles."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api import problems
from api.approval_port import ApprovalPort, approval_port
from api.approval_routes import approval_router
from api.batch_service import BatchService
from api.dashboards.routes import dashboard_router
from api.documents.routes import document_router
from api.documents.service import DocumentService
from api.limits import LargestRequest
from api.places.register import CaseRegister
from api.places.routes import places_router
from api.plans import PlanService
from api.problems import Page
from api.rate_limits import RateLimiter
from api.routes import router
from api.runs.routes import run_router
from api.runs.service import RunService
from api.runs.supervisor import Supervisor
from api.service import ScreeningService
from api.settings import Settings
from api.tiles import TileMaker
from screening import ENGINE_VERSION
from screening.errors import ThreeLinesError

UPLOADS = ("/api/v1/approval/batch-runs", "/approval/batches")  # take larger files than other doors
FIRST_ZOOMS = range(8, 12)  # what a page shows before anybody zooms in

ABOUT = """三线一单选址研判 · site screening for ecological and environmental zone control.

“无法判定” is an answer: missing, stale or non-covering data never reads as consent.
"""


def create_api(
    settings: Settings, service: ScreeningService, page: Page | None = None, port: ApprovalPort | None = None
) -> FastAPI:
    """The application; `page` renders errors for browsers where there are pages, `port` is made where none is given."""
    tiles = TileMaker()
    port = port or approval_port(service, settings)
    runs = RunService(service, settings)
    supervisor = Supervisor(runs, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        preparing = threading.Thread(target=_prepare, args=(service, tiles, port.register, stop))
        preparing.start()
        supervisor.start()
        yield
        supervisor.stop()
        stop.set()
        preparing.join()  # a thread left in native code would keep the interpreter from ending
        gc.unfreeze()

    limiter = RateLimiter(settings)
    app = FastAPI(
        lifespan=lifespan,
        dependencies=[Depends(limiter)],
        title="Three Lines 三线一单",
        version=ENGINE_VERSION,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
    )
    app.state.limiter = limiter
    plans, batches = PlanService(service, settings.most_plan_cells), BatchService(service, settings)
    documents = DocumentService(service, settings)
    for problem in documents.template_problems():
        logging.getLogger(__name__).error("%s %s | %s", problem, problem.cure.zh, problem.cure.en)
    app.include_router(router(service, tiles, plans, batches))
    app.include_router(document_router(documents, batches))
    app.include_router(approval_router(port))
    app.include_router(places_router(port))
    app.include_router(dashboard_router(port))
    app.include_router(run_router(runs, port, documents))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(
        LargestRequest,
        limit_bytes=settings.largest_request_bytes,
        uploads=dict.fromkeys(UPLOADS, settings.largest_upload_bytes),
    )
    problems.install(app, page)
    return app


def _prepare(service: ScreeningService, tiles: TileMaker, register: CaseRegister, stop: threading.Event) -> None:
    """Load today's release, fit the first zooms and place the cases while nobody waits; without a release /health tells it."""
    try:
        tiles.prepare(service.snapshot(service.today()), FIRST_ZOOMS, stop.is_set)
        if not stop.is_set():
            register.now()
            _set_aside()
    except ThreeLinesError as problem:
        logging.getLogger(__name__).warning("%s", problem)


def _set_aside() -> None:
    """Keep the collector of unused objects from walking through the release again and again: half a second each time."""
    gc.collect()
    gc.freeze()
